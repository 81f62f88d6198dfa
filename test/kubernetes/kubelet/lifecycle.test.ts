import { describe, expect, test } from 'vitest'
import { seat } from '../../terminal/kubectl/lab'

const pod = (name: string, spec: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
${spec.replace(/^/gm, '  ')}
`
const words = (text: string) => text.trim().split(/\s+/)
const state = (name: string, kind = 'containerStatuses', i = 0) =>
  `kubectl get pod ${name} -o jsonpath='{.status.${kind}[${i}]}'`

describe('init containers', () => {
  test('run in order, and the others wait', () => {
    const { run } = seat({
      'p.yaml': pod(
        'p',
        `initContainers:
- {name: one, image: busybox, command: [sh, -c, sleep 4]}
- {name: two, image: busybox, command: [sh, -c, sleep 4]}
containers:
- {name: main, image: busybox, command: [sleep, '1000']}`,
      ),
    })
    run('kubectl apply -f p.yaml')
    const seen = new Set<string>()
    for (let i = 0; i < 16; i++) seen.add(words(run('sleep 1; kubectl get pod p --no-headers'))[2]!)
    expect([...seen]).toEqual(['Init:0/2', 'Init:1/2', 'PodInitializing', 'Running'])
    expect(run('kubectl logs p -c three')).toBe('error: container three is not valid for pod p\n')
  })

  test('one that fails is started again, or fails the pod that never restarts', () => {
    const spec = (policy: string) => `restartPolicy: ${policy}
initContainers: [{name: bad, image: busybox, command: [sh, -c, exit 3]}]
containers: [{name: main, image: busybox, command: [sleep, '1000']}]`
    const { run } = seat({ 'p.yaml': `${pod('p', spec('Always'))}---\n${pod('q', spec('Never'))}` })
    run('kubectl apply -f p.yaml; sleep 12')
    expect(words(run('kubectl get pod p --no-headers')).slice(1, 4)).toEqual(['0/1', 'Init:CrashLoopBackOff', '1'])
    expect(words(run('kubectl get pod q --no-headers')).slice(1, 4)).toEqual(['0/1', 'Init:Error', '0'])
    expect(run("kubectl get pod q -o jsonpath='{.status.phase}'")).toBe('Failed')
  })
})

describe('sidecars', () => {
  const sidecar = (name: string, more = '') =>
    `- {name: ${name}, image: busybox, restartPolicy: Always, command: [sh, -c, 'trap "echo bye; exit 0" TERM; while true; do sleep 0.1; done']${more}}`

  test('stay beside the others, and hold back what comes after them until they have started', () => {
    const probe = ', startupProbe: {exec: {command: [test, -e, /tmp/ok]}, periodSeconds: 1, failureThreshold: 100}'
    const { run } = seat({
      'p.yaml': pod(
        'p',
        `initContainers:\n${sidecar('proxy', probe)}\ncontainers: [{name: main, image: busybox, command: [sleep, '1000']}]`,
      ),
    })
    run('kubectl apply -f p.yaml; sleep 10')
    expect(words(run('kubectl get pod p --no-headers')).slice(1, 3)).toEqual(['0/2', 'Init:0/1'])
    run('kubectl exec p -c proxy -- touch /tmp/ok; sleep 5')
    expect(words(run('kubectl get pod p --no-headers')).slice(1, 3)).toEqual(['2/2', 'Running'])
  })

  test('are started again although the pod never restarts, and end when its work is done, last first', () => {
    const { run } = seat({
      'p.yaml': pod(
        'p',
        `restartPolicy: Never\ninitContainers:\n${sidecar('a')}\n${sidecar('b')}\ncontainers: [{name: main, image: busybox, command: [sh, -c, sleep 20]}]`,
      ),
    })
    run('kubectl apply -f p.yaml; sleep 8; sim fault container-kill p/a; sleep 4')
    expect(words(run('kubectl get pod p --no-headers')).slice(1, 4)).toEqual(['3/3', 'Running', '1'])
    run('sleep 20')
    expect(run("kubectl get pod p -o jsonpath='{.status.phase}'")).toBe('Succeeded')
    const killed = run(
      'kubectl get events --sort-by=.metadata.creationTimestamp -o jsonpath=\'{range .items[?(@.reason=="Killing")]}{.message};{end}\'',
    )
    expect(killed).toBe('Stopping container b;Stopping container a;')
  })
})

describe('hooks', () => {
  const nginx = (hook: string) =>
    `terminationGracePeriodSeconds: 10\ncontainers: [{name: c, image: 'nginx:1.27', lifecycle: {${hook}}}]`

  test('postStart holds the container back; when it fails, the container is ended', () => {
    const { run } = seat({
      'p.yaml': `${pod('p', nginx("postStart: {exec: {command: [sh, -c, 'sleep 6']}}"))}---
${pod('q', nginx("postStart: {exec: {command: [sh, -c, 'echo no; exit 5']}}"))}`,
    })
    run('kubectl apply -f p.yaml; sleep 8')
    expect(words(run('kubectl get pod p --no-headers')).slice(1, 3)).toEqual(['0/1', 'ContainerCreating'])
    expect(words(run('sleep 6; kubectl get pod p --no-headers')).slice(1, 3)).toEqual(['1/1', 'Running'])
    const told = run('kubectl describe pod q')
    expect(told).toMatch(/Warning +FailedPostStartHook .* PostStartHook failed/)
    expect(told).toMatch(/Normal +Killing .* FailedPostStartHook/)
    expect(Number(words(run('kubectl get pod q --no-headers'))[3])).toBeGreaterThan(0)
  })

  test.each([
    ['its time is part of the grace period', 'exec: {command: [sh, -c, sleep 4]}', 4, 5.5, false],
    ['what takes longer is cut off', 'exec: {command: [sh, -c, sleep 40]}', 10, 13, false],
    ['sleep', 'sleep: {seconds: 6}', 6, 7.5, false],
    ['a failure does not hold up the end', 'exec: {command: [sh, -c, exit 1]}', 0, 2, true],
  ])('preStop: %s', (_, hook, least, most, fails) => {
    const { run, session } = seat({ 'p.yaml': pod('p', nginx(`preStop: {${hook}}`)) })
    run('kubectl apply -f p.yaml; sleep 10')
    const before = session.simulation.now
    run('kubectl delete pod p')
    const took = (session.simulation.now - before) / 1000
    expect(took).toBeGreaterThan(least)
    expect(took).toBeLessThan(most + 1)
    expect(run('kubectl get events').includes('PreStopHook failed')).toBe(fails)
  })

  test('who does not hear SIGTERM is killed when the grace is over', () => {
    const { run } = seat({
      'p.yaml': pod(
        'p',
        "terminationGracePeriodSeconds: 5\nactiveDeadlineSeconds: 10\ncontainers: [{name: c, image: busybox, command: [sh, -c, 'echo a; sleep 1000']}]",
      ),
    })
    run('kubectl apply -f p.yaml; sleep 12')
    expect(words(run('kubectl get pod p --no-headers'))[2]).toBe('Running')
    run('sleep 6')
    expect(JSON.parse(run(state('p'))).state.terminated).toMatchObject({ exitCode: 137, reason: 'Error' })
    expect(run("kubectl get pod p -o jsonpath='{.status.phase} {.status.reason}: {.status.message}'")).toBe(
      'Failed DeadlineExceeded: Pod was active on the node longer than the specified deadline',
    )
  })
})

describe('probes', () => {
  test('a liveness probe that fails ends the container within its own grace', () => {
    const { run } = seat({
      'p.yaml': pod(
        'p',
        `terminationGracePeriodSeconds: 100
containers:
- name: c
  image: busybox
  command: [sh, -c, 'touch /tmp/ok; sleep 8; rm /tmp/ok; sleep 1000']
  livenessProbe: {exec: {command: [cat, /tmp/ok]}, periodSeconds: 2, failureThreshold: 2, terminationGracePeriodSeconds: 3}`,
      ),
    })
    run('kubectl apply -f p.yaml; sleep 18')
    const status = JSON.parse(run(state('p')))
    expect(status.restartCount).toBe(1)
    expect(status.lastState.terminated).toMatchObject({ exitCode: 137, reason: 'Error' })
    const told = run('kubectl describe pod p')
    expect(told).toContain('Liveness probe failed: cat: /tmp/ok: No such file or directory')
    expect(told).toContain('Container c failed liveness probe, will be restarted')
    expect(run('kubectl logs p --previous')).toBe('')
  })

  test('a probe that takes too long has failed, and its command is ended', () => {
    const { run } = seat({
      'p.yaml': pod(
        'p',
        "containers: [{name: c, image: busybox, command: [sleep, '1000'], readinessProbe: {exec: {command: [sleep, '50']}, timeoutSeconds: 2}}]",
      ),
    })
    run('kubectl apply -f p.yaml; sleep 20')
    expect(words(run('kubectl get pod p --no-headers'))[1]).toBe('0/1')
    expect(run('kubectl describe pod p')).toContain(
      'Readiness probe failed: command timed out: "sleep 50" timed out after 2s',
    )
  })
})

test('the back-off doubles once for each end, however long the image takes', () => {
  const { run } = seat({
    'p.yaml': pod('p', 'containers: [{name: c, image: busybox, imagePullPolicy: Always, command: [sh, -c, exit 1]}]'),
  })
  run('kubectl apply -f p.yaml')
  const told = () => /back-off (\S+) restarting/.exec(run(state('p')))?.[1]
  const seen = new Set<string | undefined>()
  for (let i = 0; i < 100; i++) {
    run('sleep 1')
    seen.add(told())
  }
  seen.delete(undefined)
  expect([...seen]).toEqual(['10s', '20s', '40s', '1m20s'])
})

describe('host names', () => {
  test('aliases and the name under a subdomain stand in /etc/hosts', () => {
    const { run } = seat({
      'p.yaml': pod(
        'p',
        `hostname: web-1
subdomain: web
hostAliases: [{ip: 10.1.2.3, hostnames: [foo.local, bar.local]}]
dnsConfig: {searches: [example.com], options: [{name: ndots, value: '2'}]}
containers: [{name: c, image: busybox, command: [sleep, '1000']}]`,
      ),
    })
    run('kubectl apply -f p.yaml; sleep 5')
    const hosts = run('kubectl exec p -- cat /etc/hosts')
    expect(hosts).toMatch(/^10\.244\.\d+\.\d+\tweb-1\.web\.default\.svc\.cluster\.local\tweb-1$/m)
    expect(hosts).toContain('\n# Entries added by HostAliases.\n10.1.2.3\tfoo.local\tbar.local\n')
    expect(run('kubectl exec p -- cat /etc/resolv.conf')).toBe(
      'search default.svc.cluster.local svc.cluster.local cluster.local example.com\nnameserver 10.96.0.10\noptions ndots:2\n',
    )
  })
})

test('a container that its liveness probe has killed is started anew, and its preStop hook does not end the new one too', () => {
  const spec = `containers:
- name: main
  image: nginx:1.27
  livenessProbe: {httpGet: {port: 80}, periodSeconds: 1}
  lifecycle: {preStop: {sleep: {seconds: 3}}}`
  const { run } = seat({ 'p.yaml': pod('p', spec) })
  run('kubectl apply -f p.yaml; sleep 20; sim fault app-hangs p --for 6s; sleep 30')
  expect(words(run('kubectl get pod p --no-headers')).slice(1, 4)).toEqual(['1/1', 'Running', '1'])
})

describe('pods that nobody sees to their end', () => {
  const job = (seconds: number) => `apiVersion: batch/v1
kind: Job
metadata: {name: j}
spec:
  backoffLimit: 0
  podReplacementPolicy: Failed
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 1
      containers: [{name: c, image: busybox, command: [sleep, '${seconds}']}]
`
  const conditions = "kubectl get job j -o jsonpath='{.status.conditions[*].type}'"

  test('one that is deleted before its container was made has failed', () => {
    const { run } = seat({ 'j.yaml': job(5) })
    run('kubectl apply -f j.yaml; sleep 1; kubectl delete pod -l job-name=j --wait=false; sleep 20')
    expect(run('kubectl get pods')).toBe('No resources found in default namespace.\n')
    expect(run(conditions)).toBe('FailureTarget Failed')
  })

  test('so has one that is to go and never had a node', () => {
    const { run } = seat({ 'j.yaml': job(5) })
    run(
      'sim fault scheduler-down; kubectl apply -f j.yaml; sleep 1; kubectl delete pod -l job-name=j --wait=false; sleep 5',
    )
    expect(words(run('kubectl get pods --no-headers')).slice(1, 3)).toEqual(['0/1', 'Terminating'])
    run('sleep 25')
    expect(run(conditions)).toBe('FailureTarget Failed')
  })

  test('so has one that was deleted by force while its kubelet was away, once that is back', () => {
    const { run } = seat({ 'j.yaml': job(5).replace('containers:', 'nodeName: worker-1\n      containers:') })
    run('sim fault kubelet-stop worker-1; kubectl apply -f j.yaml; sleep 6')
    run('kubectl delete pod -l job-name=j --force --grace-period=0 --wait=false; sleep 5')
    expect(run("kubectl get job j -o jsonpath='{.status.terminating}'")).toBe('1')
    run('sim heal all; sleep 20')
    expect(run("kubectl get job j -o jsonpath='{.status.terminating}'")).toBe('0')
    expect(run(conditions)).toBe('FailureTarget Failed')
  })

  test('another machine of the same name begins anew with what never restarts', () => {
    const { run } = seat({ 'j.yaml': job(30) })
    run('kubectl apply -f j.yaml; sleep 10')
    const node = run("kubectl get pods -o jsonpath='{.items[0].spec.nodeName}'")
    run(`sim machine remove ${node}; sleep 3; sim machine add ${node}; sleep 12`)
    expect(words(run('kubectl get pods --no-headers')).slice(1, 4)).toEqual(['1/1', 'Running', '1'])
    expect(run('kubectl describe pods')).toContain(
      'Message:      The container could not be located when the pod was deleted.  The container used to be Running',
    )
    run('sleep 40')
    expect(run(conditions)).toBe('SuccessCriteriaMet Complete')
  })
})

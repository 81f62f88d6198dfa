import { describe, expect, test } from 'vitest'
import { seat } from './lab'

const pod = (name: string, resources: string, more = '') => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
${more}  containers:
  - {name: c, image: nginx:1.27, resources: ${resources}}
`
const apply = (text: string) => `kubectl apply -f - <<'EOF'\n${text}EOF\n`

describe('ResourceQuota', () => {
  test('what all pods together ask for is counted, and one too many is refused', () => {
    const { run } = seat()
    run(`kubectl create quota mem-cpu-demo --hard=requests.cpu=1,requests.memory=1Gi,limits.cpu=2,limits.memory=2Gi
sleep 1
${apply(pod('one', '{limits: {cpu: 800m, memory: 800Mi}, requests: {cpu: 400m, memory: 600Mi}}'))}`)
    expect(run(`kubectl get quota mem-cpu-demo -o jsonpath='{.status.used}'`)).toBe(
      '{"limits.cpu":"800m","limits.memory":"800Mi","requests.cpu":"400m","requests.memory":"600Mi"}',
    )
    expect(run(apply(pod('two', '{limits: {cpu: 800m, memory: 1Gi}, requests: {cpu: 400m, memory: 700Mi}}')))).toBe(
      'Error from server (Forbidden): error when creating "STDIN": pods "two" is forbidden: exceeded quota: mem-cpu-demo, requested: requests.memory=700Mi, used: requests.memory=600Mi, limited: requests.memory=1Gi\n',
    )
    expect(run('kubectl run three --image=nginx')).toBe(
      'Error from server (Forbidden): pods "three" is forbidden: failed quota: mem-cpu-demo: must specify limits.cpu for: three; limits.memory for: three; requests.cpu for: three; requests.memory for: three\n',
    )
    run('kubectl delete pod one\nsleep 5')
    expect(run('kubectl describe quota mem-cpu-demo')).toBe(`Name:            mem-cpu-demo
Namespace:       default
Resource         Used  Hard
--------         ----  ----
limits.cpu       0     2
limits.memory    0     2Gi
requests.cpu     0     1
requests.memory  0     1Gi
`)
  })
  test('controllers are refused too, and try again when there is room', () => {
    const { run } = seat()
    run('kubectl create quota pod-demo --hard=pods=2,count/deployments.apps=1\nsleep 1')
    run('kubectl create deployment web --image=nginx --replicas=3\nsleep 10')
    expect(run('kubectl get deployment web --no-headers')).toMatch(/2\/3/)
    expect(run('kubectl get quota --no-headers')).toMatch(/count\/deployments.apps: 1\/1, pods: 2\/2/)
    expect(run('kubectl get events -o custom-columns=M:.message')).toMatch(
      /Error creating: pods "web-.*" is forbidden: exceeded quota: pod-demo, requested: pods=1, used: pods=2, limited: pods=2/,
    )
    expect(run('kubectl create deployment api --image=nginx')).toBe(
      'error: failed to create deployment: deployments.apps "api" is forbidden: exceeded quota: pod-demo, requested: count/deployments.apps=1, used: count/deployments.apps=1, limited: count/deployments.apps=1\n',
    )
  })
  test('scopes: only pods of that sort count', () => {
    const { run } = seat()
    run('kubectl create quota best-effort --hard=pods=1 --scopes=BestEffort\nsleep 1\nkubectl run a --image=nginx')
    expect(run('kubectl run b --image=nginx')).toContain('exceeded quota: best-effort, requested: pods=1')
    expect(run(apply(pod('c', '{requests: {cpu: 100m}}')))).toBe('pod/c created\n')
    expect(run('kubectl get quota best-effort --no-headers')).toMatch(/pods: 1\/1/)
  })
})

describe('LimitRange', () => {
  const RANGE = `apiVersion: v1
kind: LimitRange
metadata: {name: sizes}
spec:
  limits:
  - type: Container
    min: {memory: 64Mi}
    max: {cpu: "1", memory: 1Gi}
    default: {cpu: 500m, memory: 512Mi}
    defaultRequest: {memory: 256Mi}
    maxLimitRequestRatio: {cpu: "2"}
`
  test('fills in what a container does not say, and says so', () => {
    const { run } = seat()
    run(`${apply(RANGE)}kubectl run a --image=nginx`)
    expect(run(`kubectl get pod a -o jsonpath='{.spec.containers[0].resources}'`)).toBe(
      '{"limits":{"cpu":"500m","memory":"512Mi"},"requests":{"cpu":"500m","memory":"256Mi"}}',
    )
    expect(run(`kubectl get pod a -o jsonpath='{.metadata.annotations}'`)).toBe(
      '{"kubernetes.io/limit-ranger":"LimitRanger plugin set: cpu, memory request for container a; cpu, memory limit for container a"}',
    )
    expect(run(`kubectl get pod a -o jsonpath='{.status.qosClass}'`)).toBe('Burstable')
  })
  test.each([
    ['{limits: {cpu: "2"}}', 'maximum cpu usage per Container is 1, but limit is 2'],
    ['{requests: {memory: 32Mi}}', 'minimum memory usage per Container is 64Mi, but request is 32Mi'],
    [
      '{requests: {cpu: 100m}, limits: {cpu: 400m}}',
      'cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000',
    ],
    [
      '{limits: {cpu: "2", memory: 2Gi}}',
      '[maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 1Gi, but limit is 2Gi]',
    ],
  ])('%s', (resources, why) => {
    const { run } = seat()
    run(apply(RANGE))
    expect(run(apply(pod('a', resources)))).toBe(
      `Error from server (Forbidden): error when creating "STDIN": pods "a" is forbidden: ${why}\n`,
    )
  })
  test('limits of whole pods; nothing is filled in for them', () => {
    const { run } = seat()
    run(
      apply(
        'apiVersion: v1\nkind: LimitRange\nmetadata: {name: pods}\nspec: {limits: [{type: Pod, min: {cpu: 200m}, max: {cpu: "1"}}]}\n',
      ),
    )
    expect(run('kubectl run a --image=nginx')).toBe(
      'Error from server (Forbidden): pods "a" is forbidden: [minimum cpu usage per Pod is 200m.  No request is specified, maximum cpu usage per Pod is 1.  No limit is specified]\n',
    )
  })
})

describe('PriorityClass', () => {
  test('its value goes into the pod; what contradicts it is refused', () => {
    const { run } = seat()
    run('kubectl create priorityclass high --value=1000 --preemption-policy=Never')
    run(apply(pod('a', '{}', '  priorityClassName: high\n')))
    expect(run(`kubectl get pod a -o jsonpath='{.spec.priority} {.spec.preemptionPolicy}'`)).toBe('1000 Never')
    const refused = (why: string) =>
      `Error from server (Forbidden): error when creating "STDIN": pods "b" is forbidden: ${why}\n`
    expect(run(apply(pod('b', '{}', '  priorityClassName: none\n')))).toBe(
      refused('no PriorityClass with name none was found'),
    )
    expect(run(apply(pod('b', '{}', '  priority: 5\n')))).toBe(
      refused(
        'the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
      ),
    )
  })
  test('one may be the default of pods without a class', () => {
    const { run } = seat()
    run('kubectl create priorityclass normal --value=7 --global-default=true\nkubectl run a --image=nginx')
    expect(run(`kubectl get pod a -o jsonpath='{.spec.priorityClassName} {.spec.priority}'`)).toBe('normal 7')
    expect(run('kubectl create priorityclass other --value=8 --global-default=true')).toContain(
      'priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass normal is already marked as default. Only one default can exist',
    )
    expect(run('kubectl create priorityclass system-x --value=1')).toContain(
      "priority class names with 'system-' prefix are reserved for system use only. error: system-x is not a known system priority class",
    )
  })
})

test('a RuntimeClass brings its overhead and its nodes', () => {
  const { run } = seat()
  run(
    apply(`apiVersion: node.k8s.io/v1
kind: RuntimeClass
metadata: {name: sandboxed}
handler: runsc
overhead: {podFixed: {cpu: 250m, memory: 120Mi}}
scheduling: {nodeSelector: {kubernetes.io/hostname: worker-2}}
`),
  )
  run(`${apply(pod('a', '{requests: {cpu: 100m}}', '  runtimeClassName: sandboxed\n'))}sleep 5`)
  expect(run(`kubectl get pod a -o jsonpath='{.spec.overhead} {.spec.nodeName}'`)).toBe(
    '{"cpu":"250m","memory":"120Mi"} worker-2',
  )
  expect(run('kubectl describe node worker-2')).toMatch(/ a +350m \(\d+%\)/)
  expect(run(apply(pod('b', '{}', '  runtimeClassName: none\n')))).toContain(
    'pods "b" is forbidden: pod rejected: RuntimeClass "none" not found',
  )
})

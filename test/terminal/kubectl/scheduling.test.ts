import { describe, expect, test } from 'vitest'
import { resourceOfKind } from '../../../src/kubernetes'
import { seat } from './lab'

/** A pod that asks for so much CPU, from standard input. */
const pod = (name: string, cpu: string, spec = '', labels = '') => `kubectl apply -f - <<'EOF'
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: ${name}${labels}}}
spec:
  terminationGracePeriodSeconds: 5
${spec}  containers:
  - name: c
    image: nginx:1.27
    resources: {requests: {cpu: "${cpu}"}}
EOF
`

describe('preemption', () => {
  const full = () => {
    const here = seat()
    here.run(`kubectl create priorityclass high --value=1000
kubectl create priorityclass polite --value=1000 --preemption-policy=Never
${pod('low-a', '3')}sleep 10
${pod('low-b', '3')}sleep 20`)
    return here
  }
  test('a less important pod makes room, on the node whose loss costs least', () => {
    const { run } = full()
    run(pod('vip', '3', '  priorityClassName: high\n'))
    // the pods are equally important: the one that started last goes
    expect(run('sleep 0.1; kubectl get pod vip -o jsonpath={.status.nominatedNodeName}')).toBe(
      run('kubectl get pod low-b -o jsonpath={.spec.nodeName}'),
    )
    expect(run(`kubectl get pod low-b -o jsonpath='{.status.conditions[?(@.type=="DisruptionTarget")]}'`)).toContain(
      '"message":"default-scheduler: preempting to accommodate a higher priority pod","reason":"PreemptionByScheduler","status":"True"',
    )
    expect(run('sim why pod/vip')).toMatch(
      /^ {4}> worker-\d +NodeResourcesFit: Insufficient cpu +there is room without low-b$/m,
    )
    const uid = run('kubectl get pod vip -o jsonpath={.metadata.uid}')
    run('sleep 10')
    expect(run('kubectl get pods --no-headers')).toMatch(/^low-a +1\/1 +Running.*\nvip +1\/1 +Running/)
    expect(run('kubectl get pod vip -o jsonpath={.status.nominatedNodeName}')).toBe('')
    expect(run('kubectl get events -o custom-columns=R:.reason,M:.message')).toMatch(
      new RegExp(`Preempted +Preempted by pod ${uid} on node worker-\\d`),
    )
  })
  test('nobody is taken away for a class that says Never, for an equal, or where it would not help', () => {
    const { run } = full()
    run(`${pod('waits', '3', '  priorityClassName: polite\n')}${pod('equal', '3')}`)
    run(pod('huge', '30', '  priorityClassName: high\n'))
    const message = (name: string) =>
      run(`kubectl get pod ${name} -o jsonpath='{.status.conditions[?(@.type=="PodScheduled")].message}'`)
    run('sleep 1')
    const refused = '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu.'
    expect(message('waits')).toBe(`${refused} preemption: not eligible due to preemptionPolicy=Never.`)
    expect(message('equal')).toBe(
      `${refused} preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.`,
    )
    expect(message('huge')).toBe(
      `${refused} preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.`,
    )
    expect(run('kubectl get pods --no-headers | grep -c Running')).toBe('2\n')
  })
  test('while one victim of two is still ending, the pod waits for the node that is cleared for it', () => {
    const { run } = seat({}, 1)
    run(`kubectl create priorityclass high --value=1000
${pod('quick', '1.5')}${pod('slow', '1.5', '').replace('Seconds: 5', 'Seconds: 20').replace('image: nginx:1.27', 'image: redis:7\n    command: [sh, -c, "trap : TERM; while true; do sleep 1; done"]')}
sleep 20
${pod('vip', '3', '  priorityClassName: high\n')}sleep 8`)
    expect(run('kubectl get events -o custom-columns=M:.message')).toContain(
      'preemption: not eligible due to a terminating pod on the nominated node.',
    )
    expect(run('kubectl get pods --no-headers')).toMatch(/slow +1\/1 +Terminating.*\nvip +0\/1 +Pending/)
    run('sleep 25')
    expect(run('kubectl get pods --no-headers')).toMatch(/^vip +1\/1 +Running/)
  })
  test.runIf(resourceOfKind('policy/v1', 'PodDisruptionBudget'))(
    'a budget is spared while another node can be cleared',
    () => {
      const { run } = full()
      run(`kubectl apply -f - <<'EOF'
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: keep}
spec: {minAvailable: 1, selector: {matchLabels: {app: low-b}}}
EOF`)
      run(`sleep 1\n${pod('vip', '3', '  priorityClassName: high\n')}sleep 0.1`)
      expect(run('kubectl get pod vip -o jsonpath={.status.nominatedNodeName}')).toBe(
        run('kubectl get pod low-a -o jsonpath={.spec.nodeName}'),
      )
    },
  )
})

describe('the queue', () => {
  test('the more important pod is first, whoever came first', () => {
    const { run } = seat({}, 1)
    run('kubectl create priorityclass high --value=1000\nsim fault scheduler-down')
    run(`${pod('early', '3')}${pod('late', '3', '  priorityClassName: high\n')}sleep 20`)
    expect(run('kubectl get pods --no-headers')).toMatch(/early +0\/1 +Pending.*\nlate +0\/1 +Pending/)
    run('sim heal\nsleep 10')
    expect(run('kubectl get pods --no-headers')).toMatch(/early +0\/1 +Pending.*\nlate +1\/1 +Running/)
  })
  test('a gate holds a pod until it is taken away', () => {
    const { run } = seat()
    run(pod('gated', '1', '  schedulingGates: [{name: example.com/quota}]\n'))
    expect(run('sleep 5; kubectl get pod gated --no-headers')).toMatch(/SchedulingGated/)
    expect(run(`kubectl get pod gated -o jsonpath='{.status.conditions[0].message}'`)).toBe(
      'Scheduling is blocked due to non-empty scheduling gates',
    )
    expect(run('kubectl get events')).not.toContain('gated')
    run(`kubectl patch pod gated --type=json -p '[{"op":"remove","path":"/spec/schedulingGates"}]'\nsleep 10`)
    expect(run('kubectl get pod gated --no-headers')).toMatch(/1\/1 +Running/)
  })
  test('only what may help brings a pod back', () => {
    const { run } = seat()
    run(`${pod('picky', '1', '  nodeSelector: {disk: ssd}\n')}sleep 1`)
    const tries = () => run(`kubectl get events -o jsonpath='{.items[?(@.reason=="FailedScheduling")].count}'`)
    expect(tries()).toBe('1')
    // neither another label nor a pod that goes concerns its node selector
    run(`kubectl label node worker-1 disk=hdd\n${pod('other', '1')}sleep 5\nkubectl delete pod other\nsleep 10`)
    expect(tries()).toBe('1')
    run('kubectl label node worker-2 disk=ssd\nsleep 5')
    expect(run('kubectl get pod picky -o jsonpath={.spec.nodeName}')).toBe('worker-2')
  })
  test('nobody is forgotten when many come back at once, some before their back-off is over', () => {
    const { run } = seat()
    run(`kubectl create deployment a --image=nginx --replicas=2
kubectl drain worker-2 --ignore-daemonsets; kubectl drain worker-1 --ignore-daemonsets
kubectl create deployment b --image=nginx --replicas=7
sleep 20; kubectl uncordon worker-1 worker-2; sleep 20`)
    expect(run('kubectl get pods --no-headers | grep -c Running')).toBe('9\n')
  })
  test('after five minutes it is tried again in any case', () => {
    const { run } = seat()
    run(`${pod('picky', '1', '  nodeSelector: {disk: ssd}\n')}sleep 290`)
    const tries = `kubectl get events -o jsonpath='{.items[?(@.reason=="FailedScheduling")].count}'`
    expect(run(tries)).toBe('1')
    expect(run(`sleep 45; ${tries}`)).toBe('2')
  })
})

describe('near and far', () => {
  test('pods that keep away from their own kind take a node each, and the rest wait', () => {
    const { run } = seat()
    run(`kubectl apply -f - <<'EOF'
apiVersion: apps/v1
kind: Deployment
metadata: {name: lonely}
spec:
  replicas: 3
  selector: {matchLabels: {app: lonely}}
  template:
    metadata: {labels: {app: lonely}}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: lonely}}}
      containers: [{name: c, image: nginx:1.27}]
EOF
sleep 10`)
    expect(run(`kubectl get pods -o jsonpath='{range .items[*]}{.spec.nodeName}{"\\n"}{end}' | sort`)).toBe(
      '\nworker-1\nworker-2\n',
    )
    expect(run('kubectl get events -o custom-columns=M:.message')).toContain(
      "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match pod anti-affinity rules. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.",
    )
  })
  test('a label key of the pod is part of its selectors', () => {
    const { run } = seat()
    const spec = `  affinity:
    podAntiAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
      - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {tier: x}}, matchLabelKeys: [version]}
`
    run(`${pod('one', '0.1', spec, ', tier: x, version: v1')}sleep 5`)
    expect(
      run(
        `kubectl get pod one -o jsonpath='{.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchExpressions}'`,
      ),
    ).toBe('[{"key":"version","operator":"In","values":["v1"]}]')
    run(`kubectl cordon worker-1; kubectl cordon worker-2; kubectl uncordon $(kubectl get pod one -o jsonpath={.spec.nodeName})
${pod('two', '0.1', spec, ', tier: x, version: v2')}${pod('three', '0.1', spec, ', tier: x, version: v1')}sleep 5`)
    expect(run('kubectl get pods --no-headers')).toMatch(/three +0\/1 +Pending.*\ntwo +1\/1 +Running/)
  })
})

describe('the configuration of the scheduler', () => {
  const CONFIGURATION = `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
- schedulerName: default-scheduler
  plugins: {score: {disabled: [{name: '*'}], enabled: [{name: NodeResourcesFit, weight: 7}]}}
  pluginConfig:
  - {name: NodeResourcesFit, args: {scoringStrategy: {type: MostAllocated, resources: [{name: cpu, weight: 1}]}}}
- schedulerName: batch
`
  const write = "ssh control-plane 'cat > /etc/kubernetes/scheduler-config.yaml' < config.yaml\nsleep 4\n"
  test('changes how nodes are chosen, and who is served', () => {
    const { run } = seat({ 'config.yaml': CONFIGURATION })
    run(`${pod('batch', '1', '  schedulerName: batch\n')}sleep 5`)
    expect(run('kubectl get pod batch --no-headers')).toMatch(/Pending/)
    expect(run('kubectl get events')).not.toContain('batch')
    run(`${write}kubectl create deployment packed --image=nginx --replicas=4\nsleep 10`)
    expect(run('kubectl get events -o custom-columns=S:.source.component,M:.message')).toMatch(
      /^batch +Successfully assigned default\/batch/m,
    )
    const nodes = run(`kubectl get pods -l app=packed -o jsonpath='{.items[*].spec.nodeName}'`).split(' ')
    expect(new Set(nodes).size).toBe(1)
    expect(run('sim why deployment/packed; sim why pod/batch')).toContain('score')
  })
  test('a wrong one stops it, until the file is mended', () => {
    const { run } = seat({ 'config.yaml': 'foo: [bar' })
    run(`${write}${pod('web', '1')}sleep 5`)
    expect(run('kubectl get pod web --no-headers')).toMatch(/Pending/)
    run('ssh control-plane rm /etc/kubernetes/scheduler-config.yaml\nsleep 8')
    expect(run('kubectl get pod web --no-headers')).toMatch(/Running/)
  })
})

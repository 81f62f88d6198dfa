import { describe, expect, test } from 'vitest'
import { seat } from '../../terminal/kubectl/lab'

const hog = (name: string, megabytes: number, more = '') => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  nodeName: worker-1
  ${more}
  containers:
  - name: c
    image: polinux/stress
    command: [stress, --vm, '1', --vm-bytes, ${megabytes}M, --vm-hang, '1']
    resources: {requests: {memory: 200Mi}}
`
const reason = (name: string) => `kubectl get pod ${name} -o jsonpath='{.status.phase} {.status.reason}'`

describe('memory runs out', () => {
  test('the greediest goes first, one at a time; the node is tainted for as long as it lasts, and five minutes more', () => {
    const { run } = seat({ 'p.yaml': [hog('modest', 150), hog('greedy', 600), hog('over', 300)].join('---\n') })
    run('kubectl apply -f p.yaml; sleep 15; sim fault memory-pressure worker-1; sleep 11')
    expect([run(reason('modest')), run(reason('over'))]).toEqual(['Running ', 'Running '])
    run('sleep 3')
    expect(run(reason('greedy'))).toBe('Failed Evicted')
    expect(run("kubectl get pod greedy -o jsonpath='{.status.message}'")).toBe(
      'The node was low on resource: memory. Threshold quantity: 100Mi, available: 60Mi. Container c was using 615084Ki, request is 200Mi, has larger consumption of memory. ',
    )
    expect(
      run("kubectl get pod greedy -o jsonpath='{.status.conditions[0].type} {.status.conditions[0].reason}'"),
    ).toBe('DisruptionTarget TerminationByKubelet')
    const taints = () => run("kubectl get node worker-1 -o jsonpath='{.spec.taints[*].key}'")
    expect(taints()).toBe('node.kubernetes.io/memory-pressure')
    expect(run('kubectl describe node worker-1')).toMatch(
      /MemoryPressure +True .* KubeletHasInsufficientMemory +kubelet has insufficient memory available/,
    )
    run('sim heal memory-pressure worker-1; sleep 200')
    expect(taints()).toBe('node.kubernetes.io/memory-pressure')
    run('sleep 130')
    expect(taints()).toBe('')
    expect([run(reason('modest')), run(reason('over'))]).toEqual(['Running ', 'Running '])
  })

  test('priority counts before greed, critical pods stay', () => {
    const { run } = seat({
      'p.yaml': [
        hog('small', 300),
        hog('big', 600).replace('spec:\n', 'spec:\n  priority: 10\n'),
        hog('critical', 900, 'priorityClassName: system-node-critical'),
      ].join('---\n'),
    })
    run('kubectl apply -f p.yaml; sleep 15; sim fault memory-pressure worker-1 --by 99%; sleep 45')
    expect(run(reason('critical'))).toBe('Running ')
    const order = run(
      'kubectl get events --sort-by=.metadata.creationTimestamp -o jsonpath=\'{range .items[?(@.reason=="Evicted")]}{.involvedObject.name} {end}\'',
    )
    expect(order).toMatch(/^(small|big) /)
  })

  test('a node under pressure takes no pod without requests', () => {
    const { run } = seat({ 'p.yaml': hog('p', 100).replace('resources: {requests: {memory: 200Mi}}', '') })
    run('sim fault memory-pressure worker-1; sleep 11; kubectl apply -f p.yaml; sleep 1')
    expect(run("kubectl get pod p -o jsonpath='{.status.reason}: {.status.message}'")).toBe(
      'Evicted: Pod was rejected: The node had condition: [MemoryPressure]. ',
    )
  })
})

describe('the disk is full', () => {
  test('unused images go first; then pods', () => {
    const { run } = seat()
    run(
      'kubectl run web --image=nginx:1.27 --overrides=\'{"spec":{"nodeName":"worker-1"}}\' 2>/dev/null; kubectl create deployment web --image=nginx:1.27 --replicas=2; sleep 15',
    )
    run('sim fault disk-full worker-1; sleep 30')
    expect(run("kubectl get node worker-1 -o jsonpath='{.spec.taints[*].key}'")).toBe(
      'node.kubernetes.io/disk-pressure',
    )
    expect(run('kubectl get events')).toContain('Attempting to reclaim ephemeral-storage')
    const running = run(
      "kubectl get pods -l app=web --field-selector status.phase=Running -o jsonpath='{.items[*].spec.nodeName}'",
    )
    expect(running).toBe('worker-2 worker-2')
  })

  test('a volume larger than its limit costs the pod its place', () => {
    const { run } = seat({
      'p.yaml': `apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  volumes: [{name: d, emptyDir: {sizeLimit: 1Ki}}]
  containers:
  - name: c
    image: busybox
    command: [sh, -c, 'seq 1 1000 > /d/x; sleep 1000']
    volumeMounts: [{name: d, mountPath: /d}]
`,
    })
    run('kubectl apply -f p.yaml; sleep 20')
    expect(run("kubectl get pod p -o jsonpath='{.status.reason}: {.status.message}'")).toBe(
      'Evicted: Usage of EmptyDir volume "d" exceeds the limit "1Ki". ',
    )
  })
})

test('a pod that names a node without room is refused there', () => {
  const { run } = seat({
    'p.yaml': hog('p', 1).replace('memory: 200Mi', 'cpu: "40"'),
  })
  run('kubectl apply -f p.yaml; sleep 1')
  expect(run("kubectl get pod p -o jsonpath='{.status.phase} {.status.reason}: {.status.message}'")).toMatch(
    /^Failed OutOfcpu: Pod was rejected: Node didn't have enough resource: cpu, requested: 40000, used: \d+, capacity: \d+$/,
  )
})

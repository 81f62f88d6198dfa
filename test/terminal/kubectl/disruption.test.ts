import { describe, expect, test } from 'vitest'
import { seat, web } from './lab'

const budget = (spec: string) => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {${spec}, selector: {matchLabels: {app: web}}}
`
const slow = '        readinessProbe: {httpGet: {path: /, port: 80}, initialDelaySeconds: 12}\n'
const numbers =
  "kubectl get pdb web -o jsonpath='{.status.expectedPods} {.status.currentHealthy} {.status.desiredHealthy} {.status.disruptionsAllowed}'"

describe('disruption budgets', () => {
  test.each([
    ['minAvailable: 2', '3 3 2 1'],
    ['minAvailable: 50%', '3 3 2 1'],
    ['maxUnavailable: 1', '3 3 2 1'],
    ['maxUnavailable: 50%', '3 3 1 2'],
    ['minAvailable: 3', '3 3 3 0'],
    ['maxUnavailable: 5', '3 3 0 3'],
  ])('%s of three', (spec, expected) => {
    const here = seat({ 'web.yaml': web('nginx:1.27', 3), 'pdb.yaml': budget(spec) })
    here.run('kubectl apply -f web.yaml -f pdb.yaml; sleep 20')
    expect(here.run(numbers)).toBe(expected)
  })

  test('drain evicts what the budget allows and tries the rest again every five seconds', () => {
    const here = seat({ 'web.yaml': web('nginx:1.27', 2, slow), 'pdb.yaml': budget('minAvailable: 1') }, 2)
    here.run('kubectl cordon worker-2; kubectl apply -f web.yaml -f pdb.yaml; sleep 30; kubectl uncordon worker-2')
    const told = here.run('kubectl drain worker-1 --ignore-daemonsets')
    const refusal =
      /error when evicting pods\/"web-[a-z0-9]+-[a-z0-9]{5}" -n "default" \(will retry after 5s\): Cannot evict pod as it would violate the pod's disruption budget\.\n/g
    expect(told.match(refusal)!.length).toBeGreaterThanOrEqual(2)
    expect(told.match(/^pod\/web-\S+ evicted$/gm)!.length).toBe(2)
    expect(told).toMatch(
      /^node\/worker-1 cordoned\nWarning: ignoring DaemonSet-managed Pods: kube-system\/kube-proxy-[a-z0-9]{5}\nevicting pod default\/web-/,
    )
    expect(told.endsWith('node/worker-1 drained\n')).toBe(true)
  })

  test('--timeout gives up; --disable-eviction does not ask the budget', () => {
    const here = seat({ 'web.yaml': web('nginx:1.27', 1), 'pdb.yaml': budget('minAvailable: 1') }, 2)
    here.run('kubectl cordon worker-2; kubectl apply -f web.yaml -f pdb.yaml; sleep 20; kubectl uncordon worker-2')
    const late = here.run('kubectl drain worker-1 --ignore-daemonsets --timeout=12s')
    expect(here.status).toBe(1)
    expect(late).toMatch(
      /There are pending pods in node "worker-1" when an error occurred: error when evicting pods\/"web-\S+" -n "default": global timeout reached: 12s\npod\/web-\S+\nerror: unable to drain node "worker-1" due to error: error when evicting [^\n]+: global timeout reached: 12s, continuing command\.\.\.\nThere are pending nodes to be drained:\n worker-1\nerror: error when evicting [^\n]+: global timeout reached: 12s\n$/,
    )
    expect(here.run('kubectl drain worker-1 --ignore-daemonsets --disable-eviction')).toMatch(
      /^node\/worker-1 already cordoned\nWarning: [^\n]+\npod\/web-\S+ deleted\nnode\/worker-1 drained\n$/,
    )
  })

  test('one node that cannot be drained does not keep the others from it', () => {
    const here = seat({}, 2)
    here.run('kubectl cordon worker-2; kubectl run lone --image=nginx; sleep 15; kubectl uncordon worker-2')
    const told = here.run('kubectl drain worker-1 worker-2 --ignore-daemonsets')
    const why = 'cannot delete cannot delete Pods that declare no controller (use --force to override): default/lone'
    expect(told).toContain(`error: unable to drain node "worker-1" due to error: ${why}, continuing command...\n`)
    expect(told).toContain('node/worker-2 drained\n')
    expect(told.endsWith(`There are pending nodes to be drained:\n worker-1\nerror: ${why}\n`)).toBe(true)
  })

  test('pods that are not ready may go, by the policy', () => {
    const sick = web('nginx:1.27', 2, '        readinessProbe: {httpGet: {path: /missing, port: 80}}\n')
    const here = seat({ 'web.yaml': sick, 'pdb.yaml': budget('minAvailable: 1') })
    here.run('kubectl apply -f web.yaml -f pdb.yaml; sleep 20')
    const node = here.run("kubectl get pods -o jsonpath='{.items[0].spec.nodeName}'")
    here.run(`kubectl drain ${node} --ignore-daemonsets --timeout=6s`)
    expect(here.status).toBe(1)
    here.run(`kubectl patch pdb web -p '{"spec":{"unhealthyPodEvictionPolicy":"AlwaysAllow"}}'; sleep 1`)
    here.run(`kubectl drain ${node} --ignore-daemonsets --timeout=40s`)
    expect(here.status).toBe(0)
  })

  test('a share of pods that nobody controls cannot be counted', () => {
    const here = seat({ 'pdb.yaml': budget('maxUnavailable: 1') })
    here.run('kubectl run web --image=nginx --labels=app=web; kubectl apply -f pdb.yaml; sleep 15')
    expect(here.run(numbers)).toBe('0 1 0 0')
    expect(here.run('kubectl events --for pdb/web')).toContain('UnmanagedPods')
  })
})

describe('ReplicationControllers', () => {
  test('keep their pods, are scaled, and are told apart from ReplicaSets', () => {
    const rc = `apiVersion: v1
kind: ReplicationController
metadata: {name: old}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: old}}
    spec: {containers: [{name: c, image: nginx}]}
`
    const here = seat({ 'rc.yaml': rc })
    here.run('kubectl apply -f rc.yaml; sleep 15')
    expect(here.run('kubectl get rc old -o wide --no-headers')).toMatch(/^old +2 +2 +2 +15s +c +nginx +app=old\n/)
    expect(here.run('kubectl scale rc old --replicas=3')).toBe('replicationcontroller/old scaled\n')
    here.run('sleep 10; kubectl delete $(kubectl get pods -o name | head -1); sleep 10')
    expect(here.run("kubectl get rc old -o jsonpath='{.status.readyReplicas}'")).toBe('3')
  })

  test('a creation that is refused is told once, tried again later, and the Deployment says so too', () => {
    const here = seat({
      'web.yaml': web('nginx:1.27', 8).replace('    spec:\n', '    spec:\n      serviceAccountName: robot\n'),
    })
    here.run('kubectl apply -f web.yaml; sleep 20')
    const failure = here.run(
      'kubectl get deploy web -o jsonpath=\'{.status.conditions[?(@.type=="ReplicaFailure")].message}\'',
    )
    expect(failure).toMatch(
      /^pods "web-[a-z0-9]+-" is forbidden: error looking up service account default\/robot: serviceaccount "robot" not found$/,
    )
    const tries = Number(here.run('kubectl get events -o jsonpath=\'{.items[?(@.reason=="FailedCreate")].count}\''))
    expect(tries).toBeGreaterThan(2)
    expect(tries).toBeLessThan(16)
    here.run('kubectl create serviceaccount robot; sleep 60')
    expect(here.run("kubectl get deploy web -o jsonpath='{.status.readyReplicas}'")).toBe('8')
    expect(here.run('kubectl get deploy web -o yaml')).not.toContain('ReplicaFailure')
  })
})

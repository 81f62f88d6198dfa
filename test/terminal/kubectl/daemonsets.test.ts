import { describe, expect, test } from 'vitest'
import { seat } from './lab'

const agent = (image = 'nginx:1.27', more = '') => `apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {name: agent}}
  ${more}
  template:
    metadata: {labels: {name: agent}}
    spec:
      terminationGracePeriodSeconds: 1
      containers: [{name: agent, image: "${image}"}]
`
const nodesOf = (here: ReturnType<typeof seat>) =>
  here
    .run("kubectl get pods -l name=agent -o jsonpath='{range .items[*]}{.spec.nodeName} {end}'")
    .trim()
    .split(' ')
    .sort()

describe('DaemonSets', () => {
  test('one pod on every node without a taint against it; a new taint keeps it away or drives it off', () => {
    const here = seat({ 'ds.yaml': agent() }, 3)
    here.run('kubectl apply -f ds.yaml; sleep 15')
    expect(nodesOf(here)).toEqual(['worker-1', 'worker-2', 'worker-3'])
    here.run('kubectl taint node worker-1 a=b:NoSchedule; kubectl taint node worker-2 a=b:NoExecute; sleep 10')
    expect(nodesOf(here)).toEqual(['worker-1', 'worker-3'])
    expect(here.run('kubectl get ds agent --no-headers')).toMatch(/^agent +1 +1 +1 +1 +1 +<none>/)
    expect(here.run("kubectl get ds agent -o jsonpath='{.status.numberMisscheduled}'")).toBe('1')
    here.run('kubectl delete $(kubectl get pods -o name --field-selector spec.nodeName=worker-1); sleep 10')
    expect(nodesOf(here)).toEqual(['worker-3'])
    here.run('kubectl taint node worker-1 a-; sleep 10')
    expect(nodesOf(here)).toEqual(['worker-1', 'worker-3'])
  })

  test('a cordoned node keeps and gets its daemon; a crashed one keeps it, though it should have none now', () => {
    const here = seat({ 'ds.yaml': agent() }, 2)
    here.run('kubectl cordon worker-1; kubectl apply -f ds.yaml; sleep 15')
    expect(nodesOf(here)).toEqual(['worker-1', 'worker-2'])
    here.run('sim fault machine-crash worker-2; sleep 400')
    expect(nodesOf(here)).toEqual(['worker-1', 'worker-2'])
    expect(here.run('kubectl get ds agent --no-headers')).toMatch(/^agent +1 +1 +1 +1 +1 /)
  })

  test('a rolling update goes node by node, is undone, and its history is kept', () => {
    const here = seat({ 'ds.yaml': agent() }, 3)
    here.run('kubectl apply -f ds.yaml; sleep 15; kubectl set image ds/agent agent=nginx:1.28')
    const told = here.run('kubectl rollout status ds/agent')
    expect(told).toContain('Waiting for daemon set "agent" rollout to finish: 1 out of 3 new pods have been updated...')
    expect(told.trimEnd().split('\n').at(-1)).toBe('daemon set "agent" successfully rolled out')
    expect(here.run('kubectl get controllerrevisions --no-headers')).toMatch(
      /daemonset\.apps\/agent +1 .*\n.*daemonset\.apps\/agent +2 /,
    )
    expect(here.run('kubectl rollout undo ds/agent')).toBe('daemonset.apps/agent rolled back\n')
    here.run('kubectl rollout status ds/agent')
    expect(here.run('kubectl rollout history ds/agent')).toBe(
      'daemonset.apps/agent \nREVISION  CHANGE-CAUSE\n2         <none>\n3         <none>\n\n',
    )
    expect(here.run("kubectl get pods -o jsonpath='{.items[*].spec.containers[0].image}'")).toBe(
      'nginx:1.27 nginx:1.27 nginx:1.27',
    )
    expect(here.run('kubectl rollout undo ds/agent --to-revision=9')).toBe(
      'error: unable to find specified revision 9 in history\n',
    )
  })

  test('with surge the new pod is ready before the old one goes', () => {
    const surging = 'updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}'
    const here = seat({ 'ds.yaml': agent('nginx:1.27', surging), 'new.yaml': agent('nginx:1.28', surging) }, 2)
    here.run('kubectl apply -f ds.yaml; sleep 15; kubectl apply -f new.yaml')
    for (let i = 0; i < 20; i++) {
      here.run('sleep 1')
      expect(here.run('kubectl get pods --no-headers').match(/ 1\/1 /g)!.length).toBeGreaterThanOrEqual(2)
    }
    expect(here.run("kubectl get pods -o jsonpath='{.items[*].spec.containers[0].image}'")).toBe(
      'nginx:1.28 nginx:1.28',
    )
  })

  test('OnDelete waits for somebody to delete the old pods', () => {
    const here = seat({ 'ds.yaml': agent('nginx:1.27', 'updateStrategy: {type: OnDelete}') }, 2)
    here.run('kubectl apply -f ds.yaml; sleep 15; kubectl set image ds/agent agent=nginx:1.28; sleep 20')
    expect(here.run("kubectl get ds agent -o jsonpath='{.status.updatedNumberScheduled}'")).toBe('')
    here.run('kubectl delete $(kubectl get pods -o name | head -1); sleep 10')
    expect(here.run("kubectl get ds agent -o jsonpath='{.status.updatedNumberScheduled}'")).toBe('1')
    expect(here.run('kubectl rollout status ds/agent')).toBe(
      'error: rollout status is only available for RollingUpdate strategy type\n',
    )
  })

  test('what the API refuses', () => {
    const both = 'updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}'
    const none = 'updateStrategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}'
    const here = seat({ 'both.yaml': agent('a', both), 'none.yaml': agent('a', none) })
    expect(here.run('kubectl apply -f both.yaml')).toBe(
      'The DaemonSet "agent" is invalid: spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero\n',
    )
    expect(here.run('kubectl apply -f none.yaml')).toBe(
      'The DaemonSet "agent" is invalid: spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0\n',
    )
  })
})

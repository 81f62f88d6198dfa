import { millisOf } from '../../engine'
import type { Node } from '../../kubernetes/kinds/node'
import type { ContainerStatus, Pod } from '../../kubernetes/kinds/pod'
import type { PodLook, State } from './state-words'

const brokenWaits = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
])

/** What the cluster believes of a pod, as kubectl would say it, reduced to one of the eleven looks. */
export function podLook(pod: Pod, context: { node: Node | undefined; pulling: boolean; now: number }): PodLook {
  const statuses = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])]
  const restarts = statuses.reduce((sum, status) => sum + status.restartCount, 0)
  const look = (state: State, word?: string): PodLook => ({ state, word, restarts })
  if (pod.metadata.deletionTimestamp !== undefined) return look('terminating', 'Terminating')
  if (pod.status.phase === 'Succeeded') return look('exited', 'Completed')
  if (pod.status.phase === 'Failed')
    return look(wasOutOfMemory(statuses) ? 'oom' : 'exited', pod.status.reason ?? 'Error')
  if (pod.spec.nodeName === undefined) return look('pending', unschedulable(pod) ? 'Unschedulable' : undefined)
  if (readiness(context.node) === 'Unknown' || pod.status.phase === 'Unknown') return look('unknown', 'NodeLost')
  for (const status of statuses) {
    const waiting = status.state.waiting?.reason
    if (waiting === 'CrashLoopBackOff')
      return look(status.lastState.terminated?.reason === 'OOMKilled' ? 'oom' : 'crash', waiting)
    if (waiting !== undefined && brokenWaits.has(waiting)) return look('unhealthy', waiting)
    const ended = status.state.terminated
    if (ended?.reason === 'OOMKilled') return look('oom', 'OOMKilled')
    if (ended && ended.exitCode !== 0) return look('crash', ended.reason ?? 'Error')
  }
  const main = pod.status.containerStatuses ?? []
  if (main.length === 0 || main.some((status) => !status.state.running))
    return look(context.pulling ? 'pulling' : 'starting')
  const ready = pod.status.conditions?.find((condition) => condition.type === 'Ready')
  if (ready?.status === 'True') return look('ready')
  return look(lostItsReadiness(pod, main, ready?.lastTransitionTime, context.now) ? 'unhealthy' : 'running')
}

/** Not ready now: because it has just started, or because its probe goes on failing? */
function lostItsReadiness(pod: Pod, main: readonly ContainerStatus[], since: string | undefined, now: number): boolean {
  const started = Math.max(...main.map((status) => millisOf(status.state.running?.startedAt) ?? 0))
  const turned = millisOf(since) ?? 0
  if (turned > started + 1500) return true
  const patience = pod.spec.containers.map((container) => {
    const probe = container.startupProbe ?? container.readinessProbe
    if (!probe) return 0
    return (probe.initialDelaySeconds ?? 0) + (probe.periodSeconds ?? 10) * (probe.failureThreshold ?? 3)
  })
  return now - started > Math.max(...patience, 1) * 1000
}

function wasOutOfMemory(statuses: readonly ContainerStatus[]): boolean {
  return statuses.some((status) => status.state.terminated?.reason === 'OOMKilled')
}

function unschedulable(pod: Pod): boolean {
  return pod.status.conditions?.some((c) => c.type === 'PodScheduled' && c.status === 'False') ?? false
}

/** The node's Ready condition: Unknown when nobody has heard of its kubelet for too long. */
export function readiness(node: Node | undefined): 'True' | 'False' | 'Unknown' | undefined {
  return node?.status.conditions.find((condition) => condition.type === 'Ready')?.status
}

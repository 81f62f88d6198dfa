import {
  type Change,
  LAB_EPOCH,
  type Millis,
  millisOf,
  type Reason,
  rfc3339,
  stamp,
  type Wish,
  type World,
} from '../../engine'
import type { Condition } from '../kinds/meta'
import { Namespace } from '../kinds/namespace'
import type { Pod } from '../kinds/pod'

/** Counts for its owner: not finished, not being deleted. */
export function active(pod: Pod): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed'
  )
}

export function conditionOf(
  pod: { readonly status: { readonly conditions?: readonly Condition[] } },
  type: string,
): Condition | undefined {
  return pod.status.conditions?.find((condition) => condition.type === type)
}

export const podReady = (pod: Pod): boolean => conditionOf(pod, 'Ready')?.status === 'True'

/** When the pod last became ready; undefined while it is not. */
export function readySince(pod: Pod): Millis | undefined {
  const ready = conditionOf(pod, 'Ready')
  return ready?.status === 'True' ? millisOf(ready.lastTransitionTime) : undefined
}

/** Ready for at least so many seconds. */
export function podAvailable(pod: Pod, minReadySeconds: number, now: Millis): boolean {
  const since = readySince(pod)
  return since !== undefined && (minReadySeconds === 0 || since + minReadySeconds * 1000 <= now)
}

/** Conditions with one replaced or added; its lastTransitionTime moves only when the status does. The same list if nothing changes. */
export function withCondition(
  conditions: readonly Condition[] | undefined,
  next: Condition,
  now: Millis,
): readonly Condition[] {
  const list = conditions ?? []
  const index = list.findIndex((condition) => condition.type === next.type)
  const present = list[index]
  if (present && present.status === next.status && present.reason === next.reason && present.message === next.message)
    return list
  const lastTransitionTime = present && present.status === next.status ? present.lastTransitionTime : stamp(now)
  const made: Condition = { ...next, lastTransitionTime }
  return present ? list.map((condition, i) => (i === index ? made : condition)) : [...list, made]
}

/**
 * The wish that deletes a pod as the API does it: one that is bound and not finished gets a deletionTimestamp (now + its grace
 * period), and the status that is given, and stays until its kubelet confirms; any other goes at once, or when its last finalizer does.
 * Nothing when it is being deleted already.
 */
export function deletePod(
  head: Change<Pod>,
  world: World,
  because: Reason,
  status?: Pod['status'],
): Wish<Pod> | undefined {
  const pod = head.value
  if (pod.metadata.deletionTimestamp !== undefined) return undefined
  const finished = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
  const atOnce = pod.spec.nodeName === undefined || finished
  if (atOnce && !pod.metadata.finalizers?.length) return { key: head.key, value: undefined, because }
  const grace = atOnce ? 0 : (pod.spec.terminationGracePeriodSeconds ?? 30)
  const metadata = {
    ...pod.metadata,
    deletionTimestamp: rfc3339(LAB_EPOCH + world.now + grace * 1000),
    deletionGracePeriodSeconds: grace,
    generation: (pod.metadata.generation ?? 1) + 1,
  }
  return { key: head.key, value: { ...pod, metadata, status: status ?? pod.status }, because }
}

/** The namespace is being deleted: nothing new may be made in it. */
export const namespaceEnds = (name: string, world: World): boolean =>
  world.get(Namespace.key('', name))?.status.phase === 'Terminating'

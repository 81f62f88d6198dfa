import { type Millis, millisOf } from '../../engine'
import type { Pod } from '../kinds/pod'
import { conditionOf } from './pods'

export const LEAST_BACKOFF_MILLIS = 10_000
export const MOST_BACKOFF_MILLIS = 10 * 60_000

/** Failures in a row, and when the last of them was. */
export interface FailureRow {
  readonly failures: number
  readonly last?: Millis
}

/** What the pods that have ended add to a row of failures: a success begins it anew. After newBackoffRecord. */
export function failureRow(
  succeeded: readonly Millis[],
  failed: readonly Millis[],
  before: FailureRow = { failures: 0 },
): FailureRow {
  if (failed.length === 0) return succeeded.length > 0 ? { failures: 0 } : before
  const success = succeeded.length === 0 ? Number.NEGATIVE_INFINITY : Math.max(...succeeded)
  const since = failed.filter((at) => at > success)
  if (succeeded.length > 0 && since.length === 0) return { failures: 0 }
  const failures = since.length + (succeeded.length > 0 ? 0 : before.failures)
  return { failures, last: Math.max(...since) }
}

/** How long new pods still have to wait: 10 s after the first failure in a row, then twice as long each time. After getRemainingTimeForFailuresCount. */
export function remainingBackoff(
  { failures, last }: FailureRow,
  now: Millis,
  least = LEAST_BACKOFF_MILLIS,
  most = MOST_BACKOFF_MILLIS,
): Millis {
  if (failures === 0 || last === undefined) return 0
  const whole = Math.min(most, least * 2 ** Math.min(failures - 1, 30))
  return Math.max(0, whole - (now - last))
}

/** When a pod ended: its last container's end, else when it stopped being ready, else when its deletion was asked for. After getFinishedTime. */
export function finishedAt(pod: Pod): Millis {
  const ends = (pod.status.containerStatuses ?? []).map(({ state }) => millisOf(state.terminated?.finishedAt))
  if (ends.length > 0 && ends.every((end) => end !== undefined)) return Math.max(...(ends as Millis[]))
  const ready = conditionOf(pod, 'Ready')
  const unready = ready?.status === 'False' ? millisOf(ready.lastTransitionTime) : undefined
  if (unready !== undefined) return unready
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, creationTimestamp } = pod.metadata
  const deleted = millisOf(deletionTimestamp)
  return deleted === undefined ? (millisOf(creationTimestamp) ?? 0) : deleted - deletionGracePeriodSeconds * 1000
}

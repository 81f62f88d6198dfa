import { type Millis, millisOf } from '../../engine'
import type { Pod } from '../kinds/pod'
import { podReady, readySince } from './pods'

const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 }

/** Buckets of age that double in length, in seconds: within one, age does not decide. */
function ageBucket(since: Millis | undefined, now: Millis): number {
  if (since === undefined) return -1
  const seconds = Math.floor((now - since) / 1000)
  return seconds <= 0 ? 0 : 32 - Math.clz32(seconds)
}

const restarts = (pod: Pod) => Math.max(0, ...(pod.status.containerStatuses ?? []).map((status) => status.restartCount))

const cost = (pod: Pod) => {
  const text = pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost']
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : 0
}

/**
 * Which of two pods a ReplicaSet deletes first: negative means the left one. After ActivePodsWithRanks in
 * pkg/controller/controller_utils.go: unbound, pending, not ready, cheap, crowded, lately ready, often restarted, young.
 */
export function rankForDeletion(a: Pod, b: Pod, siblingsOnNode: ReadonlyMap<string, number>, now: Millis): number {
  if ((a.spec.nodeName === undefined) !== (b.spec.nodeName === undefined)) return a.spec.nodeName === undefined ? -1 : 1
  const phase = (PHASES[a.status.phase] ?? 0) - (PHASES[b.status.phase] ?? 0)
  if (phase !== 0) return phase
  if (podReady(a) !== podReady(b)) return podReady(a) ? 1 : -1
  if (cost(a) !== cost(b)) return cost(a) - cost(b)
  const crowd = (siblingsOnNode.get(b.spec.nodeName ?? '') ?? 0) - (siblingsOnNode.get(a.spec.nodeName ?? '') ?? 0)
  if (crowd !== 0) return crowd
  if (podReady(a)) {
    const age = compareAges(readySince(a), readySince(b), a, b, now)
    if (age !== 0) return age
  }
  if (restarts(a) !== restarts(b)) return restarts(b) - restarts(a)
  return compareAges(millisOf(a.metadata.creationTimestamp), millisOf(b.metadata.creationTimestamp), a, b, now)
}

function compareAges(left: Millis | undefined, right: Millis | undefined, a: Pod, b: Pod, now: Millis): number {
  const difference = ageBucket(left, now) - ageBucket(right, now)
  if (difference !== 0) return difference
  return a.metadata.uid < b.metadata.uid ? -1 : a.metadata.uid > b.metadata.uid ? 1 : 0
}

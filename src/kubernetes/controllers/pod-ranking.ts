import { type Change, type Millis, millisOf } from '../../engine'
import type { Pod } from '../kinds/pod'
import { podReady, readySince } from './pods'

const PHASES: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 }

/** What decides which pod of a ReplicaSet goes first. */
interface DeletionRank {
  readonly uid: string
  /** In order of weight; the lowest goes first. */
  readonly marks: readonly number[]
  readonly readySince: Millis | undefined
  readonly restarts: number
  readonly createdAt: Millis | undefined
}

const costOf = (pod: Pod) => {
  const text = pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost']
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : 0
}

function restartsOf(pod: Pod): number {
  let most = 0
  for (const { restartCount } of pod.status.containerStatuses ?? []) most = Math.max(most, restartCount)
  return most
}

export function deletionRank(pod: Pod, siblingsOnNode: ReadonlyMap<string, number>): DeletionRank {
  const { nodeName } = pod.spec
  const ready = podReady(pod)
  return {
    uid: pod.metadata.uid,
    marks: [
      nodeName === undefined ? 0 : 1,
      PHASES[pod.status.phase] ?? 0,
      ready ? 1 : 0,
      costOf(pod),
      -(siblingsOnNode.get(nodeName ?? '') ?? 0),
    ],
    readySince: ready ? readySince(pod) : undefined,
    restarts: restartsOf(pod),
    createdAt: millisOf(pod.metadata.creationTimestamp),
  }
}

/**
 * Negative: the left pod is deleted first. After ActivePodsWithRanks in pkg/controller/controller_utils.go: unbound, pending, not
 * ready, cheap, crowded, lately ready, often restarted, young; ages count in buckets that double in length.
 */
export function compareDeletionRanks(a: DeletionRank, b: DeletionRank, now: Millis): number {
  for (let i = 0; i < a.marks.length; i++) if (a.marks[i] !== b.marks[i]) return a.marks[i]! - b.marks[i]!
  if (a.readySince !== b.readySince) return compareAges(a.readySince, b.readySince, a, b, now)
  if (a.restarts !== b.restarts) return b.restarts - a.restarts
  return compareAges(a.createdAt, b.createdAt, a, b, now)
}

/** Of one age bucket, the uid decides: so that deletions spread over what was made at different times. */
function compareAges(
  left: Millis | undefined,
  right: Millis | undefined,
  a: DeletionRank,
  b: DeletionRank,
  now: Millis,
): number {
  const difference = ageBucket(left, now) - ageBucket(right, now)
  if (difference !== 0) return difference
  return a.uid < b.uid ? -1 : a.uid > b.uid ? 1 : 0
}

function ageBucket(since: Millis | undefined, now: Millis): number {
  if (since === undefined) return -1
  const seconds = Math.floor((now - since) / 1000)
  return seconds <= 0 ? 0 : 32 - Math.clz32(seconds)
}

/** Pods in the order in which they are deleted. */
export function inDeletionOrder(
  pods: readonly Change<Pod>[],
  siblingsOnNode: ReadonlyMap<string, number>,
  now: Millis,
): readonly Change<Pod>[] {
  const ranked = pods.map((pod) => ({ pod, rank: deletionRank(pod.value, siblingsOnNode) }))
  return ranked.sort((a, b) => compareDeletionRanks(a.rank, b.rank, now)).map(({ pod }) => pod)
}

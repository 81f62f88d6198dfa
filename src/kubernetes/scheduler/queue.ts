import { type Change, defineKind, type Millis, type World } from '../../engine'
import { Pod } from '../kinds/pod'
import type { Configuration } from './configuration'
import { priorityOf } from './filtering'

/** A pod that could not be placed, waiting for something to change. scope and name: the pod's. */
export interface QueuedPod {
  readonly uid: string
  readonly attempts: number
  /** When it was put into the queue last: among pods of equal priority the earlier is first. */
  readonly failedAt: Millis
  /** Until then it is tried only when there is nobody else. */
  readonly backoffUntil: Millis
  /** The plugins that refused it: only what concerns them brings it back. */
  readonly plugins: readonly string[]
  /** `unschedulable`: nothing has happened that would help. `backoff`: something has; it is tried again. */
  readonly state: 'unschedulable' | 'backoff'
}
export const QueuedPod = defineKind<QueuedPod>('kubernetes/QueuedPod', {
  about: "a pod in the scheduler's queue that could not be placed",
  quiet: true,
  indexes: {
    state: ({ state }) => state,
    /** By the plugins that refused it, while nothing has happened that would help. */
    refusedBy: ({ state, plugins }) => (state === 'unschedulable' ? plugins : undefined),
  },
})

/** Where the search for nodes begins next time. */
export interface SchedulerCursor {
  readonly start: number
}
export const SchedulerCursor = defineKind<SchedulerCursor>('kubernetes/SchedulerCursor', {
  about: "the scheduler's place in its list of nodes",
  quiet: true,
})

/** 1, 2, 4, 8, 10, 10 … s, unless the configuration says otherwise. */
export function backoff(attempts: number, { firstBackoffMillis, longestBackoffMillis }: Configuration): Millis {
  let millis = firstBackoffMillis
  for (let i = 1; i < attempts && millis < longestBackoffMillis; i++) millis *= 2
  return Math.min(millis, longestBackoffMillis)
}

/** Whether a pod is the scheduler's business at all. Gated pods are not, nor those that ask for a scheduler that nobody runs. */
function waits(pod: Pod, { profiles }: Configuration): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    profiles.has(pod.spec.schedulerName ?? 'default-scheduler') &&
    (pod.spec.schedulingGates ?? []).length === 0 &&
    pod.status.phase === 'Pending'
  )
}

interface Waiting {
  readonly pod: Change<Pod>
  /** When it entered the queue. */
  readonly since: Millis
  readonly until: Millis
}

/**
 * The next pods. First the active ones: new, or past their back-off, by priority, then by how long they wait. When there are no more, those
 * whose back-off is running (since 1.33), soonest first. After backend/queue.
 */
export function nextPods(world: World, count: number, configuration: Configuration): Change<Pod>[] {
  const active: Waiting[] = []
  const early: Waiting[] = []
  const anyQueued = world.list(QueuedPod).length > 0
  const ordered =
    world.list(QueuedPod, { state: 'backoff' }).length > 0 || world.list(Pod, { urgent: 'yes' }).length > 0
  for (const pod of world.list(Pod, { unbound: 'yes' })) {
    if (!waits(pod.value, configuration)) continue
    const { namespace, name } = pod.value.metadata
    const queued = anyQueued ? world.get(QueuedPod.key(namespace!, name)) : undefined
    if (!queued || queued.uid !== pod.uid) {
      active.push({ pod, since: ordered ? (world.change(pod.born)?.at ?? 0) : 0, until: 0 })
      // in order of age: when nothing else counts, the first are the next
      if (!ordered && active.length >= count) break
    } else if (queued.state === 'backoff')
      (queued.backoffUntil <= world.now ? active : early).push({
        pod,
        since: queued.failedAt,
        until: queued.backoffUntil,
      })
  }
  if (ordered) active.sort(byImportance)
  early.sort((a, b) => a.until - b.until || byImportance(a, b))
  return [...active, ...early].slice(0, count).map(({ pod }) => pod)
}

const byImportance = (a: Waiting, b: Waiting): number =>
  priorityOf(b.pod.value) - priorityOf(a.pod.value) || a.since - b.since || a.pod.born - b.pod.born

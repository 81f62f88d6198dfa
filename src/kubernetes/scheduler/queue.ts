import { defineKind, type Millis } from '../../engine'

/** A pod that could not be placed, waiting for something to change. scope and name: the pod's. */
export interface QueuedPod {
  readonly uid: string
  readonly attempts: number
  readonly failedAt: Millis
  /** Not before this, while others wait that have not failed. 1, 2, 4, 8, 10, 10 … s. */
  readonly backoffUntil: Millis
  /** The plugins that refused it: only what concerns them brings it back. */
  readonly plugins: readonly string[]
  readonly state: 'unschedulable' | 'backoff'
}
export const QueuedPod = defineKind<QueuedPod>('kubernetes/QueuedPod', {
  about: "a pod in the scheduler's queue that could not be placed",
  quiet: true,
})

/** Where the search for nodes begins next time. */
export interface SchedulerCursor {
  readonly start: number
}
export const SchedulerCursor = defineKind<SchedulerCursor>('kubernetes/SchedulerCursor', {
  about: "the scheduler's place in its list of nodes",
  quiet: true,
})

const FIRST_BACKOFF_MILLIS = 1_000
const LONGEST_BACKOFF_MILLIS = 10_000

export function backoff(attempts: number): Millis {
  let millis = FIRST_BACKOFF_MILLIS
  for (let i = 1; i < attempts && millis < LONGEST_BACKOFF_MILLIS; i++) millis *= 2
  return Math.min(millis, LONGEST_BACKOFF_MILLIS)
}

/** What happened in the cluster, and whose refusals it may undo. */
export const CLUSTER_EVENTS: Readonly<Record<string, readonly string[]>> = {
  node: [
    'NodeUnschedulable',
    'NodeName',
    'TaintToleration',
    'NodeAffinity',
    'NodePorts',
    'NodeResourcesFit',
    'PodTopologySpread',
  ],
  'pod-gone': ['NodePorts', 'NodeResourcesFit', 'PodTopologySpread'],
  'pod-bound': ['PodTopologySpread'],
}

import { quantityValue } from '../../api/quantity'
import type { Pod } from '../../kinds/pod'
import { podRequests } from '../../kinds/pod-resources'

/** What a pod uses of its node. */
export interface PodUsage {
  readonly pod: Pod
  readonly memoryBytes: number
  /** Its containers' own files, their logs and its local volumes. */
  readonly diskBytes: number
  readonly processes: number
}

type Compare = (a: PodUsage, b: PodUsage) => number

const requestOf = ({ pod }: PodUsage, resource: string): number => quantityValue(podRequests(pod.spec)[resource])
const usageOf = (usage: PodUsage, resource: Resource): number =>
  resource === 'memory' ? usage.memoryBytes : usage.diskBytes

type Resource = 'memory' | 'ephemeral-storage'

/** Who uses more than it has asked for goes first. */
const exceedsRequest =
  (resource: Resource): Compare =>
  (a, b) =>
    Number(usageOf(b, resource) > requestOf(b, resource)) - Number(usageOf(a, resource) > requestOf(a, resource))

const byPriority: Compare = (a, b) => (a.pod.spec.priority ?? 0) - (b.pod.spec.priority ?? 0)

const byUsageOverRequest =
  (resource: Resource): Compare =>
  (a, b) =>
    usageOf(b, resource) - requestOf(b, resource) - (usageOf(a, resource) - requestOf(a, resource))

const byProcesses: Compare = (a, b) => b.processes - a.processes

/** By their names in the order in which they are asked. */
export const COMPARATORS: Readonly<Record<string, Readonly<Record<string, Compare>>>> = {
  memory: {
    'exceeds-request': exceedsRequest('memory'),
    priority: byPriority,
    'usage-over-request': byUsageOverRequest('memory'),
  },
  'ephemeral-storage': {
    'exceeds-request': exceedsRequest('ephemeral-storage'),
    priority: byPriority,
    'usage-over-request': byUsageOverRequest('ephemeral-storage'),
  },
  pids: { priority: byPriority, processes: byProcesses },
}

/** In the order in which they would be evicted when the node is low on a resource. After rankMemoryPressure and its siblings. */
export function ranked(
  resource: string,
  pods: readonly PodUsage[],
  names: readonly string[] = Object.keys(COMPARATORS[resource] ?? {}),
): readonly PodUsage[] {
  const compare = names.map((name) => COMPARATORS[resource]![name]!)
  return pods
    .map((one, i) => ({ one, i }))
    .sort((a, b) => {
      for (const by of compare) {
        const order = by(a.one, b.one)
        if (order !== 0) return order
      }
      return a.i - b.i
    })
    .map(({ one }) => one)
}

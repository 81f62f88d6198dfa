import type { Pod } from '../kinds/pod'
import type { Cycle, Plugin, Refusal } from './framework'
import { copyOf, type NodeInfo, turnPod } from './node-infos'

/** One plugin's refusal of a node. */
export interface Refused {
  readonly plugin: string
  readonly refusal: Refusal
}

export const priorityOf = (pod: Pod): number => pod.spec.priority ?? 0

/** Asks the filters in order; the first that refuses decides. */
export function filter(filters: readonly Plugin[], cycle: Cycle, node: NodeInfo): Refused | undefined {
  for (let i = 0; i < filters.length; i++) {
    const plugin = filters[i]!
    const refusal = plugin.filter!(cycle, node)
    if (refusal) return { plugin: plugin.name, refusal }
  }
  return undefined
}

/** Puts a pod on a node, or takes it off, in everything that filters look at. */
export function turn(filters: readonly Plugin[], cycle: Cycle, node: NodeInfo, pod: Pod, by: 1 | -1): void {
  turnPod(node, pod, by)
  for (const plugin of filters) plugin.turn?.(cycle, node, pod, by)
}

/**
 * The same, with pods for which this node is being cleared and that are no less important: the pod must fit with them and without.
 * After RunFilterPluginsWithNominatedPods.
 */
export function filterWithNominated(filters: readonly Plugin[], cycle: Cycle, node: NodeInfo): Refused | undefined {
  const nominated = cycle.nodes.nominated.get(node.name)
  if (nominated === undefined) return filter(filters, cycle, node)
  const mine = priorityOf(cycle.pod)
  const crowd = [...nominated.values()].filter(
    (pod) => pod.metadata.uid !== cycle.pod.metadata.uid && priorityOf(pod) >= mine,
  )
  if (crowd.length > 0) {
    const crowded = copyOf(node)
    for (const pod of crowd) turn(filters, cycle, crowded, pod, 1)
    const refused = filter(filters, cycle, crowded)
    for (const pod of crowd) turn(filters, cycle, crowded, pod, -1)
    if (refused) return refused
  }
  return filter(filters, cycle, node)
}

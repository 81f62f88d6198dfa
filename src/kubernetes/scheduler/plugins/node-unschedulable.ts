import { type Plugin, refuseForGood } from '../framework'
import { toleratesUnschedulable } from '../tolerations'

/** A cordoned node takes only pods that tolerate its taint. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  about: 'the node is not cordoned',
  weight: 0,
  filter: (cycle, node) =>
    node.node.spec.unschedulable && !toleratesUnschedulable(cycle.pod.spec.tolerations)
      ? refuseForGood('node(s) were unschedulable')
      : undefined,
}

import { type Plugin, refuseForGood } from '../framework'
import { tolerates } from '../tolerations'

const TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const

/** A cordoned node takes only pods that tolerate its taint. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  weight: 0,
  filter: (cycle, node) =>
    node.node.spec.unschedulable &&
    !(cycle.pod.spec.tolerations ?? []).some((toleration) => tolerates(toleration, TAINT))
      ? refuseForGood('node(s) were unschedulable')
      : undefined,
}

import { type Cycle, normaliseByHighest, type Plugin, refuseForGood } from '../framework'
import { toleratedBy, tolerates } from '../tolerations'

/** Taints keep pods away: NoSchedule and NoExecute for certain, PreferNoSchedule by points. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  weight: 3,
  filter(cycle, node) {
    const { taints } = node.node.spec
    if (!taints) return undefined
    const untolerated = taints.some(
      (taint) => taint.effect !== 'PreferNoSchedule' && !toleratedBy(cycle.pod.spec.tolerations, taint),
    )
    return untolerated ? refuseForGood('node(s) had untolerated taint(s)') : undefined
  },
  score: (cycle, node) => intolerable(cycle, node.node.spec.taints ?? []),
  normalise: (_cycle, scores) => normaliseByHighest(scores, true),
}

function intolerable(cycle: Cycle, taints: readonly { readonly key: string; readonly effect: any }[]): number {
  const preferring = (cycle.pod.spec.tolerations ?? []).filter(
    (t) => t.effect === undefined || t.effect === 'PreferNoSchedule',
  )
  return taints.filter((taint) => taint.effect === 'PreferNoSchedule' && !preferring.some((t) => tolerates(t, taint)))
    .length
}

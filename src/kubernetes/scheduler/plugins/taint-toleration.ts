import { type Cycle, normaliseByHighest, type Plugin, refuseForGood } from '../framework'
import { tolerates, toleratesTaints } from '../tolerations'

/** Taints keep pods away: NoSchedule and NoExecute for certain, PreferNoSchedule by points. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  about: 'the pod tolerates its taints',
  weight: 3,
  filter(cycle, node) {
    return toleratesTaints(cycle.pod.spec.tolerations, node.node.spec.taints)
      ? undefined
      : refuseForGood('node(s) had untolerated taint(s)')
  },
  score: (cycle, node) => intolerable(cycle, node.node.spec.taints ?? []),
  normalise: (_cycle, scores) => normaliseByHighest(scores, true),
}

function intolerable(cycle: Cycle, taints: readonly { readonly key: string; readonly effect: any }[]): number {
  if (taints.length === 0) return 0
  const preferring = (cycle.pod.spec.tolerations ?? []).filter(
    (t) => t.effect === undefined || t.effect === 'PreferNoSchedule',
  )
  return taints.filter((taint) => taint.effect === 'PreferNoSchedule' && !preferring.some((t) => tolerates(t, taint)))
    .length
}

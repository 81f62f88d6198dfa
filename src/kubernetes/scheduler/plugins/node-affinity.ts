import { normaliseByHighest, type Plugin, refuseForGood } from '../framework'
import { nodeMatches, termHolds } from '../node-selector'

const preferences = (spec: { affinity?: any }) => spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []

/** nodeSelector and node affinity. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  preFilter: ({ pod }) => (pod.spec.nodeSelector === undefined && pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution === undefined ? 'skip' : undefined),
  filter: (cycle, node) => (nodeMatches(cycle.pod.spec, node.node) ? undefined : refuseForGood("node(s) didn't match Pod's node affinity/selector")),
  preScore: (cycle) => (preferences(cycle.pod.spec).length === 0 ? 'skip' : undefined),
  score(cycle, node) {
    let sum = 0
    for (const { weight, preference } of preferences(cycle.pod.spec)) if (weight !== 0 && termHolds(preference, node.node)) sum += weight
    return sum
  },
  normalise: (_cycle, scores) => normaliseByHighest(scores, false),
}

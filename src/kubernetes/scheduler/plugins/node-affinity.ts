import type { Affinity, PodSpec } from '../../kinds/pod'
import { normaliseByHighest, type Plugin, refuseForGood } from '../framework'
import { nodeMatches, preferredSum, requiredHolds } from '../node-selector'

type NodeAffinity = NonNullable<Affinity['nodeAffinity']>

const requiredOf = (affinity: NodeAffinity | undefined) => affinity?.requiredDuringSchedulingIgnoredDuringExecution
const preferred = (spec: PodSpec, added: NodeAffinity | undefined) => [
  ...(spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []),
  ...(added?.preferredDuringSchedulingIgnoredDuringExecution ?? []),
]

/** nodeSelector and node affinity; `added`: what the scheduler's configuration lays on every pod (addedAffinity). After nodeaffinity/node_affinity.go. */
export function nodeAffinityWith(added?: NodeAffinity): Plugin {
  return {
    name: 'NodeAffinity',
    about: 'it has the labels that the pod asks for',
    weight: 2,
    preFilter: ({ pod }) =>
      pod.spec.nodeSelector === undefined &&
      requiredOf(pod.spec.affinity?.nodeAffinity) === undefined &&
      requiredOf(added) === undefined
        ? 'skip'
        : undefined,
    filter(cycle, node) {
      const enforced = requiredOf(added)
      if (enforced && !requiredHolds(enforced.nodeSelectorTerms, node.node))
        return refuseForGood("node(s) didn't match scheduler-enforced node affinity")
      return nodeMatches(cycle.pod.spec, node.node)
        ? undefined
        : refuseForGood("node(s) didn't match Pod's node affinity/selector")
    },
    preScore: ({ pod }) => (preferred(pod.spec, added).length === 0 ? 'skip' : undefined),
    score: ({ pod }, node) => preferredSum(preferred(pod.spec, added), node.node),
    normalise: (_cycle, scores) => normaliseByHighest(scores, false),
  }
}

export const nodeAffinity = nodeAffinityWith()

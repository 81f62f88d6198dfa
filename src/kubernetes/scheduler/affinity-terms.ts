import type { World } from '../../engine'
import { labelsMatch } from '../api/label-selector'
import { Namespace } from '../kinds/namespace'
import type { Affinity, Pod, PodAffinityTerm } from '../kinds/pod'

export interface WeightedTerm {
  readonly term: PodAffinityTerm
  readonly weight: number
}

/** What a pod says of other pods: near (`must`, `wish`) and far (`mustNot`, `wishNot`). */
export interface AffinityTerms {
  readonly must: readonly PodAffinityTerm[]
  readonly mustNot: readonly PodAffinityTerm[]
  readonly wish: readonly WeightedTerm[]
  readonly wishNot: readonly WeightedTerm[]
}

const NONE: AffinityTerms = { must: [], mustNot: [], wish: [], wishNot: [] }
const known = new WeakMap<Affinity, AffinityTerms>()

/** The terms of a pod's affinity to pods; pods of one template share them. */
export function affinityTerms(pod: Pod): AffinityTerms {
  const { affinity } = pod.spec
  if (affinity === undefined || (affinity.podAffinity === undefined && affinity.podAntiAffinity === undefined))
    return NONE
  let terms = known.get(affinity)
  if (!terms) {
    const weighted = (side: Affinity['podAffinity']) =>
      (side?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ weight, podAffinityTerm }) =>
        weight === 0 ? [] : [{ term: podAffinityTerm, weight }],
      )
    terms = {
      must: affinity.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
      mustNot: affinity.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
      wish: weighted(affinity.podAffinity),
      wishNot: weighted(affinity.podAntiAffinity),
    }
    known.set(affinity, terms)
  }
  return terms
}

/** Whether a pod says anything of others, and whether it keeps any away for certain. */
export const saysOfOthers = (pod: Pod): boolean => affinityTerms(pod) !== NONE
export const keepsAway = (pod: Pod): boolean => affinityTerms(pod).mustNot.length > 0

/** Whether a term of a pod of namespace `owner` is about `pod`. Without namespaces it is about the owner's own. */
export function termMatches(term: PodAffinityTerm, owner: string | undefined, pod: Pod, world: World): boolean {
  return labelsMatch(term.labelSelector, pod.metadata.labels ?? {}) && namespaceMatches(term, owner, pod, world)
}

function namespaceMatches(term: PodAffinityTerm, owner: string | undefined, pod: Pod, world: World): boolean {
  const { namespace = '' } = pod.metadata
  const { namespaces = [], namespaceSelector } = term
  if (namespaces.length === 0 && namespaceSelector === undefined) return namespace === (owner ?? '')
  if (namespaces.includes(namespace)) return true
  if (namespaceSelector === undefined) return false
  return labelsMatch(namespaceSelector, world.get(Namespace.key('', namespace))?.metadata.labels ?? {})
}

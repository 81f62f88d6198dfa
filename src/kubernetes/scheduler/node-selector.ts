import type { Node } from '../kinds/node'
import type { NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from '../kinds/pod'

const WHOLE = /^[+-]?\d+$/

/** One requirement against a value that may be missing. After component-helpers/scheduling/corev1/nodeaffinity. */
export function requirementHolds(requirement: NodeSelectorRequirement, value: string | undefined): boolean {
  const values = requirement.values ?? []
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
    case 'Lt': {
      const bound = values[0]
      if (value === undefined || bound === undefined || !WHOLE.test(value) || !WHOLE.test(bound)) return false
      return requirement.operator === 'Gt' ? Number(value) > Number(bound) : Number(value) < Number(bound)
    }
    default:
      return false
  }
}

/** A term without requirements matches nothing. */
function termHolds(term: NodeSelectorTerm, node: Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term
  if (matchExpressions.length === 0 && matchFields.length === 0) return false
  const labels = node.metadata.labels ?? {}
  return (
    matchExpressions.every((requirement) => requirementHolds(requirement, labels[requirement.key])) &&
    matchFields.every(
      (requirement) => requirement.key === 'metadata.name' && requirementHolds(requirement, node.metadata.name),
    )
  )
}

/** One term that holds is enough. */
export const requiredHolds = (terms: readonly NodeSelectorTerm[] | undefined, node: Node): boolean =>
  (terms ?? []).some((term) => termHolds(term, node))

/** The weights of the preferences that hold. */
export function preferredSum(
  preferences: readonly { readonly weight: number; readonly preference: NodeSelectorTerm }[],
  node: Node,
): number {
  let sum = 0
  for (const { weight, preference } of preferences) if (weight !== 0 && termHolds(preference, node)) sum += weight
  return sum
}

/** nodeSelector and required node affinity together. */
export function nodeMatches(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {}
  for (const key in spec.nodeSelector) if (labels[key] !== spec.nodeSelector[key]) return false
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return required === undefined || requiredHolds(required.nodeSelectorTerms, node)
}

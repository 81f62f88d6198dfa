import type { LabelSelector } from '../../kinds/meta'
import type { PodAffinity, PodAffinityTerm, PodSpec, TopologySpreadConstraint } from '../../kinds/pod'

type Labels = Readonly<Record<string, string>> | undefined
interface Keyed {
  readonly labelSelector?: LabelSelector
  readonly matchLabelKeys?: readonly string[]
  readonly mismatchLabelKeys?: readonly string[]
}

/** The selector that matchLabelKeys and mismatchLabelKeys make of a pod's own labels. */
function merged<T extends Keyed>(given: T, labels: Labels): T {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = given
  if (!labelSelector || matchLabelKeys.length + mismatchLabelKeys.length === 0) return given
  const of = (keys: readonly string[], operator: string) =>
    keys.flatMap((key) => (labels?.[key] === undefined ? [] : [{ key, operator, values: [labels[key]] }]))
  const more = [...of(matchLabelKeys, 'In'), ...of(mismatchLabelKeys, 'NotIn')]
  return {
    ...given,
    labelSelector: { ...labelSelector, matchExpressions: [...(labelSelector.matchExpressions ?? []), ...more] },
  }
}

const isKeyed = ({ matchLabelKeys, mismatchLabelKeys }: Keyed): boolean =>
  (matchLabelKeys?.length ?? 0) + (mismatchLabelKeys?.length ?? 0) > 0

const termsOf = (side: PodAffinity | undefined): readonly PodAffinityTerm[] => [
  ...(side?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
  ...(side?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((one) => one.podAffinityTerm),
]

const ofSide = (side: PodAffinity, labels: Labels): PodAffinity => ({
  ...side,
  ...(side.requiredDuringSchedulingIgnoredDuringExecution && {
    requiredDuringSchedulingIgnoredDuringExecution: side.requiredDuringSchedulingIgnoredDuringExecution.map((term) =>
      merged(term, labels),
    ),
  }),
  ...(side.preferredDuringSchedulingIgnoredDuringExecution && {
    preferredDuringSchedulingIgnoredDuringExecution: side.preferredDuringSchedulingIgnoredDuringExecution.map(
      (one) => ({
        ...one,
        podAffinityTerm: merged(one.podAffinityTerm, labels),
      }),
    ),
  }),
})

/** Whether a spec's selectors depend on the labels of the pod that has it. */
export const hasLabelKeys = ({ affinity, topologySpreadConstraints }: PodSpec): boolean =>
  (topologySpreadConstraints ?? []).some(isKeyed) ||
  (affinity !== undefined && [...termsOf(affinity.podAffinity), ...termsOf(affinity.podAntiAffinity)].some(isKeyed))

/** The spec of a new pod with its label keys merged into selectors. After applyMatchLabelKeysAndMismatchLabelKeys in pkg/registry/core/pod/strategy.go. */
export function withLabelKeys(spec: PodSpec, labels: Labels): PodSpec {
  if (!hasLabelKeys(spec)) return spec
  const { affinity, topologySpreadConstraints } = spec
  return {
    ...spec,
    ...(topologySpreadConstraints && {
      topologySpreadConstraints: topologySpreadConstraints.map((one): TopologySpreadConstraint => merged(one, labels)),
    }),
    ...(affinity && {
      affinity: {
        ...affinity,
        ...(affinity.podAffinity && { podAffinity: ofSide(affinity.podAffinity, labels) }),
        ...(affinity.podAntiAffinity && { podAntiAffinity: ofSide(affinity.podAntiAffinity, labels) }),
      },
    }),
  }
}

import type { Pod, PodSpec, ResourceList } from './pod'
import { podLimits, podRequests, qosClass } from './pod-resources'
import type { ResourceQuota, ScopeRequirement } from './resourcequota'

/** Finished pods take nothing but their place in `count/pods`; those on their way out still do. */
export const podCounts = ({ status }: Pod): boolean => status.phase !== 'Failed' && status.phase !== 'Succeeded'

/** Requests that a quota also knows by their short names. */
const SHORT = ['cpu', 'memory', 'ephemeral-storage']
const known = new WeakMap<PodSpec, ResourceList>()

/** What a pod takes of a quota, by resource. Computed once per spec. After pkg/quota/v1/evaluator/core/pods.go. */
export function podUsage(spec: PodSpec): ResourceList {
  let usage = known.get(spec)
  if (!usage) {
    const used: Record<string, string> = { pods: '1' }
    for (const [name, amount] of Object.entries(podRequests(spec))) {
      if (SHORT.includes(name) || name.startsWith('hugepages-')) used[name] = amount
      used[`requests.${name}`] = amount
    }
    for (const [name, amount] of Object.entries(podLimits(spec)))
      if (SHORT.includes(name)) used[`limits.${name}`] = amount
    known.set(spec, used)
    usage = used
  }
  return usage
}

const COMPUTE = ['cpu', 'limits.cpu', 'limits.memory', 'memory', 'requests.cpu', 'requests.memory']

/** What containers must say because a quota limits it: `limits.cpu for: a,b; requests.memory for: a`. */
export function missingFor(spec: PodSpec, hard: readonly string[]): string | undefined {
  const told = COMPUTE.filter((name) => hard.includes(name)).flatMap((name) => {
    const part = name.startsWith('limits.') ? 'limits' : 'requests'
    const resource = name.slice(name.indexOf('.') + 1)
    const without = [...spec.containers, ...(spec.initContainers ?? [])]
      .filter(({ resources }) => resources?.[part]?.[resource] === undefined)
      .map((container) => container.name)
      .sort((a, b) => (a < b ? -1 : 1))
    return without.length === 0 ? [] : [`${name} for: ${without.join(',')}`]
  })
  return told.length === 0 ? undefined : told.join('; ')
}

/** Whether a quota with scopes is about a pod. */
export const ofScopes = ({ spec }: ResourceQuota, pod: Pod): boolean =>
  (spec.scopes ?? []).every((scopeName) => ofScope({ scopeName, operator: 'Exists' }, pod)) &&
  (spec.scopeSelector?.matchExpressions ?? []).every((one) => ofScope(one, pod))

function ofScope({ scopeName, operator, values = [] }: ScopeRequirement, pod: Pod): boolean {
  const limited = pod.spec.activeDeadlineSeconds !== undefined
  switch (scopeName) {
    case 'Terminating':
      return limited
    case 'NotTerminating':
      return !limited
    case 'BestEffort':
      return qosClass(pod) === 'BestEffort'
    case 'NotBestEffort':
      return qosClass(pod) !== 'BestEffort'
    case 'PriorityClass':
      return matchesClass(pod.spec.priorityClassName ?? '', operator, values)
    case 'CrossNamespacePodAffinity':
      return looksElsewhere(pod.spec)
    default:
      return false
  }
}

function matchesClass(name: string, operator: string, values: readonly string[]): boolean {
  if (operator === 'In') return values.includes(name)
  if (operator === 'NotIn') return !values.includes(name)
  return (name !== '') === (operator === 'Exists')
}

function looksElsewhere({ affinity }: PodSpec): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity]
    .flatMap((side) => [
      ...(side?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(side?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((one) => one.podAffinityTerm),
    ])
    .some((term) => (term.namespaces ?? []).length > 0 || term.namespaceSelector !== undefined)
}

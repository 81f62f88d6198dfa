import { compareQuantities, parseQuantity, sumQuantities } from '../api/quantity'
import type { Pod, PodContainer, PodSpec, ResourceList } from './pod'

/** What counts towards a total, and what does not. */
export interface TotalOptions {
  readonly withoutOverhead?: boolean
  readonly ignorePodLevel?: boolean
  /** What a container counts as asking for where it does not say. */
  readonly missing?: ResourceList
}

type Totals = Record<string, string>
type Pick = 'requests' | 'limits'

function add(totals: Totals, more: ResourceList | undefined): void {
  for (const name in more)
    totals[name] = totals[name] === undefined ? more[name]! : sumQuantities([totals[name], more[name]])
}

function raise(totals: Totals, other: ResourceList): void {
  for (const name in other)
    if (totals[name] === undefined || compareQuantities(other[name]!, totals[name]) > 0) totals[name] = other[name]!
}

const isSidecar = (container: PodContainer) => container.restartPolicy === 'Always'

/** Resources that may be asked for the pod as a whole. */
const isPodLevel = (name: string) => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')

/**
 * max(containers + sidecars, each plain init container with the sidecars declared before it), then the pod's own
 * spec.resources for cpu, memory and huge pages, then overhead (limits: only where there is one). After
 * component-helpers/resource.
 */
function totals(spec: PodSpec, pick: Pick, options: TotalOptions): Totals {
  const ownOf = (container: PodContainer): ResourceList => ({ ...options.missing, ...container.resources?.[pick] })
  const sum: Totals = {}
  for (const container of spec.containers ?? []) add(sum, ownOf(container))
  const sidecars: Totals = {}
  const starting: Totals = {}
  for (const container of spec.initContainers ?? []) {
    const own = ownOf(container)
    if (isSidecar(container)) {
      add(sum, own)
      add(sidecars, own)
      raise(starting, sidecars)
    } else {
      const together: Totals = { ...own }
      add(together, sidecars)
      raise(starting, together)
    }
  }
  raise(sum, starting)
  const whole = (spec as { resources?: { requests?: ResourceList; limits?: ResourceList } }).resources?.[pick]
  if (whole && options.ignorePodLevel !== true) for (const name in whole) if (isPodLevel(name)) sum[name] = whole[name]!
  if (spec.overhead && options.withoutOverhead !== true) {
    for (const name in spec.overhead) {
      if (pick === 'limits' && (sum[name] === undefined || parseQuantity(sum[name])?.nanos === 0n)) continue
      sum[name] = sumQuantities([sum[name], spec.overhead[name]])
    }
  }
  return sum
}

const none: TotalOptions = {}
const requests = new WeakMap<PodSpec, ResourceList>()
const limits = new WeakMap<PodSpec, ResourceList>()

/** What the pod asks for in all, per resource. Computed once per spec. */
export function podRequests(spec: PodSpec, options?: TotalOptions): ResourceList {
  if (options) return totals(spec, 'requests', options)
  let known = requests.get(spec)
  if (!known) {
    known = totals(spec, 'requests', none)
    requests.set(spec, known)
  }
  return known
}

/** What the pod may use in all, per resource that has a limit. Computed once per spec. */
export function podLimits(spec: PodSpec, options?: TotalOptions): ResourceList {
  if (options) return totals(spec, 'limits', options)
  let known = limits.get(spec)
  if (!known) {
    known = totals(spec, 'limits', none)
    limits.set(spec, known)
  }
  return known
}

type Qos = 'Guaranteed' | 'Burstable' | 'BestEffort'

/**
 * Guaranteed: every container has cpu and memory limits equal to its requests; BestEffort: none asks for or limits
 * anything; Burstable: the rest. Resources of the pod as a whole decide alone where they are given.
 */
export function qosClass(pod: { readonly spec?: PodSpec; readonly status?: Partial<Pod['status']> }): Qos {
  if (pod.status?.qosClass) return pod.status.qosClass
  const spec = pod.spec
  if (!spec) return 'BestEffort'
  const whole = (spec as { resources?: PodContainer['resources'] }).resources
  const parts = whole
    ? [whole]
    : [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map((c) => c.resources ?? {})
  let any = false
  let guaranteed = true
  for (const part of parts) {
    const asked = counted(part.requests)
    const limited = counted(part.limits)
    if (Object.keys(asked).length > 0 || Object.keys(limited).length > 0) any = true
    for (const name of ['cpu', 'memory']) {
      const limit = limited[name]
      if (limit === undefined || (asked[name] !== undefined && compareQuantities(asked[name], limit) !== 0))
        guaranteed = false
      else if (asked[name] === undefined && part.requests !== undefined && Object.keys(part.requests).length > 0)
        guaranteed = false
    }
  }
  return !any ? 'BestEffort' : guaranteed ? 'Guaranteed' : 'Burstable'
}

/** Only cpu and memory count, and only above zero. */
function counted(list: ResourceList | undefined): Totals {
  const kept: Totals = {}
  for (const name of ['cpu', 'memory']) {
    const value = list?.[name]
    if (value !== undefined && (parseQuantity(value)?.nanos ?? 0n) > 0n) kept[name] = value
  }
  return kept
}

import { quantityMillis, quantityValue } from '../api/quantity'
import type { PodContainer, PodSpec, ResourceList } from '../kinds/pod'

/** Resource amounts: cpu in thousandths, everything else in whole units, by resource name. */
export type Amounts = Readonly<Record<string, number>>

const amountOf = (name: string, text: string) => (name === 'cpu' ? quantityMillis(text) : quantityValue(text))

function amounts(list: ResourceList | undefined): Record<string, number> {
  const found: Record<string, number> = {}
  for (const name in list) found[name] = amountOf(name, String(list[name]))
  return found
}

/** A container's requests; where only a limit is given, it is the request too. */
export function containerRequests(container: PodContainer): Record<string, number> {
  return { ...amounts(container.resources?.limits), ...amounts(container.resources?.requests) }
}

function add(to: Record<string, number>, more: Amounts): void {
  for (const name in more) to[name] = (to[name] ?? 0) + more[name]!
}

function raise(to: Record<string, number>, other: Amounts): void {
  for (const name in other) to[name] = Math.max(to[name] ?? 0, other[name]!)
}

export interface PodRequests {
  readonly total: Amounts
  /** For LeastAllocated: a container that asks for nothing counts as 100m and 200Mi. */
  readonly scoredCpuMillis: number
  readonly scoredMemoryBytes: number
}

const DEFAULT_CPU_MILLIS = 100
const DEFAULT_MEMORY_BYTES = 200 * 1024 * 1024

const known = new WeakMap<object, PodRequests>()

/**
 * What a pod asks for: max(sum of app containers + sidecars, running maximum over init containers) + overhead. After
 * component-helpers/resource/helpers.go. Pods of one template share the spec, so this is computed once for all of them.
 */
export function podRequests(spec: PodSpec): PodRequests {
  let requests = known.get(spec)
  if (!requests) {
    const total = sum(spec, containerRequests)
    const scored = sum(spec, (container) => {
      const own = containerRequests(container)
      return { cpu: own['cpu'] ?? DEFAULT_CPU_MILLIS, memory: own['memory'] ?? DEFAULT_MEMORY_BYTES }
    })
    requests = { total, scoredCpuMillis: scored['cpu'] ?? 0, scoredMemoryBytes: scored['memory'] ?? 0 }
    known.set(spec, requests)
  }
  return requests
}

function sum(spec: PodSpec, of: (container: PodContainer) => Amounts): Amounts {
  const apps: Record<string, number> = {}
  for (const container of spec.containers) add(apps, of(container))
  const sidecars: Record<string, number> = {}
  const init: Record<string, number> = {}
  for (const container of spec.initContainers ?? []) {
    const own = of(container)
    if (container.restartPolicy === 'Always') {
      add(apps, own)
      add(sidecars, own)
      raise(init, sidecars)
    } else {
      const together = { ...sidecars }
      add(together, own)
      raise(init, together)
    }
  }
  raise(apps, init)
  add(apps, amounts(spec.overhead))
  return apps
}

export const allocatableOf = (list: ResourceList): Amounts => {
  let found = allocatables.get(list)
  if (!found) {
    found = amounts(list)
    allocatables.set(list, found)
  }
  return found
}
const allocatables = new WeakMap<object, Amounts>()

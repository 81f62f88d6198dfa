import { quantityMillis, quantityValue } from '../api/quantity'
import type { PodSpec, ResourceList } from '../kinds/pod'
import { podRequests as requestsOf } from '../kinds/pod-resources'

/** Resource amounts: cpu in thousandths, everything else in whole units, by resource name. */
export type Amounts = Readonly<Record<string, number>>

function amounts(list: ResourceList): Amounts {
  const found: Record<string, number> = {}
  for (const name in list) found[name] = name === 'cpu' ? quantityMillis(list[name]) : quantityValue(list[name])
  return found
}

export interface PodRequests {
  readonly total: Amounts
  /** For LeastAllocated: a container that asks for nothing counts as 100m and 200Mi. */
  readonly scoredCpuMillis: number
  readonly scoredMemoryBytes: number
}

const MISSING: ResourceList = { cpu: '100m', memory: '200Mi' }

const known = new WeakMap<object, PodRequests>()

/** What a pod asks for, in numbers. Pods of one template share the spec, so this is computed once for all of them. */
export function podRequests(spec: PodSpec): PodRequests {
  let requests = known.get(spec)
  if (!requests) {
    const scored = amounts(requestsOf(spec, { missing: MISSING }))
    requests = {
      total: amounts(requestsOf(spec)),
      scoredCpuMillis: scored['cpu'] ?? 0,
      scoredMemoryBytes: scored['memory'] ?? 0,
    }
    known.set(spec, requests)
  }
  return requests
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

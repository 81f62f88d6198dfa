import { type Cycle, HIGHEST_SCORE, type Plugin, type Refusal } from '../framework'
import type { NodeInfo } from '../node-infos'
import { podRequests } from '../requests'

const ORDER = ['cpu', 'memory', 'ephemeral-storage']

/** What is short on a node for a pod: the texts in the order of fit.go; more than the node ever has cannot be resolved. */
export function insufficient(cycle: Pick<Cycle, 'pod'>, node: NodeInfo): Refusal | undefined {
  const reasons: string[] = []
  let unresolvable = false
  const room = node.allocatable['pods'] ?? 0
  if (node.pods.size + 1 > room) reasons.push('Too many pods')
  const { total } = podRequests(cycle.pod.spec)
  for (const name of inOrder(total)) {
    const wanted = total[name]!
    if (wanted <= 0) continue
    const has = node.allocatable[name] ?? 0
    if (wanted <= has - (node.requested[name] ?? 0)) continue
    reasons.push(`Insufficient ${name}`)
    if (wanted > has) unresolvable = true
  }
  return reasons.length === 0 ? undefined : { reasons, unresolvable }
}

const orders = new WeakMap<object, readonly string[]>()
function inOrder(amounts: Readonly<Record<string, number>>): readonly string[] {
  let order = orders.get(amounts)
  if (!order) {
    const others = Object.keys(amounts).filter((name) => !ORDER.includes(name))
    order = [...ORDER.filter((name) => name in amounts), ...others.sort()]
    orders.set(amounts, order)
  }
  return order
}

/** The share that stays free, of 100; floor((allocatable − used) × 100 ÷ allocatable). */
export function leastAllocated(allocatable: number, used: number): number {
  return used > allocatable ? 0 : Math.floor(((allocatable - used) * HIGHEST_SCORE) / allocatable)
}

/** Enough is left of every resource; the emptier the better (LeastAllocated, cpu and memory with weight 1 each). */
export const nodeResourcesFit: Plugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  filter: insufficient,
  score(cycle, node) {
    const requests = podRequests(cycle.pod.spec)
    let sum = 0
    let weights = 0
    const cpu = node.allocatable['cpu'] ?? 0
    if (cpu > 0) {
      sum += leastAllocated(cpu, node.scoredCpuMillis + requests.scoredCpuMillis)
      weights++
    }
    const memory = node.allocatable['memory'] ?? 0
    if (memory > 0) {
      sum += leastAllocated(memory, node.scoredMemoryBytes + requests.scoredMemoryBytes)
      weights++
    }
    return weights === 0 ? 0 : Math.floor(sum / weights)
  },
}

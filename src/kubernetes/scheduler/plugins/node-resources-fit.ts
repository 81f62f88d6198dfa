import { type Cycle, HIGHEST_SCORE, type Plugin, type Refusal } from '../framework'
import type { NodeInfo } from '../node-infos'
import { podRequests } from '../requests'

const ORDER = ['cpu', 'memory', 'ephemeral-storage']

/** What is short on a node for a pod: the texts in the order of fit.go; more than the node ever has cannot be resolved. */
export function insufficient(
  cycle: Pick<Cycle, 'pod'>,
  node: NodeInfo,
  ignored?: (resource: string) => boolean,
): Refusal | undefined {
  let reasons: string[] | undefined
  let unresolvable = false
  const room = node.allocatable['pods'] ?? 0
  if (node.pods.size + 1 > room) reasons = ['Too many pods']
  const { total } = podRequests(cycle.pod.spec)
  const order = inOrder(total)
  for (let i = 0; i < order.length; i++) {
    const name = order[i]!
    const wanted = total[name]!
    if (wanted <= 0 || ignored?.(name)) continue
    const has = node.allocatable[name] ?? 0
    if (wanted <= has - (node.requested[name] ?? 0)) continue
    reasons ??= []
    reasons.push(`Insufficient ${name}`)
    if (wanted > has) unresolvable = true
  }
  return reasons && { reasons, unresolvable }
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

/** How a node's use of its resources counts: 0…100 for each, and how these are joined. */
export interface Strategy {
  readonly score: (allocatable: number, used: number) => number
  /** A resource that counts 0 is left out, and the mean is rounded instead of cut off. */
  readonly roundedOverCounting?: boolean
}

/** The share that stays free, of 100; floor((allocatable − used) × 100 ÷ allocatable). */
export const leastAllocated: Strategy = {
  score: (allocatable, used) =>
    used > allocatable ? 0 : Math.floor(((allocatable - used) * HIGHEST_SCORE) / allocatable),
}

/** The share that is used, of 100: packs nodes full. */
export const mostAllocated: Strategy = {
  score: (allocatable, used) => Math.floor((Math.min(used, allocatable) * HIGHEST_SCORE) / allocatable),
}

/** Points by utilisation (per cent), straight lines between the corners of a shape whose scores are 0…10. After requested_to_capacity_ratio.go. */
export function requestedToCapacityRatio(
  shape: readonly { readonly utilization: number; readonly score: number }[],
): Strategy {
  const corners = shape.map(({ utilization, score }) => ({ utilization, score: score * 10 }))
  return {
    roundedOverCounting: true,
    score(allocatable, used) {
      const utilization = used > allocatable ? 100 : Math.floor((used * 100) / allocatable)
      const next = corners.findIndex((corner) => utilization <= corner.utilization)
      if (next <= 0) return (next === 0 ? corners[0] : corners[corners.length - 1])?.score ?? 0
      const [from, to] = [corners[next - 1]!, corners[next]!]
      return (
        from.score +
        Math.trunc(((to.score - from.score) * (utilization - from.utilization)) / (to.utilization - from.utilization))
      )
    },
  }
}

interface Fit {
  readonly name: string
  readonly weight: number
}

const CPU_AND_MEMORY: readonly Fit[] = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
]

/** What of a resource is used, the pod to be placed included. For points, a container that asks for no CPU or memory counts as 100m and 200Mi. */
function usedOf(name: string, node: NodeInfo, requests: ReturnType<typeof podRequests>): number {
  if (name === 'cpu') return node.scoredCpuMillis + requests.scoredCpuMillis
  if (name === 'memory') return node.scoredMemoryBytes + requests.scoredMemoryBytes
  return (node.requested[name] ?? 0) + (requests.total[name] ?? 0)
}

/** Enough is left of every resource; points by a strategy, LeastAllocated in the default profile: the emptier the better. */
export function nodeResourcesFitBy(
  strategy: Strategy,
  resources: readonly Fit[] = CPU_AND_MEMORY,
  ignored?: (resource: string) => boolean,
): Plugin {
  return {
    name: 'NodeResourcesFit',
    about: 'enough is left of what the pod asks for',
    weight: 1,
    filter: ignored ? (cycle, node) => insufficient(cycle, node, ignored) : (cycle, node) => insufficient(cycle, node),
    score(cycle, node) {
      const requests = podRequests(cycle.pod.spec)
      let sum = 0
      let weights = 0
      for (let i = 0; i < resources.length; i++) {
        const { name, weight } = resources[i]!
        const allocatable = node.allocatable[name] ?? 0
        if (allocatable <= 0) continue
        const points = strategy.score(allocatable, usedOf(name, node, requests))
        if (strategy.roundedOverCounting && points === 0) continue
        sum += points * weight
        weights += weight
      }
      if (weights === 0) return 0
      return strategy.roundedOverCounting ? Math.round(sum / weights) : Math.floor(sum / weights)
    },
  }
}

export const nodeResourcesFit = nodeResourcesFitBy(leastAllocated)

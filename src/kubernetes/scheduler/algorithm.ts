import type { World } from '../../engine'
import type { Pod } from '../kinds/pod'
import type { Cycle, Plugin, Refusal } from './framework'
import type { NodeInfo, NodeInfos } from './node-infos'

/** How one node fared. */
export interface Verdict {
  readonly node: string
  /** The plugin that refused it, and its reasons; both missing where the node fits. */
  readonly plugin?: string
  readonly refusal?: Refusal
  readonly score?: number
  /** The weighted points by plugin. */
  readonly points?: Readonly<Record<string, number>>
}

export interface Outcome {
  readonly chosen: string | undefined
  readonly verdicts: readonly Verdict[]
  /** A PreFilter's message, which refuses all nodes at once. */
  readonly refusedAll: string | undefined
  /** How many nodes were looked at, from the start index on. */
  readonly examined: number
}

/** At least so many nodes are looked for, and at least this share of them (per cent). After schedule_one.go. */
const LEAST_NODES = 100
const LEAST_SHARE = 5

/** How many feasible nodes suffice in a cluster of n: all below 100, else max(100, n × max(5, 50 − n/125) %). */
export function enoughNodes(n: number): number {
  if (n < LEAST_NODES) return n
  const share = Math.max(LEAST_SHARE, 50 - Math.trunc(n / 125))
  return Math.max(LEAST_NODES, Math.trunc((n * share) / 100))
}

/**
 * Filters and scores the nodes for a pod: pure. `start`: the index from which nodes are examined; `luck(i)` breaks ties by reservoir
 * sampling. `all`: examine every node and score even a single one, for explanations.
 */
export function schedule(
  plugins: readonly Plugin[],
  given: {
    readonly pod: Pod
    readonly world: World
    readonly nodes: NodeInfos
    readonly start: number
    readonly all?: boolean
  },
  luck: (n: number) => number,
): Outcome {
  const cycle: Cycle = { pod: given.pod, world: given.world, nodes: given.nodes, memory: new Map() }
  const filters: Plugin[] = []
  for (const plugin of plugins) {
    const before = plugin.preFilter?.(cycle)
    if (before !== undefined && before !== 'skip') {
      return { chosen: undefined, verdicts: [], refusedAll: before.refused, examined: given.nodes.byName.size }
    }
    if (plugin.filter && before !== 'skip') filters.push(plugin)
  }
  const { order } = given.nodes
  const enough = given.all ? order.length : enoughNodes(order.length)
  const feasible: NodeInfo[] = []
  const verdicts: Verdict[] = []
  let examined = 0
  for (; examined < order.length && feasible.length < enough; examined++) {
    const node = order[(given.start + examined) % order.length]!
    const refused = filter(filters, cycle, node)
    if (refused) verdicts.push(refused)
    else feasible.push(node)
  }
  if (feasible.length === 0) return { chosen: undefined, verdicts, refusedAll: undefined, examined }
  if (feasible.length === 1 && !given.all) {
    return {
      chosen: feasible[0]!.name,
      verdicts: [...verdicts, { node: feasible[0]!.name }],
      refusedAll: undefined,
      examined,
    }
  }
  const scored = score(plugins, cycle, feasible, given.all === true)
  return { chosen: pick(scored, luck), verdicts: [...verdicts, ...scored], refusedAll: undefined, examined }
}

function filter(filters: readonly Plugin[], cycle: Cycle, node: NodeInfo): Verdict | undefined {
  for (const plugin of filters) {
    const refusal = plugin.filter!(cycle, node)
    if (refusal) return { node: node.name, plugin: plugin.name, refusal }
  }
  return undefined
}

function score(plugins: readonly Plugin[], cycle: Cycle, feasible: readonly NodeInfo[], explained: boolean): Verdict[] {
  const verdicts: { node: string; score: number; points?: Record<string, number> }[] = []
  for (const node of feasible)
    verdicts.push(explained ? { node: node.name, score: 0, points: {} } : { node: node.name, score: 0 })
  const raw: number[] = new Array(feasible.length).fill(0)
  for (const plugin of plugins) {
    if (!plugin.score || plugin.preScore?.(cycle, feasible) === 'skip') continue
    for (let i = 0; i < feasible.length; i++) raw[i] = plugin.score(cycle, feasible[i]!)
    plugin.normalise?.(cycle, raw, feasible)
    for (let i = 0; i < raw.length; i++) {
      const weighted = raw[i]! * plugin.weight
      const verdict = verdicts[i]!
      verdict.score += weighted
      if (verdict.points) verdict.points[plugin.name] = weighted
    }
  }
  return verdicts
}

/** The highest score; among equals one at random, as selectHost does. */
function pick(scored: readonly Verdict[], luck: (n: number) => number): string {
  let best = scored[0]!
  let equals = 1
  for (let i = 1; i < scored.length; i++) {
    const one = scored[i]!
    if (one.score! > best.score!) {
      best = one
      equals = 1
    } else if (one.score === best.score) {
      equals++
      if (Math.floor(luck(i) * equals) === 0) best = one
    }
  }
  return best.node
}

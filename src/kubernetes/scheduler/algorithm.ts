import type { World } from '../../engine'
import type { Pod } from '../kinds/pod'
import { filter, filterWithNominated, type Refused } from './filtering'
import type { Cycle, Plugin, Refusal } from './framework'
import type { NodeInfo, NodeInfos } from './node-infos'

/** What a plugin gave a node: its own measure, the same as 0…100, and how much that counts. */
export interface Points {
  readonly raw: number
  readonly normalised: number
  readonly weight: number
}

/** How one node fared. */
export interface Verdict {
  readonly node: string
  /** The plugin that refused it, and its reasons; both missing where the node fits. */
  readonly plugin?: string
  readonly refusal?: Refusal
  readonly score?: number
  /** By plugin. */
  readonly points?: Readonly<Record<string, Points>>
}

export interface Outcome {
  readonly chosen: string | undefined
  /** It was being cleared for the pod, and nothing else was looked at. */
  readonly nominated: boolean
  readonly verdicts: readonly Verdict[]
  /** A PreFilter's message, which refuses all nodes at once, and whose it is. */
  readonly refusedAll: string | undefined
  readonly refusedAllBy: string | undefined
  /** How many nodes were looked at, from the start index on. */
  readonly examined: number
  readonly cycle: Cycle
  /** The filters that had something to ask. */
  readonly filters: readonly Plugin[]
}

/** At least so many nodes are looked for, and at least this share of them (per cent). After schedule_one.go. */
const LEAST_NODES = 100
const LEAST_SHARE = 5

/** How many feasible nodes suffice in a cluster of n: all below 100, else max(100, n × share %); 0: max(5, 50 − n/125) %. */
export function enoughNodes(n: number, percentage = 0): number {
  if (n < LEAST_NODES || percentage >= 100) return n
  const share = percentage > 0 ? percentage : Math.max(LEAST_SHARE, 50 - Math.trunc(n / 125))
  return Math.max(LEAST_NODES, Math.trunc((n * share) / 100))
}

/**
 * Filters and scores the nodes for a pod: pure. `start`: the index from which nodes are examined; `luck` breaks ties. `all`: examine
 * every node and score even a single one, for explanations.
 */
export function schedule(
  plugins: readonly Plugin[],
  given: {
    readonly pod: Pod
    readonly world: World
    readonly nodes: NodeInfos
    readonly start: number
    readonly all?: boolean
    readonly percentage?: number | undefined
  },
  luck: () => number,
): Outcome {
  const cycle: Cycle = { pod: given.pod, world: given.world, nodes: given.nodes, memory: new Map() }
  const { order } = given.nodes
  const filters: Plugin[] = []
  const outcome = (more: Partial<Outcome>): Outcome => ({
    chosen: undefined,
    nominated: false,
    verdicts: [],
    refusedAll: undefined,
    refusedAllBy: undefined,
    examined: order.length,
    cycle,
    filters,
    ...more,
  })
  for (const plugin of plugins) {
    const before = plugin.preFilter?.(cycle)
    if (before !== undefined && before !== 'skip')
      return outcome({ refusedAll: before.refused, refusedAllBy: plugin.name })
    if (plugin.filter && before !== 'skip') filters.push(plugin)
  }
  const cleared = given.all ? undefined : given.nodes.byName.get(given.pod.status.nominatedNodeName ?? '')
  if (cleared && !filterWithNominated(filters, cycle, cleared))
    return outcome({ chosen: cleared.name, nominated: true, verdicts: [{ node: cleared.name }], examined: 0 })
  const enough = given.all ? order.length : enoughNodes(order.length, given.percentage)
  const ask = given.nodes.nominated.size === 0 ? filter : filterWithNominated
  const feasible: NodeInfo[] = []
  const verdicts: Verdict[] = []
  let examined = 0
  for (; examined < order.length && feasible.length < enough; examined++) {
    const node = order[(given.start + examined) % order.length]!
    const refused: Refused | undefined = ask(filters, cycle, node)
    if (refused) verdicts.push({ node: node.name, ...refused })
    else feasible.push(node)
  }
  if (feasible.length === 0) return outcome({ verdicts, examined })
  if (feasible.length === 1 && !given.all) {
    const { name } = feasible[0]!
    return outcome({ chosen: name, verdicts: [...verdicts, { node: name }], examined })
  }
  const scored = score(plugins, cycle, feasible, given.all === true)
  return outcome({ chosen: pick(scored, luck), verdicts: [...verdicts, ...scored], examined })
}

function score(plugins: readonly Plugin[], cycle: Cycle, feasible: readonly NodeInfo[], explained: boolean): Verdict[] {
  const verdicts: { node: string; score: number; points?: Record<string, Points> }[] = []
  for (const node of feasible)
    verdicts.push(explained ? { node: node.name, score: 0, points: {} } : { node: node.name, score: 0 })
  const raw: number[] = new Array(feasible.length).fill(0)
  for (const plugin of plugins) {
    if (!plugin.score || plugin.preScore?.(cycle, feasible) === 'skip') continue
    for (let i = 0; i < feasible.length; i++) raw[i] = plugin.score(cycle, feasible[i]!)
    const before = explained ? raw.slice() : raw
    plugin.normalise?.(cycle, raw, feasible)
    for (let i = 0; i < raw.length; i++) {
      const verdict = verdicts[i]!
      verdict.score += raw[i]! * plugin.weight
      if (verdict.points) verdict.points[plugin.name] = { raw: before[i]!, normalised: raw[i]!, weight: plugin.weight }
    }
  }
  return verdicts
}

/** The highest score; among equals one at random, each as likely as the others, as selectHost does. */
function pick(scored: readonly Verdict[], luck: () => number): string {
  let best: Verdict[] = [scored[0]!]
  for (let i = 1; i < scored.length; i++) {
    const one = scored[i]!
    if (one.score! > best[0]!.score!) best = [one]
    else if (one.score === best[0]!.score) best.push(one)
  }
  return best[best.length === 1 ? 0 : Math.floor(luck() * best.length)]!.node
}

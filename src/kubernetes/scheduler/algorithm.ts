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
  /** By how much, where several nodes had room. */
  readonly won: { readonly score: number; readonly second: string; readonly secondScore: number } | undefined
  /** Of the nodes that were refused; with `all` of all that were looked at. */
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
    won: undefined,
    verdicts: [],
    refusedAll: undefined,
    refusedAllBy: undefined,
    examined: order.length,
    cycle,
    filters,
    ...more,
  })
  for (let i = 0; i < plugins.length; i++) {
    const plugin = plugins[i]!
    const before = plugin.preFilter?.(cycle)
    if (before !== undefined && before !== 'skip')
      return outcome({ refusedAll: before.refused, refusedAllBy: plugin.name })
    if (plugin.filter && before !== 'skip') filters.push(plugin)
  }
  const cleared = given.all ? undefined : given.nodes.byName.get(given.pod.status.nominatedNodeName ?? '')
  if (cleared && !filterWithNominated(filters, cycle, cleared))
    return outcome({ chosen: cleared.name, nominated: true, examined: 0 })
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
    return outcome({ chosen: name, verdicts, examined })
  }
  const { totals, points } = score(plugins, cycle, feasible, given.all === true)
  const winner = pick(totals, luck)
  const second = totals.length > 1 ? runnerUp(totals, winner) : undefined
  const won =
    second === undefined
      ? undefined
      : { score: totals[winner]!, second: feasible[second]!.name, secondScore: totals[second]! }
  if (points)
    for (const [n, { name }] of feasible.entries()) verdicts.push({ node: name, score: totals[n]!, points: points[n]! })
  return outcome({ chosen: feasible[winner]!.name, won, verdicts, examined })
}

/** The weighted sum for each node; for explanations what each plugin gave, too. */
function score(plugins: readonly Plugin[], cycle: Cycle, feasible: readonly NodeInfo[], explained: boolean) {
  const totals: number[] = new Array(feasible.length).fill(0)
  const points = explained ? feasible.map((): Record<string, Points> => ({})) : undefined
  const raw: number[] = new Array(feasible.length).fill(0)
  for (let p = 0; p < plugins.length; p++) {
    const plugin = plugins[p]!
    if (!plugin.score || plugin.preScore?.(cycle, feasible) === 'skip') continue
    for (let i = 0; i < feasible.length; i++) raw[i] = plugin.score(cycle, feasible[i]!)
    const before = points && raw.slice()
    plugin.normalise?.(cycle, raw, feasible)
    for (let i = 0; i < raw.length; i++) {
      totals[i] = totals[i]! + raw[i]! * plugin.weight
      if (points && before) points[i]![plugin.name] = { raw: before[i]!, normalised: raw[i]!, weight: plugin.weight }
    }
  }
  return { totals, points }
}

/** The index of the best of the others. */
function runnerUp(totals: readonly number[], winner: number): number {
  let second = winner === 0 ? 1 : 0
  for (let i = 0; i < totals.length; i++) if (i !== winner && totals[i]! > totals[second]!) second = i
  return second
}

/** The index of the highest score; among equals one at random, each as likely as the others, as selectHost does. */
function pick(totals: readonly number[], luck: () => number): number {
  let best = 0
  let equals = 1
  for (let i = 1; i < totals.length; i++) {
    if (totals[i]! > totals[best]!) {
      best = i
      equals = 1
    } else if (totals[i] === totals[best]) equals++
  }
  if (equals === 1) return best
  let left = Math.floor(luck() * equals)
  for (let i = best; i < totals.length; i++) if (totals[i] === totals[best] && left-- === 0) return i
  return best
}

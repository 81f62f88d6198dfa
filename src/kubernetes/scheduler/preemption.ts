import { millisOf } from '../../engine'
import { conditionOf } from '../controllers/pods'
import type { Pod } from '../kinds/pod'
import { overBudget } from './disruption-budgets'
import { filterWithNominated, priorityOf, turn } from './filtering'
import { fitError } from './fit-error'
import type { Cycle, Plugin, Refusal } from './framework'
import { copyOf, type NodeInfo } from './node-infos'

/** A node that could be cleared, and who would have to go: the most important first. */
export interface Candidate {
  readonly node: string
  readonly victims: readonly Pod[]
  /** How many of them a disruption budget would keep. */
  readonly violations: number
}

/** What came of looking for pods to take away. */
export interface Preemption {
  readonly chosen: Candidate | undefined
  readonly candidates: readonly Candidate[]
  /** Why the other nodes cannot be cleared, by name. */
  readonly reasons: ReadonlyMap<string, readonly string[]>
  /** What FailedScheduling says of it; nothing when a node was chosen. */
  readonly text: string
  /** Whether it was looked for at all. */
  readonly tried: boolean
}

export interface Asked {
  readonly cycle: Cycle
  readonly filters: readonly Plugin[]
  /** Why each node was refused, by name; a node that is missing was refused before filtering. */
  readonly refusals: ReadonlyMap<string, Refusal>
  /** Where among the nodes the search begins. */
  readonly offset: number
  readonly args?: PreemptionArgs
}

/** At least so many candidates are looked for, and at least this share of the nodes (per cent). */
export interface PreemptionArgs {
  readonly minCandidateNodesAbsolute?: number
  readonly minCandidateNodesPercentage?: number
}

const NOT_HELPFUL = 'Preemption is not helpful for scheduling'
const NO_VICTIMS = 'No preemption victims found for incoming pod'
const LEAST_CANDIDATES = 100
const LEAST_SHARE = 10

const not = (why: string): Preemption => ({
  chosen: undefined,
  candidates: [],
  reasons: new Map(),
  text: `preemption: ${why}`,
  tried: false,
})

/**
 * Looks for less important pods whose loss would make room: which node, and whom to take away there. After
 * framework/preemption and plugins/defaultpreemption. Left out: extenders.
 */
export function preempt(asked: Asked): Preemption {
  const { cycle, refusals } = asked
  const { pod, nodes } = cycle
  if (pod.spec.preemptionPolicy === 'Never') return not('not eligible due to preemptionPolicy=Never.')
  const nominated = pod.status.nominatedNodeName
  const cleared = nominated === undefined ? undefined : nodes.byName.get(nominated)
  if (cleared && refusals.get(cleared.name)?.unresolvable !== true && isBeingCleared(cleared, pod))
    return not('not eligible due to a terminating pod on the nominated node.')
  const reasons = new Map<string, readonly string[]>()
  const helpful: NodeInfo[] = []
  for (const node of nodes.order) {
    const refusal = refusals.get(node.name)
    if (refusal === undefined || refusal.unresolvable) reasons.set(node.name, [NOT_HELPFUL])
    else helpful.push(node)
  }
  const { minCandidateNodesAbsolute: least = LEAST_CANDIDATES, minCandidateNodesPercentage: share = LEAST_SHARE } =
    asked.args ?? {}
  const enough = Math.max(Math.trunc((nodes.order.length * share) / 100), least)
  const candidates: Candidate[] = []
  for (let i = 0; i < helpful.length && !(candidates.length >= enough && candidates.some(isWithinBudget)); i++) {
    const node = helpful[(asked.offset + i) % helpful.length]!
    const found = victimsOn(asked, node)
    if ('victims' in found) candidates.push(found)
    else reasons.set(node.name, found.reasons)
  }
  const chosen = pickNode(candidates, cycle.world.now)
  const text =
    chosen !== undefined
      ? ''
      : `preemption: ${fitError({ nodes: nodes.order.length, preFilterMessage: '', reasons: [...reasons.values()].flat(), postFilterMessage: '' })}`
  return { chosen, candidates, reasons, text, tried: true }
}

const isWithinBudget = ({ violations }: Candidate): boolean => violations === 0

/** A less important pod is going there because of an earlier preemption. */
const isBeingCleared = (node: NodeInfo, pod: Pod): boolean => {
  for (const other of node.pods.values())
    if (
      priorityOf(other) < priorityOf(pod) &&
      other.metadata.deletionTimestamp !== undefined &&
      conditionOf(other, 'DisruptionTarget')?.reason === 'PreemptionByScheduler'
    )
      return true
  return false
}

const startOf = (pod: Pod, now: number): number => millisOf(pod.status.startTime) ?? now

/** Takes all less important pods away and gives back as many as fit, the most important first. After SelectVictimsOnNode. */
function victimsOn({ cycle, filters }: Asked, node: NodeInfo): Candidate | { readonly reasons: readonly string[] } {
  const { pod, world } = cycle
  const mine = priorityOf(pod)
  const lesser = [...node.pods.values()].filter((other) => priorityOf(other) < mine)
  if (lesser.length === 0) return { reasons: [NO_VICTIMS] }
  const moreImportant = (a: Pod, b: Pod) =>
    priorityOf(b) - priorityOf(a) ||
    startOf(a, world.now) - startOf(b, world.now) ||
    (a.metadata.uid < b.metadata.uid ? -1 : 1)
  lesser.sort(moreImportant)
  const trial = copyOf(node)
  for (const other of lesser) turn(filters, cycle, trial, other, -1)
  const gone = new Set(lesser)
  const refused = filterWithNominated(filters, cycle, trial)
  const victims: Pod[] = []
  let violations = 0
  if (!refused) {
    const over = overBudget(world, lesser)
    for (const other of [...lesser.filter((one) => over.has(one)), ...lesser.filter((one) => !over.has(one))]) {
      turn(filters, cycle, trial, other, 1)
      if (!filterWithNominated(filters, cycle, trial)) {
        gone.delete(other)
        continue
      }
      turn(filters, cycle, trial, other, -1)
      victims.push(other)
      if (over.has(other)) violations++
    }
  }
  // what the plugins remember is as before
  for (const other of gone) turn(filters, cycle, trial, other, 1)
  return refused
    ? { reasons: refused.refusal.reasons }
    : { node: node.name, victims: victims.sort(moreImportant), violations }
}

const HALF_RANGE = 2 ** 31

/**
 * The node to clear: the fewest violated budgets, then the least important of the most important victims, the lowest sum of importance, the
 * fewest victims, the one whose most important victims started last, the first. After pickOneNodeForPreemption.
 */
export function pickNode(candidates: readonly Candidate[], now: number): Candidate | undefined {
  const measures: readonly ((candidate: Candidate) => number)[] = [
    ({ violations }) => violations,
    ({ victims }) => (victims[0] ? priorityOf(victims[0]) : -HALF_RANGE),
    ({ victims }) => victims.reduce((sum, victim) => sum + priorityOf(victim) + HALF_RANGE, 0),
    ({ victims }) => victims.length,
    ({ victims }) => -earliestStart(victims, now),
  ]
  let left = candidates
  for (const measure of measures) {
    if (left.length <= 1) break
    const values = left.map(measure)
    const least = Math.min(...values)
    left = left.filter((_, i) => values[i] === least)
  }
  return left[0]
}

/** Of the most important victims. */
const earliestStart = (victims: readonly Pod[], now: number): number => {
  const highest = victims[0] ? priorityOf(victims[0]) : 0
  return Math.min(...victims.filter((one) => priorityOf(one) === highest).map((one) => startOf(one, now)))
}

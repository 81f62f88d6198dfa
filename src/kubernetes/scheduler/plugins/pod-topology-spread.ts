import { labelsMatch, printLabelSelector } from '../../api/label-selector'
import type { LabelSelector } from '../../kinds/meta'
import type { Pod, TopologySpreadConstraint } from '../../kinds/pod'
import { ReplicaSet } from '../../kinds/replicaset'
import { Service } from '../../kinds/service'
import { type Cycle, HIGHEST_SCORE, type Plugin, refuse, refuseForGood } from '../framework'
import { naturalLogarithm } from '../logarithm'
import type { NodeInfo } from '../node-infos'
import { nodeMatches } from '../node-selector'
import { toleratesTaints } from '../tolerations'

const HOSTNAME = 'kubernetes.io/hostname'
const ZONE = 'topology.kubernetes.io/zone'
const FILTER = 'PodTopologySpread/filter'
const MISMATCH = "node(s) didn't match pod topology spread constraints"

interface Constraint {
  readonly maxSkew: number
  readonly topologyKey: string
  readonly minDomains: number
  readonly honourAffinity: boolean
  readonly honourTaints: boolean
  /** Whether a pod counts, and a name that stands for it. */
  readonly matches: (pod: Pod) => boolean
  readonly name: string
  /** Pods that match per node. */
  readonly byNode: ReadonlyMap<string, number>
}

/** Selectors are immutable, and the pods of one owner share theirs. */
const texts = new WeakMap<LabelSelector, string>()
function textOf(selector: LabelSelector): string {
  let text = texts.get(selector)
  if (text === undefined) {
    text = `${printLabelSelector(selector)}!`
    texts.set(selector, text)
  }
  return text
}

function constraint(given: TopologySpreadConstraint, cycle: Cycle): Constraint {
  const { pod } = cycle
  const selector = given.labelSelector
  const { namespace } = pod.metadata
  // no selector at all matches no pod
  const matches = (other: Pod) =>
    selector !== undefined &&
    other.metadata.namespace === namespace &&
    labelsMatch(selector, other.metadata.labels ?? {})
  const name = `${namespace}|${selector === undefined ? 'nothing' : textOf(selector)}`
  return {
    maxSkew: given.maxSkew,
    topologyKey: given.topologyKey,
    minDomains: given.minDomains ?? 1,
    honourAffinity: given.nodeAffinityPolicy !== 'Ignore',
    honourTaints: given.nodeTaintsPolicy === 'Honor',
    matches,
    name,
    byNode: cycle.nodes.count(name, matches),
  }
}

const included = (c: Constraint, cycle: Cycle, node: NodeInfo): boolean =>
  (!c.honourAffinity || nodeMatches(cycle.pod.spec, node.node)) &&
  (!c.honourTaints || toleratesTaints(cycle.pod.spec.tolerations, node.node.spec.taints))

interface Filtering {
  readonly constraints: readonly Constraint[]
  /** Per constraint: matching pods per value of the key, over eligible nodes. */
  readonly counts: readonly Map<string, number>[]
  /** Per constraint, the lowest of these; found again after a pod was put somewhere or taken away. */
  least: readonly number[] | undefined
}

function prepareFilter(cycle: Cycle, defaults: readonly DefaultConstraint[]): 'skip' | undefined {
  const hard = constraintsOf(cycle, defaults, 'DoNotSchedule')
  if (hard.length === 0) return 'skip'
  const constraints = hard.map((c) => constraint(c, cycle))
  const counts = constraints.map(() => new Map<string, number>())
  for (const node of cycle.nodes.byName.values()) {
    const labels = node.node.metadata.labels ?? {}
    if (constraints.some((c) => labels[c.topologyKey] === undefined)) continue
    constraints.forEach((c, i) => {
      if (!included(c, cycle, node)) return
      const value = labels[c.topologyKey]!
      counts[i]!.set(value, (counts[i]!.get(value) ?? 0) + (c.byNode.get(node.name) ?? 0))
    })
  }
  cycle.memory.set(FILTER, { constraints, counts, least: undefined } satisfies Filtering)
  return undefined
}

function leastOf(state: Filtering): readonly number[] {
  state.least ??= state.constraints.map((c, i) => {
    const counts = state.counts[i]!
    if (counts.size < c.minDomains) return 0
    let least = Number.MAX_SAFE_INTEGER
    for (const count of counts.values()) least = Math.min(least, count)
    return least
  })
  return state.least
}

function turn(cycle: Cycle, node: NodeInfo, pod: Pod, by: 1 | -1): void {
  const state = cycle.memory.get(FILTER) as Filtering
  const labels = node.node.metadata.labels ?? {}
  if (pod.metadata.deletionTimestamp !== undefined) return
  if (state.constraints.some((c) => labels[c.topologyKey] === undefined)) return
  state.constraints.forEach((c, i) => {
    if (!c.matches(pod) || !included(c, cycle, node)) return
    const value = labels[c.topologyKey]!
    state.counts[i]!.set(value, (state.counts[i]!.get(value) ?? 0) + by)
    state.least = undefined
  })
}

interface Scoring {
  readonly constraints: readonly Constraint[]
  readonly counts: readonly Map<string, number>[]
  readonly weights: readonly number[]
  readonly ignored: ReadonlySet<string>
}

/** A constraint of the scheduler's configuration: it has no selector of its own. */
export type DefaultConstraint = Omit<TopologySpreadConstraint, 'labelSelector'>

/** What a cluster has by default for pods that a Service or a ReplicaSet selects. */
const SYSTEM_DEFAULTS: readonly DefaultConstraint[] = [
  { maxSkew: 3, topologyKey: HOSTNAME, whenUnsatisfiable: 'ScheduleAnyway' },
  { maxSkew: 5, topologyKey: ZONE, whenUnsatisfiable: 'ScheduleAnyway' },
]

/** The constraints of a pod; where it has none, those of the configuration, about the pods that its Service or owner selects. */
function constraintsOf(
  cycle: Cycle,
  defaults: readonly DefaultConstraint[],
  when: TopologySpreadConstraint['whenUnsatisfiable'],
): readonly TopologySpreadConstraint[] {
  const own = cycle.pod.spec.topologySpreadConstraints ?? []
  if (own.length > 0)
    return own.filter((c) => (c.whenUnsatisfiable === 'ScheduleAnyway') === (when === 'ScheduleAnyway'))
  const wanted = defaults.filter((c) => c.whenUnsatisfiable === when)
  const labelSelector = wanted.length === 0 ? undefined : defaultSelector(cycle)
  return labelSelector === undefined ? [] : wanted.map((c) => ({ ...c, labelSelector }))
}

function defaultSelector({ pod, world }: Cycle): LabelSelector | undefined {
  const labels = pod.metadata.labels ?? {}
  const { namespace } = pod.metadata
  let matchLabels: Record<string, string> | undefined
  for (const service of world.list(Service, { scope: namespace! })) {
    const { selector } = service.value.spec
    if (selector && Object.keys(selector).length > 0 && labelsMatch({ matchLabels: selector }, labels))
      matchLabels = { ...matchLabels, ...selector }
  }
  const owner = pod.metadata.ownerReferences?.find(
    (reference) => reference.controller && reference.kind === 'ReplicaSet',
  )
  const own = owner && world.get(ReplicaSet.key(namespace!, owner.name))?.spec.selector
  // the very same one, so that what is known of it is found again
  if (!matchLabels) return own
  return { matchLabels: { ...matchLabels, ...own?.matchLabels }, matchExpressions: own?.matchExpressions ?? [] }
}

function prepareScore(
  cycle: Cycle,
  feasible: readonly NodeInfo[],
  defaults: readonly DefaultConstraint[],
): 'skip' | undefined {
  // the system's defaults leave nodes without their labels in the race
  const explicit = (cycle.pod.spec.topologySpreadConstraints ?? []).length > 0 || defaults !== SYSTEM_DEFAULTS
  const soft = constraintsOf(cycle, defaults, 'ScheduleAnyway')
  if (soft.length === 0) return 'skip'
  const constraints = soft.map((c) => constraint(c, cycle))
  const ignored = new Set<string>()
  const counts = constraints.map(() => new Map<string, number>())
  if (explicit)
    for (const { name, node } of feasible) {
      const labels = node.metadata.labels ?? {}
      if (constraints.some((c) => labels[c.topologyKey] === undefined)) ignored.add(name)
    }
  for (let i = 0; i < constraints.length; i++) {
    const { topologyKey } = constraints[i]!
    if (topologyKey === HOSTNAME) continue
    for (let j = 0; j < feasible.length; j++) {
      const { name, node } = feasible[j]!
      const value = node.metadata.labels?.[topologyKey]
      if (value !== undefined && !counts[i]!.has(value) && !ignored.has(name)) counts[i]!.set(value, 0)
    }
  }
  const weights = constraints.map((c, i) =>
    naturalLogarithm((c.topologyKey === HOSTNAME ? feasible.length - ignored.size : counts[i]!.size) + 2),
  )
  // a host name is counted where it is scored
  for (let i = 0; i < constraints.length; i++) {
    const c = constraints[i]!
    if (c.topologyKey === HOSTNAME) continue
    c.byNode.forEach((n, name) => {
      const node = cycle.nodes.byName.get(name)
      const labels = node?.node.metadata.labels ?? {}
      const before = counts[i]!.get(labels[c.topologyKey] ?? '')
      if (before === undefined || !node || !included(c, cycle, node)) return
      if (explicit && constraints.some((other) => labels[other.topologyKey] === undefined)) return
      counts[i]!.set(labels[c.topologyKey]!, before + n)
    })
  }
  cycle.memory.set('PodTopologySpread/score', { constraints, counts, weights, ignored } satisfies Scoring)
  return undefined
}

/**
 * Spreads pods over the values of a label: for certain (DoNotSchedule) or by points (ScheduleAnyway). `defaults`: for pods that say nothing.
 * After podtopologyspread/{filtering,scoring}.go.
 */
export const podTopologySpreadWith = (defaults: readonly DefaultConstraint[] = SYSTEM_DEFAULTS): Plugin => ({
  name: 'PodTopologySpread',
  about: 'pods of its kind stay spread evenly',
  weight: 2,
  preFilter: (cycle) => prepareFilter(cycle, defaults),
  filter(cycle, node) {
    const state = cycle.memory.get(FILTER) as Filtering
    const { constraints, counts } = state
    const least = leastOf(state)
    const labels = node.node.metadata.labels ?? {}
    for (let i = 0; i < constraints.length; i++) {
      const c = constraints[i]!
      const value = labels[c.topologyKey]
      if (value === undefined) return refuseForGood(`${MISMATCH} (missing required label)`)
      const own = c.matches(cycle.pod) ? 1 : 0
      if ((counts[i]!.get(value) ?? 0) + own - least[i]! > c.maxSkew) return refuse(MISMATCH)
    }
    return undefined
  },
  turn,
  preScore: (cycle, feasible) => prepareScore(cycle, feasible, defaults),
  score(cycle, node) {
    const { constraints, counts, weights, ignored } = cycle.memory.get('PodTopologySpread/score') as Scoring
    if (ignored.has(node.name)) return 0
    const labels = node.node.metadata.labels ?? {}
    let score = 0
    for (let i = 0; i < constraints.length; i++) {
      const c = constraints[i]!
      const value = labels[c.topologyKey]
      if (value === undefined) continue
      const n = c.topologyKey === HOSTNAME ? (c.byNode.get(node.name) ?? 0) : (counts[i]!.get(value) ?? 0)
      score += n * weights[i]! + (c.maxSkew - 1)
    }
    return Math.round(score)
  },
  normalise(cycle, scores, nodes) {
    const { ignored } = cycle.memory.get('PodTopologySpread/score') as Scoring
    let least = Number.POSITIVE_INFINITY
    let most = 0
    nodes.forEach((node, i) => {
      if (ignored.has(node.name)) return
      least = Math.min(least, scores[i]!)
      most = Math.max(most, scores[i]!)
    })
    nodes.forEach((node, i) => {
      if (ignored.has(node.name)) scores[i] = 0
      else scores[i] = most === 0 ? HIGHEST_SCORE : Math.trunc((HIGHEST_SCORE * (most + least - scores[i]!)) / most)
    })
  },
})

export const podTopologySpread = podTopologySpreadWith()

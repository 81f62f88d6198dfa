import type { Pod } from '../../kinds/pod'
import { type AffinityTerms, affinityTerms, termMatches } from '../affinity-terms'
import { type Cycle, HIGHEST_SCORE, type Plugin, type Refusal, refuse, refuseForGood } from '../framework'
import type { NodeInfo } from '../node-infos'

/** How many pods (or points) stand for a value of a topology key: `zone` → `a` → 3. */
class Places {
  readonly #counts = new Map<string, Map<string, number>>()

  add(node: NodeInfo, topologyKey: string, by: number): void {
    const value = node.node.metadata.labels?.[topologyKey]
    if (value === undefined) return
    let values = this.#counts.get(topologyKey)
    if (!values) {
      values = new Map()
      this.#counts.set(topologyKey, values)
    }
    const count = (values.get(value) ?? 0) + by
    if (count === 0) values.delete(value)
    else values.set(value, count)
    if (values.size === 0) this.#counts.delete(topologyKey)
  }

  at(topologyKey: string, value: string): number {
    return this.#counts.get(topologyKey)?.get(value) ?? 0
  }

  get none(): boolean {
    return this.#counts.size === 0
  }

  /** Over all keys that the node has. */
  sum(node: NodeInfo): number {
    const labels = node.node.metadata.labels
    let sum = 0
    for (const [key, values] of this.#counts) {
      const value = labels?.[key]
      if (value !== undefined) sum += values.get(value) ?? 0
    }
    return sum
  }
}

interface Filtering {
  readonly terms: AffinityTerms
  /** Pods that fit all required affinity terms of the incoming pod, at each term's key. */
  readonly near: Places
  /** Pods that fit a required anti-affinity term of the incoming pod. */
  readonly far: Places
  /** Pods there whose required anti-affinity is about the incoming pod. */
  readonly repelling: Places
}

const FILTER = 'InterPodAffinity/filter'
const SCORE = 'InterPodAffinity/score'

const isAboutAll = (terms: AffinityTerms['must'], owner: Pod, other: Pod, cycle: Cycle): boolean =>
  terms.length > 0 && terms.every((term) => termMatches(term, owner.metadata.namespace, other, cycle.world))

/** Counts one pod that is there, or takes it off again. */
function turn(state: Filtering, cycle: Cycle, node: NodeInfo, other: Pod, by: 1 | -1): void {
  const { pod, world } = cycle
  for (const term of affinityTerms(other).mustNot)
    if (termMatches(term, other.metadata.namespace, pod, world)) state.repelling.add(node, term.topologyKey, by)
  if (isAboutAll(state.terms.must, pod, other, cycle))
    for (const term of state.terms.must) state.near.add(node, term.topologyKey, by)
  for (const term of state.terms.mustNot)
    if (termMatches(term, pod.metadata.namespace, other, world)) state.far.add(node, term.topologyKey, by)
}

function prepareFilter(cycle: Cycle): 'skip' | undefined {
  const terms = affinityTerms(cycle.pod)
  const wanting = terms.must.length + terms.mustNot.length > 0
  if (!wanting && cycle.nodes.repelling.size === 0) return 'skip'
  const state: Filtering = { terms, near: new Places(), far: new Places(), repelling: new Places() }
  // without wishes of its own, only those count that may not want the pod near
  for (const node of (wanting ? cycle.nodes.byName : cycle.nodes.repelling).values()) {
    for (const other of (wanting ? node.pods : node.repelling).values()) turn(state, cycle, node, other, 1)
  }
  cycle.memory.set(FILTER, state)
  return !wanting && state.repelling.none ? 'skip' : undefined
}

function refusal(cycle: Cycle, node: NodeInfo): Refusal | undefined {
  const { terms, near, far, repelling } = cycle.memory.get(FILTER) as Filtering
  const labels = node.node.metadata.labels ?? {}
  let present = true
  for (const { topologyKey } of terms.must) {
    const value = labels[topologyKey]
    if (value === undefined) return refuseForGood("node(s) didn't match pod affinity rules")
    if (near.at(topologyKey, value) <= 0) present = false
  }
  // the first of a group that wants its own kind near may go anywhere
  if (!present && !(near.none && isAboutAll(terms.must, cycle.pod, cycle.pod, cycle)))
    return refuseForGood("node(s) didn't match pod affinity rules")
  for (const { topologyKey } of terms.mustNot) {
    const value = labels[topologyKey]
    if (value !== undefined && far.at(topologyKey, value) > 0)
      return refuse("node(s) didn't match pod anti-affinity rules")
  }
  return repelling.sum(node) > 0 ? refuse("node(s) didn't satisfy existing pods anti-affinity rules") : undefined
}

export interface InterPodAffinityArgs {
  /** What a required affinity of a pod that is there counts for the pods it is about. 0…100. */
  readonly hardPodAffinityWeight?: number
  readonly ignorePreferredTermsOfExistingPods?: boolean
}

/** The points of one pod that is there, at its node's places. */
function weigh(
  places: Places,
  cycle: Cycle,
  node: NodeInfo,
  other: Pod,
  own: AffinityTerms,
  args: InterPodAffinityArgs,
): void {
  const { pod, world } = cycle
  const { hardPodAffinityWeight = 1 } = args
  const mine = pod.metadata.namespace
  for (const { term, weight } of own.wish)
    if (termMatches(term, mine, other, world)) places.add(node, term.topologyKey, weight)
  for (const { term, weight } of own.wishNot)
    if (termMatches(term, mine, other, world)) places.add(node, term.topologyKey, -weight)
  const theirs = affinityTerms(other)
  const theirNamespace = other.metadata.namespace
  if (hardPodAffinityWeight > 0)
    for (const term of theirs.must)
      if (termMatches(term, theirNamespace, pod, world)) places.add(node, term.topologyKey, hardPodAffinityWeight)
  for (const { term, weight } of theirs.wish)
    if (termMatches(term, theirNamespace, pod, world)) places.add(node, term.topologyKey, weight)
  for (const { term, weight } of theirs.wishNot)
    if (termMatches(term, theirNamespace, pod, world)) places.add(node, term.topologyKey, -weight)
}

/**
 * Near or far from other pods, for certain or by points, in both directions: what the pod asks for and what the pods that are there ask
 * for. After interpodaffinity/{filtering,scoring}.go.
 */
export function interPodAffinityWith(args: InterPodAffinityArgs = {}): Plugin {
  return {
    name: 'InterPodAffinity',
    about: 'near or far from other pods, as it and they want it',
    weight: 2,
    preFilter: prepareFilter,
    filter: refusal,
    turn: (cycle, node, pod, by) => turn(cycle.memory.get(FILTER) as Filtering, cycle, node, pod, by),
    preScore(cycle) {
      const own = affinityTerms(cycle.pod)
      const wanting = own.wish.length + own.wishNot.length > 0
      if (!wanting && (args.ignorePreferredTermsOfExistingPods || cycle.nodes.affine.size === 0)) return 'skip'
      const places = new Places()
      for (const node of (wanting ? cycle.nodes.byName : cycle.nodes.affine).values())
        for (const other of (wanting ? node.pods : node.affine).values()) weigh(places, cycle, node, other, own, args)
      if (places.none) return 'skip'
      cycle.memory.set(SCORE, places)
      return undefined
    },
    score: (cycle, node) => (cycle.memory.get(SCORE) as Places).sum(node),
    normalise(_cycle, scores) {
      let least = Number.POSITIVE_INFINITY
      let most = Number.NEGATIVE_INFINITY
      for (const score of scores) {
        least = Math.min(least, score)
        most = Math.max(most, score)
      }
      const range = most - least
      for (let i = 0; i < scores.length; i++)
        scores[i] = range > 0 ? Math.trunc((HIGHEST_SCORE * (scores[i]! - least)) / range) : 0
    },
  }
}

export const interPodAffinity = interPodAffinityWith()

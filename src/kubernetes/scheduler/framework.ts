import type { World } from '../../engine'
import type { Pod } from '../kinds/pod'
import type { NodeInfo, NodeInfos } from './node-infos'

/** One scheduling cycle: what the plugins see. */
export interface Cycle {
  readonly pod: Pod
  readonly world: World
  readonly nodes: NodeInfos
  /** What a plugin keeps between its steps, by its name. */
  readonly memory: Map<string, unknown>
}

/** Why a node is refused. `unresolvable`: taking other pods away could not help. */
export interface Refusal {
  readonly reasons: readonly string[]
  readonly unresolvable: boolean
}

/** A scheduler plugin. Scores are 0…100 after `normalise`. */
export interface Plugin {
  readonly name: string
  /** What it asks of a node, in a few words. */
  readonly about: string
  /** What of it is not modelled. */
  readonly note?: string
  readonly weight: number
  /** Once a cycle, before filtering; a message refuses every node. 'skip' leaves the plugin's filter out. */
  readonly preFilter?: (cycle: Cycle) => 'skip' | { readonly refused: string } | undefined
  readonly filter?: (cycle: Cycle, node: NodeInfo) => Refusal | undefined
  /** What is remembered of a cycle, with a pod put on a node or taken off it: to see what preemption would do. */
  readonly turn?: (cycle: Cycle, node: NodeInfo, pod: Pod, by: 1 | -1) => void
  /** Once a cycle, with the nodes that passed; 'skip' leaves the plugin's score out. */
  readonly preScore?: (cycle: Cycle, feasible: readonly NodeInfo[]) => 'skip' | undefined
  readonly score?: (cycle: Cycle, node: NodeInfo) => number
  /** Brings the raw scores of all feasible nodes to 0…100, in place. */
  readonly normalise?: (cycle: Cycle, scores: number[], nodes: readonly NodeInfo[]) => void
}

export const HIGHEST_SCORE = 100

/** 100 × raw ÷ highest; `reverse`: 100 minus that. All zero: 0, or 100 when reversed. After DefaultNormalizeScore. */
export function normaliseByHighest(scores: number[], reverse: boolean): void {
  let highest = 0
  for (let i = 0; i < scores.length; i++) if (scores[i]! > highest) highest = scores[i]!
  for (let i = 0; i < scores.length; i++) {
    const share = highest === 0 ? 0 : Math.floor((HIGHEST_SCORE * scores[i]!) / highest)
    scores[i] = reverse ? HIGHEST_SCORE - share : share
  }
}

export const refuse = (...reasons: string[]): Refusal => ({ reasons, unresolvable: false })
export const refuseForGood = (...reasons: string[]): Refusal => ({ reasons, unresolvable: true })

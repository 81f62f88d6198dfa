import type { Input, Millis } from '../engine'
import { inputsOf, isTime, MOST_INPUTS } from './moment'

/** A deed that a course leaves out, and where it would stand among all its deeds. */
export interface LeftOut {
  readonly deed: Omit<Input, 'n'>
  readonly place: number
}

/** Where one of several futures begins, and what is its own. */
export interface BranchRoot {
  readonly id: number
  readonly parent: number | undefined
  /** Where it parts from its parent, and how many of the parent's inputs it has kept. */
  readonly at: Millis
  readonly kept: number
  /** Overrides what it is called by its first deed of its own. */
  readonly label: string | undefined
  /** What has not happened here, by place. */
  readonly leftOut: readonly LeftOut[]
}

/** One of several futures, as it is kept to be played again. */
export interface KeptBranch extends BranchRoot {
  /** Its inputs: so many as the current course begins with, then these. */
  readonly shared: number
  readonly own: readonly Omit<Input, 'n'>[]
  /** How far it had run. */
  readonly until: Millis
}

/** All futures of a session beside the inputs of the current one. */
export interface KeptBranches {
  readonly current: number
  readonly all: readonly KeptBranch[]
}

export const MOST_BRANCHES = 12

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= MOST_INPUTS

/** Futures out of a storage, which may hold anything; undefined where they are none. */
export function keptBranchesOf(value: any): KeptBranches | undefined {
  if (typeof value !== 'object' || value === null || !Array.isArray(value.all)) return undefined
  if (value.all.length === 0 || value.all.length > MOST_BRANCHES) return undefined
  const all: KeptBranch[] = []
  for (const one of value.all) {
    const branch = branchOf(one)
    if (!branch || all.some(({ id }) => id === branch.id)) return undefined
    all.push(branch)
  }
  return all.some(({ id }) => id === value.current) ? { current: value.current, all } : undefined
}

function branchOf(value: any): KeptBranch | undefined {
  const own = inputsOf(value?.own)
  const { id, parent, at, kept, label, shared, until } = value ?? {}
  if (!own || !isCount(id) || id === 0 || !isCount(kept) || !isCount(shared) || !isTime(at) || !isTime(until))
    return undefined
  if (!Array.isArray(value.leftOut) || value.leftOut.length > MOST_INPUTS) return undefined
  const leftOut: LeftOut[] = []
  for (const one of value.leftOut) {
    const [deed] = inputsOf([one?.deed]) ?? []
    if (!deed || !isCount(one.place)) return undefined
    leftOut.push({ deed, place: one.place })
  }
  return {
    id,
    parent: isCount(parent) ? parent : undefined,
    at,
    kept,
    label: typeof label === 'string' ? label.slice(0, 400) : undefined,
    leftOut,
    shared,
    own,
    until,
  }
}

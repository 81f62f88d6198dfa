import { type KeptBranches, keptBranchesOf } from '../../terminal/kept-branches'
import { type Moment, momentOf } from '../../terminal/moment'

/** A session as it is kept on this device: where it began, what was done, and where the reader stood. Played again, it is the same. */
export interface KeptSession {
  readonly id: string
  /** What its owner calls it; empty: what it is about will do. */
  readonly name: string
  readonly lab: string
  readonly seed: number
  readonly scenario: string | undefined
  readonly folders: readonly string[]
  readonly moment: Moment
  /** Its other futures, where there are any. */
  readonly branches: KeptBranches | undefined
  readonly step: number
  readonly passed: readonly number[]
  readonly playing: boolean
  /** When it was kept, by the computer's clock. */
  readonly keptAt: number
}

const LONGEST_NAME = 80
const MOST_STEPS = 200

/** Reads one back; undefined where it is torn or none. What lies in a storage is believed no more than what lies in an address. */
export function readKept(text: string): KeptSession | undefined {
  try {
    const value = JSON.parse(text)
    const moment = momentOf(value.moment)
    const { id, lab, seed } = value
    if (!moment || typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id)) return undefined
    if (typeof lab !== 'string' || !Number.isSafeInteger(seed)) return undefined
    return {
      id,
      name: nameOf(value.name),
      lab,
      seed,
      scenario: typeof value.scenario === 'string' ? value.scenario : undefined,
      folders: Array.isArray(value.folders) ? value.folders.map(String).slice(0, 20) : [],
      moment,
      branches: keptBranchesOf(value.branches),
      step: isStep(value.step) ? value.step : 0,
      passed: Array.isArray(value.passed) ? value.passed.filter(isStep).slice(0, MOST_STEPS) : [],
      playing: value.playing === true,
      keptAt: Number(value.keptAt) || 0,
    }
  } catch {
    return undefined
  }
}

export const nameOf = (name: unknown): string => (typeof name === 'string' ? name.trim().slice(0, LONGEST_NAME) : '')
const isStep = (step: unknown): step is number =>
  Number.isInteger(step) && Number(step) >= 0 && Number(step) < MOST_STEPS

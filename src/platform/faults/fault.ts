import type { Key, World } from '../../engine/kind'
import type { Problem, Wish } from '../../engine/plan'
import type { Fault } from '../machine/machine'

export interface Begin {
  readonly target: string
  /** When it heals by itself. */
  readonly until: number | undefined
  /** How much, where a fault has a measure. */
  readonly amount: number | undefined
}

/** What a fault may be done to: the object in the picture, and what is written for it. */
export interface FaultTarget {
  readonly key: Key
  readonly name: string
}

/** In what a fault's amount is said: milliseconds, a share of 1, times as slow, bytes a second. */
export type Measure = 'millis' | 'share' | 'times' | 'bytes'

/** A way to break something on purpose, and to mend it. */
export interface FaultKind {
  readonly name: string
  readonly about: string
  /** Left out: it has no amount. */
  readonly measure?: Measure
  /** What may be written for its target: names of machines, of containers (`web-1/web`), of DNS servers. */
  targets(world: World): readonly FaultTarget[]
  /** What it changes at once, or why it cannot. A fault that lasts is there as an object until it is healed. */
  begin(world: World, how: Begin): readonly Wish[] | Problem
  heal(world: World, fault: Fault): readonly Wish[]
}

export const noTarget = (kind: string, what: string, target: string): Problem => ({
  text: target === '' ? `${kind} needs ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what}` : `there is no ${what} ${target}`,
  exit: 1,
})

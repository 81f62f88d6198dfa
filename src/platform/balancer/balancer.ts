/** What a balancer may go by. */
export interface Choice {
  readonly count: number
  /** In [0, 1): keyed chance. */
  readonly draw: number
  /** How many were chosen before, where somebody counts. */
  readonly turn: number
}

/** Picks one of several targets: an index below `count`, which is at least 1. */
export interface Balancer {
  readonly name: string
  readonly about: string
  /** How it is told: "1 of 3 at random". */
  readonly says: string
  pick(choice: Choice): number
}

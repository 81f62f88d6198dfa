import type { Input, Millis, Simulation, World } from '../engine'

/** A run as far as a moment, to be played again: what came from outside, and what must come out. */
export interface Moment {
  /** The model's version: another one may give another course. */
  readonly version: string
  readonly at: Millis
  /** The digest at that moment, where it was the present. */
  readonly digest: string | undefined
  readonly inputs: readonly Omit<Input, 'n'>[]
}

export const MODEL_VERSION = '0.1'

/** A longer run is not taken from strangers, nor kept. */
export const MOST_INPUTS = 2_000

/** A moment out of an address or a storage, that is from anybody; undefined where it is none. */
export function momentOf(value: any): Moment | undefined {
  const inputs = inputsOf(value?.inputs)
  if (!inputs || !isTime(value.at)) return undefined
  return {
    version: String(value.version),
    at: value.at,
    digest: typeof value.digest === 'string' ? value.digest : undefined,
    inputs,
  }
}

export const isTime = (time: unknown): time is Millis => typeof time === 'number' && Number.isFinite(time) && time >= 0

/** What came from outside, in the order of time; undefined where it is something else. */
export function inputsOf(value: any): Moment['inputs'] | undefined {
  if (!Array.isArray(value) || value.length > MOST_INPUTS) return undefined
  let last = 0
  const inputs: Omit<Input, 'n'>[] = []
  for (const one of value) {
    const fits =
      isTime(one?.at) &&
      one.at >= last &&
      typeof one.to === 'string' &&
      typeof one.about === 'string' &&
      typeof one.says === 'string'
    if (!fits) return undefined
    last = one.at
    inputs.push({ at: one.at, to: one.to, about: one.about, body: one.body, says: one.says })
  }
  return inputs
}

/** Whether a person could have done it: lines for a shell that is there. */
export const isPersons = ({ to, about }: Pick<Input, 'to' | 'about'>, world: World): boolean =>
  to === 'shell' && world.get(about) !== undefined

/** What can be played again: a session. */
interface Player {
  readonly simulation: Simulation
  advance(until: Millis): void
}

/** Does the same again, each at its time; only what a person could have done. */
export function replay(player: Player, inputs: Moment['inputs']): void {
  for (const { at, to, about, body, says } of inputs) {
    if (!isPersons({ to, about }, player.simulation.store)) continue
    player.advance(at)
    player.simulation.input({ to, about, body, says })
  }
}

import type { Json, Millis } from './json'
import { defineKind } from './kind'

/** What came from outside: a command, a click, a fault, a saved file. Inputs, seed and model version are the whole run. */
export interface Input {
  readonly n: number
  readonly at: Millis
  /** The controller it is for. */
  readonly to: string
  readonly about: string
  readonly body: Json
  /** What the person did, as a sentence that follows "you": `cut the power of worker-2`. */
  readonly says: string
}
export const Input = defineKind<Input>('engine/Input', { about: 'what came from outside' })

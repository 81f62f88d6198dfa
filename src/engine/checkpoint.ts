import type { Millis, Revision } from './json'
import type { Message } from './plan'

/** What is needed, besides the log, to run on from a revision. */
export interface Checkpoint {
  readonly revision: Revision
  readonly now: Millis
  readonly messages: readonly Message[]
  /** How many inputs had been given. */
  readonly inputs: number
}

/** The newest are all kept; of older ones, fewer the older they are: at most this many per doubling of age. */
const PER_OCTAVE = 12

/** Thins geometrically, so that a branch replays a bounded share of its distance to the present. */
export function thin(checkpoints: readonly Checkpoint[]): Checkpoint[] {
  if (checkpoints.length <= PER_OCTAVE * 4) return checkpoints.slice()
  const newest = checkpoints[checkpoints.length - 1]!.revision
  const kept: Checkpoint[] = []
  let lastOctave = -1
  let inOctave = 0
  for (let i = checkpoints.length - 1; i >= 0; i--) {
    const checkpoint = checkpoints[i]!
    const octave = 32 - Math.clz32(newest - checkpoint.revision)
    if (octave !== lastOctave) inOctave = 0
    lastOctave = octave
    inOctave++
    if (inOctave <= PER_OCTAVE || i === 0) kept.push(checkpoint)
  }
  return kept.reverse()
}

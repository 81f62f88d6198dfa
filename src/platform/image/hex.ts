import { freshLanes, hex, mixString, spread } from '../../engine/hash'

/** 64 hexadecimal digits that depend on the text alone: ids and digests that look like SHA-256 but are cheaper. */
export function hexOf(text: string): string {
  const lanes = freshLanes()
  mixString(lanes, text)
  let digits = ''
  for (let word = 1; word <= 8; word++)
    digits += hex(spread(Math.imul(lanes.a, 2 * word + 1) ^ spread((lanes.b + word) | 0)))
  return digits
}

export const digestOf = (text: string): string => `sha256:${hexOf(text)}`

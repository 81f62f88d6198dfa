import { finish, freshLanes, hex, type Lanes, mixNumber, mixString } from './hash'

function keyed(seed: number, component: string, uid: string, purpose: string, n: number): Lanes {
  const lanes = freshLanes()
  mixNumber(lanes, seed)
  mixString(lanes, component)
  mixString(lanes, uid)
  mixString(lanes, purpose)
  mixNumber(lanes, n)
  return lanes
}

/**
 * A number in [0, 1): a pure function of its arguments. Because nothing shares a stream, one object more or less changes
 * nobody else's luck, and two branches differ only where they must.
 */
export function draw(seed: number, component: string, uid: string, purpose: string, n: number): number {
  const lanes = keyed(seed, component, uid, purpose, n)
  // 26 + 27 bits make a 53-bit fraction
  const high = finish(lanes.a) >>> 6
  const low = finish(lanes.b ^ lanes.a) >>> 5
  return (high * 134_217_728 + low) / 9_007_199_254_740_992
}

/** A version 4 UUID, keyed like `draw`. */
export function uuid(seed: number, component: string, about: string, n: number): string {
  const lanes = keyed(seed, component, about, 'uid', n)
  const word = (salt: number) => hex(finish(Math.imul(lanes.a, salt) ^ finish(lanes.b + salt)))
  const [w0, w1, w2, w3] = [word(1), word(3), word(5), word(7)]
  const variant = '89ab'[Number.parseInt(w2[0]!, 16) & 3]
  return `${w0}-${w1.slice(0, 4)}-4${w1.slice(5)}-${variant}${w2.slice(1, 4)}-${w2.slice(4)}${w3}`
}

import { freshLanes, hex, type Lanes, mixNumber, mixString, spread, startLanes } from './hash'

/** Filled anew by each call, and read at once. */
const lanes = freshLanes()

function keyed(seed: number, component: string, uid: string, purpose: string, n: number): void {
  startLanes(lanes)
  mixNumber(lanes, seed)
  mixString(lanes, component)
  mixString(lanes, uid)
  mixString(lanes, purpose)
  mixNumber(lanes, n)
}

/**
 * A number in [0, 1): a pure function of its arguments. Because nothing shares a stream, one object more or less changes
 * nobody else's luck, and two branches differ only where they must.
 */
export function draw(seed: number, component: string, uid: string, purpose: string, n: number): number {
  keyed(seed, component, uid, purpose, n)
  // 26 + 27 bits make a 53-bit fraction
  const high = spread(lanes.a) >>> 6
  const low = spread(lanes.b ^ lanes.a) >>> 5
  return (high * 134_217_728 + low) / 9_007_199_254_740_992
}

/** A version 4 UUID, keyed like `draw`. */
export function uuid(seed: number, component: string, about: string, n: number): string {
  keyed(seed, component, about, 'uid', n)
  const second = hex(word(lanes, 3))
  const third = word(lanes, 5)
  const digits = hex(third)
  const variant = '89ab'[(third >>> 28) & 3]
  return `${hex(word(lanes, 1))}-${second.slice(0, 4)}-4${second.slice(5)}-${variant}${digits.slice(1, 4)}-${digits.slice(4)}${hex(word(lanes, 7))}`
}

/** 64 hexadecimal digits, keyed like `draw`: the id of a container. */
export function longId(seed: number, component: string, about: string, n: number): string {
  keyed(seed, component, about, 'id', n)
  let digits = ''
  for (let salt = 1; salt < 17; salt += 2) digits += hex(word(lanes, salt))
  return digits
}

const word = ({ a, b }: Lanes, salt: number): number => spread(Math.imul(a, salt) ^ spread((b + salt) | 0))

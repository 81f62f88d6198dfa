/** Two 32-bit lanes: enough for a digest and for drawing, and exact in every JavaScript engine. */
export interface Lanes {
  a: number
  b: number
}

// The constants are written as signed 32-bit numbers: what stays in that range needs no number object on the heap, so that
// the loops cost little also before they have been compiled. The results are those of the unsigned constants.
const BASIS = 0x811c9dc5 | 0
const GOLDEN = 0x9e3779b9 | 0
const MURMUR_1 = 0x85ebca6b | 0
const MURMUR_2 = 0xc2b2ae35 | 0

export const freshLanes = (): Lanes => ({ a: BASIS, b: 0x2c1b3c6d })

export function startLanes(lanes: Lanes): void {
  lanes.a = BASIS
  lanes.b = 0x2c1b3c6d
}

export function mixNumber(lanes: Lanes, n: number): void {
  lanes.a = Math.imul(lanes.a ^ (n & 0xffff), 0x01000193)
  lanes.a = Math.imul(lanes.a ^ (n >>> 16), 0x01000193)
  lanes.b = (Math.imul((lanes.b << 13) | (lanes.b >>> 19), 5) + 0x52dce729 + n) | 0
}

export function mixString(lanes: Lanes, text: string): void {
  let { a, b } = lanes
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    a = Math.imul(a ^ c, 0x01000193)
    b = Math.imul(b ^ (c + GOLDEN), MURMUR_1)
    b = (b << 15) | (b >>> 17)
  }
  lanes.a = Math.imul(a ^ text.length, 0x01000193)
  lanes.b = b
}

/** Spreads the bits of a 32-bit number (murmur3's finaliser); the result is signed. */
export function spread(n: number): number {
  let h = n
  h = Math.imul(h ^ (h >>> 16), MURMUR_1)
  h = Math.imul(h ^ (h >>> 13), MURMUR_2)
  return h ^ (h >>> 16)
}

const floats = new Float64Array(1)
const words = new Uint32Array(floats.buffer)
/** Values are immutable, so what a part of one hashed to holds for as long as the part lives. */
const known = new WeakMap<object, Lanes>()

/** Mixes plain data. Properties that are undefined count as absent; the order of properties counts. */
export function mixValue(lanes: Lanes, value: unknown): void {
  if (typeof value === 'string') {
    mixNumber(lanes, 1)
    mixString(lanes, value)
  } else if (typeof value === 'number') {
    mixNumber(lanes, 2)
    floats[0] = value
    mixNumber(lanes, words[0]!)
    mixNumber(lanes, words[1]!)
  } else if (typeof value === 'boolean') mixNumber(lanes, value ? 3 : 4)
  else if (value === null || value === undefined) mixNumber(lanes, 5)
  else {
    let own = known.get(value)
    if (!own) {
      own = hashObject(value)
      known.set(value, own)
    }
    mixNumber(lanes, own.a)
    mixNumber(lanes, own.b)
  }
}

function hashObject(value: object): Lanes {
  const lanes = freshLanes()
  if (Array.isArray(value)) {
    mixNumber(lanes, 6)
    for (const item of value) mixValue(lanes, item)
  } else {
    mixNumber(lanes, 7)
    const object = value as Record<string, unknown>
    for (const key in object) {
      if (object[key] === undefined) continue
      mixString(lanes, key)
      mixValue(lanes, object[key])
    }
  }
  return lanes
}

/** A 32-bit number from text: for stable phases, hues and template hashes, never for chance. */
export function hash32(text: string): number {
  const lanes = freshLanes()
  mixString(lanes, text)
  return spread(lanes.a ^ lanes.b) >>> 0
}

const BYTES = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'))

/** The eight hexadecimal digits of a 32-bit number. */
export const hex = (n: number): string =>
  BYTES[n >>> 24]! + BYTES[(n >>> 16) & 255]! + BYTES[(n >>> 8) & 255]! + BYTES[n & 255]!

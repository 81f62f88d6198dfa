import { hex } from './hash'

const rotate = (x: number, n: number) => (x >>> n) | (x << (32 - n))

/** The first 32 bits of the fractions of roots of the first primes, of which SHA-256 is made. */
function roots(count: number, power: number): Int32Array {
  const found = new Int32Array(count)
  for (let n = 2, i = 0; i < count; n++) {
    let isPrime = true
    for (let d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false
    if (!isPrime) continue
    const root = n ** power
    found[i++] = Math.floor((root - Math.floor(root)) * 4_294_967_296)
  }
  return found
}

const START = roots(8, 1 / 2)
const CONSTANTS = roots(64, 1 / 3)
const words = new Int32Array(64)
const encoder = new TextEncoder()

/** FIPS 180-4, of a text's UTF-8 bytes, as hexadecimal digits; for what has to have the name that the real tools give it. */
export function sha256(text: string): string {
  const bytes = encoder.encode(text)
  const blocks = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64)
  blocks.set(bytes)
  blocks[bytes.length] = 0x80
  const view = new DataView(blocks.buffer)
  view.setUint32(blocks.length - 8, Math.floor((bytes.length * 8) / 4_294_967_296))
  view.setUint32(blocks.length - 4, (bytes.length * 8) >>> 0)
  const state = START.slice()
  for (let at = 0; at < blocks.length; at += 64) mixBlock(state, view, at)
  let digits = ''
  for (const word of state) digits += hex(word >>> 0)
  return digits
}

function mixBlock(state: Int32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) words[i] = view.getInt32(at + i * 4)
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15]!
    const y = words[i - 2]!
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
    words[i] = (words[i - 16]! + s0 + words[i - 7]! + s1) | 0
  }
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  let f = state[5]!
  let g = state[6]!
  let h = state[7]!
  for (let i = 0; i < 64; i++) {
    const one =
      (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + CONSTANTS[i]! + words[i]!) | 0
    const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  state[0] = (state[0]! + a) | 0
  state[1] = (state[1]! + b) | 0
  state[2] = (state[2]! + c) | 0
  state[3] = (state[3]! + d) | 0
  state[4] = (state[4]! + e) | 0
  state[5] = (state[5]! + f) | 0
  state[6] = (state[6]! + g) | 0
  state[7] = (state[7]! + h) | 0
}

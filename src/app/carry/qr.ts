/**
 * A QR code of a text (ISO/IEC 18004, byte mode, error correction L, versions 1 to 40): rows of dark (true) and light modules.
 * Undefined: the text is too long. Left out: other modes and levels.
 */
export function qrOf(text: string, largest = 40): boolean[][] | undefined {
  const bytes = [...new TextEncoder().encode(text)]
  for (let version = 1; version <= largest; version++) {
    const lengthBits = version < 10 ? 8 : 16
    if (4 + lengthBits + bytes.length * 8 > dataBytes(version) * 8) continue
    return draw(version, interleave(version, pad(version, bytes, lengthBits)))
  }
  return undefined
}

/** By version, from 1 on: check bytes of each block, and how many blocks. */
const CHECK = [
  7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30,
  30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
]
const BLOCKS = [
  1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19,
  20, 21, 22, 24, 25,
]

const sizeOf = (version: number) => version * 4 + 17
/** What is neither finder, timing, alignment nor format, in whole bytes. */
function allBytes(version: number): number {
  const marks = version === 1 ? 0 : Math.floor(version / 7) + 2
  let bits = (16 * version + 128) * version + 64
  if (version > 1) bits -= (25 * marks - 10) * marks - 55
  if (version >= 7) bits -= 36
  return bits >> 3
}
const dataBytes = (version: number) => allBytes(version) - CHECK[version - 1]! * BLOCKS[version - 1]!

function pad(version: number, bytes: readonly number[], lengthBits: number): number[] {
  const bits: number[] = []
  const put = (value: number, count: number) => {
    for (let i = count - 1; i >= 0; i--) bits.push((value >> i) & 1)
  }
  put(4, 4)
  put(bytes.length, lengthBits)
  for (const byte of bytes) put(byte, 8)
  const room = dataBytes(version) * 8
  put(0, Math.min(4, room - bits.length))
  put(0, (8 - (bits.length % 8)) % 8)
  for (let filler = 0xec; bits.length < room; filler ^= 0xec ^ 0x11) put(filler, 8)
  return Array.from({ length: room / 8 }, (_, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8).join(''), 2))
}

/** A product in the field of 256 elements over x⁸+x⁴+x³+x²+1. */
function times(a: number, b: number): number {
  let product = 0
  for (let i = 7; i >= 0; i--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d)
    product ^= ((b >> i) & 1) * a
  }
  return product
}

/** Reed–Solomon: the remainder of the data over the product of (x − 2ⁱ). */
function checkBytes(data: readonly number[], count: number): number[] {
  const divisor: number[] = [...Array(count - 1).fill(0), 1]
  let root = 1
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) divisor[j] = times(divisor[j]!, root) ^ (divisor[j + 1] ?? 0)
    root = times(root, 2)
  }
  const rest: number[] = Array(count).fill(0)
  for (const byte of data) {
    const factor = byte ^ rest.shift()!
    rest.push(0)
    divisor.forEach((part, i) => {
      rest[i]! ^= times(part, factor)
    })
  }
  return rest
}

function interleave(version: number, data: readonly number[]): number[] {
  const count = BLOCKS[version - 1]!
  const short = Math.floor(data.length / count)
  const longs = data.length % count
  let from = 0
  const blocks = Array.from({ length: count }, (_, i) => {
    const part = data.slice(from, from + short + (i >= count - longs ? 1 : 0))
    from += part.length
    return { part, check: checkBytes(part, CHECK[version - 1]!) }
  })
  const all: number[] = []
  for (let i = 0; i <= short; i++) for (const { part } of blocks) if (i < part.length) all.push(part[i]!)
  for (let i = 0; i < CHECK[version - 1]!; i++) for (const { check } of blocks) all.push(check[i]!)
  return all
}

type Grid = (boolean | undefined)[][]

function draw(version: number, bytes: readonly number[]): boolean[][] {
  const size = sizeOf(version)
  const fixed: Grid = Array.from({ length: size }, () => Array(size).fill(undefined))
  drawMarks(fixed, version)
  let best: boolean[][] | undefined
  let least = Number.POSITIVE_INFINITY
  for (let mask = 0; mask < 8; mask++) {
    const grid = fixed.map((row) => [...row])
    drawFormat(grid, mask)
    drawData(grid, bytes, mask)
    const faults = faultsOf(grid as boolean[][])
    if (faults < least) [best, least] = [grid as boolean[][], faults]
  }
  return best!
}

function drawMarks(grid: Grid, version: number): void {
  const size = grid.length
  /** Rings round a middle, dark but for those named; what lies outside of the code is left out. */
  const rings = (x: number, y: number, reach: number, light: readonly number[]) => {
    for (let at = 0; at < (2 * reach + 1) ** 2; at++) {
      const [dx, dy] = [(at % (2 * reach + 1)) - reach, Math.floor(at / (2 * reach + 1)) - reach]
      const row = x + dx >= 0 && x + dx < size ? grid[y + dy] : undefined
      if (row) row[x + dx] = !light.includes(Math.max(Math.abs(dx), Math.abs(dy)))
    }
  }
  for (let i = 0; i < size; i++) grid[6]![i] = grid[i]![6] = i % 2 === 0
  const places = alignment(version)
  const isFinder = (x: number, y: number) => (x === 6 && (y === 6 || y > size - 9)) || (y === 6 && x > size - 9)
  for (const y of places) for (const x of places) if (!isFinder(x, y)) rings(x, y, 2, [1])
  rings(3, 3, 4, [2, 4])
  rings(size - 4, 3, 4, [2, 4])
  rings(3, size - 4, 4, [2, 4])
  if (version < 7) return
  let rest = version
  for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25)
  const bits = (version << 12) | rest
  for (let i = 0; i < 18; i++) {
    const [a, b] = [size - 11 + (i % 3), Math.floor(i / 3)]
    grid[b]![a] = grid[a]![b] = ((bits >> i) & 1) === 1
  }
}

function alignment(version: number): number[] {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2
  return [6, ...Array.from({ length: count - 1 }, (_, i) => version * 4 + 10 - (count - 2 - i) * step)]
}

function drawFormat(grid: Grid, mask: number): void {
  const size = grid.length
  const level = 1
  const data = (level << 3) | mask
  let rest = data
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537)
  const bits = ((data << 10) | rest) ^ 0x5412
  const bit = (i: number) => ((bits >> i) & 1) === 1
  for (let i = 0; i < 15; i++) {
    const near = i < 6 ? i : i < 8 ? i + 1 : undefined
    if (near !== undefined) grid[near]![8] = bit(i)
    else grid[8]![i === 8 ? 7 : 14 - i] = bit(i)
    if (i < 8) grid[8]![size - 1 - i] = bit(i)
    else grid[size - 15 + i]![8] = bit(i)
  }
  grid[size - 8]![8] = true
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

/** Up and down in columns of two, from the right; the column of the timing marks is left out. */
function drawData(grid: Grid, bytes: readonly number[], mask: number): void {
  const size = grid.length
  let i = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step++) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step
      for (const x of [right, right - 1]) {
        if (grid[y]![x] !== undefined) continue
        const dark = i < bytes.length * 8 && ((bytes[i >> 3]! >> (7 - (i & 7))) & 1) === 1
        grid[y]![x] = dark !== masks[mask]!(x, y)
        i++
      }
    }
  }
}

/** What makes a code hard to read: long runs, blocks, what looks like a finder, too much of one colour. */
function faultsOf(grid: readonly (readonly boolean[])[]): number {
  let faults = 0
  const columns = grid.map((_, x) => grid.map((row) => row[x]!))
  for (const lines of [grid, columns])
    for (const line of lines) {
      const text = line.map(Number).join('')
      for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) faults += run.length - 2
      faults += 40 * [...text.matchAll(/(?=00001011101|10111010000)/g)].length
    }
  for (let y = 1; y < grid.length; y++)
    for (let x = 1; x < grid.length; x++) {
      const dark = grid[y]![x]
      if (dark === grid[y - 1]![x] && dark === grid[y]![x - 1] && dark === grid[y - 1]![x - 1]) faults += 3
    }
  const share = grid.flat().filter(Boolean).length / grid.length ** 2
  return faults + Math.floor(Math.abs(share - 0.5) * 20) * 10
}

/**
 * resource.Quantity: a number with a unit, exact to 1n. Kept as whole nano-units; what is finer rounds away from zero.
 */
export interface Quantity {
  readonly nanos: bigint
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent'
}

const NANO = 1_000_000_000n
/** What the API says of text that is no quantity. */
export const NOT_A_QUANTITY =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const BINARY: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n }
const LARGEST_BINARY = ((1n << 63n) - 1n) * NANO
const SHAPE = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:([eE])([+-]?[0-9]{1,3})|([numkMGTPE]?|[KMGTPE]i))$/
const MOST_KNOWN = 20_000

const known = new Map<string, Quantity | undefined>()

/** The quantity that a text means, or undefined. Equal texts are parsed once. */
export function parseQuantity(text: string): Quantity | undefined {
  let quantity = known.get(text)
  if (quantity === undefined && !known.has(text)) {
    quantity = parse(text)
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(text, quantity)
  }
  return quantity
}

function parse(text: string): Quantity | undefined {
  const match = SHAPE.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', fraction = '', exponentMark, exponent, suffix = ''] = match
  if (whole === '' && fraction === '') return undefined
  const digits = BigInt(whole + fraction)
  const shift = BINARY[suffix]
  let size: bigint
  if (shift !== undefined) {
    size = divideUp((digits << shift) * NANO, 10n ** BigInt(fraction.length))
    if (size > LARGEST_BINARY) size = LARGEST_BINARY
  } else {
    const power = (exponentMark === undefined ? DECIMAL[suffix]! : Number(exponent)) + 9 - fraction.length
    size = power >= 0 ? digits * 10n ** BigInt(power) : divideUp(digits, 10n ** BigInt(-power))
  }
  const format = shift !== undefined ? 'BinarySI' : exponentMark !== undefined ? 'DecimalExponent' : 'DecimalSI'
  return { nanos: sign === '-' ? -size : size, format }
}

/** Both positive; rounded up. */
const divideUp = (a: bigint, b: bigint): bigint => (a + b - 1n) / b

/** Rounds away from zero to a multiple of 10^scale. */
export function roundedUp(quantity: Quantity, scale: number): Quantity {
  if (scale <= -9) return quantity
  const unit = 10n ** BigInt(scale + 9)
  const size = quantity.nanos < 0n ? -quantity.nanos : quantity.nanos
  const up = divideUp(size, unit) * unit
  return { nanos: quantity.nanos < 0n ? -up : up, format: quantity.format }
}

/** The text that the API writes: the family of units of the input, and the largest unit that leaves a whole number. */
export function printQuantity({ nanos, format }: Quantity): string {
  if (nanos === 0n) return '0'
  const sign = nanos < 0n ? '-' : ''
  const size = nanos < 0n ? -nanos : nanos
  if (format === 'BinarySI' && size >= 1024n * NANO && size % NANO === 0n) {
    let mantissa = size / NANO
    let unit = 0
    const units = Object.keys(BINARY)
    while (unit < units.length && mantissa % 1024n === 0n) {
      mantissa /= 1024n
      unit++
    }
    return `${sign}${mantissa}${unit === 0 ? '' : units[unit - 1]}`
  }
  let mantissa = size
  let power = -9
  while (power < 18 && mantissa % 1000n === 0n) {
    mantissa /= 1000n
    power += 3
  }
  if (format === 'DecimalExponent') {
    while (mantissa % 1000n === 0n) {
      mantissa /= 1000n
      power += 3
    }
    return `${sign}${mantissa}${power === 0 ? '' : `e${power}`}`
  }
  return `${sign}${mantissa}${Object.keys(DECIMAL).find((suffix) => DECIMAL[suffix] === power)}`
}

export function compareQuantities(a: string, b: string): number {
  const [x, y] = [parseQuantity(a)?.nanos ?? 0n, parseQuantity(b)?.nanos ?? 0n]
  return x < y ? -1 : x > y ? 1 : 0
}

const millis = new Map<string, number>()
const wholes = new Map<string, number>()

function memoised(memory: Map<string, number>, text: string, unit: bigint): number {
  let value = memory.get(text)
  if (value === undefined) {
    const nanos = parseQuantity(text)?.nanos ?? 0n
    value = Number(nanos >= 0n ? divideUp(nanos, unit) : -(-nanos / unit))
    if (memory.size >= MOST_KNOWN) memory.clear()
    memory.set(text, value)
  }
  return value
}

/** Thousandths, rounded up: `0.5` → 500. Nothing, or no quantity, is 0. */
export function quantityMillis(text: string | undefined): number {
  return text === undefined ? 0 : memoised(millis, text, 1_000_000n)
}

/** Whole units, rounded up: `1Ki` → 1024. Nothing, or no quantity, is 0. */
export function quantityValue(text: string | undefined): number {
  return text === undefined ? 0 : memoised(wholes, text, NANO)
}

/** The canonical text of a sum of quantities: the first one that is not zero gives the family of units. */
export function sumQuantities(texts: readonly (string | undefined)[]): string {
  let nanos = 0n
  let format: Quantity['format'] | undefined
  for (const text of texts) {
    const quantity = text === undefined ? undefined : parseQuantity(text)
    if (!quantity) continue
    nanos += quantity.nanos
    if (format === undefined || nanos === quantity.nanos) format = quantity.format
  }
  return printQuantity({ nanos, format: format ?? 'DecimalSI' })
}

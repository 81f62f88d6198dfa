/** An `int` of Go; a plain number in the data is a float64, as Go decodes JSON. */
export class Int {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** Something with methods or fields that are not plain data: `Label "app"`. */
export type Method = (...given: readonly unknown[]) => unknown

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Int)

/** What Go calls the type of a value that came out of JSON. */
export function typeOf(value: unknown): string {
  if (value === undefined || value === null) return 'nil'
  if (Array.isArray(value)) return '[]interface {}'
  if (value instanceof Int) return 'int'
  if (typeof value === 'number') return 'float64'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'string' ? 'string' : typeof value === 'function' ? 'func' : 'map[string]interface {}'
}

/** Not the zero value, and not empty. */
export function truth(value: unknown): boolean {
  if (value instanceof Int) return value.value !== 0
  if (Array.isArray(value)) return value.length > 0
  if (isMap(value)) return Object.keys(value).length > 0
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== ''
}

export const sortedEntries = (map: Readonly<Record<string, unknown>>): (readonly [string, unknown])[] =>
  Object.keys(map)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((key) => [key, map[key]] as const)

/** Go's `%v` of a float64: the shortest digits, with an exponent from a million on. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 21 && power < 6) return String(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

/** Go's `%v`: `map[app:web]`, `[a b]`, `<nil>`. `plain`: numbers without exponents, as integers of Go's own types print. */
export function goText(value: unknown, plain = false): string {
  if (value === undefined || value === null) return '<nil>'
  if (value instanceof Int) return String(value.value)
  if (typeof value === 'number') return plain ? String(value) : floatText(value)
  if (Array.isArray(value)) return `[${value.map((item) => goText(item, plain)).join(' ')}]`
  if (!isMap(value)) return String(value)
  const pairs = sortedEntries(value).map(([key, item]) => `${key}:${goText(item, plain)}`)
  return `map[${pairs.join(' ')}]`
}

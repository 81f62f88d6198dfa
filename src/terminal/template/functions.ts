import { sprintf } from './printf'
import { goText, Int, isMap, type Method, truth, typeOf } from './values'

/** What a function throws: the text that follows `error calling NAME: `. */
export class CallError extends Error {}

const fail = (text: string): never => {
  throw new CallError(text)
}

/** A function of templates: at least `least` arguments, at most `most`. */
export interface Builtin {
  readonly least: number
  readonly most?: number
  readonly run: Method
}

const isInvalid = (value: unknown) => value === undefined || value === null

function position(value: unknown, length: number): number {
  if (isInvalid(value)) return fail('cannot index slice/array with nil')
  if (!(value instanceof Int)) return fail(`cannot index slice/array with type ${typeOf(value)}`)
  if (value.value < 0 || value.value > length) return fail(`index out of range: ${value.value}`)
  return value.value
}

function index(item: unknown, ...keys: readonly unknown[]): unknown {
  if (isInvalid(item)) return fail('index of untyped nil')
  let at: unknown = item
  for (const key of keys) {
    if (isInvalid(at)) return fail('index of nil pointer')
    if (Array.isArray(at) || typeof at === 'string') {
      const n = position(key, at.length)
      if (n === at.length) return fail(`reflect: ${typeof at === 'string' ? 'string' : 'slice'} index out of range`)
      at = typeof at === 'string' ? new Int(at.charCodeAt(n)) : at[n]
    } else if (isMap(at)) {
      if (isInvalid(key)) return fail('value is nil; should be of type string')
      if (typeof key !== 'string') return fail(`value has type ${typeOf(key)}; should be string`)
      at = Object.hasOwn(at, key) ? at[key] : null
    } else return fail(`can't index item of type ${typeOf(at)}`)
  }
  return at
}

function slice(item: unknown, ...ends: readonly unknown[]): unknown {
  if (isInvalid(item)) return fail('slice of untyped nil')
  if (ends.length > 3) return fail(`too many slice indexes: ${ends.length}`)
  if (typeof item === 'string' && ends.length === 3) return fail('cannot slice string with 3 indexes')
  if (typeof item !== 'string' && !Array.isArray(item)) return fail(`can't slice item of type ${typeOf(item)}`)
  const places = ends.map((end) => position(end, item.length))
  const [from = 0, to = item.length] = places
  if (from > to) return fail(`invalid slice index: ${from} > ${to}`)
  return item.slice(from, to)
}

function length(value: unknown): unknown {
  if (typeof value === 'string') return new Int(new TextEncoder().encode(value).length)
  if (Array.isArray(value)) return new Int(value.length)
  if (isMap(value)) return new Int(Object.keys(value).length)
  if (value === null) return fail('len of nil pointer')
  if (value === undefined) return fail('reflect: call of reflect.Value.Type on zero Value')
  return fail(`len of type ${typeOf(value)}`)
}

const BASIC = new Set(['bool', 'string', 'int', 'float64'])

function equal(first: unknown, ...others: readonly unknown[]): boolean {
  if (others.length === 0) return fail('missing argument for comparison')
  return others.some((other) => {
    const [a, b] = [typeOf(first), typeOf(other)]
    if (isInvalid(first) || isInvalid(other)) return isInvalid(first) === isInvalid(other)
    if (a !== b) return fail('incompatible types for comparison')
    if (!BASIC.has(a)) return fail(`non-comparable type ${goText(other)}: ${b}`)
    return first instanceof Int ? first.value === (other as Int).value : first === other
  })
}

function less(a: unknown, b: unknown): boolean {
  const [x, y] = [typeOf(a), typeOf(b)]
  if (!BASIC.has(x) || !BASIC.has(y)) return fail('invalid type for comparison')
  if (x !== y) return fail('incompatible types for comparison')
  if (x === 'bool') return fail('invalid type for comparison')
  return a instanceof Int ? a.value < (b as Int).value : (a as number) < (b as number)
}

/** fmt.Sprint: a space between two that are no texts. */
const sprint = (given: readonly unknown[]): string =>
  given
    .map((value, i) => {
      const spaced = i > 0 && typeof value !== 'string' && typeof given[i - 1] !== 'string'
      return (spaced ? ' ' : '') + goText(value)
    })
    .join('')

const asText = (given: readonly unknown[]): string =>
  given.length === 1 && typeof given[0] === 'string' ? given[0] : sprint(given)

const HTML: Readonly<Record<string, string>> = {
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\0': '\ufffd',
}
const JS: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '"': '\\"' }

const escapedJs = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
  text.replace(/[\\'"<>&=\u0000-\u001f]/g, (char) => {
    return JS[char] ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
  })

const escapedQuery = (text: string) =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')

/** The functions of every template; `and` and `or` are beside them, as they need not look at all their arguments. */
export const builtins: Readonly<Record<string, Builtin>> = {
  not: { least: 1, most: 1, run: (value) => !truth(value) },
  eq: { least: 1, run: equal },
  ne: { least: 2, most: 2, run: (a, b) => !equal(a, b) },
  lt: { least: 2, most: 2, run: less },
  le: { least: 2, most: 2, run: (a, b) => less(a, b) || equal(a, b) },
  gt: { least: 2, most: 2, run: (a, b) => !(less(a, b) || equal(a, b)) },
  ge: { least: 2, most: 2, run: (a, b) => !less(a, b) },
  len: { least: 1, most: 1, run: length },
  index: { least: 1, run: index },
  slice: { least: 1, run: slice },
  print: { least: 0, run: (...given) => sprint(given) },
  println: { least: 0, run: (...given) => `${given.map((value) => goText(value)).join(' ')}\n` },
  printf: { least: 1, run: (format, ...values) => sprintf(format as string, values) },
  html: {
    least: 0,
    run: (...given) => asText(given).replace(/["'&<>\0]/g, (char) => HTML[char]!),
  },
  js: { least: 0, run: (...given) => escapedJs(asText(given)) },
  urlquery: { least: 0, run: (...given) => escapedQuery(asText(given)) },
  call: {
    least: 1,
    run: (method, ...given) =>
      typeof method === 'function' ? (method as Method)(...given) : fail(`non-function of type ${typeOf(method)}`),
  },
}

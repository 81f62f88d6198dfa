import type { Tool } from '../tool'
import { flagsOf, textsOf } from './input'

type Json = any
class Jq extends Error {}
const DEEPEST = 100
const MOST_RESULTS = 100_000

/** Paths, iteration, slices, pipes, commas, construction, comparisons, and/or/not, select, map, length, keys, sort_by, join, test and a few more; -r, -c, -e. */
export const jq: Tool = {
  name: 'jq',
  about: 'queries JSON',
  run(call) {
    const { flags, rest } = flagsOf(call.argv.slice(1))
    const source = rest.shift() ?? '.'
    const { texts, failed } = textsOf(call, rest)
    if (failed) return { exit: 2 }
    let filter: Filter
    try {
      filter = new Parser(source).all()
    } catch (error) {
      if (!(error instanceof Jq)) throw error
      call.printError(`jq: error: ${error.message}\njq: 1 compile error\n`)
      return { exit: 3 }
    }
    let last: Json = null
    for (const { text } of texts) {
      let value: Json
      try {
        value = JSON.parse(text)
      } catch {
        call.printError('jq: error (at <stdin>:1): Cannot parse the input as JSON\n')
        return { exit: 2 }
      }
      try {
        for (const result of filter(value)) {
          last = result
          call.print(
            `${flags.has('r') && typeof result === 'string' ? result : JSON.stringify(result, null, flags.has('c') ? undefined : 2)}\n`,
          )
        }
      } catch (error) {
        if (!(error instanceof Jq)) throw error
        call.printError(`jq: error (at <stdin>:1): ${error.message}\n`)
        return { exit: 5 }
      }
    }
    return { exit: flags.has('e') && (last === null || last === false) ? 1 : 0 }
  },
}

type Filter = (value: Json) => Json[]
const kindOf = (value: Json) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)
const truthy = (value: Json) => value !== null && value !== false
const RANKS = ['null', 'boolean', 'number', 'string', 'array', 'object']

function compare(a: Json, b: Json): number {
  const rank = RANKS.indexOf(kindOf(a)) - RANKS.indexOf(kindOf(b))
  if (rank !== 0) return rank
  if (Array.isArray(a)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const difference = compare(a[i], b[i])
      if (difference !== 0) return difference
    }
    return a.length - b.length
  }
  if (kindOf(a) === 'object') return compare(Object.entries(a).sort(), Object.entries(b).sort())
  return a < b ? -1 : a > b ? 1 : 0
}

function get(value: Json, key: Json): Json {
  if (value === null) return null
  if (typeof key === 'number' && Array.isArray(value)) return value.at(key) ?? null
  if (typeof key === 'string' && kindOf(value) === 'object') return Object.hasOwn(value, key) ? value[key] : null
  throw new Jq(`Cannot index ${kindOf(value)} with ${typeof key === 'string' ? `"${key}"` : kindOf(key)}`)
}

function each(value: Json): Json[] {
  if (Array.isArray(value)) return value
  if (kindOf(value) === 'object') return Object.values(value)
  throw new Jq(`Cannot iterate over ${kindOf(value)}`)
}

const bounded = (list: Json[]): Json[] => {
  if (list.length > MOST_RESULTS) throw new Jq(`more than ${MOST_RESULTS} results`)
  return list
}

class Parser {
  readonly #tokens: string[]
  #at = 0
  #depth = 0

  constructor(source: string) {
    this.#tokens = source.match(/"(?:[^"\\]|\\.)*"|\/\/|[<>=!]=|\.\.|[a-zA-Z_]\w*|\d+(?:\.\d+)?|\S/g) ?? []
  }

  all(): Filter {
    const filter = this.#pipe()
    if (this.#at < this.#tokens.length)
      throw new Jq(`syntax error, unexpected '${this.#tokens[this.#at]}' at <top-level>`)
    return filter
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? ''
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false
    this.#at++
    return true
  }

  #need(token: string): void {
    if (!this.#take(token))
      throw new Jq(`syntax error, unexpected '${this.#peek() || 'end of file'}', expecting '${token}'`)
  }

  #pipe(): Filter {
    if (++this.#depth > DEEPEST) throw new Jq('nested too deep')
    let left = this.#comma()
    while (this.#take('|')) {
      const [first, then] = [left, this.#comma()]
      left = (value) => bounded(first(value).flatMap(then))
    }
    this.#depth--
    return left
  }

  #comma(): Filter {
    let left = this.#alternative()
    while (this.#take(',')) {
      const [a, b] = [left, this.#alternative()]
      left = (value) => [...a(value), ...b(value)]
    }
    return left
  }

  #alternative(): Filter {
    const left = this.#or()
    if (!this.#take('//')) return left
    const right = this.#alternative()
    return (value) => {
      const found = left(value).filter(truthy)
      return found.length > 0 ? found : right(value)
    }
  }

  #or(): Filter {
    let left = this.#and()
    while (this.#take('or')) {
      const [a, b] = [left, this.#and()]
      left = (value) => a(value).map((x) => truthy(x) || b(value).some(truthy))
    }
    return left
  }

  #and(): Filter {
    let left = this.#comparison()
    while (this.#take('and')) {
      const [a, b] = [left, this.#comparison()]
      left = (value) => a(value).map((x) => truthy(x) && b(value).every(truthy))
    }
    return left
  }

  #comparison(): Filter {
    const left = this.#sum()
    const operator = this.#peek()
    if (!['==', '!=', '<', '<=', '>', '>='].includes(operator)) return left
    this.#at++
    const right = this.#sum()
    const holds: Record<string, (n: number) => boolean> = {
      '==': (n) => n === 0,
      '!=': (n) => n !== 0,
      '<': (n) => n < 0,
      '<=': (n) => n <= 0,
      '>': (n) => n > 0,
      '>=': (n) => n >= 0,
    }
    return (value) => right(value).flatMap((b) => left(value).map((a) => holds[operator]!(compare(a, b))))
  }

  #sum(): Filter {
    let left = this.#product()
    for (;;) {
      const operator = this.#peek()
      if (operator !== '+' && operator !== '-') return left
      this.#at++
      const [a, b] = [left, this.#product()]
      left = (value) => b(value).flatMap((y) => a(value).map((x) => (operator === '+' ? plus(x, y) : minus(x, y))))
    }
  }

  #product(): Filter {
    let left = this.#postfix()
    for (;;) {
      const operator = this.#peek()
      if (operator !== '*' && operator !== '/' && operator !== '%') return left
      this.#at++
      const [a, b] = [left, this.#postfix()]
      left = (value) =>
        b(value).flatMap((y) =>
          a(value).map((x) => {
            if (operator === '/' && typeof x === 'string') return x.split(y)
            if (typeof x !== 'number' || typeof y !== 'number')
              throw new Jq(`${kindOf(x)} and ${kindOf(y)} cannot be multiplied or divided`)
            if (operator !== '*' && y === 0) throw new Jq(`${x} and 0 cannot be divided because the divisor is zero`)
            return operator === '*' ? x * y : operator === '/' ? x / y : Math.trunc(x) % Math.trunc(y)
          }),
        )
    }
  }

  #postfix(): Filter {
    let filter = this.#primary()
    for (;;) {
      const before = filter
      if (this.#peek() === '.' && /^[a-zA-Z_"]/.test(this.#tokens[this.#at + 1] ?? '')) {
        this.#at++
        const key = this.#key()
        filter = (value) => before(value).map((one) => get(one, key))
      } else if (this.#peek() === '.' && this.#tokens[this.#at + 1] === '[') this.#at++
      else if (this.#take('[')) filter = this.#bracket(before)
      else if (this.#take('?')) {
        filter = (value) => {
          try {
            return before(value)
          } catch (error) {
            if (error instanceof Jq) return []
            throw error
          }
        }
      } else return filter
    }
  }

  #bracket(before: Filter): Filter {
    if (this.#take(']')) return (value) => bounded(before(value).flatMap(each))
    const from = this.#peek() === ':' ? undefined : this.#pipe()
    if (this.#take(':')) {
      const to = this.#peek() === ']' ? undefined : this.#pipe()
      this.#need(']')
      return (value) =>
        before(value).map((one) => (one === null ? null : one.slice(from?.(value)[0] ?? 0, to?.(value)[0])))
    }
    this.#need(']')
    return (value) => before(value).flatMap((one) => from!(value).map((key) => get(one, key)))
  }

  #key(): string {
    const token = this.#tokens[this.#at++] ?? ''
    return token.startsWith('"') ? JSON.parse(token) : token
  }

  #primary(): Filter {
    const token = this.#tokens[this.#at++] ?? ''
    if (token === '.') {
      if (/^[a-zA-Z_"]/.test(this.#peek())) {
        const key = this.#key()
        return (value) => [get(value, key)]
      }
      return (value) => [value]
    }
    if (token === '..') return (value) => all(value)
    if (token === '(') {
      const inner = this.#pipe()
      this.#need(')')
      return inner
    }
    if (token === '[') {
      if (this.#take(']')) return () => [[]]
      const inner = this.#pipe()
      this.#need(']')
      return (value) => [inner(value)]
    }
    if (token === '{') return this.#object()
    if (token === '-') {
      const inner = this.#postfix()
      return (value) => inner(value).map((n) => -n)
    }
    if (/^\d/.test(token)) return () => [Number(token)]
    if (token.startsWith('"')) return this.#text(token)
    if (token === 'null' || token === 'true' || token === 'false') return () => [JSON.parse(token)]
    if (token === 'if') return this.#condition()
    if (/^[a-zA-Z_]/.test(token)) return this.#call(token)
    throw new Jq(`syntax error, unexpected '${token || 'end of file'}'`)
  }

  #text(token: string): Filter {
    const parts = token.slice(1, -1).split(/\\\(((?:[^()]|\([^()]*\))*)\)/)
    const filters = parts.map(
      (part, i): Filter => (i % 2 === 1 ? new Parser(part).all() : () => [JSON.parse(`"${part}"`)]),
    )
    return (value) => [
      filters
        .map((filter) =>
          filter(value)
            .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
            .join(''),
        )
        .join(''),
    ]
  }

  #condition(): Filter {
    const test = this.#pipe()
    this.#need('then')
    const yes = this.#pipe()
    let no: Filter = (value) => [value]
    if (this.#take('elif')) no = this.#condition()
    else {
      if (this.#take('else')) no = this.#pipe()
      this.#need('end')
    }
    return (value) => test(value).flatMap((one) => (truthy(one) ? yes(value) : no(value)))
  }

  #object(): Filter {
    const entries: (readonly [Filter, Filter])[] = []
    while (!this.#take('}')) {
      let key: Filter
      const token = this.#peek()
      if (this.#take('(')) {
        key = this.#pipe()
        this.#need(')')
      } else if (token.startsWith('"')) {
        this.#at++
        key = this.#text(token)
      } else {
        const name = this.#key()
        key = () => [name]
      }
      if (this.#take(':')) entries.push([key, this.#alternative()])
      else entries.push([key, (value) => key(value).map((one) => get(value, one))])
      if (!this.#take(',')) {
        this.#need('}')
        break
      }
    }
    return (value) => {
      let made: [string, Json][][] = [[]]
      for (const [key, of] of entries)
        made = bounded(
          made.flatMap((before) =>
            key(value).flatMap((name) => of(value).map((one) => [...before, [String(name), one]])),
          ),
        ) as typeof made
      return made.map((pairs) => Object.fromEntries(pairs))
    }
  }

  #call(name: string): Filter {
    const args: Filter[] = []
    if (this.#take('(')) {
      do args.push(this.#pipe())
      while (this.#take(';'))
      this.#need(')')
    }
    const make = FUNCTIONS[`${name}/${args.length}`]
    if (!make) throw new Jq(`${name}/${args.length} is not defined`)
    return make(...args)
  }
}

function plus(a: Json, b: Json): Json {
  if (a === null) return b
  if (b === null) return a
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b]
  if (kindOf(a) === 'object' && kindOf(b) === 'object') return { ...a, ...b }
  if (kindOf(a) === kindOf(b) && (typeof a === 'number' || typeof a === 'string')) return (a as number) + (b as number)
  throw new Jq(`${kindOf(a)} and ${kindOf(b)} cannot be added`)
}

function minus(a: Json, b: Json): Json {
  if (Array.isArray(a) && Array.isArray(b)) return a.filter((one) => !b.some((other) => compare(one, other) === 0))
  if (typeof a === 'number' && typeof b === 'number') return a - b
  throw new Jq(`${kindOf(a)} and ${kindOf(b)} cannot be subtracted`)
}

const all = (value: Json): Json[] =>
  bounded([value, ...(value !== null && typeof value === 'object' ? Object.values(value).flatMap(all) : [])])

const one = (of: (value: Json) => Json) => (): Filter => (value) => [of(value)]
const sortedBy = (value: Json, by: Filter) =>
  each(value)
    .map((item) => ({ item, key: by(item) }))
    .sort((a, b) => compare(a.key, b.key))
const pattern = (source: string) => {
  try {
    return new RegExp(String(source).slice(0, 1_000))
  } catch {
    throw new Jq(`${source} (at offset 0) is not a valid regex`)
  }
}

const FUNCTIONS: Readonly<Record<string, (...args: Filter[]) => Filter>> = {
  'length/0': one((v) =>
    v === null
      ? 0
      : typeof v === 'number'
        ? Math.abs(v)
        : typeof v === 'object'
          ? Object.keys(v).length
          : [...String(v)].length,
  ),
  'keys/0': one((v) => (Array.isArray(v) ? v.map((_, i) => i) : Object.keys(v ?? {}).sort())),
  'values/0': () => (v) => (v === null ? [] : [v]),
  'not/0': one((v) => !truthy(v)),
  'type/0': one(kindOf),
  'empty/0': () => () => [],
  'add/0': one((v) => each(v).reduce(plus, null)),
  'sort/0': one((v) => [...v].sort(compare)),
  'unique/0': one((v) =>
    [...v].sort(compare).filter((item: Json, i: number, list: Json[]) => i === 0 || compare(item, list[i - 1]) !== 0),
  ),
  'reverse/0': one((v) => (typeof v === 'string' ? [...v].reverse().join('') : [...(v ?? [])].reverse())),
  'first/0': one((v) => v[0] ?? null),
  'last/0': one((v) => v.at(-1) ?? null),
  'min/0': one((v) => [...v].sort(compare)[0] ?? null),
  'max/0': one((v) => [...v].sort(compare).at(-1) ?? null),
  'any/0': one((v) => each(v).some(truthy)),
  'all/0': one((v) => each(v).every(truthy)),
  'flatten/0': one((v) => v.flat(DEEPEST)),
  'tostring/0': one((v) => (typeof v === 'string' ? v : JSON.stringify(v))),
  'tonumber/0': one((v) => {
    const n = Number(v)
    if (Number.isNaN(n)) throw new Jq(`Cannot parse '${v}' as number`)
    return n
  }),
  'to_entries/0': one((v) => Object.entries(v).map(([key, value]) => ({ key, value }))),
  'from_entries/0': one((v) => Object.fromEntries(each(v).map((e) => [e.key ?? e.name, e.value]))),
  'ascii_downcase/0': one((v) => String(v).toLowerCase()),
  'ascii_upcase/0': one((v) => String(v).toUpperCase()),
  'tojson/0': one((v) => JSON.stringify(v)),
  'floor/0': one((v) => Math.floor(v)),
  'select/1': (test) => (v) => test(v).flatMap((yes) => (truthy(yes) ? [v] : [])),
  'map/1': (f) => (v) => [bounded(each(v).flatMap(f))],
  'has/1': (key) => (v) => key(v).map((k) => (Array.isArray(v) ? k < v.length : Object.hasOwn(v, k))),
  'any/1': (f) => (v) => [each(v).some((item) => f(item).some(truthy))],
  'all/1': (f) => (v) => [each(v).every((item) => f(item).every(truthy))],
  'first/1': (f) => (v) => f(v).slice(0, 1),
  'sort_by/1': (f) => (v) => [sortedBy(v, f).map(({ item }) => item)],
  'min_by/1': (f) => (v) => [sortedBy(v, f)[0]?.item ?? null],
  'max_by/1': (f) => (v) => [sortedBy(v, f).at(-1)?.item ?? null],
  'unique_by/1': (f) => (v) => [
    sortedBy(v, f)
      .filter((e, i, list) => i === 0 || compare(e.key, list[i - 1]!.key) !== 0)
      .map(({ item }) => item),
  ],
  'group_by/1': (f) => (v) => {
    const groups: Json[][] = []
    let before: Json
    for (const { item, key } of sortedBy(v, f)) {
      if (groups.length > 0 && compare(before, key) === 0) groups.at(-1)!.push(item)
      else groups.push([item])
      before = key
    }
    return [groups]
  },
  'join/1': (separator) => (v) =>
    separator(v).map((s) =>
      each(v)
        .map((item) => (item === null ? '' : typeof item === 'string' ? item : JSON.stringify(item)))
        .join(s),
    ),
  'split/1': (separator) => (v) => separator(v).map((s) => v.split(s)),
  'test/1': (f) => (v) => f(v).map((source) => pattern(source).test(v)),
  'startswith/1': (f) => (v) => f(v).map((s) => String(v).startsWith(s)),
  'endswith/1': (f) => (v) => f(v).map((s) => String(v).endsWith(s)),
  'contains/1': (f) => (v) =>
    f(v).map((s) =>
      typeof v === 'string' ? v.includes(s) : JSON.stringify(v).includes(JSON.stringify(s).slice(1, -1)),
    ),
  'index/1': (f) => (v) => f(v).map((s) => (v.indexOf(s) < 0 ? null : v.indexOf(s))),
  'ltrimstr/1': (f) => (v) => f(v).map((s) => (String(v).startsWith(s) ? v.slice(s.length) : v)),
  'del/1': () => () => {
    throw new Jq('del/1 is not modelled')
  },
  'with_entries/1': (f) => (v) => [
    Object.fromEntries(
      Object.entries(v)
        .flatMap(([key, value]) => f({ key, value }))
        .map((e) => [e.key, e.value]),
    ),
  ],
  'range/1': (f) => (v) =>
    f(v).flatMap((n) => Array.from({ length: Math.min(MOST_RESULTS, Math.max(0, n)) }, (_, i) => i)),
}

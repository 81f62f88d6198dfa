import type { Change } from './change'
import { type IndexBy, type Key, type Kind, scopeOf, type Where } from './kind'

/** Changes sorted by `born`: almost always appended to, found by binary search. */
type Row = Change[]
/** Most values of an index have one object: then no list is made. */
type Slot = Change | Row

interface Index {
  readonly name: string
  readonly of: IndexBy<any>
  readonly rows: Map<string, Slot>
}

function place(row: Row, born: number): number {
  let low = 0
  let high = row.length
  if (high > 0 && row[high - 1]!.born < born) return high
  while (low < high) {
    const middle = (low + high) >> 1
    if (row[middle]!.born < born) low = middle + 1
    else high = middle
  }
  return low
}

const none: readonly Change[] = []

/** All objects of one kind: the present ones in order of creation, each index, and every key there has ever been. */
export class Table {
  readonly keys = new Set<Key>()
  readonly #all: Row = []
  readonly #indexes: readonly Index[]
  readonly #rows: ReadonlyMap<string, Map<string, Slot>>
  readonly #kind: Kind<any> | undefined

  constructor(kind: Kind<any> | undefined) {
    this.#kind = kind
    const own = Object.entries(kind?.indexes ?? {}).map(([name, of]): Index => ({ name, of, rows: new Map() }))
    this.#indexes = [{ name: 'scope', of: (_, key) => scopeOf(key), rows: new Map() }, ...own]
    this.#rows = new Map(this.#indexes.map(({ name, rows }) => [name, rows]))
  }

  get size(): number {
    return this.#all.length
  }

  list(where: Where | undefined): readonly Change[] {
    if (!where) return this.#all
    for (const name in where) {
      const rows = this.#rows.get(name)
      if (rows) return listed(rows.get(where[name]!))
    }
    throw new Error(`kind ${this.#kind?.id} has no index for ${JSON.stringify(where)}`)
  }

  /** Whether an object, at any revision, belongs where `where` points. */
  matches(change: Change, where: Where | undefined): boolean {
    if (!where) return true
    for (const { name, of } of this.#indexes) {
      const value = where[name]
      if (value === undefined) continue
      const own = of(change.value, change.key)
      return typeof own === 'string' ? own === value : (own?.includes(value) ?? false)
    }
    return false
  }

  /** The head of an object changes from `old` to `next`; either may be absent or a deletion. */
  turn(old: Change | undefined, next: Change | undefined): void {
    const before = old?.value === undefined ? undefined : old
    const after = next?.value === undefined ? undefined : next
    if (!before && !after) return
    const indexes = this.#indexes
    if (before && after && before.born === after.born) {
      this.#all[place(this.#all, after.born)] = after
      // by number: an iterator makes an object a step, and this is what every write goes through
      for (let i = 0; i < indexes.length; i++) {
        const index = indexes[i]!
        const was = index.of(before.value, before.key)
        const is = index.name === 'scope' ? was : index.of(after.value, after.key)
        if (was === undefined && is === undefined) continue
        if (typeof was === 'string' && was === is) exchange(index.rows, was, after)
        else if (sameValues(was, is)) for (const value of was as readonly string[]) exchange(index.rows, value, after)
        else {
          take(index.rows, was, before)
          put(index.rows, is, after)
        }
      }
      return
    }
    if (before) {
      this.#all.splice(place(this.#all, before.born), 1)
      for (const index of indexes) take(index.rows, index.of(before.value, before.key), before)
    }
    if (after) {
      insert(this.#all, after)
      for (let i = 0; i < indexes.length; i++) {
        const index = indexes[i]!
        put(index.rows, index.of(after.value, after.key), after)
      }
    }
  }
}

const listed = (slot: Slot | undefined): readonly Change[] =>
  slot === undefined ? none : Array.isArray(slot) ? slot : [slot]

function sameValues(a: string | readonly string[] | undefined, b: string | readonly string[] | undefined): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** A newer version of an object that stays where it is. */
function exchange(rows: Map<string, Slot>, value: string, change: Change): void {
  const slot = rows.get(value)!
  if (Array.isArray(slot)) slot[place(slot, change.born)] = change
  else rows.set(value, change)
}

function put(rows: Map<string, Slot>, values: string | readonly string[] | undefined, change: Change): void {
  if (typeof values === 'string') putOne(rows, values, change)
  else if (values) for (const value of values) putOne(rows, value, change)
}

function putOne(rows: Map<string, Slot>, value: string, change: Change): void {
  const slot = rows.get(value)
  if (slot === undefined) rows.set(value, change)
  else if (Array.isArray(slot)) insert(slot, change)
  else rows.set(value, slot.born < change.born ? [slot, change] : [change, slot])
}

/** Newcomers are nearly always the youngest. */
function insert(row: Row, change: Change): void {
  const at = place(row, change.born)
  if (at === row.length) row.push(change)
  else row.splice(at, 0, change)
}

function take(rows: Map<string, Slot>, values: string | readonly string[] | undefined, change: Change): void {
  if (typeof values === 'string') takeOne(rows, values, change)
  else if (values) for (const value of values) takeOne(rows, value, change)
}

function takeOne(rows: Map<string, Slot>, value: string, change: Change): void {
  const slot = rows.get(value)
  if (!Array.isArray(slot) || slot.length === 1) rows.delete(value)
  else slot.splice(place(slot, change.born), 1)
}

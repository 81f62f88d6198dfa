import type { Change, Reason } from './change'
import { type Key, type Kind, kindIdOf, kindOf, type Where, type World } from './kind'
import { Table } from './table'

/** A chain longer than this gets an array beside it, so that old versions are found by binary search. */
const LONG_CHAIN = 48

/**
 * The store is etcd: each write appends one immutable Change. `heads` is the present, each key's `previous` chain its
 * past, the log the world's past. A snapshot is a revision number.
 */
export class Store implements World {
  now = 0
  revision = 0
  #log: Change[] = []
  /** Revision of the first change in the log, minus one. */
  #horizon = 0
  /** Inputs from before the horizon: never compacted away. */
  readonly #kept = new Map<number, Change>()
  readonly #heads = new Map<Key, Change>()
  readonly #tables = new Map<string, Table>()
  readonly #versions = new Map<Key, Change[]>()

  /** History begins after this revision. */
  get horizon(): number {
    return this.#horizon
  }

  get<T>(key: Key<T>): T | undefined {
    return this.#heads.get(key)?.value
  }

  head<T>(key: Key<T>): Change<T> | undefined {
    const head = this.#heads.get(key)
    return head?.value === undefined ? undefined : head
  }

  /** The newest Change of a key, a deletion included. */
  latest<T>(key: Key<T>): Change<T> | undefined {
    return this.#heads.get(key)
  }

  list<T>(kind: Kind<T>, where?: Where): readonly Change<T>[] {
    return this.#table(kind.id).list(where)
  }

  count(kind: Kind<any>): number {
    return this.#table(kind.id).size
  }

  change(revision: number): Change | undefined {
    return this.#log[revision - this.#horizon - 1] ?? this.#kept.get(revision)
  }

  getAt<T>(key: Key<T>, revision: number): T | undefined {
    return this.changeAt(key, revision)?.value
  }

  /** The newest Change of the key that is not younger than `revision`. */
  changeAt<T>(key: Key<T>, revision: number): Change<T> | undefined {
    let change = this.#heads.get(key)
    for (let steps = 0; change && change.revision > revision; change = change.previous) {
      if (++steps > LONG_CHAIN) return search(this.#chain(key), revision)
    }
    return change
  }

  /** All objects of a kind as they were after `revision`, in order of creation. */
  listAt<T>(kind: Kind<T>, revision: number, where?: Where): readonly Change<T>[] {
    if (revision >= this.revision) return this.list(kind, where)
    const table = this.#table(kind.id)
    const found: Change<T>[] = []
    for (const key of table.keys) {
      const change = this.changeAt(key, revision)
      if (change?.value !== undefined && table.matches(change, where)) found.push(change as Change<T>)
    }
    return found.sort((a, b) => a.born - b.born)
  }

  /** The world as it was after `revision`, to read from. */
  at(revision: number): World {
    if (revision >= this.revision) return this
    const past = this.change(revision)?.at ?? 0
    return {
      now: past,
      revision,
      get: (key) => this.getAt(key, revision),
      head: (key) => {
        const change = this.changeAt(key, revision)
        return change?.value === undefined ? undefined : change
      },
      getAt: (key, older) => this.getAt(key, Math.min(older, revision)),
      list: (kind, where) => this.listAt(kind, revision, where),
      at: (older) => this.at(Math.min(older, revision)),
      change: (number) => (number > revision ? undefined : this.change(number)),
    }
  }

  /** The revision of the last change made at or before `at`. */
  revisionAt(at: number): number {
    let low = 0
    let high = this.#log.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#log[middle]!.at <= at) low = middle + 1
      else high = middle
    }
    return this.#horizon + low
  }

  write(what: {
    by: string
    because: Reason
    cause: number
    key: Key
    /** Left out: the key's. */
    kind?: string
    value: unknown
    uid: string
    quiet: boolean
  }): Change {
    const previous = this.#heads.get(what.key)
    const revision = this.revision + 1
    const born = previous && previous.value !== undefined ? previous.born : revision
    const { by, because, cause, key, kind = kindIdOf(key), value, uid, quiet } = what
    const change: Change = { revision, at: this.now, by, because, cause, key, kind, uid, born, value, previous, quiet }
    this.#push(change, previous)
    return change
  }

  #push(change: Change, old: Change | undefined): void {
    this.#log.push(change)
    this.revision = change.revision
    this.#heads.set(change.key, change)
    const table = this.#table(change.kind)
    if (!old) table.keys.add(change.key)
    table.turn(old, change)
  }

  /** The whole log above the horizon; shared records, a fresh array. */
  history(): readonly Change[] {
    return this.#log.slice()
  }

  /** Changes after `revision`, oldest first. */
  since(revision: number): readonly Change[] {
    return this.#log.slice(Math.max(0, revision - this.#horizon))
  }

  /** Takes back every change after `revision`: each object goes to its version of then in one turn. */
  rewind(revision: number): void {
    const keep = Math.max(0, revision - this.#horizon)
    if (keep >= this.#log.length) return
    this.#versions.clear()
    const touched = new Set<Key>()
    for (let i = keep; i < this.#log.length; i++) touched.add(this.#log[i]!.key)
    this.#log.length = keep
    this.revision = this.#horizon + keep
    for (const key of touched) {
      const head = this.#heads.get(key)!
      let then: Change | undefined = head
      while (then && then.revision > this.revision) then = then.previous
      const table = this.#table(head.kind)
      table.turn(head, then)
      if (then) this.#heads.set(key, then)
      else {
        this.#heads.delete(key)
        table.keys.delete(key)
      }
    }
  }

  /** Makes the present follow another history that begins with the same records: rewinds to where they part (which it gives back), then replays. */
  follow(history: readonly Change[]): number {
    let low = 0
    let high = Math.min(history.length, this.#log.length)
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#log[middle] === history[middle]) low = middle + 1
      else high = middle
    }
    const parting = this.#horizon + low
    this.rewind(parting)
    const newest = new Map<Key, Change>()
    for (let i = low; i < history.length; i++) {
      const change = history[i]!
      this.#log.push(change)
      newest.set(change.key, change)
    }
    this.revision = this.#horizon + this.#log.length
    for (const [key, change] of newest) {
      const table = this.#table(change.kind)
      table.turn(this.#heads.get(key), change)
      table.keys.add(key)
      this.#heads.set(key, change)
    }
    return parting
  }

  /** Forgets versions older than the newest one at or before `revision`; changes that `keep` names stay findable by number. */
  compact(revision: number, keep: (change: Change) => boolean): void {
    if (revision <= this.#horizon) return
    this.#versions.clear()
    for (const change of this.#log.slice(0, revision - this.#horizon)) {
      if (keep(change)) this.#kept.set(change.revision, change)
    }
    for (const [key, head] of this.#heads) {
      let change: Change | undefined = head
      while (change && change.revision > revision) change = change.previous
      if (!change) continue
      change.previous = undefined
      if (change === head && head.value === undefined) {
        this.#heads.delete(key)
        this.#table(head.kind).keys.delete(key)
      }
    }
    this.#log = this.#log.slice(revision - this.#horizon)
    this.#horizon = revision
  }

  #table(id: string): Table {
    let table = this.#tables.get(id)
    if (!table) {
      table = new Table(kindOf(id))
      this.#tables.set(id, table)
    }
    return table
  }

  /** All versions of a key, oldest first; kept up to date by what has been added since the last look. */
  #chain(key: Key): Change[] {
    let versions = this.#versions.get(key)
    if (!versions) {
      versions = []
      this.#versions.set(key, versions)
    }
    const newest = versions[versions.length - 1]
    const added: Change[] = []
    for (let c = this.#heads.get(key); c && c !== newest; c = c.previous) added.push(c)
    for (let i = added.length - 1; i >= 0; i--) versions.push(added[i]!)
    return versions
  }
}

function search(versions: readonly Change[], revision: number): Change | undefined {
  let low = 0
  let high = versions.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (versions[middle]!.revision <= revision) low = middle + 1
    else high = middle
  }
  return versions[low - 1]
}

import type { Change } from './change'
import type { Key } from './key'

export type { Key } from './key'

/** Where to look among the objects of a kind: the scope, or one of the kind's own indexes. */
export type Where = Readonly<Record<string, string>>

/** Gives the index value (or values) under which an object is found; undefined: not in this index. */
export type IndexBy<T> = (value: T, key: Key<T>) => string | readonly string[] | undefined

export interface Kind<T> {
  /** `room/Kind`, e.g. `platform/Machine`. */
  readonly id: string
  readonly about: string
  readonly indexes: Readonly<Record<string, IndexBy<T>>>
  /** Changes of a quiet kind are no step of the time line (log lines, leases, counters). */
  readonly quiet: boolean
  key(scope: string, name: string): Key<T>
}

const kinds = new Map<string, Kind<any>>()

/** Declares a kind of object. Every object of it is plain immutable data of type T. */
export function defineKind<T>(
  id: string,
  options: { about: string; indexes?: Record<string, IndexBy<T>>; quiet?: boolean },
): Kind<T> {
  const prefix = `${id}/`
  const kind: Kind<T> = {
    id,
    about: options.about,
    indexes: options.indexes ?? {},
    quiet: options.quiet ?? false,
    key: (scope, name) => `${prefix}${scope}/${name}`,
  }
  kinds.set(id, kind)
  return kind
}

/** The kind with this id (`platform/Machine`), or undefined. */
export function kindOf(id: string): Kind<any> | undefined {
  return kinds.get(id)
}

/** `kubernetes/Pod/default/web-1` → its parts. Names may contain slashes, rooms, kinds and scopes may not. */
export function partsOf(key: Key): { kind: string; scope: string; name: string } {
  const room = key.indexOf('/')
  const kind = key.indexOf('/', room + 1)
  const scope = key.indexOf('/', kind + 1)
  return { kind: key.slice(0, kind), scope: key.slice(kind + 1, scope), name: key.slice(scope + 1) }
}

/** The scope alone: asked at every write. */
export function scopeOf(key: Key): string {
  const kind = key.indexOf('/', key.indexOf('/') + 1)
  return key.slice(kind + 1, key.indexOf('/', kind + 1))
}

export function kindIdOf(key: Key): string {
  return key.slice(0, key.indexOf('/', key.indexOf('/') + 1))
}

/** What may be read. Lists come in order of creation and are valid until the next write. */
export interface World {
  readonly now: number
  readonly revision: number
  /** The object under the key, or undefined. The same reference until the object changes. */
  get<T>(key: Key<T>): T | undefined
  /** The newest Change of the object that exists under the key (its value is never undefined), or undefined. */
  head<T>(key: Key<T>): Change<T> | undefined
  /** The object as it was after `revision`. */
  getAt<T>(key: Key<T>, revision: number): T | undefined
  /** All objects of a kind, as their newest Changes, in order of creation. `where`: one index, or `{scope}`. */
  list<T>(kind: Kind<T>, where?: Where): readonly Change<T>[]
  /** The world as it was after `revision`. */
  at(revision: number): World
  /** The Change with this number, unless compaction has dropped it. */
  change(revision: number): Change | undefined
}

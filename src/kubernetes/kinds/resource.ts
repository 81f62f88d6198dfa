import type { Change } from '../../engine/change'
import type { Kind, World } from '../../engine/kind'
import type { FieldError } from '../api/field-error'
import type { NameRule } from '../api/name-rules'
import type { Verb } from '../api/request'
import type { KubeObject } from './meta'
import type { ObjectField } from './schema'

export type Cell = string | number

export interface Column {
  readonly name: string
  /** Shown only with `-o wide`. */
  readonly wide?: boolean
  readonly about?: string
}

/** What cells may depend on besides the object. */
export interface Reading {
  /** Cut long cells, as old printers did; the server never does. */
  readonly short?: boolean
  /** Simulated time. */
  readonly now: number
}

/**
 * A resource of the API: everything that is known of a kind. After the registry strategies, validation and printers of
 * the real API server, one of which this is for its kind.
 */
export interface Resource<T extends KubeObject = any> {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  /** `all`: shown by `kubectl get all`. */
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly verbs: readonly Verb[]
  readonly subresources: readonly ('status' | 'scale' | 'log' | 'exec' | 'binding' | 'eviction' | 'finalize')[]
  /** Where the objects are. */
  readonly store: Kind<T>
  readonly schema: ObjectField
  readonly nameRule: NameRule
  /** The generation counts changes of everything but metadata and status. */
  readonly counted: boolean
  /** The object as it is stored when it is new: defaults filled in, a client's status replaced. Pure, and cheap for shared parts. */
  readonly complete: (object: T) => T
  /** What a new object begins with; undefined: it has no status. */
  readonly freshStatus?: (object: T) => unknown
  /** What a change takes away by itself: fields that belonged to what the object was before. */
  readonly release?: (object: T, old: T) => T
  readonly validate: (object: T, old: T | undefined) => readonly FieldError[]
  readonly columns: readonly Column[]
  readonly cells: (object: T, reading: Reading) => readonly Cell[]
  /** Values for field selectors, besides metadata.name and metadata.namespace. */
  readonly selectable?: (object: T) => Readonly<Record<string, string>>
  /** What is filled in when the object is read: values that are a function of time or of the uid. */
  readonly present?: (object: T, world: World, change: Change<T>) => T
  /** Objects that are not stored but made from others when they are read. */
  readonly derive?: (world: World) => readonly Change<T>[]
  /** So long after its last change an object is gone, without anybody deleting it. Simplified: a watch is not told. */
  readonly livesMillis?: number
  /** A warning with every answer. */
  readonly deprecated?: string
  /** The reverse of `present` for an object that a client sends back. */
  readonly absorb?: (object: T) => T
}

/** A resource that Kubernetes 1.34 serves and Drydock does not have. */
export interface UnmodelledResource {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly plural: string
  readonly shortNames: readonly string[]
  readonly namespaced: boolean
}

export const ALL_VERBS: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
]

export const apiVersionOf = ({ group, version }: { readonly group: string; readonly version: string }): string =>
  group === '' ? version : `${group}/${version}`

import type { Json, Millis, Revision } from './json'
import type { Key } from './key'

/**
 * Why a change was made: a sentence's id and the values that decided. A table per room renders it, so that it can be
 * translated, takes little memory, and a mended sentence changes no digest.
 */
export interface Reason {
  readonly id: string
  readonly values?: { readonly [name: string]: Json | undefined }
  /** The revisions that decided, the most telling first: the trunk of the why-chain goes along `of[0]`. */
  readonly of?: readonly Revision[]
}

/** A write that was made: one record in the log, and one link in its object's chain of versions. */
export interface Change<T = any> {
  readonly revision: Revision
  readonly at: Millis
  /** The controller or door that wrote it; `you` for an Input. */
  readonly by: string
  readonly because: Reason
  /** The revision that woke the writer; 0 where nothing did. */
  readonly cause: Revision
  readonly key: Key<T>
  /** The id of the key's kind. */
  readonly kind: string
  /** This incarnation of the object: deleted and made again under the same name, it has another. */
  readonly uid: string
  /** The revision at which this incarnation was created; lists are ordered by it. */
  readonly born: Revision
  /** The object after the change; undefined: it was deleted. */
  readonly value: T
  /** The version before, of this or of an earlier incarnation; cut off where compaction has been. */
  previous: Change<T> | undefined
  /** No step of the time line. */
  readonly quiet: boolean
}

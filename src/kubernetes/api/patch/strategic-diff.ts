import { same } from '../../../engine/edit'
import type { Field } from '../../kinds/schema'
import { copyOf, isMap, type JsonMap, type Value } from './json'
import {
  DELETE_FROM,
  DIRECTIVE,
  holdsMaps,
  inOrder,
  keyOf,
  mergingOf,
  ORDER,
  RETAIN_KEYS,
  sortedScalars,
  withoutDoubles,
} from './strategic-lists'

/** Which half of a difference is wanted. */
export interface DiffOptions {
  readonly ignoreDeletions: boolean
  readonly ignoreChanges: boolean
  readonly order: boolean
  readonly retainKeys?: boolean
}

/** The strategic merge patch from one object to another (diffMaps of apimachinery's strategicpatch). */
export function diffMaps(
  original: JsonMap,
  modified: JsonMap,
  schema: Field | undefined,
  options: DiffOptions,
): JsonMap {
  const patch: JsonMap = {}
  const retained: string[] = []
  for (const key of Object.keys(modified)) {
    const after = modified[key]!
    if (options.retainKeys && after !== null) retained.push(key)
    const before = original[key]
    if (before === undefined) {
      if (!options.ignoreChanges) patch[key] = copyOf(after)
    } else if (key === DIRECTIVE) {
      if (before !== after) patch[key] = after
    } else if (isMap(before) && isMap(after)) diffMap(key, before, after, patch, schema, options)
    else if (Array.isArray(before) && Array.isArray(after)) diffList(key, before, after, patch, schema, options)
    else if (!same(before, after) && !options.ignoreChanges) patch[key] = copyOf(after)
  }
  const gone = Object.keys(original).filter((key) => modified[key] === undefined)
  if (!options.ignoreDeletions) for (const key of gone) patch[key] = null
  if (retained.length > 0 && (Object.keys(patch).length > 0 || gone.length > 0))
    patch[RETAIN_KEYS] = sortedScalars(retained)
  return patch
}

function diffMap(
  key: string,
  before: JsonMap,
  after: JsonMap,
  patch: JsonMap,
  schema: Field | undefined,
  options: DiffOptions,
): void {
  const merging = mergingOf(schema, key)
  if (merging.strategy === 'replace') {
    if (!options.ignoreChanges && !same(before, after)) patch[key] = copyOf(after)
    return
  }
  const inner = diffMaps(before, after, merging.field, { ...options, retainKeys: merging.retainKeys })
  if (Object.keys(inner).length > 0) patch[key] = inner
}

function diffList(
  key: string,
  before: Value[],
  after: Value[],
  patch: JsonMap,
  schema: Field | undefined,
  options: DiffOptions,
): void {
  const merging = mergingOf(schema, key)
  if (merging.strategy !== 'merge') {
    if (!same(before, after) && !options.ignoreChanges) patch[key] = copyOf(after)
    return
  }
  const found = diffLists(before, after, merging.field, merging.mergeKey, {
    ...options,
    retainKeys: merging.retainKeys,
  })
  if (found.added.length > 0) patch[key] = found.added
  if (found.deleted.length > 0) patch[`${DELETE_FROM}${key}`] = found.deleted
  if (found.order.length > 0) patch[`${ORDER}${key}`] = found.order
}

interface ListDiff {
  readonly added: Value[]
  readonly deleted: Value[]
  readonly order: Value[]
}

function diffLists(
  before: Value[],
  after: Value[],
  schema: Field | undefined,
  mergeKey: string,
  options: DiffOptions,
): ListDiff {
  if (before.length === 0) {
    return { added: options.ignoreChanges ? [] : copyOf(after), deleted: [], order: [] }
  }
  if (holdsMaps(before, after)) {
    const { changed, gone } = diffListsOfMaps(before, after, schema, mergeKey, options)
    const added = [...inOrder(changed, after, mergeKey), ...gone]
    const sameOrder =
      before.length === after.length &&
      before.every((item, i) => same(keyOf(item, mergeKey), keyOf(after[i]!, mergeKey)))
    const wanted =
      options.order &&
      ((!options.ignoreChanges && (added.length > 0 || !sameOrder)) || (!options.ignoreDeletions && added.length > 0))
    return { added, deleted: [], order: wanted ? after.map((item) => ({ [mergeKey]: keyOf(item, mergeKey) })) : [] }
  }
  const { added, deleted } = diffScalars(before, after, options)
  const wanted =
    options.order &&
    ((!options.ignoreDeletions && deleted.length > 0) || (!options.ignoreChanges && !same(before, after)))
  return { added: inOrder(added, after, ''), deleted, order: wanted ? copyOf(after) : [] }
}

const text = (value: Value) => (typeof value === 'string' ? value : JSON.stringify(value))

function diffScalars(before: Value[], after: Value[], options: DiffOptions): { added: Value[]; deleted: Value[] } {
  const [was, is] = [sortedScalars(before), sortedScalars(after)]
  const added: Value[] = []
  const deleted: Value[] = []
  let i = 0
  let j = 0
  while (i < was.length || j < is.length) {
    const order = i >= was.length ? 1 : j >= is.length ? -1 : compare(text(was[i]!), text(is[j]!))
    if (order === 0) {
      i++
      j++
    } else if (order < 0) {
      if (!options.ignoreDeletions) deleted.push(was[i]!)
      i++
    } else {
      if (!options.ignoreChanges) added.push(is[j]!)
      j++
    }
  }
  return { added, deleted: withoutDoubles(deleted) }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function diffListsOfMaps(
  before: Value[],
  after: Value[],
  schema: Field | undefined,
  mergeKey: string,
  options: DiffOptions,
) {
  const byKey = (list: Value[]) =>
    list.slice().sort((a, b) => compare(text(keyOf(a, mergeKey)), text(keyOf(b, mergeKey))))
  const [was, is] = [byKey(before), byKey(after)]
  const changed: Value[] = []
  const gone: Value[] = []
  let i = 0
  let j = 0
  while (i < was.length || j < is.length) {
    const order =
      i >= was.length ? 1 : j >= is.length ? -1 : compare(text(keyOf(was[i]!, mergeKey)), text(keyOf(is[j]!, mergeKey)))
    if (order === 0) {
      const inner = diffMaps(was[i] as JsonMap, is[j] as JsonMap, schema, options)
      if (Object.keys(inner).length > 0) changed.push({ ...inner, [mergeKey]: keyOf(is[j]!, mergeKey) })
      i++
      j++
    } else if (order < 0) {
      if (!options.ignoreDeletions) gone.push({ [mergeKey]: keyOf(was[i]!, mergeKey), [DIRECTIVE]: 'delete' })
      i++
    } else {
      if (!options.ignoreChanges) changed.push(copyOf(is[j]!))
      j++
    }
  }
  return { changed, gone }
}

import { same } from '../../../engine/edit'
import type { Field } from '../../kinds/schema'
import { copyOf, isMap, type JsonMap, PatchError, type Value } from './json'
import { diffMaps } from './strategic-diff'
import {
  checkOrder,
  DELETE_FROM,
  DIRECTIVE,
  holdsMaps,
  keyOf,
  mergingOf,
  ORDER,
  orderAfterMerge,
  placeOf,
  RETAIN_KEYS,
  reordered,
  sortedScalars,
  withoutDirectives,
  withoutDoubles,
} from './strategic-lists'

/** `onto`: what is merged into is an object (directives are carried out), or another patch (they are handed on). */
type Onto = 'object' | 'patch'

/** Applies a strategic merge patch to an object. Throws PatchError. */
export function applyStrategicPatch(original: JsonMap, patch: JsonMap, schema: Field): JsonMap {
  return mergeMap(copyOf(original), copyOf(patch), schema, 'object')
}

/** The patch from one version of an object to another. */
export const createStrategicPatch = (original: JsonMap, modified: JsonMap, schema: Field): JsonMap =>
  diffMaps(original, modified, schema, { ignoreDeletions: false, ignoreChanges: false, order: true })

/**
 * What `kubectl apply` sends: changes from the live object to the new one, without deletions, and deletions from what was
 * last applied to the new one. With `overwrite` false, disagreement with changes made by others is an error.
 */
export function threeWayStrategicPatch(
  original: JsonMap,
  modified: JsonMap,
  current: JsonMap,
  schema: Field,
  overwrite = true,
): JsonMap {
  const changes = diffMaps(current, modified, schema, { ignoreDeletions: true, ignoreChanges: false, order: true })
  const deletions = diffMaps(original, modified, schema, { ignoreDeletions: false, ignoreChanges: true, order: true })
  const patch = mergeMap(deletions, changes, schema, 'patch')
  if (!overwrite) {
    const others = diffMaps(original, current, schema, { ignoreDeletions: false, ignoreChanges: false, order: false })
    if (strategicConflict(patch, others, schema)) {
      throw new PatchError(
        `patch:\n${JSON.stringify(patch)}\nconflicts with changes made from original to current:\n${JSON.stringify(others)}\n`,
      )
    }
  }
  return patch
}

/** Merges in place; both are copies of ours. */
function mergeMap(original: JsonMap, patch: JsonMap, schema: Field | undefined, onto: Onto): JsonMap {
  const directive = patch[DIRECTIVE]
  if (directive !== undefined) {
    if (directive === 'replace') {
      delete patch[DIRECTIVE]
      return patch
    }
    if (directive === 'delete') return {}
    throw new PatchError(`unknown patch type found: ${JSON.stringify(directive)}`)
  }
  retainKeys(original, patch, onto)
  mergeOrderedLists(original, patch, schema, onto)
  for (const key of Object.keys(patch)) mergeKeyInto(original, patch, key, schema, onto)
  return original
}

function mergeKeyInto(
  original: JsonMap,
  patch: JsonMap,
  patchKey: string,
  schema: Field | undefined,
  onto: Onto,
): void {
  const deletes = patchKey.startsWith(DELETE_FROM)
  if (deletes && onto === 'patch') {
    original[patchKey] = patch[patchKey]!
    return
  }
  const key = deletes ? patchKey.slice(DELETE_FROM.length) : patchKey
  const value = patch[patchKey]!
  if (value === null) {
    delete original[key]
    if (onto === 'object') return
  }
  const present = original[key]
  if (present === undefined) {
    if (deletes) return
    const taken = onto === 'object' ? withoutDirectives(withoutNulls(value)) : value
    if (taken !== undefined) original[key] = taken
    return
  }
  const merging = mergingOf(schema, key)
  if (isMap(present) && isMap(value)) {
    original[key] = merging.strategy === 'replace' ? value : mergeMap(present, value, merging.field, onto)
  } else if (Array.isArray(present) && Array.isArray(value)) {
    original[key] =
      merging.strategy === 'merge' || deletes
        ? mergeList(present, value, merging.field, merging.mergeKey, onto, deletes)
        : value
  } else if (!deletes) original[key] = onto === 'object' ? withoutNulls(value) : value
}

/** A patch's nulls mean nothing where there is nothing to delete. */
function withoutNulls(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isMap(value)) return value
  const kept: JsonMap = {}
  for (const key of Object.keys(value)) if (value[key] !== null) kept[key] = withoutNulls(value[key]!)
  return kept
}

function retainKeys(original: JsonMap, patch: JsonMap, onto: Onto): void {
  const given = patch[RETAIN_KEYS]
  if (given === undefined) return
  delete patch[RETAIN_KEYS]
  if (onto === 'patch') {
    const own = original[RETAIN_KEYS]
    if (own !== undefined && !same(own, given))
      throw new PatchError('$retainKeys list in patch is different from the one in original')
    original[RETAIN_KEYS] = given
    return
  }
  const kept = new Set(Array.isArray(given) ? given : [])
  for (const key of Object.keys(patch)) {
    if (patch[key] === null || key.startsWith(DELETE_FROM) || key.startsWith(ORDER)) continue
    if (!kept.has(key))
      throw new PatchError('$retainKeys directive must be a list of all the keys that are present in the patch')
  }
  for (const key of Object.keys(original)) if (!kept.has(key)) delete original[key]
}

/** Lists whose order the patch demands; what is done here is taken out of the patch. */
function mergeOrderedLists(original: JsonMap, patch: JsonMap, schema: Field | undefined, onto: Onto): void {
  for (const orderKey of Object.keys(patch).filter((key) => key.startsWith(ORDER))) {
    const order = patch[orderKey]!
    if (!Array.isArray(order)) throw new PatchError('invalid $setElementOrder list')
    if (onto === 'patch') {
      const own = original[orderKey]
      if (own !== undefined && !same(own, order))
        throw new PatchError('$setElementOrder lists in patch and original differ')
      original[orderKey] = order
    }
    delete patch[orderKey]
    const key = orderKey.slice(ORDER.length)
    const { field, strategy, mergeKey } = mergingOf(schema, key)
    const present = original[key]
    const items = patch[key]
    if (Array.isArray(items)) checkOrder(items, order, mergeKey)
    let merged: Value[]
    let serverOrder = Array.isArray(present) ? present : []
    if (Array.isArray(present) && Array.isArray(items)) {
      serverOrder = onto === 'object' ? orderAfterMerge(present, items, mergeKey) : present
      merged = strategy === 'merge' ? mergeList(present, items, field, mergeKey, onto, false) : items
    } else if (Array.isArray(present)) merged = present
    else if (Array.isArray(items))
      merged =
        onto === 'object'
          ? ((withoutDirectives(withoutNulls(items)) as Value[] | undefined) ?? [])
          : items.filter((item) => !isMap(item) || item[DIRECTIVE] === undefined)
    else continue
    original[key] = reordered(merged, order, serverOrder, mergeKey)
    delete patch[key]
  }
}

function mergeList(
  original: Value[],
  patch: Value[],
  schema: Field | undefined,
  mergeKey: string,
  onto: Onto,
  deletes: boolean,
): Value[] {
  if (original.length === 0 && patch.length === 0) return original
  if (!holdsMaps(original, patch)) {
    if (onto === 'object' && deletes) return original.filter((item) => !patch.some((gone) => same(gone, item)))
    const merged = withoutDoubles([...original, ...patch])
    return reordered(merged, patch, original, '')
  }
  if (mergeKey === '') throw new PatchError('cannot merge lists without merge key')
  const { kept, plain } = carriedOut(original, patch, mergeKey, onto)
  const merged = kept.slice()
  for (const item of plain) {
    const at = placeOf(merged, { [mergeKey]: keyOf(item, mergeKey) }, mergeKey)
    if (at < 0) merged.push(onto === 'object' ? ((withoutDirectives(withoutNulls(item)) ?? {}) as Value) : item)
    else merged[at] = mergeMap(merged[at] as JsonMap, item as JsonMap, schema, onto)
  }
  return reordered(merged, plain, kept, mergeKey)
}

/** Carries out the `$patch` directives among the items of a list. On a patch, deletions are handed on. */
function carriedOut(
  original: Value[],
  patch: Value[],
  mergeKey: string,
  onto: Onto,
): { kept: Value[]; plain: Value[] } {
  let kept = original
  const plain: Value[] = []
  let replace = false
  for (const item of patch) {
    const directive = isMap(item) ? item[DIRECTIVE] : undefined
    if (directive === undefined) plain.push(item)
    else if (directive === 'delete') {
      if (onto === 'patch') plain.push(item)
      else kept = kept.filter((other) => !same((other as JsonMap)[mergeKey], keyOf(item, mergeKey)))
    } else if (directive === 'replace') replace = true
    else if (directive === 'merge') throw new PatchError('merging lists cannot yet be specified in the patch')
    else throw new PatchError(`unknown patch type found: ${JSON.stringify(directive)}`)
  }
  return replace ? { kept: plain, plain: [] } : { kept, plain }
}

/** Whether two patches of one object disagree. */
export function strategicConflict(left: JsonMap, right: JsonMap, schema: Field | undefined): boolean {
  return Object.keys(left).some((key) => {
    if (key === DIRECTIVE || key === RETAIN_KEYS || right[key] === undefined) return false
    const { field, strategy, mergeKey } = mergingOf(schema, key)
    return valuesConflict(left[key]!, right[key]!, field, strategy, mergeKey)
  })
}

function valuesConflict(
  left: Value,
  right: Value,
  schema: Field | undefined,
  strategy: string | undefined,
  mergeKey: string,
): boolean {
  if (isMap(left)) {
    if (!isMap(right)) return true
    if (left[DIRECTIVE] !== right[DIRECTIVE]) return true
    return strategy === 'replace' ? false : strategicConflict(left, right, schema)
  }
  if (!Array.isArray(left)) return !same(left, right)
  if (!Array.isArray(right)) return true
  const maps = holdsMaps(left, right)
  if (strategy === 'merge') {
    if (!maps) return false
    return left.some((item) => {
      const other = right[placeOf(right, item, mergeKey)]
      return other !== undefined && valuesConflict(item, other, schema, undefined, '')
    })
  }
  if (left.length !== right.length) return true
  const [a, b] = maps ? [left, right] : [withoutDoubles(sortedScalars(left)), withoutDoubles(sortedScalars(right))]
  return a.some((item, i) => valuesConflict(item, b[i] ?? null, schema, undefined, ''))
}

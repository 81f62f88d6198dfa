import { same } from '../../../engine/edit'
import type { Field } from '../../kinds/schema'
import { isMap, type JsonMap, PatchError, type Value } from './json'

export const DIRECTIVE = '$patch'
export const RETAIN_KEYS = '$retainKeys'
export const ORDER = '$setElementOrder/'
export const DELETE_FROM = '$deleteFromPrimitiveList/'

/** How a field merges. Fields that the schema does not know merge as maps and replace as lists. */
export interface Merging {
  readonly field: Field | undefined
  readonly strategy: 'merge' | 'replace' | undefined
  readonly retainKeys: boolean
  readonly mergeKey: string
}

export function mergingOf(schema: Field | undefined, key: string): Merging {
  const field = schema?.type === 'object' ? schema.fields[key] : schema?.type === 'map' ? schema.items : undefined
  const strategy = field?.strategy
  return {
    field: field?.type === 'list' ? field.items : field,
    strategy:
      strategy === 'replace'
        ? 'replace'
        : strategy === 'merge' || strategy === 'merge,retainKeys'
          ? 'merge'
          : undefined,
    retainKeys: strategy === 'retainKeys' || strategy === 'merge,retainKeys',
    mergeKey: (field?.type === 'list' && field.mergeKey) || '',
  }
}

/** Whether a list holds objects; scalars count where both are empty. */
export function holdsMaps(...lists: readonly (readonly Value[] | undefined)[]): boolean {
  for (const list of lists) {
    for (const item of list ?? []) {
      if (Array.isArray(item)) throw new PatchError('lists of lists are not supported')
      return isMap(item)
    }
  }
  return false
}

export function keyOf(item: Value, mergeKey: string): Value {
  const key = isMap(item) ? item[mergeKey] : undefined
  if (key === undefined)
    throw new PatchError(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`)
  return key
}

const matchesItem = (mergeKey: string, item: Value) => (other: Value) =>
  mergeKey === '' || !isMap(item) ? same(other, item) : isMap(other) && same(other[mergeKey], item[mergeKey])

export const placeOf = (list: readonly Value[], item: Value, mergeKey: string): number =>
  list.findIndex(matchesItem(mergeKey, item))

const text = (value: Value) => (typeof value === 'string' ? value : JSON.stringify(value))

export function sortedScalars(list: readonly Value[]): Value[] {
  return list.slice().sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0))
}

export function withoutDoubles(list: readonly Value[]): Value[] {
  return list.filter((item, i) => list.findIndex((other) => same(other, item)) === i)
}

/** Items in the order that another list gives them; deletions go last, unknown ones stay where they stand. */
export function inOrder(items: readonly Value[], order: readonly Value[], mergeKey: string): Value[] {
  const deletions = items.filter((item) => isMap(item) && item[DIRECTIVE] === 'delete')
  const rest = items.filter((item) => !deletions.includes(item))
  const placed = rest.map((item, i) => ({ item, at: placeOf(order, item, mergeKey), i }))
  placed.sort((a, b) => (a.at >= 0 && b.at >= 0 ? a.at - b.at : a.i - b.i) || a.i - b.i)
  return [...placed.map(({ item }) => item), ...deletions]
}

/** Splits a merged list into what the order names, and what only the server knows; then weaves both together. */
export function reordered(
  merged: readonly Value[],
  order: readonly Value[],
  serverOrder: readonly Value[],
  mergeKey: string,
): Value[] {
  const named = merged.filter((item) => placeOf(order, item, mergeKey) >= 0)
  const others = merged.filter((item) => placeOf(order, item, mergeKey) < 0)
  const left = inOrder(others, serverOrder, mergeKey)
  const right = inOrder(named, order, mergeKey)
  const woven: Value[] = []
  let i = 0
  let j = 0
  while (i < left.length || j < right.length) {
    if (i >= left.length) woven.push(right[j++]!)
    else if (j >= right.length) woven.push(left[i++]!)
    else {
      const a = placeOf(serverOrder, left[i]!, mergeKey)
      const b = placeOf(serverOrder, right[j]!, mergeKey)
      woven.push(a >= 0 && b >= 0 && a < b ? left[i++]! : right[j++]!)
    }
  }
  return woven
}

/**
 * The server's order as upstream sees it after a merge: its lists share memory, so what is appended fills the places that
 * deletions have left. Two rows of its test table depend on it.
 */
export function orderAfterMerge(original: readonly Value[], patch: readonly Value[], mergeKey: string): Value[] {
  const order = original.slice()
  if (!holdsMaps(original, patch) || mergeKey === '') return order
  let length = order.length
  const isDeletion = (item: Value) => isMap(item) && item[DIRECTIVE] === 'delete'
  for (const item of patch.filter(isDeletion)) {
    for (let i = 0; i < length; ) {
      if (!matchesItem(mergeKey, item)(order[i]!)) {
        i++
        continue
      }
      order.copyWithin(i, i + 1, length)
      length--
    }
  }
  for (const item of patch) {
    if (isDeletion(item) || length >= order.length || placeOf(order.slice(0, length), item, mergeKey) >= 0) continue
    order[length++] = item
  }
  return order
}

/** The items of a patch must come in the order that the patch itself demands. */
export function checkOrder(items: readonly Value[], order: readonly Value[], mergeKey: string): void {
  const kept = items.filter((item) => !(isMap(item) && item[DIRECTIVE] === 'delete'))
  let next = 0
  for (const one of order) {
    if (next >= kept.length) return
    if (matchesItem(mergeKey, kept[next]!)(one)) next++
  }
  if (next < kept.length) {
    throw new PatchError(
      `The order in patch list:\n${JSON.stringify(kept)}\n doesn't match $setElementOrder list:\n${JSON.stringify(order)}\n`,
    )
  }
}

/** Items without deletions and directives, as a list that is new stands in the object. */
export function withoutDirectives(value: Value): Value | undefined {
  if (Array.isArray(value)) return value.map(withoutDirectives).filter((item) => item !== undefined)
  if (!isMap(value)) return value
  if (value[DIRECTIVE] === 'delete') return undefined
  const kept: JsonMap = {}
  for (const key of Object.keys(value)) {
    if (key === DIRECTIVE || key === RETAIN_KEYS || key.startsWith(ORDER) || key.startsWith(DELETE_FROM)) continue
    const inner = withoutDirectives(value[key]!)
    if (inner !== undefined) kept[key] = inner
  }
  return kept
}

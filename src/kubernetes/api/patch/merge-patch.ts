import { same } from '../../../engine/edit'
import { copyOf, isMap, type JsonMap, type Value } from './json'

/** RFC 7386: objects merge, null deletes, everything else replaces. */
export function applyMergePatch(original: Value | undefined, patch: Value): Value {
  if (!isMap(patch)) return copyOf(patch)
  const result: JsonMap = isMap(original) ? { ...original } : {}
  for (const key of Object.keys(patch)) {
    const value = patch[key]!
    if (value === null) delete result[key]
    else result[key] = applyMergePatch(result[key], value)
  }
  return result
}

/** The merge patch that turns `from` into `to`. */
export function createMergePatch(from: JsonMap, to: JsonMap): JsonMap {
  const patch: JsonMap = {}
  for (const key of Object.keys(to)) {
    const [a, b] = [from[key], to[key]!]
    if (a === undefined) patch[key] = copyOf(b)
    else if (isMap(a) && isMap(b)) {
      const inner = createMergePatch(a, b)
      if (Object.keys(inner).length > 0) patch[key] = inner
    } else if (!same(a, b)) patch[key] = copyOf(b)
  }
  for (const key of Object.keys(from)) if (to[key] === undefined) patch[key] = null
  return patch
}

/**
 * What `kubectl apply` sends for kinds without a schema: additions and changes from the live object to the new one, and
 * deletions from what was last applied to the new one.
 */
export function threeWayMergePatch(original: JsonMap | null, modified: JsonMap, current: JsonMap): JsonMap {
  const changes = withoutNulls(createMergePatch(current, modified))
  const deletions = onlyNulls(createMergePatch(original ?? {}, modified))
  return applyKeepingNulls(changes, deletions)
}

/** A patch on a patch: nulls stay, they are its deletions. */
function applyKeepingNulls(target: JsonMap, patch: JsonMap): JsonMap {
  const result: JsonMap = { ...target }
  for (const key of Object.keys(patch)) {
    const [a, b] = [result[key], patch[key]!]
    result[key] = isMap(a) && isMap(b) ? applyKeepingNulls(a, b) : b
  }
  return result
}

/** Only the deletions of a patch. Lists are no place for them. */
export function onlyNulls(patch: JsonMap): JsonMap {
  const kept: JsonMap = {}
  for (const key of Object.keys(patch)) {
    const value = patch[key]!
    if (value === null) kept[key] = null
    else if (isMap(value)) {
      const inner = onlyNulls(value)
      if (Object.keys(inner).length > 0) kept[key] = inner
    }
  }
  return kept
}

/** All but the deletions of a patch. */
export function withoutNulls(patch: JsonMap): JsonMap {
  const kept: JsonMap = {}
  for (const key of Object.keys(patch)) {
    const value = patch[key]!
    if (value === null) continue
    if (!isMap(value)) kept[key] = value
    else if (Object.keys(value).length === 0) kept[key] = value
    else {
      const inner = withoutNulls(value)
      if (Object.keys(inner).length > 0) kept[key] = inner
    }
  }
  return kept
}

/** Whether two patches disagree on something that both set. Lists are compared place by place. */
export function patchesConflict(a: Value, b: Value): boolean {
  if (isMap(a)) {
    if (!isMap(b)) return true
    return Object.keys(a).some((key) => b[key] !== undefined && patchesConflict(a[key]!, b[key]!))
  }
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return true
    return a.some((item, i) => patchesConflict(item, b[i]!))
  }
  return a !== b
}

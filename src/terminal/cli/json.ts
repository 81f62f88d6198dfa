/** A copy with the keys of every object in order, as Go writes maps. */
export function sortedKeys<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sortedKeys) as T
  if (typeof value !== 'object' || value === null) return value
  const map = value as Record<string, unknown>
  const sorted: Record<string, unknown> = {}
  for (const key of Object.keys(map).sort((a, b) => (a < b ? -1 : 1)))
    if (map[key] !== undefined) sorted[key] = sortedKeys(map[key])
  return sorted as T
}

/** Go's encoding/json writes `<`, `>` and `&` as escapes. */
export const escapedJson = (value: unknown, space?: number): string =>
  JSON.stringify(value, undefined, space).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Four blanks a level, keys sorted. */
export const printJson = (value: unknown): string => `${escapedJson(sortedKeys(value), 4)}\n`

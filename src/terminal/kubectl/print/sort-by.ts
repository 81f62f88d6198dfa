import { parseQuantity } from '../../../kubernetes'
import { relaxedPath } from './custom-columns'
import { findValues } from './jsonpath'

/** Sorts by the value of a field; what lacks it comes first. A field that nothing has is an error. Stable. */
export function sortedBy<T>(
  items: readonly T[],
  field: string,
  objectOf: (item: T) => unknown,
): { readonly items: readonly T[] } | { readonly error: string } {
  const path = relaxedPath(field)
  if (path === undefined) {
    return {
      error: `unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
    }
  }
  const keyed: { item: T; i: number; value: unknown }[] = []
  for (const [i, item] of items.entries()) {
    const found = findValues(path, objectOf(item))
    if ('error' in found) return found
    keyed.push({ item, i, value: found.values[0] })
  }
  if (items.length > 0 && keyed.every(({ value }) => value === undefined)) {
    return { error: `couldn't find any field with path "${path}" in the list of objects` }
  }
  keyed.sort((a, b) => compare(a.value, b.value) || a.i - b.i)
  return { items: keyed.map(({ item }) => item) }
}

function compare(a: unknown, b: unknown): number {
  if (a === undefined || a === null || b === undefined || b === null)
    return (a === undefined || a === null ? 0 : 1) - (b === undefined || b === null ? 0 : 1)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  const [x, y] = [String(a), String(b)]
  const [p, q] = [parseQuantity(x), parseQuantity(y)]
  if (p && q) return p.nanos < q.nanos ? -1 : p.nanos > q.nanos ? 1 : 0
  return natural(x, y)
}

/** Numbers inside of texts count as numbers: `pod2` before `pod10`. */
export function natural(a: string, b: string): number {
  const [x, y] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []]
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const [p, q] = [x[i]!, y[i]!]
    if (p === q) continue
    const numeric = /^\d/.test(p) && /^\d/.test(q)
    if (numeric && Number(p) !== Number(q)) return Number(p) - Number(q)
    return p < q ? -1 : 1
  }
  return x.length - y.length
}

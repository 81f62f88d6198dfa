import { produce, setAutoFreeze } from 'immer'

type Draft<T> = T extends readonly (infer I)[]
  ? Draft<I>[]
  : T extends object
    ? { -readonly [K in keyof T]: Draft<T[K]> }
    : T

/**
 * A changed copy of one object; the same reference if the recipe changed nothing. immer works on one object at a time,
 * never on the index of the world: per object a write costs about 10 µs however large the world is.
 */
export function edit<T extends object>(object: T, recipe: (draft: Draft<T>) => void): T {
  return produce(object, (draft) => {
    recipe(draft as Draft<T>)
  })
}

/** Deep-freezes what `edit` makes: on in tests and development, where it catches writes to objects of the store. */
export function freezeEdits(on: boolean): void {
  setAutoFreeze(on)
}

/** Equal plain data: same keys with equal values (undefined counts as absent), same items in the same order. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false
    return true
  }
  if (Array.isArray(b)) return false
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  for (const key in left) if (!same(left[key], right[key])) return false
  for (const key in right) if (left[key] === undefined && right[key] !== undefined) return false
  return true
}

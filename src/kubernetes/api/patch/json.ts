/** Plain JSON that is being built; null is a value of its own here. */
export type Value = null | boolean | number | string | Value[] | JsonMap
export interface JsonMap {
  [key: string]: Value
}

/** A patch that cannot be applied: the API's words. Thrown inside this folder; `attempt` catches it at its doors. */
export class PatchError extends Error {}

export const isMap = (value: unknown): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A deep copy without undefined properties. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key]
    if (inner !== undefined) copy[key] = copyOf(inner)
  }
  return copy as T
}

/** Runs what may refuse a patch. */
export function attempt<T>(run: () => T): { readonly value: T } | { readonly error: string } {
  try {
    return { value: run() }
  } catch (error) {
    if (error instanceof PatchError) return { error: error.message }
    throw error
  }
}

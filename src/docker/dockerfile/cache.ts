import type { KeyPart, Vertex } from './vertices'

/** What became of a step: taken from the cache, or built, and what in its key was new. */
export type CacheVerdict =
  | { readonly cached: true }
  /** `not wanted`: the build was to take nothing from the cache. */
  | { readonly cached: false; readonly because: 'never built' | 'not wanted' }
  /** The first part of the key that is not as it was when this step was built last. */
  | { readonly cached: false; readonly because: KeyPart['what']; readonly was: string; readonly is: string }

/** What the cache remembers of a step. */
export type CachedStep = Pick<Vertex, 'key' | 'parts' | 'stage' | 'kind' | 'name'>

/** Steps that were built, the latest last. */
export type BuildCache = readonly CachedStep[]

/**
 * Says of each step whether the cache has it, and of a miss why: compared with the step of the same text that was built last, or else with the one
 * at the same place. `before` as the reason means that a step below was built anew.
 */
export function cacheVerdicts(vertices: readonly Vertex[], cache: BuildCache): readonly CacheVerdict[] {
  const keys = new Set(cache.map(({ key }) => key))
  const places = new Map<string, CachedStep>()
  for (const one of cache) {
    places.set(textOf(one), one)
    places.set(placeOf(one), one)
  }
  return vertices.map((vertex): CacheVerdict => {
    if (keys.has(vertex.key)) return { cached: true }
    const old = places.get(textOf(vertex)) ?? places.get(placeOf(vertex))
    if (old === undefined) return { cached: false, because: 'never built' }
    // what is the step's own is more telling than that something below it was new
    const parts = [...vertex.parts].sort((a, b) => Number(a.what === 'before') - Number(b.what === 'before'))
    for (const { what, value } of parts) {
      const was = old.parts.find((part) => part.what === what)?.value
      if (was !== undefined && was !== value) return { cached: false, because: what, was, is: value }
    }
    return { cached: false, because: 'never built' }
  })
}

const textOf = ({ stage, name }: CachedStep) => `text ${stage} ${name.slice(name.indexOf(']') + 2)}`
const placeOf = ({ stage, kind, name }: CachedStep) => `place ${stage} ${kind} ${name.slice(0, name.indexOf(']'))}`

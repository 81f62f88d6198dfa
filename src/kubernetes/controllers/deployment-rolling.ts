import { scaledValue } from '../api/int-or-percent'

/** What the arithmetic needs to know of a ReplicaSet. */
export interface SetSize {
  readonly name: string
  /** spec.replicas */
  readonly replicas: number
  readonly available: number
  /** Order of age: smaller is older. */
  readonly age: number
  /** The annotation max-replicas: desired + surge when it was last scaled. */
  readonly maxReplicas?: number | undefined
}

export interface Fenceposts {
  readonly surge: number
  readonly unavailable: number
}

/** maxSurge rounds up, maxUnavailable down; if both come to 0, one pod may be unavailable. After ResolveFenceposts. */
export function fenceposts(replicas: number, maxSurge: number | string | undefined, maxUnavailable: number | string | undefined): Fenceposts {
  const surge = scaledValue(maxSurge ?? 0, replicas, 'up') ?? 0
  const unavailable = scaledValue(maxUnavailable ?? 0, replicas, 'down') ?? 0
  return surge === 0 && unavailable === 0 ? { surge: 0, unavailable: 1 } : { surge, unavailable: Math.min(unavailable, replicas) }
}

const total = (sets: readonly SetSize[]) => sets.reduce((sum, set) => sum + set.replicas, 0)

/** How large the new ReplicaSet may be now. After NewRSNewReplicas. */
export function newSetSize(replicas: number, surge: number, newReplicas: number, all: readonly SetSize[]): number {
  const room = replicas + surge - total(all)
  if (room <= 0) return newReplicas
  return newReplicas + Math.min(room, replicas - newReplicas)
}

/**
 * How far the old ReplicaSets go down in this pass: first their unhealthy pods, oldest set first, then as many healthy ones as may be
 * missing. 10 replicas, maxUnavailable 2, old 10 of which 2 are unhealthy, new 3 of which none is ready: 13 − 8 − 3 = 2 may go, and the unhealthy two do.
 */
export function scaledDownOld(
  replicas: number,
  unavailable: number,
  newSet: SetSize | undefined,
  old: readonly SetSize[],
): { readonly sizes: ReadonlyMap<string, number>; readonly unhealthy: number } {
  const sizes = new Map(old.map((set) => [set.name, set.replicas]))
  const all = newSet ? [...old, newSet] : old
  const minAvailable = replicas - unavailable
  const newUnavailable = newSet ? newSet.replicas - newSet.available : 0
  let most = total(all) - minAvailable - newUnavailable
  if (most <= 0) return { sizes, unhealthy: 0 }
  const oldestFirst = old.slice().sort((a, b) => a.age - b.age)
  let unhealthy = 0
  for (const set of oldestFirst) {
    if (unhealthy >= most) break
    if (set.replicas === 0 || set.replicas === set.available) continue
    const gone = Math.min(most - unhealthy, set.replicas - set.available)
    sizes.set(set.name, set.replicas - gone)
    unhealthy += gone
  }
  most = all.reduce((sum, set) => sum + set.available, 0) - minAvailable
  let gone = 0
  for (const set of oldestFirst) {
    if (gone >= most) break
    const size = sizes.get(set.name)!
    if (size === 0) continue
    const less = Math.min(size, most - gone)
    sizes.set(set.name, size - less)
    gone += less
  }
  return { sizes, unhealthy }
}

/**
 * A change of spec.replicas in the middle of a rollout (or while paused) is shared out among the sets in proportion to their sizes,
 * largest first; what rounding leaves goes to the largest. After scale() and GetReplicaSetProportion.
 */
export function proportionalSizes(replicas: number, surge: number, sets: readonly SetSize[]): ReadonlyMap<string, number> {
  const allowed = replicas > 0 ? replicas + surge : 0
  const toAdd = allowed - total(sets)
  const ordered = sets.slice().sort((a, b) => b.replicas - a.replicas || (toAdd > 0 ? b.age - a.age : a.age - b.age))
  const sizes = new Map<string, number>()
  let added = 0
  for (const set of ordered) {
    let share = 0
    if (toAdd !== 0 && set.replicas !== 0) {
      const ideal = (set.replicas * (replicas + surge)) / (set.maxReplicas ?? replicas)
      const fraction = Math.floor(ideal + 0.5) - set.replicas
      const left = toAdd - added
      share = toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left)
    }
    sizes.set(set.name, set.replicas + share)
    added += share
  }
  const largest = ordered[0]
  if (largest && toAdd !== 0) sizes.set(largest.name, Math.max(0, sizes.get(largest.name)! + (toAdd - added)))
  return sizes
}

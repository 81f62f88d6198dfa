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
export function fenceposts(
  replicas: number,
  maxSurge: number | string | undefined,
  maxUnavailable: number | string | undefined,
): Fenceposts {
  const surge = scaledValue(maxSurge ?? 0, replicas, 'up') ?? 0
  const unavailable = scaledValue(maxUnavailable ?? 0, replicas, 'down') ?? 0
  return surge === 0 && unavailable === 0
    ? { surge: 0, unavailable: 1 }
    : { surge, unavailable: Math.min(unavailable, replicas) }
}

const total = (sets: readonly SetSize[]) => sets.reduce((sum, set) => sum + set.replicas, 0)

/** How large the new ReplicaSet may be now: as many as there is room for, never more than wanted. After reconcileNewReplicaSet and NewRSNewReplicas. */
export function newSetSize(replicas: number, surge: number, newReplicas: number, all: readonly SetSize[]): number {
  if (newReplicas >= replicas) return replicas
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
  const all = newSet ? [...old, newSet] : old
  const newUnavailable = newSet ? newSet.replicas - newSet.available : 0
  const most = total(all) - (replicas - unavailable) - newUnavailable
  if (most <= 0) return { sizes: new Map(old.map((set) => [set.name, set.replicas])), unhealthy: 0 }
  const { sizes, gone } = withoutUnhealthy(old, most)
  const available = all.reduce((sum, set) => sum + set.available, 0)
  return { sizes: withoutSurplus(old, sizes, available - (replicas - unavailable)), unhealthy: gone }
}

const oldestFirst = (sets: readonly SetSize[]) => sets.slice().sort((a, b) => a.age - b.age)

/** Takes away pods that are not available, at most so many. After cleanupUnhealthyReplicas. */
export function withoutUnhealthy(
  old: readonly SetSize[],
  most: number,
): { readonly sizes: ReadonlyMap<string, number>; readonly gone: number } {
  const sizes = new Map(old.map((set) => [set.name, set.replicas]))
  let gone = 0
  for (const set of oldestFirst(old)) {
    if (gone >= most) break
    if (set.replicas === 0 || set.replicas === set.available) continue
    const less = Math.min(most - gone, set.replicas - set.available)
    sizes.set(set.name, set.replicas - less)
    gone += less
  }
  return { sizes, gone }
}

/** Takes away any pods, at most so many. After scaleDownOldReplicaSetsForRollingUpdate. */
export function withoutSurplus(
  old: readonly SetSize[],
  present: ReadonlyMap<string, number>,
  most: number,
): ReadonlyMap<string, number> {
  const sizes = new Map(present)
  let gone = 0
  for (const { name } of oldestFirst(old)) {
    if (gone >= most) break
    const less = Math.min(sizes.get(name)!, most - gone)
    sizes.set(name, sizes.get(name)! - less)
    gone += less
  }
  return sizes
}

/**
 * The sets' sizes when spec.replicas has changed or the rollout is paused: the one active set gets all; old ones go when the new one is
 * whole; else each keeps its share. Sets that are not named stay as they are. After scale() in sync.go.
 */
export function scaledSizes(
  replicas: number,
  surge: number,
  current: SetSize | undefined,
  old: readonly SetSize[],
): ReadonlyMap<string, number> {
  const sets = current ? [...old, current] : old
  const living = sets.filter((set) => set.replicas > 0)
  if (living.length <= 1) {
    const one = living[0] ?? current ?? sets[sets.length - 1]
    return new Map(one ? [[one.name, replicas]] : [])
  }
  if (current && current.replicas === replicas && current.available === replicas) {
    return new Map(old.filter((set) => set.replicas > 0).map((set) => [set.name, 0]))
  }
  return proportionalSizes(replicas, surge, living)
}

/** The old sets that the history has no room for: only empty ones, those of the lowest revision first. After cleanupDeployment. */
export function trimmed<
  T extends { readonly wanted: number; readonly present: number; readonly revision: number; readonly age: number },
>(old: readonly T[], limit: number): readonly T[] {
  const surplus = old.length - limit
  if (surplus <= 0) return []
  const byRevision = old.slice().sort((a, b) => a.revision - b.revision || a.age - b.age)
  return byRevision.slice(0, surplus).filter((set) => set.wanted === 0 && set.present === 0)
}

/**
 * A change of spec.replicas in the middle of a rollout (or while paused) is shared out among the sets in proportion to their sizes,
 * largest first; what rounding leaves goes to the largest. After scale() and GetReplicaSetProportion.
 */
function proportionalSizes(replicas: number, surge: number, sets: readonly SetSize[]): ReadonlyMap<string, number> {
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

/** A control group: its part of what the group above it gets goes by its weight among those that want something. */
export interface Group {
  /** The index of the group above it; −1: directly below the root. Groups come after those above them. */
  readonly parent: number
  readonly weight: number
  /** Thousandths of a CPU that it may use at most on average (cpu.max). */
  readonly quota: number | undefined
}

/** Something that wants to compute, in a group. */
export interface Demand {
  /** −1: directly below the root. */
  readonly group: number
  /** Among its group's demands: a thread each. */
  readonly weight: number
  /** Thousandths of a CPU: more than this it cannot use. */
  readonly most: number
  /** The CPUs it may run on, ascending; undefined: all. */
  readonly cpus: readonly number[] | undefined
}

/** A set of CPUs on which demands have no others to go to. */
interface Pool {
  readonly room: number
  readonly inside: readonly boolean[]
}

/** With more different sets of CPUs, unions of them are not looked at (simplified). */
const MOST_SETS = 6
const TINY = 1e-7

/**
 * How much each demand gets, in thousandths of a CPU: all are filled at a pace that goes by their weights until each has what
 * it can use, its quota is used up, or its CPUs are full (weighted max-min fairness, level by level). What the kernel's CFS and
 * EEVDF come to over many periods.
 */
export function fairShares(groups: readonly Group[], demands: readonly Demand[], cpus: number): readonly number[] {
  const given = demands.map(() => 0)
  const active = demands.map(({ most }) => most > 0)
  const pools = poolsOf(demands, cpus)
  const members = membersOf(groups, demands)
  for (let round = 0; round <= 2 * (demands.length + groups.length + pools.length); round++) {
    const pace = pacesOf(groups, demands, active)
    let step = Number.POSITIVE_INFINITY
    demands.forEach(({ most }, i) => {
      if (active[i] && pace[i]! > 0) step = Math.min(step, (most - given[i]!) / pace[i]!)
    })
    if (step === Number.POSITIVE_INFINITY) break
    const sumOf = (values: readonly number[], wanted: readonly boolean[]) =>
      values.reduce((sum, value, i) => (wanted[i] ? sum + value : sum), 0)
    const bounds = [
      ...groups.flatMap(({ quota }, g) => (quota === undefined ? [] : [{ room: quota, inside: members[g]! }])),
      ...pools,
    ]
    for (const { room, inside } of bounds) {
      const speed = sumOf(pace, inside)
      if (speed > 0) step = Math.min(step, Math.max(0, room - sumOf(given, inside)) / speed)
    }
    demands.forEach((_, i) => {
      given[i]! += pace[i]! * step
    })
    demands.forEach(({ most }, i) => {
      if (most - given[i]! <= TINY) active[i] = false
    })
    for (const { room, inside } of bounds)
      if (room - sumOf(given, inside) <= TINY)
        inside.forEach((isInside, i) => {
          if (isInside) active[i] = false
        })
  }
  return given
}

/** How fast each demand is filled while all active ones are. */
function pacesOf(groups: readonly Group[], demands: readonly Demand[], active: readonly boolean[]): readonly number[] {
  const isBusy = groups.map(() => false)
  const below = groups.map(() => 0)
  let root = 0
  demands.forEach(({ group, weight }, i) => {
    if (!active[i]) return
    if (group < 0) root += weight
    else {
      below[group]! += weight
      isBusy[group] = true
    }
  })
  for (let g = groups.length - 1; g >= 0; g--) {
    if (!isBusy[g]) continue
    const { parent, weight } = groups[g]!
    if (parent < 0) root += weight
    else {
      below[parent]! += weight
      isBusy[parent] = true
    }
  }
  const share = groups.map(() => 0)
  groups.forEach(({ parent, weight }, g) => {
    if (isBusy[g]) share[g] = parent < 0 ? weight / root : (share[parent]! * weight) / below[parent]!
  })
  return demands.map(({ group, weight }, i) =>
    !active[i] ? 0 : group < 0 ? weight / root : (share[group]! * weight) / below[group]!,
  )
}

/** Which demands are in a group or below it. */
function membersOf(groups: readonly Group[], demands: readonly Demand[]): readonly (readonly boolean[])[] {
  return groups.map((_, g) =>
    demands.map(({ group }) => {
      for (let at = group; at >= 0; at = groups[at]!.parent) if (at === g) return true
      return false
    }),
  )
}

function poolsOf(demands: readonly Demand[], cpus: number): readonly Pool[] {
  const all: Pool = { room: 1000 * cpus, inside: demands.map(() => true) }
  const sets = new Map<string, ReadonlySet<number>>()
  for (const { cpus: own } of demands) if (own) sets.set(own.join(','), new Set(own))
  if (sets.size === 0) return [all]
  const single = [...sets.values()]
  const unions: ReadonlySet<number>[] = single.length <= MOST_SETS ? [] : single
  if (single.length <= MOST_SETS)
    for (let bits = 1; bits < 1 << single.length; bits++)
      unions.push(new Set(single.flatMap((set, i) => (bits & (1 << i) ? [...set] : []))))
  return [
    all,
    ...unions.map((union) => ({
      room: 1000 * union.size,
      inside: demands.map(({ cpus: own }) => own?.every((cpu) => union.has(cpu)) === true),
    })),
  ]
}

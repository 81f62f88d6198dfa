import type { Change, Reason } from '../../engine/change'
import { type Key, partsOf, type World } from '../../engine/kind'
import type { Controller, Plan, Wish } from '../../engine/plan'
import { Container } from '../container/container'
import { Machine, machineKey } from '../machine/machine'
import { Ledger } from '../network/ledger'
import { Process } from '../shell/process'
import { Cgroup, cgroupKey, countedUntil, PERIOD_MICROS } from './cgroup'
import { fairShares } from './shares'
import { type Hold, Task, usedBy } from './task'
import { type Tree, treeOf, type Wanting } from './tree'

/** Below this, in thousandths of a CPU, nobody keeps a record of a container that gets all it wants. */
const NOTICEABLE = 10
/** For more groups than this the time they stand still is taken from their CPUs alone (simplified). */
const MOST_EXACT = 24

/**
 * The kernel's CPU scheduler as a fluid: who wants processor time gets it at a rate, by weights, quotas and sets of CPUs. It is
 * asked only when somebody begins or ceases to want some, and when a task's work is done.
 */
export const cpuScheduler: Controller = {
  name: 'cpu-scheduler',
  about: 'shares the processor among the control groups that want it',
  watches: [
    {
      kind: Task,
      wake: (change) => (change.by === 'cpu-scheduler' ? undefined : machineKey(partsOf(change.key).scope)),
    },
    {
      kind: Container,
      wake: ({ key, value, previous }, world) => {
        const before = previous?.value
        const isSame =
          value?.state === before?.state && value?.spec === before?.spec && value?.cpuMillis === before?.cpuMillis
        if (isSame) return undefined
        const { scope } = partsOf(key)
        return isWatched(world, scope) ? machineKey(scope) : undefined
      },
    },
    {
      kind: Machine,
      wake: ({ key, value, previous }, world) =>
        value?.power !== previous?.value?.power && isWatched(world, partsOf(key).name) ? key : undefined,
    },
    {
      kind: Process,
      wake: ({ key, value, previous }, world) => {
        const isOver = value === undefined || value.state === 'exited'
        const machine = (value ?? previous?.value)?.machine
        return isOver && machine && world.list(Task, { owner: key }).length > 0 ? machineKey(machine) : undefined
      },
    },
    { kind: Ledger, wake: servers },
  ],
  reconcile(about, world): Plan | undefined {
    const machine = world.get(about as Key<Machine>)
    const { name } = partsOf(about)
    if (machine?.power !== 'on') return dropped(world, name)
    return share(world, machine)
  },
}

const isWatched = (world: World, scope: string): boolean =>
  world.list(Task, { scope }).length > 0 || world.list(Cgroup, { scope }).length > 0

/** The machines whose containers serve requests at another rate than before. */
function servers({ value, previous }: Change<Ledger>): readonly string[] | undefined {
  const now = value?.served
  const before = previous?.value?.served
  if (now === before) return undefined
  const machines = new Set<string>()
  for (const key of [...Object.keys(now ?? {}), ...Object.keys(before ?? {})])
    machines.add(machineKey(partsOf(key as Key).scope))
  return machines.size === 0 ? undefined : [...machines]
}

function dropped(world: World, scope: string): Plan | undefined {
  const because: Reason = { id: 'platform/cpu-gone', values: { machine: scope } }
  const gone = [...world.list(Task, { scope }), ...world.list(Cgroup, { scope })]
  return gone.length === 0 ? undefined : { changes: gone.map(({ key }): Wish => ({ key, value: undefined, because })) }
}

/** Whose process or container has ended computes no more. */
function isOrphan(world: World, { owner }: Task): boolean {
  const value = world.get(owner) as Container | Process | undefined
  return value === undefined || value.state === 'exited' || value.state === 'dead'
}

function share(world: World, machine: Machine): Plan | undefined {
  const changes: Wish[] = []
  const { now } = world
  const scope = machine.name
  let next = Number.POSITIVE_INFINITY
  const gone = new Set<Key>()
  for (const { key, value: task, revision } of world.list(Task, { scope })) {
    if (isOrphan(world, task) || (task.ended && task.at < now)) {
      gone.add(key)
      changes.push({ key, value: undefined, because: { id: 'platform/task-over', values: { what: task.what } } })
    } else if (isDone(task, now)) {
      // it counts for one more millisecond: its owner, woken now, may give it more to do
      const value: Task = { ...task, used: task.work!, at: now, ended: true }
      changes.push({ key, value, because: doneBecause(task, now, revision) })
      next = 1
    }
  }
  const isOver = (task: Task) => task.ended || isDone(task, now)
  const tree = treeOf(world, machine, gone)
  const given = fairShares(tree.groups, tree.demands, machine.cpuMillis / 1000)
  const holds = tree.containers.map((one) => holdOf(tree, given, one, machine))
  for (const { key, value: task } of world.list(Task, { scope })) {
    if (gone.has(key) || isOver(task)) continue
    const demand = tree.tasks.get(key)
    const rate = demand === undefined ? 0 : round(given[demand]!)
    const held = demand === undefined ? undefined : taskHold(tree, holds, demand, rate, task)
    if (task.work !== undefined && rate > 0)
      next = Math.min(next, Math.max(1, Math.ceil((task.work - usedBy(task, now)) / rate)))
    if (rate === task.rate && held === task.held) continue
    const values = { rate, wants: 1000 * task.threads, held }
    const value: Task = { ...task, used: usedBy(task, now), at: now, rate, ...(held ? { held } : {}) }
    changes.push({ key, value, because: { id: 'platform/cpu-given', values } })
  }
  tree.containers.forEach((one, i) => {
    const wish = recorded(world, machine, tree, given, one, holds[i])
    if (wish) changes.push(wish)
    const left = drainedAfter(one, given, world)
    if (left !== undefined) next = Math.min(next, left)
  })
  const wanting = new Set(tree.containers.map(({ container }) => container.id))
  for (const { key, value } of world.list(Cgroup, { scope })) {
    if (wanting.has(value.container)) continue
    const container = world.get(Container.key(scope, value.container))
    const isUp = container?.state === 'running' || container?.state === 'paused'
    const idle = isUp ? atRest(value, now) : undefined
    if (idle !== value) changes.push({ key, value: idle, because: { id: 'platform/cpu-idle' } })
  }
  if (changes.length === 0 && next === Number.POSITIVE_INFINITY) return undefined
  return { changes, ...(next < Number.POSITIVE_INFINITY && { again: next }) }
}

const round = (millis: number): number => Math.round(millis * 1000) / 1000
/** Rates are rounded: half a microsecond is nothing. */
const isDone = (task: Task, now: number): boolean =>
  !task.ended && task.work !== undefined && task.rate > 0 && usedBy(task, now) >= task.work - 0.5

function doneBecause(task: Task, now: number, revision: number): Reason {
  const values = {
    what: task.what,
    micros: task.work!,
    millis: now - task.since,
    threads: task.threads,
    held: task.held,
  }
  return { id: 'platform/work-done', values, of: [revision] }
}

function atRest(group: Cgroup, now: number): Cgroup {
  if (group.rate === 0 && group.wants === 0) return group
  const { held: _, requests: __, ...rest } = countedUntil(group, now)
  return { ...rest, rate: 0, wants: 0, periodMillis: 0, standing: 0 }
}

/** Thousandths of a CPU that a container's demands could use on the CPUs it has. */
function wantsOf(tree: Tree, { demands }: Wanting, machine: Machine): number {
  const cpus = tree.demands[demands[0]!]!.cpus
  const room = cpus ? 1000 * cpus.length : machine.cpuMillis
  return Math.min(
    room,
    demands.reduce((sum, i) => sum + tree.demands[i]!.most, 0),
  )
}

const sumOf = (given: readonly number[], demands: readonly number[]): number =>
  demands.reduce((sum, i) => sum + given[i]!, 0)

function holdOf(tree: Tree, given: readonly number[], one: Wanting, machine: Machine): Hold | undefined {
  const rate = sumOf(given, one.demands)
  const { quota } = tree.groups[one.group]!
  const all = one.demands.reduce((sum, i) => sum + tree.demands[i]!.most, 0)
  const { requests } = one
  const isBusy = requests !== undefined && requests.wants > given[requests.demand]! + 0.01
  if (rate > all - 0.01) return isBusy ? 'threads' : undefined
  if (quota !== undefined && rate > quota - 0.01) return 'quota'
  const { cpuset } = one.container.spec
  if (cpuset && (rate > 1000 * cpuset.length - 0.01 || cpuset.length * 1000 < machine.cpuMillis)) return 'cpuset'
  return 'weight'
}

function taskHold(
  tree: Tree,
  holds: readonly (Hold | undefined)[],
  demand: number,
  rate: number,
  task: Task,
): Hold | undefined {
  if (rate > 1000 * task.threads - 0.01) return undefined
  const i = tree.containers.findIndex(({ demands }) => demands.includes(demand))
  return (i < 0 ? undefined : holds[i]) ?? 'weight'
}

/** A container's record, if it has or needs one and something about it is new. */
function recorded(
  world: World,
  machine: Machine,
  tree: Tree,
  given: readonly number[],
  one: Wanting,
  held: Hold | undefined,
): Wish<Cgroup> | undefined {
  const { container, group, requests } = one
  const key = cgroupKey(machine.name, container.id)
  const before = world.get(key)
  const rate = round(sumOf(given, one.demands))
  const wants = round(wantsOf(tree, one, machine))
  if (!before && held === undefined && wants < NOTICEABLE) return undefined
  const { quota } = tree.groups[group]!
  const standing = held === 'quota' ? round(standingOf(tree, given, one, machine)) : 0
  const periodMillis = quota === undefined ? 0 : (container.spec.cpuPeriodMicros ?? PERIOD_MICROS) / 1000
  const asked = requests && { wants: round(requests.wants), rate: round(given[requests.demand]!) }
  const isSame =
    before !== undefined &&
    before.rate === rate &&
    before.wants === wants &&
    before.held === held &&
    before.standing === standing &&
    before.periodMillis === periodMillis &&
    before.requests?.wants === asked?.wants &&
    before.requests?.rate === asked?.rate
  if (isSame) return undefined
  const {
    held: _,
    requests: old,
    ...counted
  } = before ? countedUntil(before, world.now) : freshGroup(container, world.now)
  const value: Cgroup = {
    ...counted,
    rate,
    wants,
    periodMillis,
    standing,
    ...(held && { held }),
    ...(asked && { requests: { ...asked, waiting: old?.waiting ?? 0 } }),
  }
  return { key, value, because: { id: 'platform/cpu-shared', values: sharedValues(tree, given, one, machine, value) } }
}

/** What it has used before it was noticed: its rest. */
const freshGroup = ({ machine, id, startedAt, cpuMillis }: Container, now: number): Cgroup => ({
  machine,
  container: id,
  at: now,
  used: cpuMillis * (now - (startedAt ?? now)),
  rate: 0,
  wants: 0,
  periods: 0,
  throttled: 0,
  throttledMicros: 0,
  periodMillis: 0,
  standing: 0,
})

/** Microseconds a millisecond that the CPUs of a group stand still, having used up its quota early in each period. */
function standingOf(tree: Tree, given: readonly number[], one: Wanting, machine: Machine): number {
  const rate = sumOf(given, one.demands)
  const groups = tree.groups.map((group, i) => (i === one.group ? { ...group, quota: undefined } : group))
  const free =
    tree.groups.length <= MOST_EXACT
      ? sumOf(fairShares(groups, tree.demands, machine.cpuMillis / 1000), one.demands)
      : wantsOf(tree, one, machine)
  if (free <= rate) return 0
  // each CPU that it runs on is stopped for itself
  const cpus = Math.ceil(wantsOf(tree, one, machine) / 1000)
  return 1000 * cpus * (1 - rate / free)
}

function sharedValues(tree: Tree, given: readonly number[], one: Wanting, machine: Machine, value: Cgroup) {
  const { quota } = tree.groups[one.group]!
  const { level, rivals } = contestOf(tree, given, one)
  return {
    rate: value.rate,
    wants: value.wants,
    cpus: machine.cpuMillis / 1000,
    weight: tree.groups[level]!.weight,
    rivalWeights: rivals.reduce((sum, other) => sum + tree.groups[other]!.weight, 0),
    // a slice that it is in, where that is what competes
    ...(level !== one.group && { slice: tree.names[level]!.slice(tree.names[level]!.lastIndexOf('/') + 1) }),
    used: Math.round(given.reduce((sum, millis) => sum + millis, 0)),
    ...(quota !== undefined && { quota, periodMillis: value.periodMillis }),
    ...(one.container.spec.cpuset && { cpuset: one.container.spec.cpuset.join(',') }),
    held: value.held,
  }
}

/** The level at which others take most from it: its own group, or a slice that it is in, and the groups beside that. */
function contestOf(tree: Tree, given: readonly number[], one: Wanting) {
  const taken = tree.groups.map(() => 0)
  tree.demands.forEach(({ group }, i) => {
    for (let at = group; at >= 0; at = tree.groups[at]!.parent) taken[at]! += given[i]!
  })
  let best = { level: one.group, rivals: [] as readonly number[], most: -1 }
  for (let level = one.group; level >= 0; level = tree.groups[level]!.parent) {
    const { parent } = tree.groups[level]!
    const rivals = tree.groups.flatMap((group, at) => (group.parent === parent && at !== level ? [at] : []))
    const most = rivals.reduce((sum, at) => sum + taken[at]!, 0)
    if (most > best.most) best = { level, rivals, most }
  }
  return best
}

/** In how many milliseconds the work that waits will have been done; undefined: none waits, or it grows. */
function drainedAfter(one: Wanting, given: readonly number[], world: World): number | undefined {
  const { requests, container } = one
  const record = world.get(cgroupKey(container.machine, container.id))
  if (!requests || !record) return undefined
  const { requests: queue } = countedUntil(record, world.now)
  const pace = given[requests.demand]! - requests.wants
  return queue && queue.waiting >= 1 && pace > 0.01 ? Math.max(1, Math.ceil(queue.waiting / pace)) : undefined
}

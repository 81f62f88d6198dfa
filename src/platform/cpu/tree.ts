import type { Key, World } from '../../engine/kind'
import { Container } from '../container/container'
import type { Machine } from '../machine/machine'
import { Ledger } from '../network/ledger'
import { programNamed } from '../programs'
import { Cgroup, waitingMicros } from './cgroup'
import type { Demand, Group } from './shares'
import { Task } from './task'
import { DEFAULT_WEIGHT, proportionalWeight, sharesOfRequest } from './weight'

/** Kernel and daemons of a machine at rest, in thousandths of a CPU. */
export const SYSTEM_CPU_MILLIS = 60

/** Where a container's group is, unless its owner says otherwise: Docker's, with systemd's driver. */
const SYSTEM_SLICE = 'system.slice'
const USER_SLICE = 'user.slice'

/** A container that wants processor time, and which of the demands are its own. */
export interface Wanting {
  readonly key: Key<Container>
  readonly container: Container
  readonly group: number
  readonly demands: readonly number[]
  /** The demand of its requests, and what they want of late, in thousandths of a CPU. */
  readonly requests?: { readonly demand: number; readonly wants: number }
}

/** A machine's control groups as far as somebody in them wants processor time. */
export interface Tree {
  readonly groups: readonly Group[]
  /** Paths of the groups: `system.slice`, `system.slice/docker-….scope`. */
  readonly names: readonly string[]
  readonly demands: readonly Demand[]
  readonly containers: readonly Wanting[]
  /** The demand of each task that runs. */
  readonly tasks: ReadonlyMap<Key<Task>, number>
}

/** Processor time, in thousandths of a CPU, that requests ask of each container of late. */
export function requestDemands(world: World): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const { value } of world.list(Ledger)) {
    if (value.ended) continue
    for (const key in value.served) {
      const container = world.get(key as Key<Container>)
      const cost = container && programNamed(container.program)?.requestCpuMillis
      if (cost) found.set(key, (found.get(key) ?? 0) + value.served[key]! * cost)
    }
  }
  return found
}

/** `gone`: tasks that are there still, and do not count. */
export function treeOf(world: World, machine: Machine, gone: ReadonlySet<Key>): Tree {
  const groups: Group[] = []
  const names: string[] = []
  const demands: Demand[] = []
  const containers: Wanting[] = []
  const tasks = new Map<Key<Task>, number>()
  const known = new Map<string, number>()
  const weights = requestedWeights(world, machine)
  const group = (path: string, own: Group): number => {
    const present = known.get(path)
    if (present !== undefined) return present
    known.set(path, groups.length)
    names.push(path)
    return groups.push(own) - 1
  }
  const slice = (path: string): number => {
    const slash = path.lastIndexOf('/')
    const parent = slash < 0 ? -1 : slice(path.slice(0, slash))
    return group(path, { parent, weight: weights.get(path) ?? DEFAULT_WEIGHT, quota: undefined })
  }
  const running = tasksOf(world, machine, gone)
  const requests = requestDemands(world)
  demands.push({ group: slice(SYSTEM_SLICE), weight: 1, most: SYSTEM_CPU_MILLIS, cpus: undefined })
  for (const { key, value: container } of world.list(Container, { scope: machine.name })) {
    if (container.state !== 'running') continue
    const own = running.get(container.id) ?? []
    const asked = requests.get(key) ?? 0
    const record = world.get(Cgroup.key(machine.name, container.id))
    const waits = record !== undefined && waitingMicros(record, world.now) >= 1
    if (container.cpuMillis === 0 && own.length === 0 && asked === 0 && !waits) continue
    const { cpuWeight = DEFAULT_WEIGHT, cpuLimitMillis, cpuset, cgroupParent = SYSTEM_SLICE } = container.spec
    const parent = slice(cgroupParent)
    const at = group(`${cgroupParent}/${container.id}`, { parent, weight: cpuWeight, quota: cpuLimitMillis })
    const mine: number[] = []
    const add = (weight: number, most: number): number => {
      mine.push(demands.length)
      return demands.push({ group: at, weight, most, cpus: cpuset }) - 1
    }
    if (container.cpuMillis > 0) add(1, container.cpuMillis)
    // with work that waits, every worker of the program is busy
    const most = Math.min(machine.cpuMillis, 1000 * (programNamed(container.program)?.workers ?? machine.cpuMillis))
    const served =
      asked > 0 || waits ? { demand: add(1, waits ? most : Math.min(asked, most)), wants: asked } : undefined
    for (const [name, task] of own) tasks.set(name, add(task.threads, 1000 * task.threads))
    containers.push({ key, container, group: at, demands: mine, ...(served && { requests: served }) })
  }
  for (const [name, task] of running.get(undefined) ?? []) {
    const at = slice(USER_SLICE)
    tasks.set(name, demands.push({ group: at, weight: task.threads, most: 1000 * task.threads, cpus: undefined }) - 1)
  }
  return { groups, names, demands, containers, tasks }
}

type Tasks = Map<string | undefined, [Key<Task>, Task][]>

function tasksOf(world: World, machine: Machine, gone: ReadonlySet<Key>): Tasks {
  const found: Tasks = new Map()
  for (const { key, value } of world.list(Task, { scope: machine.name })) {
    if (gone.has(key)) continue
    const row = found.get(value.container)
    if (row) row.push([key, value])
    else found.set(value.container, [[key, value]])
  }
  return found
}

/**
 * The weights of the kubelet's slices: kubepods by the machine's CPUs, the others by what their containers request. After
 * qos_container_manager_linux.go and pod_container_manager_linux.go.
 */
function requestedWeights(world: World, machine: Machine): ReadonlyMap<string, number> {
  const requested = new Map<string, number>()
  for (const { value } of world.list(Container, { scope: machine.name })) {
    const path = value.spec.cgroupParent
    if (path === undefined || (value.state !== 'running' && value.state !== 'created')) continue
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const name = path.slice(0, end)
      requested.set(name, (requested.get(name) ?? 0) + value.spec.cpuRequestMillis)
    }
  }
  return new Map(
    [...requested].map(([path, millis]) => [
      path,
      proportionalWeight(sharesOfRequest(path.includes('/') ? millis : machine.cpuMillis)),
    ]),
  )
}

import type { Change } from '../../engine/change'
import type { World } from '../../engine/kind'
import { Container } from '../container/container'
import { type Machine, machineKey } from '../machine/machine'
import { filesBytes } from './disk'

/** Kernel, system services and daemons of a machine. */
export const SYSTEM_MEMORY_BYTES = 380_000_000

const isUp = ({ state }: Container): boolean => state === 'running' || state === 'paused'

/** What a container's processes have beyond its memory limit: the kernel puts it into swap, if there is any. */
const beyondLimit = ({ memoryBytes, spec }: Container): number =>
  spec.memoryLimitBytes === undefined ? 0 : Math.max(0, memoryBytes - spec.memoryLimitBytes)

/** Swap in use on a machine. */
export function machineSwapBytes(world: World, machine: Machine): number {
  if (machine.power !== 'on' || !machine.swapBytes) return 0
  let bytes = 0
  for (const { value } of world.list(Container, { scope: machine.name })) if (isUp(value)) bytes += beyondLimit(value)
  return Math.min(bytes, machine.swapBytes)
}

/** Memory in use on a machine: the system's, that of its containers, and what somebody else took; 0 without power. */
export function machineMemoryBytes(world: World, machine: Machine): number {
  if (machine.power !== 'on') return 0
  let bytes = SYSTEM_MEMORY_BYTES + (machine.otherMemoryBytes ?? 0)
  const containers = world.list(Container, { scope: machine.name })
  for (let i = 0; i < containers.length; i++) {
    const { value } = containers[i]!
    if (isUp(value)) bytes += value.memoryBytes
  }
  return machine.swapBytes ? bytes - machineSwapBytes(world, machine) : bytes
}

/** A container's memory as its control group counts it, in bytes. */
export interface MemoryUse {
  /** memory.current: `resident` and `cache`. */
  readonly current: number
  /** What processes hold in memory, and files on tmpfs: never dropped, at most swapped out. */
  readonly resident: number
  readonly shared: number
  /** Files that it has written, kept in memory as long as there is room below the limit. */
  readonly cache: number
  readonly swap: number
}

/** Simplified: the page cache holds what the container has written; files on tmpfs count, and kill nobody. */
export function memoryOf(world: World, container: Container): MemoryUse {
  const { id, spec, memoryBytes } = container
  if (!isUp(container)) return { current: 0, resident: 0, shared: 0, cache: 0, swap: 0 }
  const limit = spec.memoryLimitBytes ?? world.get(machineKey(container.machine))?.memoryBytes ?? memoryBytes
  let shared = 0
  for (const { source, path } of spec.mounts)
    if ('tmpfs' in source) shared += filesBytes(world, `tmpfs:${id}:${path.replaceAll('/', '!')}`)
  const swap = beyondLimit(container)
  const resident = Math.min(limit, memoryBytes - swap + shared)
  const cache = Math.min(filesBytes(world, id), Math.max(0, limit - resident))
  return { current: resident + cache, resident, shared, cache, swap }
}

/** A container over its own limit (memory.max of its group), with no swap left to go to. */
export function isOverLimit(world: World, container: Container): boolean {
  const beyond = beyondLimit(container)
  if (beyond === 0) return false
  const machine = world.get(machineKey(container.machine))
  const { swapBytes: allowed = Number.POSITIVE_INFINITY } = container.spec
  if (!machine?.swapBytes || allowed === 0) return true
  let others = 0
  for (const { value } of world.list(Container, { scope: machine.name }))
    if (isUp(value) && value.id !== container.id) others += beyondLimit(value)
  return beyond > Math.min(allowed, machine.swapBytes - others)
}

/**
 * The kernel's badness: memory in thousandths of the machine's, and the adjustment that the owner set. A container with
 * adjustment −1000 is never taken.
 */
export function oomScore(container: Container, machine: Machine): number {
  const { oomScoreAdj } = container.spec
  return oomScoreAdj <= -1000 ? 0 : Math.floor((1000 * container.memoryBytes) / machine.memoryBytes) + oomScoreAdj
}

/** Whom the kernel takes when the machine has no memory left; undefined: it has enough, or nobody may be taken. */
export function oomVictim(world: World, machine: Machine): Change<Container> | undefined {
  if (machineMemoryBytes(world, machine) <= machine.memoryBytes) return undefined
  let victim: Change<Container> | undefined
  let worst = Number.NEGATIVE_INFINITY
  for (const head of world.list(Container, { scope: machine.name })) {
    if (!isUp(head.value) || head.value.spec.oomScoreAdj <= -1000) continue
    const score = oomScore(head.value, machine)
    if (score > worst) {
      worst = score
      victim = head
    }
  }
  return victim
}

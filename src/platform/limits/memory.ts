import type { Change } from '../../engine/change'
import type { World } from '../../engine/kind'
import { Container } from '../container/container'
import type { Machine } from '../machine/machine'

/** Kernel, system services and daemons of a machine. */
export const SYSTEM_MEMORY_BYTES = 380_000_000

const isUp = ({ state }: Container): boolean => state === 'running' || state === 'paused'

/** Memory in use on a machine: the system's, that of its containers, and what somebody else took; 0 without power. */
export function machineMemoryBytes(world: World, machine: Machine): number {
  if (machine.power !== 'on') return 0
  let bytes = SYSTEM_MEMORY_BYTES + (machine.otherMemoryBytes ?? 0)
  for (const { value } of world.list(Container, { scope: machine.name })) if (isUp(value)) bytes += value.memoryBytes
  return bytes
}

/** A container over its own limit (memory.max of its cgroup; swap is off). */
export const isOverLimit = ({ memoryBytes, spec }: Container): boolean =>
  spec.memoryLimitBytes !== undefined && memoryBytes > spec.memoryLimitBytes

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

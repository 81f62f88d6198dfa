import type { Key, World } from '../../engine/kind'
import { Container } from '../container/container'
import { cgroupKey, countedUntil } from '../cpu/cgroup'
import { type Hold, Task } from '../cpu/task'
import { requestDemands, SYSTEM_CPU_MILLIS } from '../cpu/tree'
import { type Machine, machineKey } from '../machine/machine'
import { machineMemoryBytes } from './memory'

export interface Usage {
  /** Thousandths of a core. */
  readonly cpuMillis: number
  readonly memoryBytes: number
}

const nothing: Usage = { cpuMillis: 0, memoryBytes: 0 }

/** What a container is given: as its record says, or, where it wants too little for one, all that it wants. */
function givenMillis(
  world: World,
  key: Key<Container>,
  container: Container,
  asked: ReadonlyMap<string, number>,
): number {
  const record = world.get(cgroupKey(container.machine, container.id))
  return record ? record.rate : container.cpuMillis + (asked.get(key) ?? 0)
}

/** What a container uses now. */
export function containerUsage(world: World, key: Key<Container>): Usage {
  const container = world.get(key)
  if (container?.state === 'paused') return { cpuMillis: 0, memoryBytes: container.memoryBytes }
  if (container?.state !== 'running') return nothing
  const given = givenMillis(world, key, container, requestDemands(world))
  return { cpuMillis: Math.round(given), memoryBytes: container.memoryBytes }
}

function machineCpuMillis(world: World, machine: Machine): number {
  const asked = requestDemands(world)
  let millis = SYSTEM_CPU_MILLIS
  for (const { key, value } of world.list(Container, { scope: machine.name }))
    if (value.state === 'running') millis += givenMillis(world, key, value, asked)
  for (const { value } of world.list(Task, { scope: machine.name }))
    if (value.container === undefined) millis += value.rate
  return Math.min(machine.cpuMillis, millis)
}

/** What a machine's bars show: computed when looked at. */
export function usage(world: World, name: string): Usage {
  const machine = world.get(machineKey(name))
  if (machine?.power !== 'on') return nothing
  return {
    cpuMillis: Math.round(machineCpuMillis(world, machine)),
    memoryBytes: machineMemoryBytes(world, machine),
  }
}

/** A container's processor time for who wants to see all of it; what stays below notice is taken from its rest. */
export function cgroupOf(
  world: World,
  key: Key<Container>,
  container: Container,
): {
  readonly used: number
  readonly wants: number
  readonly held: Hold | undefined
  readonly standing: number
  readonly throttledMicros: number
} {
  const record = world.get(cgroupKey(container.machine, container.id))
  if (!record) {
    const used = containerUsage(world, key).cpuMillis
    return { used, wants: used, held: undefined, standing: 0, throttledMicros: 0 }
  }
  const { rate, wants, held, standing, throttledMicros } = countedUntil(record, world.now)
  return { used: rate, wants, held, standing, throttledMicros }
}

import type { Key, World } from '../../engine/kind'
import { Container } from '../container/container'
import { type Machine, machineKey } from '../machine/machine'
import { Ledger } from '../network/ledger'
import { programNamed } from '../programs'
import { machineMemoryBytes } from './memory'

export interface Usage {
  /** Thousandths of a core. */
  readonly cpuMillis: number
  readonly memoryBytes: number
}

/** Kernel and daemons of a machine at rest. */
const SYSTEM_CPU_MILLIS = 60
const nothing: Usage = { cpuMillis: 0, memoryBytes: 0 }

/** What a container wants of the processor: at rest, and for the requests that it serves of late. */
function wantedCpuMillis(world: World, key: Key<Container>, container: Container): number {
  let millis = container.cpuMillis
  const cost = programNamed(container.program)?.requestCpuMillis ?? 0
  if (cost > 0) for (const { value } of world.list(Ledger)) if (!value.ended) millis += (value.served[key] ?? 0) * cost
  return Math.min(millis, container.spec.cpuLimitMillis ?? Number.POSITIVE_INFINITY)
}

/** What a container uses now. With all its machine's cores busy everyone gets less (shared in proportion: simplified). */
export function containerUsage(world: World, key: Key<Container>): Usage {
  const container = world.get(key)
  if (container?.state === 'paused') return { cpuMillis: 0, memoryBytes: container.memoryBytes }
  if (container?.state !== 'running') return nothing
  const wanted = wantedCpuMillis(world, key, container)
  const machine = world.get(machineKey(container.machine))
  const share = machine && wanted > machine.cpuMillis / 8 ? squeeze(world, machine) : 1
  return { cpuMillis: Math.round(wanted * share), memoryBytes: container.memoryBytes }
}

function totalWanted(world: World, machine: Machine): number {
  let millis = SYSTEM_CPU_MILLIS
  for (const { key, value } of world.list(Container, { scope: machine.name })) {
    if (value.state === 'running') millis += wantedCpuMillis(world, key, value)
  }
  return millis
}

const squeeze = (world: World, machine: Machine): number => Math.min(1, machine.cpuMillis / totalWanted(world, machine))

/** What a machine's bars show: computed when looked at, from its containers at rest and the load of late. */
export function usage(world: World, name: string): Usage {
  const machine = world.get(machineKey(name))
  if (machine?.power !== 'on') return nothing
  return {
    cpuMillis: Math.round(Math.min(machine.cpuMillis, totalWanted(world, machine))),
    memoryBytes: machineMemoryBytes(world, machine),
  }
}

import type { World } from '../../../engine'
import { Container } from '../../../platform/container/container'
import { filesBytes, machineDiskBytes } from '../../../platform/limits/disk'
import { machineMemoryBytes } from '../../../platform/limits/memory'
import type { Machine } from '../../../platform/machine/machine'
import { Process } from '../../../platform/shell/process'
import { quantityValue } from '../../api/quantity'
import { Node } from '../../kinds/node'
import type { Pod } from '../../kinds/pod'
import type { PodUsage } from './ranking'
import type { Signal } from './thresholds'

export interface Observation {
  readonly available: number
  readonly capacity: number
}

/** What the signals of a machine say. Simplified: memory has no cache in it; inodes and process ids never run out. */
export function observe(world: World, machine: Machine): Readonly<Partial<Record<Signal, Observation>>> {
  const memory = machineMemoryBytes(world, machine)
  const disk = { available: machine.diskBytes - machineDiskBytes(world, machine), capacity: machine.diskBytes }
  const allocatable = quantityValue(world.get(Node.key('', machine.name))?.status.allocatable?.['memory'])
  const inPods = memoryOfPods(world, machine)
  return {
    'memory.available': { available: Math.max(0, machine.memoryBytes - memory), capacity: machine.memoryBytes },
    ...(allocatable > 0 && {
      'allocatableMemory.available': { available: Math.max(0, allocatable - inPods), capacity: allocatable },
    }),
    'nodefs.available': disk,
    'imagefs.available': disk,
  }
}

const isUp = ({ state }: Container) => state === 'running' || state === 'paused'

function memoryOfPods(world: World, machine: Machine): number {
  let bytes = 0
  for (const { value } of world.list(Container, { scope: machine.name })) if (isUp(value)) bytes += value.memoryBytes
  return bytes
}

/** The running containers of a pod by their names in its spec, and what each uses. */
export function containersOf(world: World, pod: Pod): readonly { readonly name: string; readonly value: Container }[] {
  return world
    .list(Container, { owner: pod.metadata.uid })
    .filter(({ value }) => isUp(value))
    .map(({ value }) => ({ name: value.spec.labels['container'] ?? '', value }))
}

/** The scope of an emptyDir that is kept on disk. */
export const emptyDirScope = (pod: Pod, name: string): string => `volume:${pod.metadata.uid}.${name}`

export function usageOf(world: World, pod: Pod): PodUsage {
  const containers = containersOf(world, pod)
  let memoryBytes = 0
  let diskBytes = 0
  let processes = 0
  for (const { value } of containers) {
    memoryBytes += value.memoryBytes
    diskBytes += filesBytes(world, value.id)
    processes += Math.max(1, world.list(Process, { owner: Container.key(value.machine, value.id) }).length)
  }
  for (const volume of pod.spec.volumes ?? [])
    if (volume.emptyDir && volume.emptyDir.medium !== 'Memory')
      diskBytes += filesBytes(world, emptyDirScope(pod, volume.name))
  return { pod, memoryBytes, diskBytes, processes }
}

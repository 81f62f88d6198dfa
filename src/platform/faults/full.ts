import { edit } from '../../engine/edit'
import type { World } from '../../engine/kind'
import { machineDiskBytes } from '../limits/disk'
import { machineMemoryBytes } from '../limits/memory'
import { isBare, Machine, machineKey } from '../machine/machine'
import { type FaultKind, noTarget } from './fault'
import { began, faultObject, healed } from './object'

/** So much is left free unless another share is asked for. */
const FREE_MEMORY_BYTES = 60 * 1024 * 1024
const FREE_DISK_SHARE = 0.04

interface Resource {
  readonly name: string
  readonly about: string
  readonly field: 'otherMemoryBytes' | 'otherDiskBytes'
  /** What somebody else has to take so that only a little is left. */
  readonly taken: (world: World, machine: Machine) => number
  readonly whole: (machine: Machine) => number
}

/** Something outside of all containers takes a machine's memory or disk. */
const full = ({ name, about, field, taken, whole }: Resource): FaultKind => ({
  name,
  about,
  measure: 'share',
  targets: (world) =>
    world
      .list(Machine)
      .filter(({ value }) => value.power === 'on' && !isBare(value))
      .map(({ key, value }) => ({ key, name: value.name })),
  begin(world, how) {
    const key = machineKey(how.target)
    const machine = world.get(key)
    if (!machine) return noTarget(name, 'machine', how.target)
    if (how.amount !== undefined && !(how.amount > 0 && how.amount <= 1))
      return { text: `${name} takes a share of the machine, from 0% to 100%`, exit: 2 }
    const bytes = how.amount === undefined ? taken(world, machine) : Math.round(whole(machine) * how.amount)
    const value = edit(machine, (m) => {
      m[field] = Math.max(0, bytes)
    })
    return [faultObject(world, name, how), { key, value, because: began(name, how.target) }]
  },
  heal(world, fault) {
    const key = machineKey(fault.target)
    const machine = world.get(key)
    if (machine?.[field] === undefined) return []
    const value = edit(machine, (m) => {
      delete m[field]
    })
    return [{ key, value, because: healed(world, fault) }]
  },
})

export const memoryPressure = full({
  name: 'memory-pressure',
  about: 'something outside of containers takes the memory of a machine, all but 60 MiB or the share that you say',
  field: 'otherMemoryBytes',
  taken: (world, machine) => machine.memoryBytes - machineMemoryBytes(world, machine) - FREE_MEMORY_BYTES,
  whole: (machine) => machine.memoryBytes,
})

export const diskFull = full({
  name: 'disk-full',
  about: 'something outside of containers fills the disk of a machine up to 96 %, or takes the share that you say',
  field: 'otherDiskBytes',
  taken: (world, machine) => Math.round(machine.diskBytes * (1 - FREE_DISK_SHARE)) - machineDiskBytes(world, machine),
  whole: (machine) => machine.diskBytes,
})

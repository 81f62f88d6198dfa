import type { World } from '../../engine/kind'
import { LocalImage } from '../image/image'
import { type Machine, machineKey } from '../machine/machine'
import { bytesOf, File } from '../shell/file'

/** The system, its packages and its logs. */
const SYSTEM_DISK_BYTES = 4_000_000_000
/** An image takes about so much more room unpacked. */
const UNPACKED = 2.7

export const imageDiskBytes = (image: LocalImage): number =>
  image.unpackedBytes ?? Math.round(image.sizeBytes * UNPACKED)

/** Disk in use on a machine: the system, its images, and what somebody else keeps there. What containers write is too little to count. */
export function machineDiskBytes(world: World, machine: Machine): number {
  let bytes = SYSTEM_DISK_BYTES + (machine.otherDiskBytes ?? 0)
  for (const { value } of world.list(LocalImage, { scope: machine.name })) bytes += imageDiskBytes(value)
  return Math.min(bytes, machine.diskBytes)
}

/** Whether somebody has taken a machine's disk to the last byte. */
export function isDiskFull(world: World, name: string): boolean {
  const machine = world.get(machineKey(name))
  return machine?.otherDiskBytes !== undefined && machineDiskBytes(world, machine) >= machine.diskBytes
}

/** What has been written into a scope of files: a container's own, or a volume. */
export function filesBytes(world: World, scope: string): number {
  let bytes = 0
  for (const { value } of world.list(File, { scope })) bytes += bytesOf(value)
  return bytes
}

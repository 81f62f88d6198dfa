import type { DockerContainer } from '../../docker/containers/container'
import { Volume, volumeKey, volumeScope } from '../../docker/volumes/volume'
import type { World } from '../../engine'
import { LocalImage } from '../../platform/image/image'
import { imageOf } from '../../platform/image/stored'
import { diskScope, machineKey } from '../../platform/machine/machine'
import { bytesOf, File } from '../../platform/shell/file'
import { containerMarks, hueOf } from './docker-marks'
import type { DrumMark, LayerMark, MountMark, StorageContainer, StorageScene } from './docker-views'

const MOST_CONTAINERS = 24
const MOST_DRUMS = 40

/**
 * Where data lives: each container's own layer over those of its image, and what is mounted over both. A drum stays when the container goes,
 * or does not; it says which.
 */
export function storageScene(world: World): StorageScene {
  const drums = new Map<string, DrumMark>()
  const marks = containerMarks(world)
  const containers = marks.slice(0, MOST_CONTAINERS).map(({ head, ...mark }): StorageContainer => {
    const own = world.list(File, { scope: head.value.id })
    const layers = layersOf(world, head.value)
    return {
      ...mark,
      layers,
      imageBytes: layers.reduce((sum, { bytes }) => sum + bytes, 0),
      writtenFiles: own.filter(({ value }) => value.what === 'file').length,
      writtenBytes: own.reduce((sum, { value }) => sum + bytesOf(value), 0),
      readOnly: head.value.hostConfig.ReadonlyRootfs,
      mounts: mountsOf(world, head.value, drums),
    }
  })
  for (const { key, value } of world.list(Volume)) {
    const id = `volume ${value.machine} ${value.name}`
    if (!drums.has(id)) drums.set(id, { ...volumeDrum(world, id, value.machine, value.name), key, users: 0 })
  }
  const all = [...drums.values()]
  const machines = new Set(all.map(({ machine }) => machine))
  return {
    view: 'storage',
    at: world.now,
    revision: world.revision,
    containers,
    drums: all.slice(0, MOST_DRUMS).map((drum) => ({ ...drum, machine: machines.size > 1 ? drum.machine : '' })),
    more: Math.max(0, marks.length - MOST_CONTAINERS) + Math.max(0, all.length - MOST_DRUMS),
  }
}

/** From the lowest on. */
function layersOf(world: World, container: DockerContainer): readonly LayerMark[] {
  const local = world
    .list(LocalImage, { scope: container.machine })
    .find(({ value }) => value.id === container.imageId)?.value
  return (local ? (imageOf(world, local)?.layers ?? []) : []).map(({ digest, unpackedBytes }) => ({
    id: digest,
    bytes: unpackedBytes,
    hue: hueOf(digest),
  }))
}

function mountsOf(world: World, container: DockerContainer, drums: Map<string, DrumMark>): readonly MountMark[] {
  return container.mounts.map(({ Type, Name, Source, Destination, RW }) => {
    const id =
      Type === 'volume'
        ? `volume ${container.machine} ${Name}`
        : Type === 'bind'
          ? `bind ${container.machine} ${Source}`
          : `memory ${container.id} ${Destination}`
    const drum =
      drums.get(id) ??
      (Type === 'volume'
        ? volumeDrum(world, id, container.machine, Name!)
        : Type === 'bind'
          ? bindDrum(world, id, container.machine, Source)
          : memoryDrum(world, id, container, Destination))
    drums.set(id, { ...drum, users: drum.users + 1 })
    return { id: `${container.id} ${Destination}`, path: Destination, drum: id, readOnly: !RW }
  })
}

const measured = (files: readonly { readonly value: File }[]) => ({
  files: files.filter(({ value }) => value.what === 'file').length,
  bytes: files.reduce((sum, { value }) => sum + bytesOf(value), 0),
})

function volumeDrum(world: World, id: string, machine: string, name: string): DrumMark {
  const key = volumeKey(machine, name)
  const anonymous = world.get(key)?.anonymous === true
  return {
    id,
    key,
    kind: anonymous ? 'anonymous' : 'named',
    name: anonymous ? name.slice(0, 12) : name,
    machine,
    ...measured(world.list(File, { scope: volumeScope(machine, name) })),
    users: 0,
    fate: anonymous
      ? 'goes with its container only by rm -v or --rm; stays otherwise'
      : 'stays until docker volume rm, whatever becomes of its containers',
  }
}

function bindDrum(world: World, id: string, machine: string, path: string): DrumMark {
  const own = world.get(machineKey(machine))
  const scope = own ? diskScope(own) : machine
  const below = File.key(scope, path === '/' ? '' : path)
  const files = world.list(File, { scope }).filter(({ key }) => key === below || key.startsWith(`${below}/`))
  return {
    id,
    key: undefined,
    kind: 'bind',
    name: path,
    machine,
    ...measured(files),
    users: 0,
    fate: 'files of the machine itself: Docker never removes them',
  }
}

function memoryDrum(world: World, id: string, container: DockerContainer, path: string): DrumMark {
  const files = world.list(File, { scope: `tmpfs:${container.id}:${path.replaceAll('/', '!')}` })
  return {
    id,
    key: undefined,
    kind: 'memory',
    name: 'tmpfs',
    machine: container.machine,
    ...measured(files),
    users: 0,
    fate: 'in memory: gone when the container ends',
  }
}

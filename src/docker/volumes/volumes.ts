import type { Reason } from '../../engine'
import { bytesOf, File } from '../../platform/shell/file'
import { DockerContainer } from '../containers/container'
import { filtersOf, hasLabel, isTrue, refuse } from '../engine/request'
import { apiTime } from '../formats/time'
import type { Pass } from '../pass'
import { mountpointOf, Volume, volumeKey, volumeScope } from './volume'

export interface CreateVolume {
  readonly Name?: string
  readonly Driver?: string
  readonly Labels?: Readonly<Record<string, string>>
  readonly DriverOpts?: Readonly<Record<string, string>>
}

const ANONYMOUS = 'com.docker.volume.anonymous'

/** Makes a volume, or gives back the one of that name. After VolumesService.Create. */
export function createVolume(pass: Pass, body: CreateVolume, because?: Reason): Volume {
  const { Driver: driver = 'local' } = body
  const anonymous = body.Name === undefined || body.Name === ''
  const name = anonymous ? pass.id('volume') : body.Name!
  const problem = volumeNameProblem(name)
  if (problem !== undefined) refuse(400, problem)
  if (driver !== '' && driver !== 'local')
    refuse(404, `error looking up volume plugin ${driver}: plugin "${driver}" not found`)
  const present = pass.get(volumeKey(pass.machine.name, name))
  if (present) {
    const options = body.DriverOpts ?? {}
    if (Object.keys(options).length > 0 && JSON.stringify(options) !== JSON.stringify(present.options))
      refuse(409, `volume ${name} already exists with different options`)
    return present
  }
  const volume: Volume = {
    name,
    machine: pass.machine.name,
    driver: 'local',
    labels: { ...(anonymous && { [ANONYMOUS]: '' }), ...body.Labels },
    options: body.DriverOpts ?? {},
    createdAt: pass.now,
    anonymous,
  }
  pass.set(volumeKey(pass.machine.name, name), volume, because ?? { id: 'docker/volume-created', values: { name } })
  pass.event('volume', 'create', name, { driver: 'local' })
  return volume
}

export function volumeNameProblem(name: string): string | undefined {
  if (name.length === 1) return 'volume name is too short, names should be at least two alphanumeric characters'
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
    return `"${name}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`
  return undefined
}

/** Containers that have a volume mounted, running or not. */
export const usersOf = (pass: Pass, name: string): readonly DockerContainer[] =>
  pass
    .all(DockerContainer)
    .filter(({ mounts }) => mounts.some((mount) => mount.Type === 'volume' && mount.Name === name))

export function removeVolume(pass: Pass, name: string, query: Readonly<Record<string, string>> | undefined): void {
  const volume = pass.get(volumeKey(pass.machine.name, name))
  if (!volume) {
    if (!isTrue(query?.['force'])) refuse(404, `get ${name}: no such volume`)
    return
  }
  const users = usersOf(pass, name)
  if (users.length > 0) refuse(409, `remove ${name}: volume is in use - [${users.map(({ id }) => id).join(', ')}]`)
  dropVolume(pass, volume, { id: 'docker/volume-removed', values: { name } })
}

/** The volume with all that is in it. */
export function dropVolume(pass: Pass, { name }: Volume, because: Reason): void {
  pass.set(volumeKey(pass.machine.name, name), undefined, because)
  for (const { key } of pass.world.list(File, { scope: volumeScope(pass.machine.name, name) }))
    pass.set(key, undefined, because, true)
  pass.event('volume', 'destroy', name, { driver: 'local' })
}

export const volumeBytes = (pass: Pass, name: string): number =>
  pass.world
    .list(File, { scope: volumeScope(pass.machine.name, name) })
    .reduce((sum, { value }) => sum + bytesOf(value), 0)

export function describeVolume({ name, driver, labels, options, createdAt }: Volume) {
  return {
    CreatedAt: apiTime(createdAt, name).replace(/\.\d+Z$/, 'Z'),
    Driver: driver,
    Labels: Object.keys(labels).length > 0 ? labels : null,
    Mountpoint: mountpointOf(name),
    Name: name,
    Options: Object.keys(options).length > 0 ? options : null,
    Scope: 'local',
  }
}

export const volumeNamed = (pass: Pass, name: string): Volume =>
  pass.get(volumeKey(pass.machine.name, name)) ?? refuse(404, `get ${name}: no such volume`)

export function listVolumes(pass: Pass, query: Readonly<Record<string, string>> | undefined) {
  const filters = filtersOf(query)
  const any = (name: string, fits: (wanted: string) => boolean) =>
    (filters[name] ?? []).length === 0 || filters[name]!.some(fits)
  const found = pass
    .all(Volume)
    .filter(
      (one) =>
        any('name', (wanted) => one.name.includes(wanted)) &&
        any('driver', (wanted) => one.driver === wanted) &&
        any('dangling', (wanted) => isTrue(wanted) === (usersOf(pass, one.name).length === 0)) &&
        (filters['label'] ?? []).every((label) => hasLabel(one.labels, label)),
    )
  return { Volumes: found.map(describeVolume), Warnings: null }
}

/** Only anonymous ones, unless `all` is asked for. */
export function pruneVolumes(pass: Pass, query: Readonly<Record<string, string>> | undefined) {
  const filters = filtersOf(query)
  const all = isTrue(filters['all']?.[0])
  const deleted: string[] = []
  let bytes = 0
  for (const volume of pass.all(Volume)) {
    if ((!volume.anonymous && !all) || usersOf(pass, volume.name).length > 0) continue
    if ((filters['label'] ?? []).some((label) => !hasLabel(volume.labels, label))) continue
    bytes += volumeBytes(pass, volume.name)
    dropVolume(pass, volume, { id: 'docker/pruned', values: { what: `volume ${volume.name}` } })
    deleted.push(volume.name)
  }
  return { VolumesDeleted: deleted.length > 0 ? deleted : null, SpaceReclaimed: bytes }
}

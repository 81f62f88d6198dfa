import type { Change, Key, Reason, Wish } from '../../engine'
import type { Mount } from '../../platform/container/container'
import { cleanPath, File } from '../../platform/shell/file'
import type { ConfigMap, Secret } from '../kinds/configmap'
import type { PodContainer, Volume } from '../kinds/pod'
import { apiAccess } from './api-access'
import { expandVariables } from './environment'
import { hostPathCheck, hostVolume } from './host-path'
import type { Pass } from './pass'
import type { Addresses } from './pod-fields'
import type { VolumeWork } from './pod-work'
import { contentOf, isWritten, sourcesOfVolume, type Written } from './volume-files'

/** The volume manager tries again after 0.5, 1, 2 … 122 s (goroutinemap/exponentialbackoff). */
const FIRST_RETRY_MILLIS = 500
const LONGEST_RETRY_MILLIS = 122_000
/** A pod is looked at again after 60 s and up to half of that more; only then do its volumes follow a changed ConfigMap. */
const SYNC_MILLIS = 60_000

const needsWork = (volume: Volume): boolean => isWritten(volume) || volume.hostPath !== undefined

/** The name under which the platform keeps a volume of the pod. What is in memory is gone after a boot. */
function volumeName(pass: Pass, volume: Volume): string {
  if (volume.hostPath) return hostVolume(pass.machine.name)
  const name = `${pass.pod.metadata.uid}.${volume.name}`
  return volume.emptyDir?.medium === 'Memory' ? `${name}.boot-${pass.machine.boots}` : name
}

/** Where the files of a volume of the pod are. */
export const volumeScope = (pass: Pass, volume: Volume): string => `volume:${volumeName(pass, volume)}`

const addressesOf = (pass: Pass): Addresses => ({
  pod: pass.pod.spec.hostNetwork ? pass.machine.address : (pass.sandbox()?.address ?? ''),
  host: pass.machine.address,
})

/** Brings the pod's volumes to the machine. True: all are there. After volumemanager's reconciler and the plugins' SetUp. */
export function volumesReady(pass: Pass): boolean {
  const volumes = pass.pod.spec.volumes
  if (!volumes?.some(needsWork)) return true
  const { volumes: work } = pass.work
  if (work?.mounted) {
    refresh(pass, volumes, work)
    return true
  }
  if (work && pass.world.now < work.notBefore) {
    pass.wait(work.notBefore - pass.world.now)
    return false
  }
  const sources = sourcesOf(pass, volumes)
  const failed = write(pass, volumes)
  const failures = failed ? (work?.failures ?? 0) + 1 : 0
  const delay = Math.min(LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS * 2 ** Math.max(0, Math.min(failures, 9) - 1))
  const notBefore = pass.world.now + delay
  pass.work = {
    ...pass.work,
    volumes: { mounted: !failed, failures, notBefore, sources, seen: newest(pass, sources)?.revision ?? 0 },
  }
  if (failed) pass.wait(delay)
  return !failed
}

const sourcesOf = (pass: Pass, volumes: readonly Volume[]): readonly string[] => [
  ...new Set(volumes.flatMap((volume) => sourcesOfVolume(pass.pod.metadata.namespace!, volume))),
]

/** The last change among the objects that the files come from. */
function newest(pass: Pass, sources: readonly string[]): Change | undefined {
  let last: Change | undefined
  for (const key of sources) {
    const head = pass.known(key as Key<ConfigMap | Secret>)
    if (head && head.revision > (last?.revision ?? 0)) last = head
  }
  return last
}

/** Writes what is to be written; every failure is told. True: there was one. */
function write(pass: Pass, volumes: readonly Volume[]): boolean {
  let failed = false
  for (const volume of volumes) {
    const problem = volume.hostPath ? checkHostPath(pass, volume.hostPath) : setUp(pass, volume)
    if (problem === undefined) continue
    failed = true
    const because: Reason = {
      id: 'kubernetes/volume-failed',
      values: { volume: volume.name, error: problem },
      of: [pass.bound()],
    }
    pass.event(
      'Warning',
      'FailedMount',
      `MountVolume.SetUp failed for volume ${JSON.stringify(volume.name)} : ${problem}`,
      because,
    )
  }
  return failed
}

function checkHostPath(pass: Pass, source: NonNullable<Volume['hostPath']>): string | undefined {
  const checked = hostPathCheck(pass.world, pass.machine.name, source)
  if ('error' in checked) return checked.error
  for (const wish of checked.wishes)
    if (!pass.changes.some(({ key }) => key === wish.key)) pass.changes.push(wish as Wish)
  return undefined
}

function setUp(pass: Pass, volume: Volume): string | undefined {
  if (!isWritten(volume)) return undefined
  const content = contentOf(pass, volume, addressesOf(pass))
  if ('error' in content) return content.error
  const because: Reason = {
    id: 'kubernetes/volume-written',
    values: { volume: volume.name, files: content.files.length },
    of: [newest(pass, sourcesOfVolume(pass.pod.metadata.namespace!, volume))?.revision ?? pass.bound()],
  }
  putFiles(pass, volumeScope(pass, volume), content.files, because)
  return undefined
}

/** Makes the files of a scope be these, folders included; what is as it should be is left alone. */
function putFiles(pass: Pass, scope: string, files: readonly Written[], because: Reason): void {
  const { world } = pass
  const wanted = new Map<Key<File>, File>()
  for (const { path, text, mode } of files) {
    const place = cleanPath(path)
    for (let slash = place.indexOf('/', 1); slash > 0; slash = place.indexOf('/', slash + 1))
      wanted.set(File.key(scope, place.slice(0, slash)), {
        what: 'folder',
        text: '',
        mode: 0o755,
        modifiedAt: world.now,
      })
    wanted.set(File.key(scope, place), { what: 'file', text, mode, modifiedAt: world.now })
  }
  for (const [key, value] of wanted) {
    const there = world.get(key)
    if (there?.what !== value.what || there.text !== value.text || there.mode !== value.mode)
      pass.changes.push({ key, value, because, quiet: true })
  }
  for (const { key } of world.list(File, { scope }))
    if (!wanted.has(key)) pass.changes.push({ key, value: undefined, because, quiet: true })
}

/** Mounted files follow their objects at the next sync of the pod; a change of the pod itself is such an occasion. */
function refresh(pass: Pass, volumes: readonly Volume[], work: VolumeWork): void {
  const { world } = pass
  const last = newest(pass, work.sources)
  const podChanged = pass.head.by !== 'kubelet' ? pass.head : undefined
  if (last === undefined || last.revision <= work.seen) {
    if (podChanged && volumes.some((volume) => volume.downwardAPI ?? volume.projected)) write(pass, volumes)
    return
  }
  if (podChanged === undefined || podChanged.revision < last.revision) {
    const period = Math.round(SYNC_MILLIS * (1 + pass.draw('sync', 0) / 2))
    const { seenAt } = pass.work
    const due = seenAt + Math.ceil((last.at - seenAt) / period) * period
    if (world.now < due) {
      pass.wait(due - world.now)
      return
    }
  }
  write(pass, volumes)
  pass.work = { ...pass.work, volumes: { ...work, seen: last.revision } }
}

/** How the volumes of a container are mounted in it. `id`: the runtime's container. Kinds that are not modelled are left out. */
export function mountsOf(
  pass: Pass,
  container: PodContainer,
  given: { readonly id: string; readonly env: Readonly<Record<string, string>> },
): Mount[] {
  const mounts: Mount[] = []
  for (const mount of container.volumeMounts ?? []) {
    const volume = pass.pod.spec.volumes?.find(({ name }) => name === mount.name)
    if (!volume || !(volume.emptyDir || needsWork(volume))) continue
    const sub = mount.subPathExpr ? expandVariables(mount.subPathExpr, given.env) : (mount.subPath ?? '')
    const base = volume.hostPath ? cleanPath(volume.hostPath.path) : ''
    const root = sub === '' ? base : cleanPath(`${base}/${sub}`)
    let name = volumeName(pass, volume)
    if (sub !== '' && isWritten(volume)) {
      // what is mounted by subPath stays as it was when the container was made
      name = `${name}.${given.id.slice(0, 12)}`
      freeze(pass, volume, `volume:${name}`, root)
    }
    mounts.push({
      source: { volume: name },
      path: cleanPath(mount.mountPath),
      readOnly: mount.readOnly === true || isWritten(volume),
      ...(root !== '' && root !== '/' && { root }),
    })
  }
  const access = apiAccess(pass, container)
  if (access) mounts.push(access)
  return mounts
}

function freeze(pass: Pass, volume: Volume, scope: string, root: string): void {
  const content = contentOf(pass, volume, addressesOf(pass))
  if ('error' in content) return
  const files = content.files.filter(({ path }) => {
    const place = cleanPath(path)
    return place === root || place.startsWith(`${root}/`)
  })
  putFiles(pass, scope, files, {
    id: 'kubernetes/volume-written',
    values: { volume: volume.name, files: files.length },
  })
}

/** What the pod's volumes leave on the machine: all but hostPaths. */
export function sweepVolumes(pass: Pass, because: Reason): void {
  const { volumes } = pass.pod.spec
  if (!volumes?.length) return
  const containers = Object.values(pass.work.containers).flatMap(({ id, lastId }) => [id, lastId])
  for (const volume of volumes) {
    if (volume.hostPath) continue
    const scope = volumeScope(pass, volume)
    const frozen = isWritten(volume) ? containers.map((id) => `${scope}.${id?.slice(0, 12)}`) : []
    for (const one of new Set([scope, ...frozen]))
      for (const { key } of pass.world.list(File, { scope: one }))
        pass.changes.push({ key, value: undefined, because, quiet: true })
  }
}

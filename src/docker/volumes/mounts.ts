import type { Reason } from '../../engine'
import type { Mount } from '../../platform/container/container'
import type { Image } from '../../platform/image/resolve'
import { treeOf } from '../../platform/image/tree'
import { diskScope } from '../../platform/machine/machine'
import { cleanPath, File } from '../../platform/shell/file'
import type { Config, HostConfig, MountPoint } from '../containers/container'
import { lookUp } from '../containers/find'
import { refuse } from '../engine/request'
import type { Pass } from '../pass'
import { mountpointOf, volumeFiles, volumeScope } from './volume'
import { createVolume, volumeNameProblem } from './volumes'

const MODES = new Set([
  'ro',
  'rw',
  'z',
  'Z',
  'nocopy',
  'shared',
  'slave',
  'private',
  'rshared',
  'rslave',
  'rprivate',
  'cached',
  'delegated',
  'consistent',
])

interface Wanted {
  readonly type: MountPoint['Type']
  readonly source: string
  readonly target: string
  readonly readOnly: boolean
  readonly mode: string
  readonly copy: boolean
  /** A missing folder of the machine is made (`-v`), or refused (`--mount`). */
  readonly make: boolean
}

/** `[src:]dst[:opts]`. After the Linux parser in moby's volume/mounts. */
function parseBind(text: string): Wanted {
  const invalid = (): never => refuse(400, `invalid volume specification: '${text}'`)
  const parts = text.split(':')
  if (parts.length > 3 || parts.some((part) => part === '')) return invalid()
  const isMode = (part: string) => part.split(',').every((one) => MODES.has(one))
  let [source, target, mode = ''] = parts.length === 1 ? ['', parts[0]!] : parts
  if (parts.length === 2 && isMode(target!)) [source, target, mode] = ['', source, target!]
  if (mode !== '' && !isMode(mode)) refuse(400, `invalid mode: ${mode}`)
  const path = checkedTarget(text, target!)
  const options = mode.split(',')
  const isBind = source!.startsWith('/')
  if (source !== '' && !isBind) {
    const problem = volumeNameProblem(source!)
    if (problem !== undefined) refuse(400, problem.startsWith('volume name') ? problem : `create ${source}: ${problem}`)
  }
  return {
    type: isBind ? 'bind' : 'volume',
    source: isBind ? cleanPath(source!) : source!,
    target: path,
    readOnly: options.includes('ro'),
    mode: mode || (isBind ? '' : 'z'),
    copy: !options.includes('nocopy'),
    make: true,
  }
}

function checkedTarget(text: string, target: string): string {
  if (!target.startsWith('/'))
    refuse(
      400,
      `invalid volume specification: '${text}': invalid mount config for type "volume": invalid mount path: '${target}' mount path must be absolute`,
    )
  const path = cleanPath(target)
  if (path === '/')
    refuse(
      400,
      `invalid volume specification: '${text}': invalid mount config for type "volume": invalid specification: destination can't be '/'`,
    )
  return path
}

/** Folders and files that every machine has. */
const SYSTEM =
  /^\/(bin|boot|dev|etc|home|lib|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)?(\/(run|lib|log|docker|run\/docker\.sock|docker\.sock|localtime|passwd|hostname|hosts|resolv\.conf))*$/

const existsOnDisk = (pass: Pass, path: string): boolean =>
  SYSTEM.test(path) || pass.get(File.key(diskScope(pass.machine), path)) !== undefined

function makeFolder(pass: Pass, path: string, because: Reason): void {
  const parts = path.split('/')
  for (let i = 2; i <= parts.length; i++) {
    const at = parts.slice(0, i).join('/')
    if (existsOnDisk(pass, at)) continue
    pass.set(
      File.key(diskScope(pass.machine), at),
      { what: 'folder', text: '', mode: 0o755, modifiedAt: pass.now },
      because,
      true,
    )
  }
}

/** Everything that a new container mounts; volumes and folders that are not there are made. After registerMountPoints. */
export function mountPoints(
  pass: Pass,
  config: Config,
  hostConfig: HostConfig,
  image: Image | undefined,
): readonly MountPoint[] {
  const because: Reason = { id: 'docker/mounted', values: { image: config.Image } }
  const found = new Map<string, MountPoint>()
  for (const text of hostConfig.VolumesFrom ?? [])
    for (const one of mountsFrom(pass, text)) found.set(one.Destination, one)
  const own = new Set<string>()
  const wanted: Wanted[] = [
    ...(hostConfig.Binds ?? []).map(parseBind),
    ...(hostConfig.Mounts ?? []).map(
      (one): Wanted => ({
        type: one.Type,
        source: one.Source ?? '',
        target: cleanPath(one.Target),
        readOnly: one.ReadOnly === true,
        mode: one.Type === 'volume' ? 'z' : '',
        copy: one.NoCopy !== true,
        make: false,
      }),
    ),
    ...Object.entries(hostConfig.Tmpfs ?? {}).map(
      ([path, options]): Wanted => ({
        type: 'tmpfs',
        source: '',
        target: checkedTarget(path, path),
        readOnly: options.split(',').includes('ro'),
        mode: '',
        copy: false,
        make: false,
      }),
    ),
  ]
  for (const one of wanted) {
    if (own.has(one.target)) refuse(400, `Duplicate mount point: ${one.target}`)
    own.add(one.target)
    found.set(one.target, mounted(pass, one, image, because))
  }
  for (const path of Object.keys({
    ...Object.fromEntries((image?.config.volumes ?? []).map((volume) => [volume, {}])),
    ...config.Volumes,
  })) {
    const target = cleanPath(path)
    if (found.has(target)) continue
    const one: Wanted = { type: 'volume', source: '', target, readOnly: false, mode: '', copy: true, make: true }
    found.set(target, mounted(pass, one, image, because))
  }
  return [...found.values()]
}

function mountsFrom(pass: Pass, text: string): readonly MountPoint[] {
  const colon = text.lastIndexOf(':')
  const [name, mode] = colon > 0 ? [text.slice(0, colon), text.slice(colon + 1)] : [text, '']
  if (mode !== '' && mode !== 'ro' && mode !== 'rw') refuse(400, `invalid mode: ${mode}`)
  const other = lookUp(pass, name)
  if ('problem' in other) return refuse(404, other.problem)
  return other.mounts.map((mount) => ({ ...mount, RW: mode === 'ro' ? false : mount.RW }))
}

function mounted(pass: Pass, one: Wanted, image: Image | undefined, because: Reason): MountPoint {
  const { type, source, target, readOnly, mode } = one
  const place = { Destination: target, Mode: mode, RW: !readOnly }
  if (type === 'tmpfs') return { Type: 'tmpfs', Source: '', ...place }
  if (type === 'bind') {
    if (!existsOnDisk(pass, source)) {
      if (!one.make) refuse(400, `invalid mount config for type "bind": bind source path does not exist: ${source}`)
      makeFolder(pass, source, because)
    }
    return { Type: 'bind', Source: source, ...place }
  }
  const volume = createVolume(pass, { Name: source }, because)
  if (one.copy) copyUp(pass, volume.name, target, image, because)
  return { Type: 'volume', Name: volume.name, Source: mountpointOf(volume.name), ...place }
}

/** What the image has at the path goes into a volume that is empty. */
function copyUp(pass: Pass, name: string, target: string, image: Image | undefined, because: Reason): void {
  const scope = volumeScope(pass.machine.name, name)
  if (!image || pass.world.list(File, { scope }).length > 0) return
  const tree = treeOf(pass.world, pass.machine.name, image.layers)
  const copy = (path: string) => {
    for (const one of [...tree.names(path)].sort()) {
      const file = tree.get(`${path}/${one}`)
      if (file) pass.set(File.key(scope, `${path}/${one}`.slice(target.length)), file, because, true)
      copy(`${path}/${one}`)
    }
  }
  copy(target)
}

/** The mounts as the platform's container has them. */
export const platformMounts = (pass: Pass, mounts: readonly MountPoint[]): readonly Mount[] =>
  mounts.map(({ Type, Name, Source, Destination, RW }): Mount => {
    const place = { path: Destination, readOnly: !RW }
    if (Type === 'tmpfs') return { source: { tmpfs: true }, ...place }
    if (Type === 'volume') return { source: { volume: volumeFiles(pass.machine.name, Name!) }, ...place }
    return { source: { files: diskScope(pass.machine) }, ...place, ...(Source !== '/' && { root: Source }) }
  })

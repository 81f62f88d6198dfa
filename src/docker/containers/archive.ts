import { commandOf } from '../../platform/container/command'
import { mountsOf } from '../../platform/container/processes'
import { treeOf } from '../../platform/image/tree'
import { type File, followed } from '../../platform/shell/file'
import { FileView } from '../../platform/shell/files'
import { refuse } from '../engine/request'
import type { Pass } from '../pass'
import type { DockerContainer } from './container'

/** A file with its path, relative to what was asked for: `` is that itself. */
export interface ArchivePart extends File {
  readonly path: string
}

/** A file or folder with all that is in it. */
export interface Archive {
  readonly folder: boolean
  readonly files: readonly ArchivePart[]
}

const MOST_FILES = 10_000

function view(pass: Pass, { id }: DockerContainer) {
  const runs = pass.runs(id)!
  const { image } = commandOf(runs.spec)
  return new FileView(pass.world, mountsOf(runs), {}, image && treeOf(pass.world, runs.machine, image.layers))
}

/** The files of a container's own layer and its image, without volumes. */
export function rootOf(pass: Pass, { id }: DockerContainer): FileView {
  const runs = pass.runs(id)!
  const { image } = commandOf(runs.spec)
  const below = image && treeOf(pass.world, runs.machine, image.layers)
  return new FileView(pass.world, mountsOf({ id, spec: { mounts: [] } }), {}, below)
}

/** What stands at a path in a container, running or not. `follows`: where a link at its end leads. After ContainerArchivePath. */
export function readArchive(pass: Pass, container: DockerContainer, path: string, follows: boolean): Archive {
  const files = view(pass, container).from('/')
  const own = files.entry(follows ? followed((one) => files.entry(one), path, true) : path)
  if (!own) return refuse(404, `Could not find the file ${path} in container ${container.name}`)
  if (own.what !== 'folder') return { folder: false, files: [{ path: '', ...own }] }
  const found: ArchivePart[] = []
  const walk = (inside: string) => {
    for (const name of files.list(`${path}/${inside}`) ?? []) {
      if (found.length >= MOST_FILES) refuse(500, `more than ${MOST_FILES} files`)
      const at = inside === '' ? name : `${inside}/${name}`
      const file = files.entry(`${path}/${at}`)
      if (!file) continue
      found.push({ path: at, ...file })
      if (file.what === 'folder') walk(at)
    }
  }
  walk('')
  return { folder: true, files: found }
}

interface PutArchive {
  readonly path: string
  readonly name: string
  readonly archive: Archive
  /** Only what is in the folder, not the folder itself. */
  readonly contents?: boolean
  /** `-a`: owners are kept; else everything is root's. */
  readonly owners?: boolean
  /** From a tar archive: it must be a folder that is there. */
  readonly stream?: boolean
}

/** Puts files into a container: below the folder `path`, or as it. After ContainerExtractToDir. */
export function writeArchive(
  pass: Pass,
  container: DockerContainer,
  { path, name, archive, contents, owners, stream }: PutArchive,
): void {
  const own = view(pass, container)
  const files = own.from('/')
  const target = files.stat(path)
  const parent = path.replace(/\/[^/]*\/?$/, '') || '/'
  if (stream && !target?.folder) refuse(404, `destination "${container.name}:${path}" must be a directory`)
  if (!target && (path.endsWith('/') || !files.stat(parent)?.folder))
    refuse(404, `Could not find the file ${path.endsWith('/') ? path : parent} in container ${container.name}`)
  if (target && !target.folder && archive.folder) refuse(400, 'cannot copy directory')
  const root = target?.folder && !contents ? `${path}/${name}` : path
  const problem = (one: { readonly error: string } | undefined) => {
    if (one !== undefined && one.error !== 'File exists')
      refuse(
        one.error === 'Read-only file system' ? 403 : 500,
        one.error === 'Read-only file system' ? 'container rootfs is marked read-only' : one.error,
      )
  }
  if (archive.folder) problem(files.makeFolder(root))
  for (const { path: inside, uid, gid, ...file } of archive.files) {
    const at = inside === '' ? root : `${root}/${inside}`
    const there = files.stat(at)
    if (file.what === 'folder') {
      if (!there) problem(files.put(at, { ...file, ...(owners && { uid: uid ?? 0, gid: gid ?? 0 }) }))
    } else if (there?.folder && file.what === 'file')
      refuse(400, `cannot overwrite directory "${at}" with non-directory "${container.name}"`)
    else problem(files.put(at, { ...file, ...(owners && { uid: uid ?? 0, gid: gid ?? 0 }) }))
  }
  for (const { key, value, because } of own.wishes()) pass.set(key, value, because, true)
}

import { commandOf } from '../../platform/container/command'
import { mountsOf } from '../../platform/container/processes'
import { treeOf } from '../../platform/image/tree'
import { FileView } from '../../platform/shell/files'
import { refuse } from '../engine/request'
import type { Pass } from '../pass'
import type { DockerContainer } from './container'

/** A file or folder, paths relative to what was asked for: `` is that itself. */
export interface Archive {
  readonly folder: boolean
  readonly files: readonly { readonly path: string; readonly text: string; readonly folder: boolean }[]
}

const MOST_FILES = 10_000

function view(pass: Pass, { id }: DockerContainer) {
  const runs = pass.runs(id)!
  const { image } = commandOf(runs.spec)
  return new FileView(pass.world, mountsOf(runs), {}, image && treeOf(pass.world, runs.machine, image.layers))
}

/** What stands at a path in a container, running or not. After ContainerArchivePath; owners and links are left out. */
export function readArchive(pass: Pass, container: DockerContainer, path: string): Archive {
  const files = view(pass, container).from('/')
  const stat = files.stat(path)
  if (!stat) return refuse(404, `Could not find the file ${path} in container ${container.name}`)
  if (!stat.folder) return { folder: false, files: [{ path: '', text: textOf(files.read(path)), folder: false }] }
  const found: { path: string; text: string; folder: boolean }[] = []
  const walk = (inside: string) => {
    for (const name of files.list(`${path}/${inside}`) ?? []) {
      if (found.length >= MOST_FILES) refuse(500, `more than ${MOST_FILES} files`)
      const at = inside === '' ? name : `${inside}/${name}`
      const folder = files.stat(`${path}/${at}`)?.folder === true
      found.push({ path: at, text: folder ? '' : textOf(files.read(`${path}/${at}`)), folder })
      if (folder) walk(at)
    }
  }
  walk('')
  return { folder: true, files: found }
}

const textOf = (read: { readonly text: string } | { readonly error: string }): string =>
  'text' in read ? read.text : ''

export interface PutArchive {
  readonly path: string
  readonly name: string
  readonly archive: Archive
  /** Only what is in the folder, not the folder itself. */
  readonly contents?: boolean
}

/** Puts files into a container: below the folder `path`, or as it. After ContainerExtractToDir. */
export function writeArchive(
  pass: Pass,
  container: DockerContainer,
  { path, name, archive, contents }: PutArchive,
): void {
  const own = view(pass, container)
  const files = own.from('/')
  const target = files.stat(path)
  const parent = path.replace(/\/[^/]*\/?$/, '') || '/'
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
  for (const one of archive.files) {
    const at = one.path === '' ? root : `${root}/${one.path}`
    problem(one.folder ? files.makeFolder(at) : files.write(at, one.text))
  }
  for (const { key, value, because } of own.wishes()) pass.set(key, value, because, true)
}

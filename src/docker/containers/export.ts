import { LAB_EPOCH } from '../../engine'
import { tarText } from '../../platform/image/archive'
import type { Entry } from '../../platform/image/entry'
import { refuse } from '../engine/request'
import { archiveOf, type SavedArchive } from '../images/save'
import type { Pass } from '../pass'
import { rootOf } from './archive'
import type { DockerContainer } from './container'

const MOST_ENTRIES = 20_000

/** What the runtime makes for every container, besides its files. */
const RUNTIME: readonly (readonly [path: string, what: Entry['what'], text?: string])[] = [
  ['/.dockerenv', 'file'],
  ['/dev', 'folder'],
  ['/dev/console', 'file'],
  ['/dev/pts', 'folder'],
  ['/dev/shm', 'folder'],
  ['/etc', 'folder'],
  ['/etc/hostname', 'file'],
  ['/etc/hosts', 'file'],
  ['/etc/mtab', 'link', '/proc/mounts'],
  ['/etc/resolv.conf', 'file'],
  ['/proc', 'folder'],
  ['/sys', 'folder'],
]

/** `GET /containers/{}/export`: all files of a container as one archive; of volumes only the folders where they are mounted. After ContainerExport. */
export function exportContainer(pass: Pass, container: DockerContainer): SavedArchive {
  const files = rootOf(pass, container).from('/')
  const found = new Map<string, Entry>()
  const walk = (folder: string) => {
    for (const name of files.list(folder) ?? []) {
      const path = folder === '/' ? `/${name}` : `${folder}/${name}`
      const file = files.entry(path)
      if (!file) continue
      if (found.size >= MOST_ENTRIES) refuse(500, `an archive of this lab holds ${MOST_ENTRIES} files at most`)
      found.set(path, { path, ...file })
      if (file.what === 'folder') walk(path)
    }
  }
  walk('/')
  const mounted = container.mounts.map(({ Destination }) => [Destination, 'folder'] as const)
  for (const [path, what, text = ''] of [...RUNTIME, ...mounted] as typeof RUNTIME)
    if (!found.has(path))
      found.set(path, {
        path,
        what,
        text,
        mode: what === 'folder' || path === '/.dockerenv' ? 0o755 : what === 'link' ? 0o777 : 0o644,
        modifiedAt: container.createdAt ?? -LAB_EPOCH,
      })
  pass.tell(container, 'export')
  return archiveOf(tarText([...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1))))
}

import type { Json } from '../../engine/json'
import type { World } from '../../engine/kind'
import type { Wish } from '../../engine/plan'
import { programNamed } from '../programs'
import { FileView } from '../shell/files'
import type { Container } from './container'
import { mountsOf } from './processes'

/** Where a container's program keeps its data, if that is on something that outlives the container. */
function place(
  world: World,
  container: Container,
  name: string,
): { readonly view: FileView; readonly path: string } | undefined {
  const data = programNamed(name)?.data
  if (!data) return undefined
  const lasts = container.spec.mounts.some(
    ({ path, source }) => !('tmpfs' in source) && (data.folder === path || data.folder.startsWith(`${path}/`)),
  )
  if (!lasts) return undefined
  return { view: new FileView(world, mountsOf(container), {}), path: `${data.folder}/${data.file}` }
}

/** What an ending program leaves in a volume, for whoever mounts it next. */
export function savedData(world: World, container: Container, exitCode: number): Wish[] {
  const found = place(world, container, container.program)
  const kept = found && programNamed(container.program)?.disk?.(container.memory, exitCode)
  if (!found || kept === undefined) return []
  const files = found.view.from('/')
  const folder = found.path.slice(0, found.path.lastIndexOf('/'))
  if (!files.stat(folder)) files.makeFolder(folder)
  files.write(found.path, JSON.stringify(kept))
  return found.view.wishes()
}

/** The data that a starting program finds there; undefined: none. */
export function foundData(world: World, container: Container, program: string): Json | undefined {
  const found = place(world, container, program)
  const read = found?.view.from('/').read(found.path)
  if (!read || 'error' in read) return undefined
  try {
    return JSON.parse(read.text) as Json
  } catch {
    return undefined
  }
}

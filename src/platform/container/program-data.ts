import type { Change } from '../../engine/change'
import type { Json, Millis } from '../../engine/json'
import type { World } from '../../engine/kind'
import type { Plan, Wish } from '../../engine/plan'
import { LAB_EPOCH } from '../../engine/time'
import { programNamed } from '../programs'
import { FileView } from '../shell/files'
import { commandOf } from './command'
import type { Container } from './container'
import { printed } from './logs'
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

/** What a program leaves in a volume when it ends, or while it runs (`exitCode` undefined), for whoever mounts it next. */
function savedData(world: World, container: Container, exitCode: number | undefined): Wish[] {
  const found = place(world, container, container.program)
  const kept = found && programNamed(container.program)?.disk?.(container.memory, exitCode)
  if (!found || kept === undefined) return []
  const files = found.view.from('/')
  const folder = found.path.slice(0, found.path.lastIndexOf('/'))
  if (!files.stat(folder)) files.makeFolder(folder)
  files.write(found.path, JSON.stringify(kept))
  return found.view.wishes()
}

/** What is on the disk when a container has ended by itself or by a signal. */
export const dataAtEnd = (world: World, container: Container, exitCode: number): Wish[] =>
  savedData(world, container, exitCode)

/** What is on the disk when the power goes: what was written before, and all of what its program never answers for without writing it. */
export const dataAtLoss = (world: World, container: Container): Wish[] =>
  container.state === 'running' && programNamed(container.program)?.data?.durable
    ? savedData(world, container, undefined)
    : []

/** A running program writes its data when that is due; else the moment when it will. */
export function saving(
  world: World,
  { key, value: container, revision }: Change<Container>,
): { readonly plan: Plan } | { readonly at: Millis } | undefined {
  const due = programNamed(container.program)?.data?.due
  if (!due) return undefined
  const command = commandOf(container.spec)
  const next = due({ now: world.now, epoch: LAB_EPOCH + world.now, key, container, command })
  if (!next || next.at > world.now) return next
  const values = { program: container.program, why: next.why }
  const because = { id: 'platform/data-saved', values, of: [revision] }
  const value: Container = { ...container, memory: next.memory }
  const lines = next.print ? printed(world, container.id, next.print, because) : []
  return { plan: { changes: [{ key, value, because, quiet: true }, ...savedData(world, value, undefined), ...lines] } }
}

/** The data that a starting program finds: in its volume, or in the files of the same container; undefined: none. */
export function startingData(world: World, container: Container, program: string): Json | undefined {
  const found = place(world, container, program)
  if (!found) return programNamed(program)?.disk?.(container.memory, container.exitCode ?? 0)
  const read = found.view.from('/').read(found.path)
  if ('error' in read) return undefined
  try {
    return JSON.parse(read.text) as Json
  } catch {
    return undefined
  }
}

import type { Change } from '../../engine/change'
import type { World } from '../../engine/kind'
import type { Wish } from '../../engine/plan'
import { localName } from '../image/reference'
import { Fault } from '../machine/machine'
import type { Container, Disturbance } from './container'

/** Faults of programs, by their names. `slow-start` counts when a container starts, the others from then on or at once. */
export type ProgramFault = 'app-hangs' | 'app-errors' | 'memory-leak' | 'slow-start'

export const DEFAULT_LEAK_BYTES = 20 * 1024 * 1024
export const DEFAULT_SLOW_START_MILLIS = 30_000

/** A fault of a program is about one container, or about all that run an image. */
function isAbout(fault: Fault, { id, spec }: Container): boolean {
  const own = fault.memory?.containers
  return own ? own.includes(id) : localName(fault.target) === localName(spec.image)
}

const faultsAbout = (world: World, container: Container, name: ProgramFault, others: readonly Fault[]): Fault[] =>
  [...world.list(Fault).map(({ value }) => value), ...others].filter(
    (fault) => fault.name === name && isAbout(fault, container),
  )

/** What the faults there are make of a container; `ending`: one that no longer counts, `beginning`: one that is not there yet. */
export function disturbanceOf(
  world: World,
  container: Container,
  change: { readonly ending?: Fault; readonly beginning?: Fault } = {},
): Disturbance | undefined {
  const others = change.beginning ? [change.beginning] : []
  if (others.length === 0 && world.list(Fault).length === 0) return undefined
  const counts = ({ name, target }: Fault) => name !== change.ending?.name || target !== change.ending.target
  const active = (name: ProgramFault) => faultsAbout(world, container, name, others).filter(counts)
  const hangs = active('app-hangs').length > 0
  const answers = hangs ? 'never' : active('app-errors').length > 0 ? 'errors' : undefined
  const bytesPerSecond = active('memory-leak').reduce(
    (sum, { memory }) => sum + (memory?.amount ?? DEFAULT_LEAK_BYTES),
    0,
  )
  const before = container.disturbed?.leak
  const leak =
    bytesPerSecond === 0
      ? undefined
      : { bytesPerSecond, leakedBytes: before?.leakedBytes ?? 0, nextAt: before?.nextAt ?? world.now + 1000 }
  if (answers === undefined && leak === undefined) return undefined
  return { ...(answers && { answers }), ...(leak && { leak }) }
}

/** How much longer a container's program takes until it listens. */
export function slowStartMillis(world: World, container: Container): number {
  if (world.list(Fault).length === 0) return 0
  const slow = faultsAbout(world, container, 'slow-start', [])
  return slow.reduce((sum, { memory }) => sum + (memory?.amount ?? DEFAULT_SLOW_START_MILLIS), 0)
}

/** The memory of one second more is lost. */
export function leaking(
  world: World,
  { key, value, revision }: Change<Container>,
  leak: NonNullable<Disturbance['leak']>,
): Wish<Container> {
  const leakedBytes = leak.leakedBytes + leak.bytesPerSecond
  const next: Container = {
    ...value,
    memoryBytes: value.memoryBytes + leak.bytesPerSecond,
    disturbed: { ...value.disturbed, leak: { ...leak, leakedBytes, nextAt: world.now + 1000 } },
  }
  const values = { leakedBytes, bytesPerSecond: leak.bytesPerSecond }
  return { key, value: next, because: { id: 'platform/leaked', values, of: [revision] }, quiet: true }
}

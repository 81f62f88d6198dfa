import type { Reason } from '../../engine/change'
import type { Millis } from '../../engine/json'
import { type Key, partsOf, type World } from '../../engine/kind'
import type { Wish } from '../../engine/plan'
import { LAB_EPOCH } from '../../engine/time'
import { programNamed } from '../programs'
import type { Line } from '../programs/program'
import { commandOf } from './command'
import { type Container, Output } from './container'

/** A scope keeps its newest chunks; older ones are dropped. */
const MOST_CHUNKS = 1000

const numbered = (n: number): string => String(n).padStart(9, '0')

/** Adds printed lines to a scope (a container's or a process's id): neighbours of one stream become one chunk. Ask once a plan and scope. */
export function printed(
  world: World,
  scope: string,
  lines: readonly Line[],
  because: Reason,
  at: Millis = world.now,
): Wish[] {
  const chunks: Line[] = []
  for (const line of lines) {
    const last = chunks[chunks.length - 1]
    if (last && last.stream === line.stream) chunks[chunks.length - 1] = { ...last, text: last.text + line.text }
    else chunks.push(line)
  }
  const present = world.list(Output, { scope })
  const newest = present[present.length - 1]
  let next = newest ? Number(partsOf(newest.key).name) + 1 : 0
  const changes: Wish[] = present
    .slice(0, Math.max(0, present.length + chunks.length - MOST_CHUNKS))
    .map(({ key }) => ({ key, value: undefined, because: { id: 'platform/log-rotated' } }))
  for (const { stream, text } of chunks) {
    changes.push({ key: Output.key(scope, numbered(next++)), value: { at, stream, text }, because })
  }
  return changes
}

export interface LogLine {
  readonly at: Millis
  readonly stream: Output['stream']
  /** Without the final newline. */
  readonly text: string
  /** The line has no newline yet: more may follow in the same line. */
  readonly partial: boolean
}

/**
 * A container's log, oldest line first: what its program prints at every start, which is kept nowhere, and its Output. This
 * is what `docker logs` and `kubectl logs` show; reading Output alone misses the first part.
 */
export function readLogs(world: World, key: Key<Container>): readonly LogLine[] {
  const container = world.get(key)
  if (!container) return []
  const lines = bannerLines(world, key, container)
  for (const { value } of world.list(Output, { scope: container.id })) lines.push(...linesOf(value))
  // sort is stable: lines of one instant stay in order
  return lines.sort((a, b) => a.at - b.at)
}

/** Output cut into lines. */
export function linesOf(output: Output): LogLine[] {
  const texts = output.text.split('\n')
  const rest = texts.pop()!
  const lines = texts.map((text) => ({ at: output.at, stream: output.stream, text, partial: false }))
  if (rest !== '') lines.push({ at: output.at, stream: output.stream, text: rest, partial: true })
  return lines
}

/** When the program of a running container prints the next line of its start; undefined: it has printed all. */
export function bannersDue(world: World, key: Key<Container>): Millis | undefined {
  const container = world.get(key)
  if (container?.state !== 'running' || container.startedAt === undefined) return undefined
  const startedAt = container.programSince ?? container.startedAt
  const situation = { now: startedAt, epoch: LAB_EPOCH + startedAt, key, container, command: commandOf(container.spec) }
  const left = (programNamed(container.program)?.banner?.(situation) ?? [])
    .map(({ after }) => startedAt + after)
    .filter((at) => at > world.now)
  return left.length > 0 ? Math.min(...left) : undefined
}

function bannerLines(world: World, key: Key<Container>, container: Container): LogLine[] {
  const startedAt = container.programSince ?? container.startedAt
  if (startedAt === undefined) return []
  const command = commandOf(container.spec)
  const situation = { now: startedAt, epoch: LAB_EPOCH + startedAt, key, container, command }
  const until =
    container.finishedAt !== undefined && container.finishedAt >= startedAt ? container.finishedAt : world.now
  const banner = programNamed(container.program)?.banner?.(situation) ?? []
  return banner
    .filter((line) => startedAt + line.after <= until)
    .flatMap((line) => linesOf({ at: startedAt + line.after, stream: line.stream, text: line.text }))
}

/** Before a container object is started once more, what its last start printed is written down. */
export function keepBanner(world: World, key: Key<Container>, container: Container): Wish[] {
  const because: Reason = { id: 'platform/log-kept' }
  const lines = bannerLines(world, key, container)
  if (lines.length === 0) return []
  return printed(
    world,
    container.id,
    lines.map(({ stream, text }) => ({ stream, text: `${text}\n` }) as Line),
    because,
    lines[0]!.at,
  )
}

/** All of a container's Output, for when it is removed. */
export function forgetLogs(world: World, scope: string, because: Reason): Wish[] {
  return world.list(Output, { scope }).map(({ key }) => ({ key, value: undefined, because }))
}

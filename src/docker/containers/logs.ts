import type { Millis } from '../../engine'
import { containerKey } from '../../platform/container/container'
import { bannersDue, readLogs } from '../../platform/container/logs'
import { isTrue, refuse } from '../engine/request'
import { momentOf, nanoTime } from '../formats/time'
import type { Pass } from '../pass'
import { type DockerContainer, isRunning } from './container'
import { canRead } from './log-driver'
import { kept } from './log-files'

/** How far somebody has read: all lines before a moment, and so many of that moment. */
export interface Cursor {
  readonly at: Millis
  readonly count: number
}

export interface LogReply {
  readonly lines: readonly { readonly stream: 'out' | 'err'; readonly text: string }[]
  readonly cursor: Cursor
  /** No more will come. */
  readonly ended: boolean
  /** When a program prints next by itself. */
  readonly nextAt: Millis | undefined
}

/** What has been printed behind a cursor. Query: tail, since, until, timestamps, stdout, stderr. */
export function logs(
  pass: Pass,
  container: DockerContainer,
  query: Readonly<Record<string, string>>,
  from?: Cursor,
  attached = false,
): LogReply {
  if (!canRead(container.hostConfig.LogConfig.Type) && !attached)
    refuse(501, 'configured logging driver does not support reading')
  const key = containerKey(pass.machine.name, container.id)
  const printed = readLogs(pass.world, key).filter(({ stream }) => stream === 'out' || stream === 'err')
  // who is attached gets what comes, whatever becomes of the files
  let lines = attached ? printed : kept(printed, container.hostConfig.LogConfig)
  const last = lines.at(-1)
  let cursor = from ?? { at: Number.NEGATIVE_INFINITY, count: 0 }
  if (from) {
    let same = 0
    lines = lines.filter(({ at }) => at > from.at || (at === from.at && same++ >= from.count))
  }
  if (last) {
    const count = (at: Millis) => lines.filter((line) => line.at === at).length
    cursor = { at: last.at, count: count(last.at) + (from?.at === last.at ? from.count : 0) }
  }
  const since = query['since'] === undefined ? undefined : momentOf(query['since'], pass.now)
  const until = query['until'] === undefined ? undefined : momentOf(query['until'], pass.now)
  if (since !== undefined) lines = lines.filter(({ at }) => at >= since)
  if (until !== undefined) lines = lines.filter(({ at }) => at <= until)
  const tail = query['tail']
  if (!from && tail !== undefined && /^\d+$/.test(tail)) lines = Number(tail) === 0 ? [] : lines.slice(-Number(tail))
  const stamps = isTrue(query['timestamps'])
  return {
    lines: lines.map(({ at, stream, text, partial }) => ({
      stream: stream as 'out' | 'err',
      text: `${stamps ? `${nanoTime(at, container.id)} ` : ''}${text}${partial ? '' : '\n'}`,
    })),
    cursor: Number.isFinite(cursor.at) ? cursor : { at: -1e15, count: 0 },
    ended: !isRunning(container) && !container.starting,
    nextAt: bannersDue(pass.world, key),
  }
}

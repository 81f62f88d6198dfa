import { humanDuration } from '../../../docker/formats/duration'
import { bool, repeated, text } from '../../cli/flags'
import { bytesText } from '../build/plain'
import type { Command } from '../command'
import type { Run } from '../run'
import { filtersOf } from '../run'
import { build } from './build'
import { confirm } from './prune'

interface Use {
  readonly ID: string
  readonly Type: string
  readonly Description: string
  readonly InUse: boolean
  readonly Shared: boolean
  readonly Size: number
  readonly UsageCount: number
  readonly usedAt: number
}

/** Columns at the tab stops where Go's tabwriter puts them: 48, 64 and 80. */
const row = (id: string, reclaimable: string, size: string, last: string): string => {
  const tabs = (cell: string, width: number) => cell + '\t'.repeat(Math.max(1, Math.ceil((width - cell.length) / 8)))
  return `${tabs(id, 48)}${tabs(reclaimable, 16)}${tabs(size, 16)}${last}\n`
}

function table(run: Run, uses: readonly Use[]): void {
  run.print(row('ID', 'RECLAIMABLE', 'SIZE', 'LAST ACCESSED'))
  for (const { ID, Type, InUse, Shared, Size, usedAt } of uses) {
    const id = Type === 'exec.cachemount' ? `${ID}*` : ID
    const size = `${bytesText(Size)}${Shared ? '*' : ''}`
    run.print(
      row(id.padEnd(40), String(!InUse).padEnd(5), size.padEnd(10), `${humanDuration(run.call.now - usedAt)} ago`),
    )
  }
}

function details(run: Run, uses: readonly Use[]): void {
  for (const { ID, Type, Description, InUse, Shared, Size, UsageCount, usedAt } of uses)
    run.print(
      `ID:\t\t${ID}\nMutable:\t${Type === 'exec.cachemount'}\nReclaimable:\t${!InUse}\nShared:\t\t${Shared}\nSize:\t\t${bytesText(Size)}\nDescription:\t${Description}\nUsage count:\t${UsageCount}\nLast used:\t${humanDuration(run.call.now - usedAt)} ago\nType:\t\t${Type}\n\n`,
    )
}

const sum = (uses: readonly Use[]): number => uses.reduce((all, { Size }) => all + Size, 0)

const du: Command = {
  name: 'du',
  about: 'Disk usage',
  usage: '[OPTIONS]',
  most: 0,
  flags: [
    text('builder', 'Another builder', { unmodelled: true }),
    repeated('filter', 'Only those that fit', { shows: 'filter', unmodelled: true }),
    text('format', 'The form of the output', { unmodelled: true }),
    bool('verbose', 'Each record at length'),
  ],
  run(run) {
    const uses: readonly Use[] = run.ask({ method: 'GET', path: '/build/cache' })
    if (run.on('verbose')) details(run, uses)
    else table(run, uses)
    const shared = uses.filter(({ Shared }) => Shared)
    if (shared.length > 0)
      run.print(`Shared:\t\t${bytesText(sum(shared))}\nPrivate:\t${bytesText(sum(uses) - sum(shared))}\n`)
    run.print(
      `Reclaimable:\t${bytesText(sum(uses.filter(({ InUse }) => !InUse)))}\nTotal:\t\t${bytesText(sum(uses))}\n`,
    )
    return 0
  },
}

const prune: Command = {
  name: 'prune',
  about: 'Remove build cache',
  usage: '[OPTIONS]',
  most: 0,
  flags: [
    bool('all', 'What images have too', { short: 'a' }),
    text('builder', 'Another builder', { unmodelled: true }),
    repeated('filter', 'Only those that fit', { shows: 'filter' }),
    bool('force', 'Do not ask', { short: 'f' }),
    text('keep-storage', 'How much stays', { unmodelled: true }),
    text('max-used-space', 'How much may stay', { unmodelled: true }),
    text('min-free-space', 'How much is to be free', { unmodelled: true }),
    text('reserved-space', 'How much always stays', { unmodelled: true }),
    bool('verbose', 'Each record at length'),
  ],
  run(run) {
    const all = run.on('all')
    confirm(
      run,
      all ? 'WARNING! This will remove all build cache.' : 'WARNING! This will remove all dangling build cache.',
      'build cache',
      ' ',
    )
    const { Deleted, SpaceReclaimed } = run.ask({
      method: 'POST',
      path: '/build/prune',
      query: { all: all ? '1' : '', filters: filtersOf(run) },
    })
    if (run.on('verbose')) details(run, Deleted)
    else if (Deleted.length > 0) table(run, Deleted)
    run.print(`Total:\t${bytesText(SpaceReclaimed)}\n`)
    return 0
  },
}

const ls: Command = {
  name: 'ls',
  about: 'List builder instances',
  most: 0,
  run(run) {
    run.print(
      'NAME/NODE     DRIVER/ENDPOINT   STATUS    BUILDKIT   PLATFORMS\ndefault*      docker                                 \n \\_ default    \\_ default       running   v0.22.0    linux/amd64, linux/386\n',
    )
    return 0
  },
}

const version: Command = {
  name: 'version',
  about: 'Show buildx version information',
  most: 0,
  run(run) {
    run.print('github.com/docker/buildx v0.24.0 d0e5e86c8b88ae4865040bc96917c338f4dd673c\n')
    return 0
  },
}

/** `docker buildx`; `docker builder` is the same by an older name. */
export const buildx: Command = { name: 'buildx', about: 'Docker Buildx', children: [build, du, ls, prune, version] }
export const builder: Command = { name: 'builder', about: 'Manage builds', children: [build, prune] }

import { humanDuration } from '../../../docker/formats/duration'
import { type Port, portsColumn } from '../../../docker/formats/port'
import { humanSize } from '../../../docker/formats/size'
import { goTime } from '../../../docker/formats/time'
import { LAB_EPOCH } from '../../../engine'
import { bool, int, repeated, text } from '../../cli/flags'
import type { Command } from '../command'
import { type Column, ellipsis, labelsText, printRows, shortId } from '../print/format'
import { filtersOf, type Run } from '../run'

const COMMAND_LENGTH = 20

export interface Summary {
  readonly Id: string
  readonly Names: readonly string[]
  readonly Image: string
  readonly Command: string
  readonly Created: number
  readonly Ports: readonly Port[]
  readonly Labels: Readonly<Record<string, string>>
  readonly State: string
  readonly Status: string
  readonly SizeRw?: number
  readonly SizeRootFs?: number
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> }
  readonly Mounts: readonly { readonly Type: string; readonly Name?: string; readonly Source: string }[]
}

/** Milliseconds of simulated time since a moment in seconds since 1970. */
export const since = (run: Run, seconds: number): number => LAB_EPOCH + run.call.now - seconds * 1000

export function containerColumns(run: Run, long: boolean): readonly Column<Summary>[] {
  const mountName = (mount: Summary['Mounts'][number]) => mount.Name ?? mount.Source
  return [
    { field: 'ID', heading: 'CONTAINER ID', cell: ({ Id }) => (long ? Id : shortId(Id)) },
    {
      field: 'Image',
      heading: 'IMAGE',
      cell: ({ Image }) => (Image.startsWith('sha256:') && !long ? shortId(Image) : Image),
    },
    {
      field: 'Command',
      heading: 'COMMAND',
      cell: ({ Command }) => JSON.stringify(long ? Command : ellipsis(Command, COMMAND_LENGTH)),
    },
    { field: 'RunningFor', heading: 'CREATED', cell: ({ Created }) => `${humanDuration(since(run, Created))} ago` },
    {
      field: 'CreatedAt',
      heading: 'CREATED AT',
      hidden: true,
      cell: ({ Created }) => goTime(Created * 1000 - LAB_EPOCH),
    },
    { field: 'Status', heading: 'STATUS', cell: ({ Status }) => Status },
    { field: 'State', heading: 'STATE', hidden: true, cell: ({ State }) => State },
    { field: 'Ports', heading: 'PORTS', cell: ({ Ports }) => portsColumn(Ports) },
    { field: 'Names', heading: 'NAMES', cell: ({ Names }) => Names.map((name) => name.slice(1)).join(',') },
    {
      field: 'Size',
      heading: 'SIZE',
      hidden: !run.on('size'),
      cell: ({ SizeRw, SizeRootFs }) => {
        if (SizeRootFs === undefined) return '0B'
        return `${humanSize(SizeRw ?? 0, 3)} (virtual ${humanSize(SizeRootFs, 3)})`
      },
    },
    { field: 'Labels', heading: 'LABELS', hidden: true, cell: ({ Labels }) => labelsText(Labels) },
    {
      field: 'Mounts',
      heading: 'MOUNTS',
      hidden: true,
      cell: ({ Mounts }) => Mounts.map((one) => (long ? mountName(one) : ellipsis(mountName(one), 15))).join(','),
    },
    {
      field: 'LocalVolumes',
      heading: 'LOCAL VOLUMES',
      hidden: true,
      cell: ({ Mounts }) => String(Mounts.filter(({ Type }) => Type === 'volume').length),
    },
    {
      field: 'Networks',
      heading: 'NETWORKS',
      hidden: true,
      cell: ({ NetworkSettings }) => Object.keys(NetworkSettings.Networks).join(','),
    },
  ]
}

export const ps: Command = {
  name: 'ps',
  aliases: ['ls', 'list'],
  about: 'List containers',
  usage: '[OPTIONS]',
  also: 'docker container ls, docker container list, docker container ps, docker ps',
  most: 0,
  flags: [
    bool('all', 'Those that do not run too', { short: 'a' }),
    repeated('filter', 'Only those that fit', { short: 'f', shows: 'filter' }),
    text('format', "Output by a Go template, 'table TEMPLATE', or 'json'"),
    int('last', 'The newest n, whatever their state', { short: 'n', initial: '-1' }),
    bool('latest', 'The newest, whatever its state', { short: 'l' }),
    bool('no-trunc', 'Nothing is cut short'),
    bool('quiet', 'Only ids', { short: 'q' }),
    bool('size', 'Sizes of files', { short: 's' }),
  ],
  run(run) {
    const last = run.on('latest') ? 1 : run.int('last')!
    const needsSize = run.on('size') || /\.Size\b/.test(run.value('format') ?? '')
    const query = {
      filters: filtersOf(run),
      ...(run.on('all') && { all: '1' }),
      ...(last > 0 && { limit: String(last) }),
      ...(needsSize && { size: '1' }),
    }
    const rows: readonly Summary[] = run.ask({ method: 'GET', path: '/containers/json', query })
    const long = run.on('no-trunc')
    if (run.on('quiet') && !run.given('format')) {
      for (const { Id } of rows) run.print(`${long ? Id : shortId(Id)}\n`)
      return 0
    }
    printRows(run, rows, containerColumns(run, long))
    return 0
  },
}

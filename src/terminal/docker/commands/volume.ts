import type { CreateVolume } from '../../../docker/volumes/volumes'
import type { Json } from '../../../engine'
import { fail } from '../../cli/failure'
import { bool, repeated, text } from '../../cli/flags'
import type { Command } from '../command'
import { labelsText, printRows } from '../print/format'
import { filtersOf, isRefusal } from '../run'
import { pairsOf } from './create-body'
import { formatFlag, inspectAll } from './look'
import { pruneVolumes } from './prune'

interface Row {
  readonly Name: string
  readonly Driver: string
  readonly Mountpoint: string
  readonly Labels: Readonly<Record<string, string>> | null
  readonly Scope: string
}

const create: Command = {
  name: 'create',
  about: 'Create a volume',
  usage: '[OPTIONS] [VOLUME]',
  most: 1,
  flags: [
    text('driver', 'Driver', { short: 'd', initial: 'local' }),
    repeated('label', 'Labels', { shows: 'list' }),
    repeated('opt', 'Options of the driver', { short: 'o', shows: 'map' }),
    text('name', 'Its name', { hidden: true }),
    ...[
      'availability',
      'group',
      'limit-bytes',
      'required-bytes',
      'scope',
      'secret',
      'sharing',
      'topology-preferred',
      'topology-required',
      'type',
    ].map((name) => text(name, 'Of cluster volumes', { unmodelled: true })),
  ],
  run(run) {
    const [name] = run.args
    if (name !== undefined && run.given('name'))
      return fail('conflicting options: cannot specify a volume-name through both --name and as a positional arg')
    if (run.given('opt'))
      run.notice('docker volume create: options of the driver are kept, but nothing follows from them')
    const body: CreateVolume = {
      Name: name ?? run.value('name') ?? '',
      Driver: run.value('driver')!,
      Labels: pairsOf(run.values('label')),
      DriverOpts: pairsOf(run.values('opt')),
    }
    run.print(`${run.ask({ method: 'POST', path: '/volumes/create', body: body as unknown as Json }).Name}\n`)
    return 0
  },
}

const ls: Command = {
  name: 'ls',
  aliases: ['list'],
  about: 'List volumes',
  usage: '[OPTIONS]',
  also: 'docker volume ls, docker volume list',
  most: 0,
  flags: [
    bool('cluster', 'Only cluster volumes', { unmodelled: true }),
    repeated('filter', 'Only those that fit', { short: 'f', shows: 'filter' }),
    text('format', "Output by a Go template, 'table TEMPLATE', or 'json'"),
    bool('quiet', 'Only names', { short: 'q' }),
  ],
  run(run) {
    const found: readonly Row[] = run.ask({
      method: 'GET',
      path: '/volumes',
      query: { filters: filtersOf(run) },
    }).Volumes
    const rows = [...found].sort((a, b) => (a.Name < b.Name ? -1 : 1))
    if (run.on('quiet')) {
      for (const { Name } of rows) run.print(`${Name}\n`)
      return 0
    }
    printRows(run, rows, [
      { field: 'Driver', heading: 'DRIVER', cell: ({ Driver }) => Driver },
      { field: 'Name', heading: 'VOLUME NAME', cell: ({ Name }) => Name },
      { field: 'Mountpoint', heading: 'MOUNTPOINT', hidden: true, cell: ({ Mountpoint }) => Mountpoint },
      { field: 'Scope', heading: 'SCOPE', hidden: true, cell: ({ Scope }) => Scope },
      { field: 'Labels', heading: 'LABELS', hidden: true, cell: ({ Labels }) => labelsText(Labels) },
    ])
    return 0
  },
}

const rm: Command = {
  name: 'rm',
  aliases: ['remove'],
  about: 'Remove one or more volumes',
  usage: '[OPTIONS] VOLUME [VOLUME...]',
  more: 'Remove one or more volumes. You cannot remove a volume that is in use by a container.',
  also: 'docker volume rm, docker volume remove',
  least: 1,
  completes: 'volumes',
  flags: [bool('force', 'No error where there is none', { short: 'f' })],
  run: (run) =>
    run.each(
      run.args,
      (name) => (
        run.ask({ method: 'DELETE', path: `/volumes/${name}`, query: { force: run.on('force') ? '1' : '' } }), name
      ),
    ),
}

const inspect: Command = {
  name: 'inspect',
  about: 'Display detailed information on one or more volumes',
  usage: '[OPTIONS] VOLUME [VOLUME...]',
  least: 1,
  completes: 'volumes',
  flags: [formatFlag],
  run: (run) =>
    inspectAll(
      run,
      (name) => {
        const reply = run.try({ method: 'GET', path: `/volumes/${name}` })
        return isRefusal(reply) ? undefined : reply.body
      },
      (name) => `Error response from daemon: get ${name}: no such volume`,
    ),
}

export const volume: Command = {
  name: 'volume',
  about: 'Manage volumes',
  children: [create, inspect, ls, pruneVolumes, rm],
}

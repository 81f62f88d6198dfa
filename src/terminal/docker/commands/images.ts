import { humanDuration } from '../../../docker/formats/duration'
import { humanSize } from '../../../docker/formats/size'
import { goTime } from '../../../docker/formats/time'
import { LAB_EPOCH } from '../../../engine'
import { parseReference } from '../../../platform/image/reference'
import { fail } from '../../cli/failure'
import { bool, repeated, text } from '../../cli/flags'
import type { Command } from '../command'
import { type Column, ellipsis, printRows, shortId } from '../print/format'
import { pullImage } from '../pull-image'
import { filtersOf, isRefusal, type Run, refusalText } from '../run'
import { formatFlag, inspectAll } from './look'
import { since } from './ps'

export interface Row {
  readonly id: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
  readonly created: number
  readonly size: number
}

export interface ImageSummary {
  readonly Id: string
  readonly Created: number
  readonly Size: number
  readonly RepoTags: readonly string[]
  readonly RepoDigests: readonly string[]
}

const NONE = '<none>'

/** One for each of its names. */
export const rowsOf = ({ Id, Created, Size, RepoTags, RepoDigests }: ImageSummary): Row[] => {
  const common = { id: Id, created: Created, size: Size }
  if (RepoTags.length === 0) {
    const [repository = NONE, digest = NONE] = RepoDigests[0]?.split('@') ?? []
    return [{ ...common, repository, tag: NONE, digest }]
  }
  return RepoTags.map((name) => {
    const at = name.indexOf('@')
    const colon = name.lastIndexOf(':')
    const repository = at >= 0 ? name.slice(0, at) : name.slice(0, colon)
    const digest = RepoDigests.find((one) => one.startsWith(`${repository}@`))?.split('@')[1] ?? NONE
    return { ...common, repository, tag: at >= 0 ? NONE : name.slice(colon + 1), digest }
  })
}

export const imageColumns = (
  run: Run,
  { digests, long }: { readonly digests: boolean; readonly long: boolean },
): readonly Column<Row>[] => [
  { field: 'Repository', heading: 'REPOSITORY', cell: ({ repository }) => repository },
  { field: 'Tag', heading: 'TAG', cell: ({ tag }) => tag },
  { field: 'Digest', heading: 'DIGEST', hidden: !digests, cell: ({ digest }) => digest },
  { field: 'ID', heading: 'IMAGE ID', cell: ({ id }) => (long ? id : shortId(id)) },
  { field: 'CreatedSince', heading: 'CREATED', cell: ({ created }) => `${humanDuration(since(run, created))} ago` },
  {
    field: 'CreatedAt',
    heading: 'CREATED AT',
    hidden: true,
    cell: ({ created }) => goTime(created * 1000 - LAB_EPOCH),
  },
  { field: 'Size', heading: 'SIZE', cell: ({ size }) => humanSize(size, 3) },
]

export const images: Command = {
  name: 'images',
  aliases: ['ls', 'list'],
  about: 'List images',
  usage: '[OPTIONS] [REPOSITORY[:TAG]]',
  also: 'docker image ls, docker image list, docker images',
  most: 1,
  completes: 'images',
  flags: [
    bool('all', 'Intermediate ones too', { short: 'a' }),
    bool('digests', 'Digests'),
    repeated('filter', 'Only those that fit', { short: 'f', shows: 'filter' }),
    text('format', "Output by a Go template, 'table TEMPLATE', or 'json'"),
    bool('no-trunc', 'Nothing is cut short'),
    bool('quiet', 'Only ids', { short: 'q' }),
    bool('tree', 'Platforms as a tree', { unmodelled: true }),
  ],
  run(run) {
    const filters = JSON.parse(filtersOf(run)) as Record<string, string[]>
    const [pattern] = run.args
    if (pattern !== undefined) filters['reference'] = [pattern]
    const found: readonly ImageSummary[] = run.ask({
      method: 'GET',
      path: '/images/json',
      query: { filters: JSON.stringify(filters) },
    })
    const rows = found.flatMap(rowsOf)
    if (run.on('quiet')) for (const { id } of rows) run.print(`${run.on('no-trunc') ? id : shortId(id)}\n`)
    else printRows(run, rows, imageColumns(run, { digests: run.on('digests'), long: run.on('no-trunc') }))
    return 0
  },
}

export const pull: Command = {
  name: 'pull',
  about: 'Download an image from a registry',
  usage: '[OPTIONS] NAME[:TAG|@DIGEST]',
  also: 'docker image pull, docker pull',
  least: 1,
  most: 1,
  flags: [
    bool('all-tags', 'All tags of the repository', { short: 'a', unmodelled: true }),
    bool('disable-content-trust', 'No verification of signatures', { initial: 'true', unmodelled: true }),
    text('platform', 'For another platform', { unmodelled: true }),
    bool('quiet', 'No output but its name', { short: 'q' }),
  ],
  run(run) {
    const [name = ''] = run.args
    const parsed = parseReference(name)
    if ('error' in parsed) return fail(parsed.error)
    const { tag, digest } = parsed.reference
    if (tag === undefined && digest === undefined && !run.on('quiet')) run.print('Using default tag: latest\n')
    run.print(`${pullImage(run, name, { quiet: run.on('quiet'), where: 'out' })}\n`)
    return 0
  },
}

type Removed = { readonly Untagged?: string; readonly Deleted?: string }
const removedLine = ({ Untagged, Deleted }: Removed): string =>
  Untagged === undefined ? `Deleted: ${Deleted}` : `Untagged: ${Untagged}`

export const rmi: Command = {
  name: 'rmi',
  aliases: ['rm', 'remove'],
  about: 'Remove one or more images',
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  also: 'docker image rm, docker image remove, docker rmi',
  least: 1,
  completes: 'images',
  flags: [
    bool('force', 'Although containers that do not run use it', { short: 'f' }),
    bool('no-prune', 'Keep parents without a name', { unmodelled: true }),
    text('platform', 'Only for one platform', { unmodelled: true }),
  ],
  run(run) {
    let exit = 0
    for (const name of run.args) {
      const reply = run.try({ method: 'DELETE', path: `/images/${name}`, query: { force: run.on('force') ? '1' : '' } })
      if (isRefusal(reply)) {
        run.error(`${refusalText(reply)}\n`)
        if (!(run.on('force') && reply.status === 404)) exit = 1
      } else for (const one of reply.body as readonly Removed[]) run.print(`${removedLine(one)}\n`)
    }
    return exit
  },
}

export const tag: Command = {
  name: 'tag',
  about: 'Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE',
  usage: 'SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
  also: 'docker image tag, docker tag',
  least: 2,
  most: 2,
  completes: 'images',
  run(run) {
    const [source = '', target = ''] = run.args
    const parsed = parseReference(target)
    if ('error' in parsed)
      return fail(`Error parsing reference: ${JSON.stringify(target)} is not a valid repository/tag: ${parsed.error}`)
    run.ask({ method: 'POST', path: `/images/${source}/tag`, query: { repo: target } })
    return 0
  },
}

interface Step {
  readonly Id: string
  readonly Created: number
  readonly CreatedBy: string
  readonly Size: number
  readonly Comment: string
}

export const history: Command = {
  name: 'history',
  about: 'Show the history of an image',
  usage: '[OPTIONS] IMAGE',
  also: 'docker image history, docker history',
  least: 1,
  most: 1,
  completes: 'images',
  flags: [
    text('format', "Output by a Go template, 'table TEMPLATE', or 'json'"),
    bool('human', 'Sizes and dates that people read', { short: 'H', initial: 'true' }),
    bool('no-trunc', 'Nothing is cut short'),
    text('platform', 'For one platform', { unmodelled: true }),
    bool('quiet', 'Only ids', { short: 'q' }),
  ],
  run(run) {
    const [name = ''] = run.args
    const steps: readonly Step[] = run.ask({ method: 'GET', path: `/images/${name}/history` })
    const long = run.on('no-trunc')
    if (run.on('quiet')) {
      for (const { Id } of steps) run.print(`${long ? Id : shortId(Id)}\n`)
      return 0
    }
    const human = run.on('human')
    printRows(run, steps, [
      { field: 'ID', heading: 'IMAGE', cell: ({ Id }) => (long || Id === '<missing>' ? Id : shortId(Id)) },
      {
        field: 'CreatedSince',
        heading: 'CREATED',
        cell: ({ Created }) =>
          human ? `${humanDuration(since(run, Created))} ago` : goTime(Created * 1000 - LAB_EPOCH),
      },
      {
        field: 'CreatedBy',
        heading: 'CREATED BY',
        cell: ({ CreatedBy }) => (long ? CreatedBy : ellipsis(CreatedBy, 45)),
      },
      { field: 'Size', heading: 'SIZE', cell: ({ Size }) => (human ? humanSize(Size, 3) : String(Size)) },
      { field: 'Comment', heading: 'COMMENT', cell: ({ Comment }) => Comment },
    ])
    return 0
  },
}

export const inspectImage: Command = {
  name: 'inspect',
  about: 'Display detailed information on one or more images',
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  least: 1,
  completes: 'images',
  flags: [formatFlag, text('platform', 'For one platform', { unmodelled: true })],
  run: (run) =>
    inspectAll(
      run,
      (name) => {
        const reply = run.try({ method: 'GET', path: `/images/${name}/json` })
        return isRefusal(reply) ? undefined : reply.body
      },
      (name) => `Error: No such image: ${name}`,
    ),
}

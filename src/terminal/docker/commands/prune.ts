import { humanSize } from '../../../docker/formats/size'
import { Failure } from '../../cli/failure'
import { bool, repeated } from '../../cli/flags'
import type { Command } from '../command'
import { filtersOf, type Run } from '../run'

const filter = repeated('filter', 'Only those that fit', { shows: 'filter' })
const force = bool('force', 'Do not ask', { short: 'f' })

/** Asks; anything but yes ends the command. */
export function confirm(run: Run, warning: string, what: string, gap = '\n'): void {
  if (run.on('force')) return
  run.print(`${warning}${gap}Are you sure you want to continue? [y/N] `)
  const answer = run.loop<string, string>('', (before) => {
    const input = run.takeInput()
    const text = before + input.text
    const end = text.indexOf('\n')
    if (end >= 0) return { done: text.slice(0, end) }
    return input.ended ? { done: text } : { wait: { input: true }, state: text }
  })
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure(`${what} prune has been cancelled`)
}

const total = (run: Run, bytes: number) => run.print(`Total reclaimed space: ${humanSize(bytes)}\n`)

function listed(run: Run, heading: string, names: readonly string[] | null): void {
  if (!names || names.length === 0) return
  run.print(`${heading}:\n${names.map((name) => `${name}\n`).join('')}\n`)
}

type Images = readonly { readonly Untagged?: string; readonly Deleted?: string }[]
const imageLines = (images: Images | null) =>
  images?.map(({ Untagged, Deleted }) => (Untagged === undefined ? `deleted: ${Deleted}` : `untagged: ${Untagged}`)) ??
  null

const withFilters = (run: Run, more: Record<string, string[]> = {}): Readonly<Record<string, string>> => ({
  filters: JSON.stringify({ ...JSON.parse(filtersOf(run)), ...more }),
})

/** Each asks the daemon, lists what went, and gives the bytes that came free. */
function containersGone(run: Run): number {
  const gone = run.ask({ method: 'POST', path: '/containers/prune', query: withFilters(run) })
  listed(run, 'Deleted Containers', gone.ContainersDeleted)
  return gone.SpaceReclaimed
}

function networksGone(run: Run): void {
  const gone = run.ask({ method: 'POST', path: '/networks/prune', query: withFilters(run) })
  listed(run, 'Deleted Networks', gone.NetworksDeleted)
}

function volumesGone(run: Run, all: boolean): number {
  const query = withFilters(run, all ? { all: ['true'] } : {})
  const gone = run.ask({ method: 'POST', path: '/volumes/prune', query })
  listed(run, 'Deleted Volumes', gone.VolumesDeleted)
  return gone.SpaceReclaimed
}

function imagesGone(run: Run): number {
  const query = withFilters(run, { dangling: [String(!run.on('all'))] })
  const gone = run.ask({ method: 'POST', path: '/images/prune', query })
  listed(run, 'Deleted Images', imageLines(gone.ImagesDeleted))
  return gone.SpaceReclaimed
}

export const pruneContainers: Command = {
  name: 'prune',
  about: 'Remove all stopped containers',
  usage: '[OPTIONS]',
  most: 0,
  flags: [filter, force],
  run(run) {
    confirm(run, 'WARNING! This will remove all stopped containers.', 'container')
    total(run, containersGone(run))
    return 0
  },
}

export const pruneImages: Command = {
  name: 'prune',
  about: 'Remove unused images',
  usage: '[OPTIONS]',
  most: 0,
  flags: [bool('all', 'All that no container uses', { short: 'a' }), filter, force],
  run(run) {
    const all = run.on('all')
    const warning = all
      ? 'WARNING! This will remove all images without at least one container associated to them.'
      : 'WARNING! This will remove all dangling images.'
    confirm(run, warning, 'image')
    total(run, imagesGone(run))
    return 0
  },
}

export const pruneNetworks: Command = {
  name: 'prune',
  about: 'Remove all unused networks',
  usage: '[OPTIONS]',
  most: 0,
  flags: [filter, force],
  run(run) {
    confirm(run, 'WARNING! This will remove all custom networks not used by at least one container.', 'network')
    networksGone(run)
    return 0
  },
}

export const pruneVolumes: Command = {
  name: 'prune',
  about: 'Remove unused local volumes',
  usage: '[OPTIONS]',
  most: 0,
  flags: [bool('all', 'Those with a name too', { short: 'a' }), filter, force],
  run(run) {
    const all = run.on('all')
    const which = all ? 'all local volumes' : 'anonymous local volumes'
    confirm(run, `WARNING! This will remove ${which} not used by at least one container.`, 'volume')
    total(run, volumesGone(run, all))
    return 0
  },
}

export const pruneSystem: Command = {
  name: 'prune',
  about: 'Remove unused data',
  usage: '[OPTIONS]',
  most: 0,
  flags: [
    bool('all', 'All images that no container uses', { short: 'a' }),
    filter,
    force,
    bool('volumes', 'Anonymous volumes too'),
  ],
  run(run) {
    const all = run.on('all')
    const lines = [
      'WARNING! This will remove:',
      '  - all stopped containers',
      '  - all networks not used by at least one container',
      ...(run.on('volumes') ? ['  - all anonymous volumes not used by at least one container'] : []),
      all ? '  - all images without at least one container associated to them' : '  - all dangling images',
      all ? '  - all build cache' : '  - unused build cache',
      '',
    ]
    confirm(run, lines.join('\n'), 'system')
    let bytes = containersGone(run)
    networksGone(run)
    if (run.on('volumes')) bytes += volumesGone(run, false)
    bytes += imagesGone(run)
    const cache = run.ask({ method: 'POST', path: '/build/prune', query: { ...withFilters(run), all: all ? '1' : '' } })
    listed(run, 'Deleted build cache objects', cache.CachesDeleted)
    total(run, bytes + cache.SpaceReclaimed)
    return 0
  },
}

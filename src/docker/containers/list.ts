import { filtersOf, hasLabel, isTrue, refuse } from '../engine/request'
import { humanDuration } from '../formats/duration'
import type { Port } from '../formats/port'
import { unixTime } from '../formats/time'
import { contentOf, findImage } from '../images/store'
import { findNetwork } from '../network/networks'
import type { Pass } from '../pass'
import { writtenBytes } from './changes'
import { DockerContainer, isRunning } from './container'
import { lookUp } from './find'

/** `Up 5 minutes (healthy)`, `Exited (137) 3 seconds ago`. After State.String in moby's daemon/container/state.go. */
export function statusText({ status, startedAt, finishedAt, exitCode, health }: DockerContainer, now: number): string {
  const since = (at: number | undefined) => humanDuration(now - (at ?? now))
  switch (status) {
    case 'paused':
      return `Up ${since(startedAt)} (Paused)`
    case 'restarting':
      return `Restarting (${exitCode}) ${since(finishedAt)} ago`
    case 'running': {
      const told = !health ? '' : health.status === 'starting' ? ' (health: starting)' : ` (${health.status})`
      return `Up ${since(startedAt)}${told}`
    }
    case 'removing':
      return 'Removal In Progress'
    case 'dead':
      return 'Dead'
    case 'created':
      return 'Created'
    default:
      return startedAt === undefined ? 'Created' : `Exited (${exitCode}) ${since(finishedAt)} ago`
  }
}

/** What a container exposes, and where each port can be reached on the machine. */
export function portsOf({ config, published, status }: DockerContainer): readonly Port[] {
  if (status !== 'running' && status !== 'paused') return []
  const open = new Set(published.map(({ PrivatePort, Type }) => `${PrivatePort}/${Type}`))
  const exposed = Object.keys(config.ExposedPorts ?? {})
    .filter((text) => !open.has(text))
    .map((text) => ({ PrivatePort: Number(text.split('/')[0]), Type: text.split('/')[1] ?? 'tcp' }))
  return [...exposed, ...published]
}

/** A container as `docker ps` shows it. */
export function summary(pass: Pass, container: DockerContainer, size = false) {
  const { id, name, config, hostConfig, status } = container
  const named = findImage(pass, container.image)
  const image = named && contentOf(pass, named)
  return {
    Id: id,
    Names: [`/${name}`],
    // the name may stand for another image by now
    Image: named?.id === container.imageId ? container.image : container.imageId,
    ImageID: container.imageId,
    Command: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])].map(quotedWord).join(' '),
    Created: unixTime(container.createdAt),
    Ports: portsOf(container),
    ...(size && {
      SizeRw: writtenBytes(pass, container),
      SizeRootFs: writtenBytes(pass, container) + (image?.unpackedBytes ?? 0),
    }),
    Labels: config.Labels,
    State: status,
    Status: statusText(container, pass.now),
    HostConfig: { NetworkMode: hostConfig.NetworkMode },
    NetworkSettings: {
      Networks: Object.fromEntries(
        Object.keys(container.networks).map((one) => [
          one,
          { NetworkID: container.networks[one]!.networkId, IPAddress: container.networks[one]!.address },
        ]),
      ),
    },
    Mounts: container.mounts.map(({ Type, Name, Source, Destination, Mode, RW }) => ({
      Type,
      ...(Name !== undefined && { Name }),
      Source,
      Destination,
      Mode,
      RW,
      Propagation: '',
    })),
  }
}

const quotedWord = (word: string): string => (/[\s"]/.test(word) ? `'${word}'` : word)

const STATUSES = ['created', 'restarting', 'running', 'removing', 'paused', 'exited', 'dead']
const FILTERS = [
  'ancestor',
  'before',
  'exited',
  'expose',
  'health',
  'id',
  'is-task',
  'isolation',
  'label',
  'name',
  'network',
  'publish',
  'since',
  'status',
  'volume',
]

/** Newest first. After Containers in moby's daemon/list.go. */
export function listContainers(pass: Pass, query: Readonly<Record<string, string>> | undefined) {
  const filters = filtersOf(query)
  for (const name of Object.keys(filters)) if (!FILTERS.includes(name)) refuse(400, `invalid filter '${name}'`)
  for (const one of filters['status'] ?? [])
    if (!STATUSES.includes(one))
      refuse(
        400,
        `invalid filter 'status=${one}': must be one of "created", "running", "paused", "restarting", "removing", "exited", or "dead"`,
      )
  for (const one of filters['exited'] ?? []) if (!/^\d+$/.test(one)) refuse(400, `invalid filter 'exited=${one}'`)
  const limit = Number(query?.['limit'] ?? '0')
  const all = isTrue(query?.['all']) || limit > 0 || filters['status'] !== undefined || filters['exited'] !== undefined
  const found = [...pass.all(DockerContainer)]
    .reverse()
    .filter((one) => (all || isRunning(one)) && fits(pass, one, filters))
  const shown = limit > 0 ? found.slice(0, limit) : found
  return shown.map((one) => summary(pass, one, isTrue(query?.['size'])))
}

function fits(pass: Pass, container: DockerContainer, filters: Readonly<Record<string, readonly string[]>>): boolean {
  const any = (name: string, holds: (wanted: string) => boolean) =>
    filters[name] === undefined || filters[name].some(holds)
  const { config, status } = container
  return (
    any('id', (wanted) => container.id.startsWith(wanted)) &&
    any('name', (wanted) => matches(wanted, container.name)) &&
    (filters['label'] ?? []).every((label) => hasLabel(config.Labels, label)) &&
    any('exited', (code) => container.exitCode === Number(code) && status === 'exited') &&
    any('status', (wanted) => status === wanted) &&
    any('health', (wanted) => (container.health?.status ?? 'none') === wanted) &&
    any('ancestor', (wanted) => isAncestor(pass, container, wanted)) &&
    any('before', (wanted) => container.createdAt < (creation(pass, wanted) ?? 0)) &&
    any('since', (wanted) => container.createdAt > (creation(pass, wanted) ?? Number.POSITIVE_INFINITY)) &&
    any('volume', (wanted) =>
      container.mounts.some(({ Name, Destination, Source }) => [Name, Destination, Source].includes(wanted)),
    ) &&
    any('network', (wanted) =>
      Object.values(container.networks).some(({ networkId }) => networkId === findNetwork(pass, wanted)?.id),
    ) &&
    any('publish', (wanted) =>
      container.published.some(({ PublicPort, Type }) => [`${PublicPort}`, `${PublicPort}/${Type}`].includes(wanted)),
    ) &&
    any('expose', (wanted) =>
      Object.keys(config.ExposedPorts ?? {}).some((port) => port === wanted || port === `${wanted}/tcp`),
    ) &&
    any('is-task', (wanted) => !isTrue(wanted))
  )
}

/** A filter by name is a regular expression over the name, with or without its slash. */
function matches(pattern: string, name: string): boolean {
  if (pattern.length > 200) return false
  try {
    const expression = new RegExp(pattern)
    return expression.test(name) || expression.test(`/${name}`)
  } catch {
    return name.includes(pattern)
  }
}

/** An image, or another with all of its layers. */
function isAncestor(pass: Pass, container: DockerContainer, wanted: string): boolean {
  if (container.image === wanted) return true
  const local = findImage(pass, wanted)
  return local !== undefined && local.id === container.imageId
}

function creation(pass: Pass, text: string): number | undefined {
  const found = lookUp(pass, text)
  return 'problem' in found ? refuse(404, found.problem) : found.createdAt
}

import type { DockerContainer } from '../../docker/containers/container'
import { Event } from '../../docker/events/event'
import { partsOf, type World } from '../../engine'
import { clockOf, shortBytes } from '../../picture'
import { Container, readLogs } from '../../platform'
import type { Fact, FactText, Inspection } from './protocol'

const MOST_EVENTS = 100

/** What there is to know of a container of a daemon. */
export function containerFacts(container: DockerContainer): Fact[] {
  const { status, exitCode, oomKilled, startedAt, finishedAt, config, hostConfig, health, error } = container
  const well = status === 'running' && health?.status !== 'unhealthy'
  const since = status === 'running' ? startedAt : finishedAt
  const ended = status === 'exited' || status === 'restarting' || status === 'dead'
  const facts: (Fact | undefined)[] = [
    {
      name: ['status'],
      value: statusText(container.starting ? undefined : status, since),
      ...(well ? { tone: 'good' as const } : ended && exitCode !== 0 ? { tone: 'bad' as const } : {}),
    },
    ended
      ? {
          name: ['exitCode'],
          value: oomKilled ? ['outOfMemory', exitCode] : String(exitCode),
          tone: exitCode === 0 ? 'good' : 'bad',
        }
      : undefined,
    error === '' ? undefined : { name: ['error'], value: error, tone: 'bad' },
    health
      ? { name: ['health'], value: health.status, tone: health.status === 'unhealthy' ? 'bad' : 'good' }
      : undefined,
    { name: ['image'], value: container.image },
    { name: ['command'], value: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])].join(' ') },
    { name: ['restart'], value: hostConfig.RestartPolicy.Name || 'no' },
    container.restartCount > 0 ? { name: ['restarts'], value: String(container.restartCount), tone: 'bad' } : undefined,
    container.pid > 0 ? { name: ['process'], value: ['insideOutside', container.pid] } : undefined,
    hostConfig.Memory > 0 ? { name: ['memoryLimit'], value: `${shortBytes(hostConfig.Memory)}iB` } : undefined,
    hostConfig.NanoCpus > 0 ? { name: ['cpuLimit'], value: String(hostConfig.NanoCpus / 1e9) } : undefined,
    hostConfig.CpuShares > 0 ? { name: ['cpuShares'], value: String(hostConfig.CpuShares) } : undefined,
  ]
  for (const [name, { address, aliases }] of Object.entries(container.networks))
    facts.push({
      name: ['network', name],
      value:
        aliases.length === 0
          ? address
          : address === ''
            ? ['called', aliases.join(', ')]
            : ['addressCalled', address, aliases.join(', ')],
    })
  for (const { PublicPort, PrivatePort, Type, IP } of container.published)
    if (PublicPort !== undefined && !IP?.includes(':'))
      facts.push({ name: ['published'], value: ['portOfMachine', PublicPort, `${PrivatePort}/${Type}`] })
  for (const { Type, Name, Source, Destination, RW } of container.mounts)
    facts.push({
      name: ['mount', Destination],
      value: RW ? `${Type} ${Name ?? Source}` : ['readOnly', `${Type} ${Name ?? Source}`],
    })
  return facts.filter((fact) => fact !== undefined)
}

/** No status: it starts. */
function statusText(status: string | undefined, since: number | undefined): FactText {
  if (since === undefined) return status ?? ['starting']
  return status === undefined ? ['startingSince', clockOf(since)] : ['since', status, clockOf(since)]
}

/** What the daemon has told of an actor, newest first. */
export function dockerEvents(world: World, key: string): Inspection['events'] {
  const { scope, name } = partsOf(key)
  return world
    .list(Event, { scope })
    .filter(({ value }) => value.actor === name)
    .slice(-MOST_EVENTS)
    .map(({ at, value: { action, type, attributes } }) => ({
      at,
      tone:
        /^(die|oom|kill|destroy)/.test(action) && attributes['exitCode'] !== '0' ? ('bad' as const) : ('good' as const),
      reason: action,
      says: [
        type,
        attributes['exitCode'] === undefined ? '' : `exit code ${attributes['exitCode']}`,
        attributes['signal'] === undefined ? '' : `signal ${attributes['signal']}`,
      ]
        .filter((part) => part !== '')
        .join(', '),
      count: 1,
    }))
    .reverse()
}

export const dockerLogs = (world: World, { machine, id }: DockerContainer): Inspection['logs'] =>
  readLogs(world, Container.key(machine, id))

export function dockerRelated({ machine, mounts }: DockerContainer): Inspection['related'] {
  return [
    { key: `platform/Machine//${machine}`, says: ['itsMachine', machine] },
    ...mounts.flatMap(({ Type, Name }) =>
      Type === 'volume' && Name !== undefined
        ? [{ key: `docker/Volume/${machine}/${Name}`, says: ['itsVolume', Name] as const }]
        : [],
    ),
  ]
}

import { stringify } from 'yaml'
import { DockerContainer } from '../../docker/containers/container'
import { kindIdOf, kindOf, millisOf, partsOf, type World } from '../../engine'
import { Event } from '../../kubernetes/kinds/event'
import { type KubeObject, withoutManagedFields } from '../../kubernetes/kinds/meta'
import { Node } from '../../kubernetes/kinds/node'
import type { ContainerState, Pod } from '../../kubernetes/kinds/pod'
import { clockOf, shortBytes } from '../../picture'
import { Container, type Ledger, readLogs } from '../../platform'
import type { Machine } from '../../platform/machine/machine'
import { containerFacts, dockerEvents, dockerLogs, dockerRelated } from './inspect-docker'
import type { Fact, FactText, Inspection, SchedulingTable, WhyLine } from './protocol'

const MOST_LOG_LINES = 400

/** What of a session the inspector needs. */
interface Source {
  worldAt(revision: number): World
  why(key: string, revision: number): readonly WhyLine[]
  scheduling(podKey: string, revision: number): SchedulingTable | undefined
}

/** Everything the inspector tells of one object, as it was after `revision`; undefined: there never was such a thing. */
export function inspect(session: Source, key: string, revision: number): Inspection | undefined {
  const world = session.worldAt(revision)
  const value = world.get<any>(key)
  const why = session.why(key, revision)
  if (value === undefined && why.length === 0) return undefined
  const kind = kindIdOf(key)
  const { scope, name } = partsOf(key)
  const pod = kind === 'kubernetes/Pod' ? (value as Pod | undefined) : undefined
  return {
    key,
    name: (value as { name?: string } | undefined)?.name ?? name,
    kind: kind.slice(kind.indexOf('/') + 1),
    about: aboutOf(kind, scope),
    node: pod?.spec.nodeName,
    gone: value === undefined,
    why,
    verdicts: pod ? (session.scheduling(key, revision)?.verdicts ?? []) : [],
    facts: factsOf(kind, value, world),
    yaml:
      value === undefined ? '' : stringify(withoutManagedFields(value), { lineWidth: 0, aliasDuplicateObjects: false }),
    events: kind.startsWith('docker/') ? dockerEvents(world, key) : eventsOf(world, value),
    logs: pod ? logsOf(world, pod) : kind === DockerContainer.id && value ? dockerLogs(world, value) : [],
    related: kind === DockerContainer.id && value ? dockerRelated(value) : relatedOf(kind, value, world),
  }
}

function aboutOf(kind: string, scope: string): string {
  if (kind === 'kubernetes/Pod') return `Pod · ${scope}`
  const word = kind.slice(kind.indexOf('/') + 1)
  const about = kindOf(kind)?.about
  return [word, scope, kind.startsWith('kubernetes/') ? '' : about]
    .filter((part) => part !== '' && part !== undefined)
    .join(' · ')
}

function factsOf(kind: string, value: any, world: World): Fact[] {
  if (value === undefined) return [{ name: ['state'], value: ['gone'] }]
  if (kind === 'kubernetes/Pod') return podFacts(value)
  if (kind === DockerContainer.id) return containerFacts(value)
  if (kind === 'platform/Machine') return machineFacts(value, world)
  if (kind === 'platform/Ledger') return ledgerFacts(value)
  const object = value as { spec?: Record<string, unknown>; status?: Record<string, unknown> }
  return [...plainFacts(object.spec, ''), ...plainFacts(object.status, ''), ...conditionFacts(value)]
}

function plainFacts(part: Record<string, unknown> | undefined, prefix: string): Fact[] {
  return Object.entries(part ?? {}).flatMap(([name, value]) =>
    typeof value === 'object' || value === undefined ? [] : [{ name: `${prefix}${name}`, value: String(value) }],
  )
}

function podFacts(pod: Pod): Fact[] {
  const facts: Fact[] = [{ name: ['phase'], value: pod.status.phase }]
  if (pod.metadata.deletionTimestamp !== undefined)
    facts.push({ name: ['askedToGo'], value: timeOf(pod.metadata.deletionTimestamp), tone: 'bad' })
  if (pod.status.podIP !== undefined) facts.push({ name: ['address'], value: pod.status.podIP })
  if (pod.status.qosClass !== undefined) facts.push({ name: ['quality'], value: pod.status.qosClass })
  for (const status of pod.status.containerStatuses ?? []) {
    facts.push({ name: ['container', status.name], value: stateOf(status), tone: status.ready ? 'good' : 'bad' })
    if (status.restartCount > 0) facts.push({ name: ['restarts'], value: String(status.restartCount), tone: 'bad' })
  }
  for (const { name, resources, image } of pod.spec.containers) {
    facts.push({ name: ['imageOf', name], value: image ?? ['none'] })
    for (const [word, list] of [
      [['requests'], resources?.requests],
      [['limits'], resources?.limits],
    ] as const) {
      const text = Object.entries(list ?? {})
        .map(([what, amount]) => `${what} ${amount}`)
        .join(', ')
      if (text !== '') facts.push({ name: word, value: text })
    }
  }
  return [...facts, ...conditionFacts(pod)]
}

function stateOf({ state }: { state: ContainerState }): FactText {
  if (state.running) return ['runningSince', timeOf(state.running.startedAt)]
  if (state.waiting) return state.waiting.reason ?? ['waiting']
  const { reason, exitCode = 0 } = state.terminated ?? {}
  return reason === undefined ? ['ended', exitCode] : ['endedBy', reason, exitCode]
}

function machineFacts(machine: Machine, world: World): Fact[] {
  const facts: Fact[] = [
    {
      name: ['power'],
      value: ['since', machine.power, clockOf(machine.powerSince)],
      tone: machine.power === 'on' ? 'good' : 'bad',
    },
    { name: ['processors'], value: String(machine.cpuMillis / 1000) },
    { name: ['memory'], value: `${shortBytes(machine.memoryBytes)}iB` },
  ]
  if (machine.address !== '') facts.push({ name: ['address'], value: machine.address })
  if (machine.podCidr !== undefined) facts.push({ name: ['podAddresses'], value: machine.podCidr })
  for (const [daemon, state] of Object.entries(machine.daemons))
    facts.push({ name: daemon, value: state, tone: state === 'running' ? 'good' : 'bad' })
  const node = world.get(Node.key('', machine.name))
  if (!node) return facts
  for (const taint of node.spec.taints ?? [])
    facts.push({
      name: ['taint'],
      value: `${taint.key}${taint.value === undefined ? '' : `=${taint.value}`}:${taint.effect}`,
    })
  return [...facts, ...conditionFacts(node)]
}

function ledgerFacts(ledger: Ledger): Fact[] {
  const { sent, ok, failed, failures, since, at, ended } = ledger
  const percent = sent === 0 ? undefined : Math.round((1000 * failed) / sent) / 10
  const facts: Fact[] = [
    { name: ['sent'], value: [ended ? 'sentUntil' : 'sentStill', sent, clockOf(since), clockOf(at)] },
    { name: ['wentWell'], value: String(ok), tone: 'good' },
    {
      name: ['lost'],
      value: percent === undefined ? String(failed) : ['lostShare', failed, percent],
      ...(failed > 0 ? { tone: 'bad' as const } : {}),
    },
    { name: ['answerTime'], value: ['answered', Math.round(ledger.meanMillis), ledger.mostMillis] },
  ]
  for (const [reason, failure] of Object.entries(failures)) {
    facts.push({
      name: reason,
      value: ['failed', failure.count, clockOf(failure.first), clockOf(failure.last), failure.because],
      tone: 'bad',
    })
  }
  return facts
}

const goodWhenFalse = /Pressure|Unavailable|Failure/

function conditionFacts(object: {
  status?: { conditions?: readonly { type: string; status: string; reason?: string; lastTransitionTime?: string }[] }
}): Fact[] {
  return (object.status?.conditions ?? []).map((condition) => {
    const good = goodWhenFalse.test(condition.type) ? condition.status === 'False' : condition.status === 'True'
    return {
      name: condition.type,
      value: conditionText(condition, good),
      tone: good ? 'good' : 'bad',
    }
  })
}

function conditionText(
  { status, reason, lastTransitionTime }: { status: string; reason?: string; lastTransitionTime?: string },
  good: boolean,
): FactText {
  const why = good || !reason ? undefined : reason
  if (lastTransitionTime === undefined) return why === undefined ? status : `${status}: ${why}`
  const clock = timeOf(lastTransitionTime)
  return why === undefined ? ['since', status, clock] : ['because', status, clock, why]
}

const timeOf = (time: string) => clockOf(millisOf(time) ?? 0, false)

function eventsOf(world: World, value: KubeObject | undefined): Inspection['events'] {
  const uid = value?.metadata?.uid
  if (uid === undefined) return []
  return world
    .list(Event, { about: uid })
    .map(({ at, value: event }) => ({
      at,
      tone: event.type === 'Warning' ? ('bad' as const) : ('good' as const),
      reason: event.reason,
      says: event.message,
      count: event.series?.count ?? event.count ?? 1,
    }))
    .reverse()
}

function logsOf(world: World, pod: Pod): Inspection['logs'] {
  const machine = pod.spec.nodeName
  if (machine === undefined) return []
  const ids = (pod.status.containerStatuses ?? []).flatMap((status) =>
    status.containerID === undefined ? [] : [status.containerID.slice(status.containerID.indexOf('://') + 3)],
  )
  return ids.flatMap((id) => readLogs(world, Container.key(machine, id)).slice(-MOST_LOG_LINES))
}

function relatedOf(kind: string, value: any, _world: World): Inspection['related'] {
  if (value === undefined) return []
  if (kind === 'platform/Machine' && kindOf('kubernetes/Node'))
    return [{ key: Node.key('', (value as Machine).name), says: ['itsRecord'] }]
  const object = value as KubeObject
  const related: { key: string; says: FactText }[] = []
  const node = (value as Pod).spec?.nodeName
  if (node !== undefined) related.push({ key: `platform/Machine//${node}`, says: ['itsMachine', node] })
  for (const owner of object.metadata?.ownerReferences ?? []) {
    if (owner.kind === 'Node') continue
    related.push({
      key: `kubernetes/${owner.kind}/${object.metadata.namespace ?? ''}/${owner.name}`,
      says: ['ownedBy', owner.kind, owner.name],
    })
  }
  return related
}

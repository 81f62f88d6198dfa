import type { Reason } from '../../engine/change'
import type { Key, World } from '../../engine/kind'
import { LAB_EPOCH } from '../../engine/time'
import { balancerNamed } from '../balancer'
import { commandOf } from '../container/command'
import { Container, type Sandbox, sandboxKey } from '../container/container'
import { Machine, machineKey } from '../machine/machine'
import { programNamed } from '../programs'
import type { Answer, Ask, Call, Incoming } from '../programs/program'
import { answerOfDaemon, daemonAt } from './daemons'
import { resolveName } from './dns'
import { Effects } from './effects'
import type { Forward, ForwardTarget } from './forward'
import { INTERNET_MILLIS, internetHost } from './internet'
import { isGateway, isShutIn, networksOf, separation } from './network'
import { INTERNET, reaches } from './reach'
import type { Chance, Outcome, Request } from './request'
import { rulesFor } from './rules'
import { sandboxAt, sandboxOf } from './sandboxes'
import { type Tunnel, tunnelKey } from './tunnel'
import { cross, hop, type Stop, vanish, type Walk } from './walk'

/** Requests that programs make on account of requests: no deeper than this. */
const DEEPEST = 8
/** A machine looks so long for a neighbour before it says "No route to host". */
const NEIGHBOUR_MILLIS = 3070

/**
 * One request, hop by hop, as things stand now: name, link, virtual address, machine, sandbox, listening container, and what
 * its program asks of others in turn. It is decided at one instant; `millis` says how long it takes. What it changes is in
 * `changes`, or in `effects` where the caller gathers several requests in one plan.
 */
export function send(world: World, chance: Chance, request: Request, effects?: Effects): Outcome {
  const own = effects ?? new Effects(world)
  const walk: Walk = { world, chance, request, after: 0, hops: [] }
  const result = travel(walk, own)
  const isStop = 'end' in result
  const late = walk.after > request.timeoutMillis
  if (late) walk.after = request.timeoutMillis
  const answer = isStop ? undefined : result.answer
  const because = isStop
    ? result.because
    : late
      ? `no answer within ${request.timeoutMillis} ms`
      : `${result.name} answered`
  return {
    end: isStop ? result.end : late ? 'timed-out' : answer?.cutOff ? 'cut-off' : 'answered',
    millis: Math.ceil(walk.after),
    status: late ? 0 : (answer?.status ?? 0),
    headers: answer?.headers ?? {},
    body: late ? '' : (answer?.body ?? ''),
    address: walk.address ?? '',
    hops: walk.hops,
    because,
    served: isStop ? undefined : result.served,
    changes: effects ? undefined : own.wishes(),
  }
}

interface Served {
  readonly answer: Answer
  readonly name: string
  readonly served: Key<Container> | undefined
}

function travel(walk: Walk, effects: Effects): Served | Stop {
  const { world, request } = walk
  if (request.depth > DEEPEST) return { end: 'cut-off', because: `requests go round in a circle: ${DEEPEST} deep` }
  const machine = world.get(machineKey(request.from.machine))
  if (machine?.power !== 'on') return { end: 'unreachable', because: `${request.from.machine} has no power` }
  const address = resolveName(walk, request.host)
  if (typeof address !== 'string') return address
  walk.address = address
  const tunnel = address.startsWith('127.') ? world.get(tunnelKey(request.from, request.port)) : undefined
  if (tunnel) return tunnelled(walk, effects, tunnel)
  const place = route(walk, effects, machine, address)
  if ('end' in place) return place
  return serve(walk, effects, place)
}

/** Whoever holds the tunnel has accepted the connection already: what goes wrong behind it only cuts it off. */
function tunnelled(walk: Walk, effects: Effects, tunnel: Tunnel): Served | Stop {
  const { world, request } = walk
  const { sandbox, through, label } = tunnel
  hop(walk, request.from.machine, `a forwarded port leads to port ${sandbox.port} of ${label}`)
  let from = request.from.machine
  for (const to of through) {
    const stop = cross(walk, from, to, 'connect')
    if (stop) return cutOff(effects, walk, tunnel, 'unreachable', stop.because)
    from = to
  }
  const inside = world.get(sandboxKey(sandbox.machine, sandbox.name))
  if (!inside) return cutOff(effects, walk, tunnel, 'gone', `${label} is gone`)
  const place: Place = { machine: sandbox.machine, sandbox: inside, port: sandbox.port, label }
  const served = serve(walk, effects, place)
  if ('end' in served) return cutOff(effects, walk, tunnel, 'refused', served.because)
  effects.carry(tunnelKey(request.from, request.port), tunnel)
  return served
}

function cutOff(effects: Effects, walk: Walk, tunnel: Tunnel, problem: Tunnel['problem'], because: string): Stop {
  effects.carry(tunnelKey(walk.request.from, walk.request.port), tunnel, problem)
  return { end: 'cut-off', because }
}

/** Where a request arrives: a port in a sandbox, or of a machine itself. */
interface Place {
  readonly machine: string
  readonly sandbox: Sandbox | undefined
  readonly port: number
  readonly label: string
  /** Set: it is a host outside the lab. */
  readonly internet?: string
}

function route(walk: Walk, effects: Effects, machine: Machine, address: string): Place | Stop {
  const { world, request } = walk
  const { port, from } = request
  if (address.startsWith('127.')) {
    const published =
      from.sandbox === undefined
        ? rulesFor(world, machine.name, { machinePort: String(port), dialled: address })
        : undefined
    if (published) return forwarded(walk, effects, machine.name, published, 'outside')
    return { machine: machine.name, sandbox: sandboxOf(world, from), port, label: from.sandbox ?? machine.name }
  }
  const virtual = rulesFor(world, machine.name, { address: `${address}:${port}` })
  if (virtual) {
    if (machine.role !== 'outside' || virtual.outside) return forwarded(walk, effects, machine.name, virtual, 'inside')
    return vanish(walk, `${address} is a virtual address that only the machines of the cluster know`)
  }
  if (networksOf(world, from)?.length === 0)
    return { end: 'unreachable', because: `${from.sandbox} has no network but its loopback` }
  const sandbox = sandboxAt(world, address, machine.name)
  if (sandbox) return direct(walk, machine, sandbox, address)
  if (isGateway(world, machine.name, address)) return entered(walk, effects, machine, port)
  if (isShutIn(world, from)) return { end: 'unreachable', because: `no network of ${from.sandbox} leads outside` }
  const entry = world.list(Machine, { address })[0]?.value
  if (entry) {
    const stop = cross(walk, machine.name, entry.name, 'connect')
    return stop ?? entered(walk, effects, entry, port)
  }
  return elsewhere(walk, machine, address)
}

/** At a machine's own address: a rule takes the port, or somebody listens on it. */
function entered(walk: Walk, effects: Effects, entry: Machine, port: number): Place | Stop {
  const published =
    entry.role === 'outside'
      ? undefined
      : rulesFor(walk.world, entry.name, { machinePort: String(port), dialled: walk.address ?? '' })
  if (published) return forwarded(walk, effects, entry.name, published, 'outside')
  return { machine: entry.name, sandbox: undefined, port, label: entry.name }
}

/** To a sandbox's own address: only the machines of the cluster know the way. */
function direct(walk: Walk, machine: Machine, sandbox: Sandbox, address: string): Place | Stop {
  const apart = separation(walk.world, walk.request.from, sandbox, address)
  if (apart !== undefined) return vanish(walk, apart)
  if (machine.role === 'outside') return vanish(walk, `${sandbox.address} is an address inside the cluster`)
  const stop = cross(walk, machine.name, sandbox.machine, 'connect')
  return stop ?? { machine: sandbox.machine, sandbox, port: walk.request.port, label: sandbox.hostname }
}

/** A rule turns the address into one of its targets, on the machine where the packet meets it. */
function forwarded(walk: Walk, effects: Effects, at: string, rule: Forward, door: 'inside' | 'outside'): Place | Stop {
  const { world } = walk
  if (rule.targets.length === 0) {
    const because = `${rule.label} has no ready endpoint: ${rule.by} rejects the connection`
    hop(walk, at, because)
    return { end: 'refused', because }
  }
  const near = rule.own?.[door] ? rule.own.targets.filter(({ machine }) => machine === at) : undefined
  if (near?.length === 0)
    return vanish(
      walk,
      `${rule.label} is passed on only to endpoints on ${at}, and there is none: its packets are dropped`,
    )
  const target = pickTarget(walk, effects, at, rule, near ?? inZone(world, at, rule.targets), near !== undefined)
  if (rule.machine !== undefined) walk.source = walk.request.from.machine === at ? rule.gateway : undefined
  else if (door === 'outside' && near === undefined) walk.source = world.get(machineKey(at))?.address
  const stop = cross(walk, at, target.machine, 'connect')
  if (stop) return stop
  const sandbox = sandboxAt(world, target.address, target.machine)
  if (sandbox) return { machine: sandbox.machine, sandbox, port: target.port, label: target.label }
  const host = world.list(Machine, { address: target.address })[0]?.value
  if (host) return rule.outside ? entered(walk, effects, host, target.port) : hostPlace(host, target)
  return noRoute(walk, `${target.label} is gone: nobody has the address ${target.address} any more`)
}

const hostPlace = (host: Machine, { port, label }: ForwardTarget): Place => ({
  machine: host.name,
  sandbox: undefined,
  port,
  label,
})

/** The targets that are meant for a machine's zone; all of them where none is, or where the machine has no zone. */
function inZone(world: World, at: string, targets: readonly ForwardTarget[]): readonly ForwardTarget[] {
  if (!targets.every(({ zones }) => zones !== undefined)) return targets
  const zone = world.get(machineKey(at))?.zone
  const meant = zone === undefined ? [] : targets.filter(({ zones }) => zones!.includes(zone))
  return meant.length > 0 ? meant : targets
}

function pickTarget(
  walk: Walk,
  effects: Effects,
  at: string,
  rule: Forward,
  targets: readonly ForwardTarget[],
  near: boolean,
): ForwardTarget {
  const { request, chance } = walk
  const of = near ? `${targets.length} on ${at}` : String(targets.length)
  const client = rule.affinityMillis === undefined ? undefined : clientOf(walk)
  if (client !== undefined) {
    const kept = effects.affinity(at, rule, client)
    const same = targets.find(({ address }) => address === kept)
    if (same) {
      effects.stay(at, rule, client, same.address)
      hop(walk, at, `${rule.by} kept ${client} with ${same.label}, where it was before`, rule.label)
      return same
    }
  }
  const balancer = balancerNamed(rule.balancer)
  const draw = chance.draw(request.id, `balance ${request.depth}`, 0)
  const target = targets[balancer.pick({ count: targets.length, draw, turn: turnOf(request.id) })]!
  if (client !== undefined) effects.stay(at, rule, client, target.address)
  const choice = targets.length === 1 ? `the only endpoint${near ? ` on ${at}` : ''}` : `1 of ${of} ${balancer.says}`
  hop(walk, at, `${rule.by} picked ${target.label}, ${choice}`, rule.label)
  return target
}

/** The number at the end of a request's id: requests of one sender are numbered. */
function turnOf(id: string): number {
  const digits = /\d+$/.exec(id)
  return digits ? Number(digits[0]) : 0
}

function noRoute(walk: Walk, because: string): Stop {
  walk.after += NEIGHBOUR_MILLIS
  hop(walk, 'network', because)
  return { end: 'unreachable', because }
}

function elsewhere(walk: Walk, machine: Machine, address: string): Place | Stop {
  const host = internetHost(address)
  if (host === undefined) {
    if (/^(10|172|192)\./.test(address)) return noRoute(walk, `nobody has the address ${address}`)
    return vanish(walk, `nobody answers at ${address}`)
  }
  const reach = reaches(walk.world, machine.name, INTERNET)
  if (!reach.ok) return vanish(walk, reach.because)
  walk.after += INTERNET_MILLIS
  return { machine: INTERNET, sandbox: undefined, port: walk.request.port, label: host, internet: host }
}

/** The connection is up on the network's side; now somebody must listen, and answer. */
function serve(walk: Walk, effects: Effects, place: Place): Served | Stop {
  const { world, request } = walk
  if (place.internet !== undefined) return internetAnswer(walk, place)
  const listener = listening(world, place)
  if (!listener) {
    const daemon = place.sandbox ? undefined : daemonAt(world, place.machine, place.port)
    if (daemon) {
      hop(walk, place.machine, `${daemon} answered`)
      return { answer: answerOfDaemon(daemon, request), name: daemon, served: undefined }
    }
    const because = `nothing listens on port ${place.port} of ${place.label}`
    hop(walk, place.machine, because, place.sandbox && `platform/Sandbox/${place.machine}/${place.sandbox.name}`)
    return { end: 'refused', because }
  }
  const { key, value: container } = listener
  if (container.state === 'paused')
    return vanish(walk, `${container.name} is paused: the kernel accepts, nobody answers`)
  const program = programNamed(container.program)
  if (!program?.answer || isBare(request)) {
    hop(walk, place.label, `${container.program} accepted the connection`, key)
    return { answer: { status: 0, body: '', millis: 0 }, name: place.label, served: key }
  }
  const stop = cross(walk, request.from.machine, place.machine, 'data')
  if (stop) return stop
  return run(walk, effects, place, key, container)
}

/** Only the connection counts: `nc -z`, a TCP probe. */
const isBare = (request: Request): boolean =>
  request.method === '' && (request.protocol === 'tcp' || request.protocol === 'udp')

function run(walk: Walk, effects: Effects, place: Place, key: Key<Container>, container: Container): Served {
  const { world, request } = walk
  const program = programNamed(container.program)!
  const because: Reason = {
    id: 'platform/request-served',
    values: { method: request.method, path: request.path, by: container.name },
  }
  const arrived = walk.after
  const call = programCall(world, walk.chance, effects, key, container, request, walk)
  const answer = program.answer!(incoming(walk, place), call)
  walk.after = Math.max(walk.after, arrived + answer.millis)
  hop(walk, place.label, told(container.program, request, answer), key)
  if (answer.memory !== undefined) effects.remember(key, container, answer.memory, because)
  if (answer.print) effects.print(key, container, answer.print, because)
  return { answer, name: place.label, served: key }
}

function told(program: string, request: Request, answer: Answer): string {
  if (answer.cutOff) return `${program} hung up`
  const took = answer.millis > 0 ? ` after ${Math.ceil(answer.millis)} ms` : ''
  return request.protocol === 'http' || request.protocol === 'https'
    ? `${program} answered ${answer.status}${took}`
    : `${program} answered${took}`
}

/** What a program gets to work with; its own requests go one level deeper and their time is added to the walk it serves. */
export function programCall(
  world: World,
  chance: Chance,
  effects: Effects,
  key: Key<Container>,
  container: Container,
  parent: Pick<Request, 'id' | 'depth' | 'timeoutMillis'>,
  walk?: Walk,
): Call {
  let asked = 0
  return {
    world,
    now: world.now,
    epoch: LAB_EPOCH + world.now,
    key,
    container,
    command: commandOf(container.spec),
    memory: effects.memoryOf(key, container),
    draw: (purpose, n) => chance.draw(container.id, `${parent.id} ${purpose}`, n),
    request(ask: Ask) {
      const outcome = send(world, chance, upstream(container, parent, ask, asked++), effects)
      if (walk) {
        for (const one of outcome.hops) walk.hops.push({ ...one, after: walk.after + one.after })
        walk.after += outcome.millis
      }
      return outcome
    },
  }
}

function upstream(
  container: Container,
  parent: Pick<Request, 'id' | 'depth' | 'timeoutMillis'>,
  ask: Ask,
  n: number,
): Request {
  return {
    protocol: 'http',
    method: 'GET',
    path: '/',
    headers: {},
    body: '',
    timeoutMillis: parent.timeoutMillis,
    ...ask,
    from: { machine: container.machine, sandbox: container.sandbox },
    id: `${parent.id}.${n}`,
    depth: parent.depth + 1,
  }
}

function incoming(walk: Walk, place: Place): Incoming {
  const { request } = walk
  const client = walk.source ?? clientOf(walk)
  const { protocol, host, method, path, headers, body, id } = request
  return { protocol, host, port: place.port, method, path, headers, body, client, id }
}

/** The address that a request comes from, before anybody on the way puts his own in its place. */
const clientOf = ({ request, world }: Walk): string =>
  sandboxOf(world, request.from)?.address ?? world.get(machineKey(request.from.machine))?.address ?? ''

function listening(world: World, place: Place) {
  const sandbox = `${place.machine}/${place.sandbox?.name ?? ''}`
  for (const head of world.list(Container, { sandbox })) {
    const { state, listens } = head.value
    if ((state === 'running' || state === 'paused') && listens.includes(place.port)) return head
  }
  return undefined
}

function internetAnswer(walk: Walk, place: Place): Served {
  walk.after += INTERNET_MILLIS
  hop(walk, 'internet', `${place.label} answered`)
  const body = `<!doctype html>\n<html><head><title>${place.label}</title></head><body><p>The internet outside of the lab is not simulated.</p></body></html>\n`
  return {
    answer: { status: 200, headers: { 'content-type': 'text/html' }, body, millis: 0 },
    name: place.label,
    served: undefined,
  }
}

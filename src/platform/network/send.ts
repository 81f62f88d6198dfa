import type { Reason } from '../../engine/change'
import type { Key, World } from '../../engine/kind'
import { LAB_EPOCH } from '../../engine/time'
import { commandOf } from '../container/command'
import { Container, sandboxKey } from '../container/container'
import { requestDelay } from '../cpu/request-delay'
import { taskKey, taskName } from '../cpu/task'
import { Fault, machineKey } from '../machine/machine'
import { programNamed } from '../programs'
import type { Answer, Ask, Call, Incoming } from '../programs/program'
import { answerOfDaemon, daemonAt } from './daemons'
import { resolveName } from './dns'
import { Effects } from './effects'
import { INTERNET_MILLIS } from './internet'
import { keepOutcome, knownOutcome } from './known-ways'
import type { Chance, Outcome, Request } from './request'
import { clientOf, type Place, route } from './route'
import { type Tunnel, tunnelKey } from './tunnel'
import { cross, hop, type Stop, vanish, type Walk } from './walk'

/** Requests that programs make on account of requests: no deeper than this. */
const DEEPEST = 8

/**
 * One request, hop by hop, as things stand now: name, link, virtual address, machine, sandbox, listening container, and what
 * its program asks of others in turn. It is decided at one instant; `millis` says how long it takes. What it changes is in
 * `changes`, or in `effects` where the caller gathers several requests in one plan.
 */
export function send(world: World, chance: Chance, request: Request, effects?: Effects): Outcome {
  const known = effects && knownOutcome(world, chance, request)
  if (known) return known
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
  const outcome: Outcome = {
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
  if (effects && !isStop && walk.unlike !== true) keepOutcome(world, request, outcome, walk.picks ?? [])
  return outcome
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
  walk.unlike = true
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
    return walk.proxy === undefined ? { end: 'refused', because } : taken(walk, walk.proxy, because)
  }
  const { key, value: container } = listener
  if (container.state === 'paused')
    return vanish(walk, `${container.name} is paused: the kernel accepts, nobody answers`)
  const program = programNamed(container.program)
  if (container.disturbed?.answers === 'never' && !isBare(request))
    return vanish(walk, `${place.label} took the connection and does not answer`)
  if (!program?.answer || isBare(request)) {
    hop(walk, place.label, `${container.program} accepted the connection`, key)
    return { answer: { status: 0, body: '', millis: 0 }, name: place.label, served: key }
  }
  const stop = cross(walk, request.from.machine, place.machine, 'data')
  if (stop) return stop
  return run(walk, effects, place, key, container)
}

/** Who stands in between has taken the connection; that nobody is behind him shows only when something is sent. */
function taken(walk: Walk, proxy: string, because: string): Served | Stop {
  if (isBare(walk.request)) return { answer: { status: 0, body: '', millis: 0 }, name: proxy, served: undefined }
  return { end: 'reset', because: `${proxy} took the connection and resets it: ${because}` }
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
  const answer =
    container.disturbed?.answers === 'errors' ? brokenAnswer(request) : program.answer!(incoming(walk, place), call)
  const work = program.requestCpuMillis ?? 0
  const delay = work > 0 ? requestDelay(world, container, work) : undefined
  // time counts besides the world where something waits, memory where a program remembers
  if (delay || !program.steady) walk.unlike = true
  const back = Math.max(walk.after, arrived + answer.millis) + (delay?.millis ?? 0)
  const slowness = slownessOf(world, container.machine)
  walk.after = slowness === 1 ? back : walk.after + (back - walk.after) * slowness
  const said = told(container.program, request, answer)
  hop(walk, place.label, delay ? `${said} and ${Math.ceil(delay.millis)} ms more: ${delay.because}` : said, key)
  if (answer.memory !== undefined || (answer.print && answer.print.length > 0)) walk.unlike = true
  if (answer.memory !== undefined) effects.remember(key, container, answer.memory, because)
  if (answer.print) effects.print(key, container, answer.print, because)
  return { answer, name: place.label, served: key }
}

/** What a program says that fails at everything; without HTTP it has no words for it. */
const brokenAnswer = ({ protocol }: Request): Answer =>
  protocol === 'http' || protocol === 'https'
    ? { status: 500, headers: { 'content-type': 'text/plain' }, body: 'Internal Server Error\n', millis: 1 }
    : { status: 0, body: '', millis: 1, cutOff: true }

const slownessOf = (world: World, machine: string): number =>
  world.list(Fault).length === 0 ? 1 : (world.get(machineKey(machine))?.slowness ?? 1)

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
    task: (name) => world.get(taskKey(container.machine, taskName(container.id, name))),
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
  const { protocol, host, method, path, headers, body, id, unlogged = false } = request
  return { protocol, host, port: place.port, method, path, headers, body, client, id, unlogged }
}

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

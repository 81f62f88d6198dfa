import type { World } from '../../engine/kind'
import { balancerNamed } from '../balancer'
import type { Sandbox } from '../container/container'
import { Machine, machineKey } from '../machine/machine'
import type { Effects } from './effects'
import type { Forward, ForwardTarget } from './forward'
import { INTERNET_MILLIS, internetHost } from './internet'
import { isBesideItsMachine, isGateway, isShutIn, networksOf, onWire, separation } from './network'
import { INTERNET, reaches } from './reach'
import { rulesFor } from './rules'
import { sandboxAt, sandboxOf } from './sandboxes'
import { cross, hop, type Stop, vanish, type Walk } from './walk'

/** A machine looks so long for a neighbour before it says "No route to host". */
const NEIGHBOUR_MILLIS = 3070

/** Where a request arrives: a port in a sandbox, or of a machine itself. */
export interface Place {
  readonly machine: string
  readonly sandbox: Sandbox | undefined
  readonly port: number
  readonly label: string
  /** Set: it is a host outside the lab. */
  readonly internet?: string
}

/** Where a request to an address ends up. */
export function route(walk: Walk, effects: Effects, machine: Machine, address: string): Place | Stop {
  const { world, request } = walk
  const { port, from } = request
  if (address.startsWith('127.')) {
    const published =
      from.sandbox === undefined
        ? rulesFor(world, machine.name, { machinePort: String(port), dialled: address })
        : undefined
    if (published) {
      if (published.proxied) walk.proxy = 'docker-proxy'
      return forwarded(walk, effects, machine.name, published, 'outside')
    }
    return { machine: machine.name, sandbox: sandboxOf(world, from), port, label: from.sandbox ?? machine.name }
  }
  const virtual = rulesFor(world, machine.name, { address: `${address}:${port}` })
  if (virtual) {
    if (machine.role !== 'outside' || virtual.outside) return forwarded(walk, effects, machine.name, virtual, 'inside')
    return vanish(walk, `${address} is a virtual address that only the machines of the cluster know`)
  }
  if (networksOf(world, from)?.length === 0)
    return { end: 'unreachable', because: `${from.sandbox} has no network but its loopback` }
  const sandbox = sandboxAt(world, address, machine.name) ?? onWire(world, address)
  if (sandbox) return direct(walk, machine, sandbox, address)
  if (isGateway(world, machine.name, address)) return entered(walk, effects, machine, port)
  if (isShutIn(world, from)) return { end: 'unreachable', because: `no network of ${from.sandbox} leads outside` }
  const entry = world.list(Machine, { address })[0]?.value
  if (entry?.name === machine.name && isBesideItsMachine(world, from))
    return vanish(walk, `${entry.name} and what stands on its interface do not hear each other`)
  if (entry) {
    const stop = cross(walk, machine.name, entry.name, 'connect')
    return stop ?? entered(walk, effects, entry, port)
  }
  return elsewhere(walk, machine, address)
}

/** At a machine's own address: a rule takes the port, or somebody listens on it. */
function entered(walk: Walk, effects: Effects, entry: Machine, port: number): Place | Stop {
  const published = rulesFor(walk.world, entry.name, { machinePort: String(port), dialled: walk.address ?? '' })
  if (published) return forwarded(walk, effects, entry.name, published, 'outside')
  return { machine: entry.name, sandbox: undefined, port, label: entry.name }
}

/** To a sandbox's own address: only the machines of the cluster know the way. */
function direct(walk: Walk, machine: Machine, sandbox: Sandbox, address: string): Place | Stop {
  const apart = separation(walk.world, walk.request.from, sandbox, address)
  if (apart !== undefined) return vanish(walk, apart)
  if (machine.role === 'outside' && sandbox.machine !== machine.name)
    return vanish(walk, `${sandbox.address} is an address inside the cluster`)
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
  const sandbox = sandboxAt(world, target.address, target.machine || undefined)
  const host = sandbox ? undefined : world.list(Machine, { address: target.address })[0]?.value
  // a hand-made endpoint does not say where it is
  const machine = target.machine === '' ? (sandbox?.machine ?? host?.name) : target.machine
  if (machine === undefined) return noRoute(walk, `nobody has the address ${target.address}`)
  const stop = cross(walk, at, machine, 'connect')
  if (stop) return stop
  if (sandbox) return { machine: sandbox.machine, sandbox, port: target.port, label: target.label }
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
      walk.unlike = true
      hop(walk, at, `${rule.by} kept ${client} with ${same.label}, where it was before`, rule.label)
      return same
    }
  }
  const balancer = balancerNamed(rule.balancer)
  const draw = chance.draw(request.id, `balance ${request.depth}`, 0)
  const index = balancer.pick({ count: targets.length, draw, turn: turnOf(request.id) })
  const target = targets[index]!
  if (client !== undefined || balancer.name !== 'random') walk.unlike = true
  else {
    walk.picks ??= []
    walk.picks.push({ purpose: `balance ${request.depth}`, index, count: targets.length })
  }
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

/** The address that a request comes from, before anybody on the way puts his own in its place. */
export const clientOf = ({ request, world }: Walk): string =>
  sandboxOf(world, request.from)?.address ?? world.get(machineKey(request.from.machine))?.address ?? ''

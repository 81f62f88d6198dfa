import type { World } from '../../engine/kind'
import { balancerNamed } from '../balancer'
import { Container, type Sandbox } from '../container/container'
import { machineKey } from '../machine/machine'
import { DnsRecord, DnsServer, Forward } from './forward'
import { INTERNET_MILLIS, internetAddress } from './internet'
import { isShutIn, namesakes, networksOf } from './network'
import { INTERNET, reaches, roundTripMillis } from './reach'
import { rulesFor } from './rules'
import { sandboxAt, sandboxOf } from './sandboxes'
import type { Stop, Walk } from './walk'
import { hop, pickOne } from './walk'

/** The C library waits so long for an answer, and asks so often. */
const ATTEMPT_MILLIS = 5000
const ATTEMPTS = 2
/** A server's own time for an answer from its memory. */
const ANSWER_MILLIS = 1

export const isAddress = (host: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(host)

/** The address of a host as the caller sees it. Time and hops are noted on the walk. */
export function resolveName(walk: Walk, host: string): string | Stop {
  const { world, request } = walk
  if (isAddress(host)) return host
  const name = (host.endsWith('.') ? host.slice(0, -1) : host).toLowerCase()
  if (name === 'localhost') return '127.0.0.1'
  const sandbox = sandboxOf(world, request.from)
  if (sandbox?.hostname === name || sandbox?.hosts?.fqdn === name) return sandbox.address
  const alias = sandbox?.hosts?.aliases.find(({ names }) => names.includes(name))
  if (alias) return alias.address
  if (sandbox?.interfaces) return embedded(walk, sandbox, name)
  if (!sandbox?.dns) return hostResolver(walk, name)
  const server = reachServer(walk, sandbox.dns.server)
  if (typeof server !== 'string') return server
  return ask(walk, server, candidates(name, host.endsWith('.'), sandbox.dns), host)
}

/** `web` in namespace default with ndots 5: web.default.svc.cluster.local, web.svc.cluster.local, web.cluster.local, web. */
export function candidates(
  name: string,
  absolute: boolean,
  dns: { search: readonly string[]; ndots: number },
): string[] {
  if (absolute) return [name]
  const dots = name.split('.').length - 1
  const searched = dns.search.map((domain) => `${name}.${domain}`)
  return dots >= dns.ndots ? [name, ...searched] : [...searched, name]
}

/** The DNS server of a container engine: names in the container's own networks, and the machine's resolver for the rest. */
function embedded(walk: Walk, sandbox: Sandbox, name: string): string | Stop {
  const { world, request } = walk
  if (!sandbox.dns) {
    const because = 'it has no network, and so no DNS server'
    return { end: 'no-dns', because }
  }
  const found = namesakes(world, request.from, name)
  const address = found[pickOne(walk, 'record', found.length)]
  if (address !== undefined) {
    const choice = found.length > 1 ? `, one of ${found.length} addresses` : ''
    hop(walk, 'dns', `${sandbox.dns.server} knows ${name}: ${address}${choice}`)
    return address
  }
  if (!isShutIn(world, request.from)) {
    const own = networksOf(world, request.from)?.every(({ resolves }) => !resolves)
    const answer = hostResolver(walk, name)
    if (typeof answer !== 'string' && own && answer.end === 'unresolved')
      return { ...answer, because: `${answer.because}; in the default network containers have no names` }
    return answer
  }
  const because = `nobody in its networks is called ${name}, and an internal network asks nobody outside`
  hop(walk, 'dns', because)
  return { end: 'unresolved', because }
}

/** A machine itself knows the machines of the lab, and asks the internet for the rest. */
function hostResolver(walk: Walk, name: string): string | Stop {
  const { world, request } = walk
  const machine = world.get(machineKey(name))
  if (machine) return machine.address
  if (!reaches(world, request.from.machine, INTERNET).ok) {
    walk.after += ATTEMPT_MILLIS * ATTEMPTS
    return { end: 'no-dns', because: `${request.from.machine} has no way to a DNS server` }
  }
  walk.after += INTERNET_MILLIS
  return internetAddress(name) ?? { end: 'unresolved', because: `no DNS server knows the name ${name}` }
}

/** Finds the way to a server of this address: the server's name, or why it does not answer. */
function reachServer(walk: Walk, address: string): string | Stop {
  const { world, request, chance } = walk
  const server = world.list(DnsServer, { address })[0]?.value
  const silent = (because: string): Stop => {
    walk.after += ATTEMPT_MILLIS * ATTEMPTS
    hop(walk, 'dns', because)
    return { end: 'no-dns', because }
  }
  if (!server) return silent(`no DNS server has the address ${address}`)
  if (server.down) return silent(`the DNS server ${server.name} is down`)
  const rule = rulesFor(world, request.from.machine, { address: `${address}:53` }, 'UDP')
  // a server without a virtual address in front answers by itself: a daemon's own
  if (!rule) {
    if (world.list(Forward, { address: `${address}:53` }).length > 0)
      return silent(`${request.from.machine} has no rule for ${address}:53 yet`)
    walk.after += ANSWER_MILLIS
    return server.name
  }
  const { targets } = rule
  if (targets.length === 0) {
    const because = `${rule.label} has no endpoint: nobody answers DNS`
    hop(walk, 'dns', because)
    return { end: 'no-dns', because }
  }
  const draw = chance.draw(request.id, `dns ${request.depth}`, 0)
  if (rule.balancer !== 'random') walk.unlike = true
  else {
    walk.picks ??= []
    walk.picks.push({
      purpose: `dns ${request.depth}`,
      index: Math.floor(draw * targets.length),
      count: targets.length,
    })
  }
  const target =
    targets[balancerNamed(rule.balancer).pick({ count: targets.length, draw, turn: Math.floor(draw * 1e6) })]!
  const reach = reaches(world, request.from.machine, target.machine)
  if (!reach.ok) return silent(`the query went to ${target.label}, but ${reach.because}`)
  const sandbox = sandboxAt(world, target.address)
  if (!sandbox) return silent(`the query went to ${target.label}, which is gone`)
  if (!answers(world, sandbox)) {
    // its kernel says at once that the port is closed
    walk.after += roundTripMillis(world, request.from.machine, target.machine) * ATTEMPTS
    const because = `the query went to ${target.label}, where no DNS server runs`
    hop(walk, 'dns', because)
    return { end: 'no-dns', because }
  }
  walk.after += roundTripMillis(world, request.from.machine, target.machine) + ANSWER_MILLIS
  return server.name
}

const answers = (world: World, sandbox: Sandbox): boolean =>
  world
    .list(Container, { sandbox: `${sandbox.machine}/${sandbox.name}` })
    .some(({ value }) => value.state === 'running' && value.listens.includes(53))

function ask(walk: Walk, server: string, names: readonly string[], asked: string): string | Stop {
  const { world } = walk
  for (const name of names) {
    const record = world.get(DnsRecord.key(server, name))
    if (record) {
      const found = record.alias === undefined ? record.addresses : [outside(world, server, record.alias) ?? '']
      const address = found[pickOne(walk, 'record', found.length)]
      if (address) {
        const choice = found.length > 1 ? `, one of ${found.length} addresses` : ''
        hop(walk, 'dns', `${asked} is ${address}${choice}`, DnsRecord.key(server, name))
        return address
      }
      const because = `${name} has no address: nothing behind it is ready`
      hop(walk, 'dns', because)
      return { end: 'unresolved', because }
    }
    walk.after += ANSWER_MILLIS
  }
  const last = outside(world, server, names[names.length - 1]!) ?? outside(world, server, asked)
  if (last !== undefined) {
    walk.after += INTERNET_MILLIS
    hop(walk, 'dns', `${asked} is outside of the cluster: ${last}`)
    return last
  }
  const because = `no record for ${asked}; tried ${names.join(', ')}`
  hop(walk, 'dns', because)
  return { end: 'unresolved', because }
}

/** What the cluster's server learns from those above it: another record, a machine's name, a host in the internet. */
function outside(world: World, server: string, name: string): string | undefined {
  const plain = name.endsWith('.') ? name.slice(0, -1) : name
  return (
    world.get(DnsRecord.key(server, plain))?.addresses[0] ??
    world.get(machineKey(plain))?.address ??
    internetAddress(plain)
  )
}

/** For `nslookup`: every address that a server gives for the name as the caller asks it, with the full name that fitted. */
export function lookup(
  walk: Walk,
  host: string,
): { readonly name: string; readonly addresses: readonly string[] } | Stop {
  const { world, request } = walk
  const first = resolveName(walk, host)
  if (typeof first !== 'string') return first
  const several = namesakes(world, request.from, host.toLowerCase())
  if (several.length > 0) return { name: host, addresses: several }
  const dns = sandboxOf(world, request.from)?.dns
  const server = dns && world.list(DnsServer, { address: dns.server })[0]?.value.name
  if (dns && server !== undefined) {
    const plain = host.endsWith('.') ? host.slice(0, -1) : host
    for (const name of candidates(plain.toLowerCase(), host.endsWith('.'), dns)) {
      const record = world.get(DnsRecord.key(server, name))
      if (record && record.alias === undefined) return { name, addresses: record.addresses }
    }
  }
  return { name: host, addresses: [first] }
}

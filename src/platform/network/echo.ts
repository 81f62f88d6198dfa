import type { World } from '../../engine/kind'
import { Machine, machineKey } from '../machine/machine'
import { Forward } from './forward'
import { INTERNET_MILLIS, internetHost } from './internet'
import { isBesideItsMachine, isGateway, isShutIn, networksOf, onWire, separation } from './network'
import { INTERNET, lossBetween, reaches, roundTripMillis } from './reach'
import type { Caller, Chance } from './request'
import { sandboxAt } from './sandboxes'

export type Echo = { readonly millis: number } | 'silent' | 'unreachable'

/**
 * One ICMP echo to an address. Virtual addresses of services answer nothing: only their ports are translated (kube-proxy's
 * iptables mode).
 */
export function echo(world: World, chance: Chance, from: Caller, address: string, id: string): Echo {
  const caller = world.get(machineKey(from.machine))
  if (caller?.power !== 'on') return 'unreachable'
  if (address.startsWith('127.')) return { millis: 0 }
  const sandbox = sandboxAt(world, address, from.machine) ?? onWire(world, address)
  if (networksOf(world, from)?.length === 0) return 'unreachable'
  if (sandbox && separation(world, from, sandbox, address) !== undefined) return 'silent'
  if (isGateway(world, from.machine, address)) return { millis: 0 }
  if (!sandbox && isShutIn(world, from)) return 'unreachable'
  if (sandbox && caller.role === 'outside' && sandbox.machine !== caller.name) return 'silent'
  const target = sandbox?.machine ?? world.list(Machine, { address })[0]?.value.name
  if (target === undefined) return elsewhere(world, from, address)
  if (!sandbox && target === from.machine && isBesideItsMachine(world, from)) return 'silent'
  const reach = reaches(world, from.machine, target)
  if (!reach.ok) return reach.silent ? 'silent' : 'unreachable'
  const loss = lossBetween(world, from.machine, target)
  return loss > 0 && chance.draw(id, 'echo', 0) < loss
    ? 'silent'
    : { millis: roundTripMillis(world, from.machine, target) }
}

function elsewhere(world: World, from: Caller, address: string): Echo {
  if (internetHost(address) !== undefined)
    return reaches(world, from.machine, INTERNET).ok ? { millis: INTERNET_MILLIS } : 'silent'
  const isVirtual = world.list(Forward).some(({ value }) => value.addresses.includes(address))
  return isVirtual || !/^(10|172|192)\./.test(address) ? 'silent' : 'unreachable'
}

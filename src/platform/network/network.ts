import type { Millis } from '../../engine/json'
import { defineKind, type World } from '../../engine/kind'
import { Sandbox } from '../container/container'
import { machineKey } from '../machine/machine'
import type { Caller } from './request'
import { inRange, sandboxOf } from './sandboxes'

/** A network of one machine. scope: machine; name: its id. Who is in it is written in the sandboxes' interfaces. */
export interface Network {
  readonly id: string
  readonly name: string
  readonly machine: string
  readonly driver: 'bridge' | 'host' | 'null' | 'macvlan' | 'ipvlan'
  /** `172.18.0.0/16`; empty where it has no addresses. */
  readonly subnet: string
  readonly gateway: string
  /** Addresses are given from here only. */
  readonly range: string | undefined
  /** The person chose the subnet, and may therefore choose addresses. */
  readonly ownSubnet: boolean
  /** No way out of it. */
  readonly internal: boolean
  readonly attachable: boolean
  /** Containers know each other by name here: not in the default bridge. */
  readonly resolves: boolean
  readonly options: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly createdAt: Millis
}
export const Network = defineKind<Network>('platform/Network', {
  about: 'a network of a machine',
  indexes: { gateway: (n) => (n.gateway === '' ? undefined : n.gateway) },
})
export const networkKey = (machine: string, id: string) => Network.key(machine, id)

/** Whether an address is a machine's own end of one of its networks. */
export const isGateway = (world: World, machine: string, address: string): boolean =>
  world.list(Network, { gateway: address }).some(({ value }) => value.machine === machine && !isOnWire(value))

/** macvlan and ipvlan: what is in it stands on the wire beside its machine, not behind it. */
const isOnWire = ({ driver }: Network): boolean => driver === 'macvlan' || driver === 'ipvlan'

/** On the wire that the machines themselves are on: its parent is their interface, and no VLAN of it. */
const isOnLan = (network: Network): boolean => isOnWire(network) && network.options['parent'] === 'eth0'

/** The sandbox that has an address on the wire, whichever machine it is on. */
export function onWire(world: World, address: string): Sandbox | undefined {
  return world.list(Sandbox, { address }).find(({ value }) => {
    const own = value.interfaces?.find((one) => one.address === address)
    const network = own && world.get(networkKey(value.machine, own.network))
    return network !== undefined && isOnLan(network)
  })?.value
}

/** A caller on the wire does not get to its own machine through the interface that both use. */
export const isBesideItsMachine = (world: World, from: Caller): boolean => {
  const own = networksOf(world, from)
  return own !== undefined && own.length > 0 && own.every(isOnWire)
}

/** Why a packet does not get from a machine to an address on the wire. */
function wireProblem(world: World, from: Caller, to: Sandbox, address: string, network: Network): string | undefined {
  if (from.machine === to.machine)
    return `${address} is a ${network.driver} address: the kernel passes nothing between ${network.options['parent'] ?? 'the parent interface'} and what stands on it, so that ${to.machine} itself cannot reach it`
  if (!isOnLan(network)) return `${address} is on a wire of its own, that ${from.machine} is not on`
  const machine = world.get(machineKey(from.machine))
  if (machine && inRange(machine.address, network.subnet)) return undefined
  return `${address} is not in the network of ${from.machine}, and no router knows the way`
}

/** The networks that a caller is in; undefined: it is in the machine's own, or in a flat one. */
export const networksOf = (world: World, from: Caller): readonly Network[] | undefined =>
  sandboxOf(world, from)?.interfaces?.flatMap(({ network }) => world.get(networkKey(from.machine, network)) ?? [])

/** Why a caller's packets do not get to an address of a sandbox; undefined: they do. After the isolation chains of the bridge driver. */
export function separation(world: World, from: Caller, to: Sandbox, address: string): string | undefined {
  const own = to.interfaces?.find((one) => one.address === address)
  if (!own) return undefined
  const network = world.get(networkKey(to.machine, own.network))
  const caller = sandboxOf(world, from)
  const isInside = from.machine === to.machine && caller?.interfaces?.some((one) => one.network === own.network)
  if (network && isOnWire(network) && !isInside) return wireProblem(world, from, to, address, network)
  if (from.machine !== to.machine)
    return `${address} is an address inside of ${to.machine}: only its published ports can be reached`
  if (!caller || isInside) return undefined
  const name = network?.name ?? own.network
  return `${address} is in the network ${name}, which the caller is not in: the firewall drops what comes from another bridge`
}

/** A caller that has no way out of its networks: in `none`, or only in internal ones. */
export const isShutIn = (world: World, from: Caller): boolean =>
  networksOf(world, from)?.every(({ internal }) => internal) ?? false

/** The sandboxes that a name stands for in a caller's networks, by the addresses they have there: `web`, `web.app`. */
export function namesakes(world: World, from: Caller, name: string): readonly string[] {
  for (const network of networksOf(world, from) ?? []) {
    if (!network.resolves) continue
    const suffix = `.${network.name.toLowerCase()}`
    for (const asked of name.endsWith(suffix) ? [name, name.slice(0, -suffix.length)] : [name]) {
      const found = world
        .list(Sandbox, { called: `${network.id}/${asked}` })
        .flatMap(({ value }) =>
          value.machine === from.machine
            ? (value.interfaces ?? []).filter((one) => one.network === network.id).map(({ address }) => address)
            : [],
        )
      if (found.length > 0) return found
    }
  }
  return []
}

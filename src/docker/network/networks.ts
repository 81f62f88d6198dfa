import { type Millis, type Reason, uuid } from '../../engine'
import { hexOf } from '../../platform/image/hex'
import type { Machine } from '../../platform/machine/machine'
import { Network, networkKey } from '../../platform/network/network'
import { dotted, octets } from '../../platform/network/sandboxes'
import { DockerContainer } from '../containers/container'
import { filtersOf, hasLabel, refuse } from '../engine/request'
import { pathMatch } from '../formats/pattern'
import { apiTime } from '../formats/time'
import type { Pass } from '../pass'
import { chooseSubnet, LOCAL_POOLS, overlaps, spanOf } from './pools'

const PREDEFINED = ['bridge', 'host', 'none']
export const isPredefined = (name: string): boolean => PREDEFINED.includes(name)

const gatewayOf = (subnet: string): string => dotted(spanOf(subnet)!.from + 1)

/** The networks that a daemon has from its beginning. */
export function firstNetworks(machine: Pick<Machine, 'name'>, seed: number, at: Millis): readonly Network[] {
  const network = (name: string, driver: Network['driver'], more: Partial<Network>): Network => ({
    id: hexOf(uuid(seed, 'dockerd', `${machine.name} ${name}`, 0)),
    name,
    machine: machine.name,
    driver,
    subnet: '',
    gateway: '',
    range: undefined,
    ownSubnet: false,
    internal: false,
    attachable: false,
    resolves: false,
    options: {},
    labels: {},
    createdAt: at,
    ...more,
  })
  const bridge = {
    subnet: '172.17.0.0/16',
    gateway: '172.17.0.1',
    options: {
      'com.docker.network.bridge.default_bridge': 'true',
      'com.docker.network.bridge.enable_icc': 'true',
      'com.docker.network.bridge.enable_ip_masquerade': 'true',
      'com.docker.network.bridge.host_binding_ipv4': '0.0.0.0',
      'com.docker.network.bridge.name': 'docker0',
      'com.docker.network.driver.mtu': '1500',
    },
  }
  return [network('bridge', 'bridge', bridge), network('host', 'host', {}), network('none', 'null', {})]
}

/** By name, id, or the beginning of an id. */
export function findNetwork(pass: Pass, text: string): Network | undefined {
  const all = pass.all(Network)
  const name = text === 'default' ? 'bridge' : text
  const exact = all.find((one) => one.name === name) ?? all.find(({ id }) => id === text)
  if (exact) return exact
  const begun = /^[0-9a-f]+$/.test(text) ? all.filter(({ id }) => id.startsWith(text)) : []
  return begun.length === 1 ? begun[0] : undefined
}

export const networkNamed = (pass: Pass, text: string): Network =>
  findNetwork(pass, text) ?? refuse(404, `network ${text} not found`)

/** The containers whose place in a network is taken now. */
export const activeIn = (pass: Pass, network: Network): readonly DockerContainer[] =>
  pass
    .all(DockerContainer)
    .filter((one) =>
      Object.values(one.networks).some(({ networkId, endpointId }) => networkId === network.id && endpointId !== ''),
    )

/** The lowest address of a network that nobody has; the first is the gateway's. After RequestAddress in libnetwork's defaultipam. */
export function freeAddress(pass: Pass, network: Network): string {
  const span = spanOf(network.subnet)
  if (!span) return ''
  const range = network.range === undefined ? span : spanOf(network.range)!
  const taken = new Set([network.gateway])
  for (const one of pass.all(DockerContainer))
    for (const { networkId, address } of Object.values(one.networks))
      if (networkId === network.id && address !== '') taken.add(address)
  for (let at = Math.max(range.from, span.from + 1); at <= Math.min(range.to, span.to - 1); at++)
    if (!taken.has(dotted(at))) return dotted(at)
  return refuse(400, `no available IPv4 addresses on this network's address pools: ${network.name} (${network.id})`)
}

interface IpamConfig {
  readonly Subnet?: string
  readonly IPRange?: string
  readonly Gateway?: string
}

export interface CreateNetwork {
  readonly Name: string
  readonly Driver?: string
  readonly Internal?: boolean
  readonly Attachable?: boolean
  readonly Labels?: Readonly<Record<string, string>>
  readonly Options?: Readonly<Record<string, string>>
  readonly IPAM?: { readonly Config?: readonly IpamConfig[] }
}

const VLAN_MODES: Readonly<Record<string, readonly string[]>> = {
  macvlan: ['bridge', 'private', 'vepa', 'passthru'],
  ipvlan: ['l2', 'l3', 'l3s'],
}

/** What macvlan and ipvlan refuse; machines have one interface, `eth0`, and VLANs on it. After parseNetworkOptions and createNetwork there. */
function parentProblem(driver: string, options: Readonly<Record<string, string>>): string | undefined {
  const modes = VLAN_MODES[driver]!
  const mode = options[`${driver}_mode`] ?? modes[0]!
  if (!modes.includes(mode))
    return `requested ${driver} mode '${mode}' is not valid, '${modes[0]}' mode is the ${driver} driver default`
  const parent = options['parent'] ?? ''
  if (parent === 'lo') return `loopback interface is not a valid ${driver} parent link`
  if (parent !== '' && !/^eth0(\.\d{1,4})?$/.test(parent))
    return `invalid subinterface vlan name ${parent}, example formatting is eth0.10`
  return undefined
}

const DRIVERS: readonly string[] = ['bridge', 'macvlan', 'ipvlan']

export function createNetwork(pass: Pass, body: CreateNetwork): { Id: string; Warning: string } {
  const { Name: name, Driver: driver = 'bridge' } = body
  if (name.trim() === '') refuse(400, `invalid name: name is empty`)
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name) && /[\s/]/.test(name)) refuse(400, `invalid network name: ${name}`)
  if (driver === 'host' || driver === 'null') refuse(403, `only one instance of "${driver}" network is allowed`)
  if (driver === 'overlay')
    refuse(
      503,
      'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    )
  if (!DRIVERS.includes(driver))
    refuse(404, `could not resolve driver "${driver}" (${driver}): plugin "${driver}" not found`)
  if (isPredefined(name)) refuse(403, `operation is not permitted on predefined ${name} network`)
  if (pass.all(Network).some((one) => one.name === name)) refuse(409, `network with name ${name} already exists`)
  const vlanProblem = driver === 'bridge' ? undefined : parentProblem(driver, body.Options ?? {})
  if (vlanProblem !== undefined) refuse(400, vlanProblem)
  const { subnet, gateway, range, ownSubnet } = addressesFor(pass, body.IPAM?.Config?.[0])
  const id = pass.id(`network ${name}`)
  const network: Network = {
    id,
    name,
    machine: pass.machine.name,
    driver: driver as Network['driver'],
    subnet,
    gateway,
    range,
    ownSubnet,
    // without a parent the driver makes an interface that leads nowhere
    internal: (body.Internal ?? false) || (driver !== 'bridge' && !body.Options?.['parent']),
    attachable: body.Attachable ?? false,
    resolves: true,
    options: body.Options ?? {},
    labels: body.Labels ?? {},
    createdAt: pass.now,
  }
  pass.set(networkKey(pass.machine.name, id), network, { id: 'docker/network-created', values: { name, subnet } })
  pass.event('network', 'create', id, { name, type: driver })
  return { Id: id, Warning: '' }
}

function addressesFor(pass: Pass, given: IpamConfig | undefined) {
  const taken = pass
    .all(Network)
    .map(({ subnet }) => subnet)
    .filter((subnet) => subnet !== '')
  if (given?.Subnet === undefined || given.Subnet === '') {
    // the machine's own network is one of its routes
    const route = `${pass.machine.address}/16`
    const chosen = chooseSubnet(LOCAL_POOLS, [...taken, route])
    if ('error' in chosen) return refuse(400, chosen.error)
    return { subnet: chosen.subnet, gateway: gatewayOf(chosen.subnet), range: undefined, ownSubnet: false }
  }
  const span = spanOf(given.Subnet)
  if (!span) return refuse(400, `invalid network config:\ninvalid subnet ${given.Subnet}: invalid CIDR block notation`)
  const bits = given.Subnet.slice(given.Subnet.indexOf('/') + 1)
  if (dotted(span.from) !== given.Subnet.slice(0, given.Subnet.indexOf('/')))
    refuse(400, `invalid network config:\ninvalid subnet ${given.Subnet}: it should be ${dotted(span.from)}/${bits}`)
  if (taken.some((other) => overlaps(spanOf(other)!, span)))
    refuse(403, 'invalid pool request: Pool overlaps with other one on this address space')
  const range = given.IPRange === '' ? undefined : given.IPRange
  if (range !== undefined) {
    const inner = spanOf(range)
    if (!inner || inner.from < span.from || inner.to > span.to)
      refuse(400, `invalid network config:\ninvalid ip-range ${range}: parent subnet is an invalid CIDR block`)
  }
  const gateway = given.Gateway || gatewayOf(given.Subnet)
  if (octets(gateway) < span.from || octets(gateway) > span.to)
    refuse(
      400,
      `invalid network config:\ninvalid gateway ${gateway}: parent subnet ${given.Subnet} doesn't contain this address`,
    )
  return { subnet: given.Subnet, gateway, range, ownSubnet: true }
}

export function removeNetwork(pass: Pass, text: string): void {
  const network = networkNamed(pass, text)
  if (isPredefined(network.name)) refuse(403, `${network.name} is a pre-defined network and cannot be removed`)
  const active = activeIn(pass, network)
  if (active.length > 0) {
    const told = active.map(({ name, networks }) => {
      const { endpointId } = Object.values(networks).find(({ networkId }) => networkId === network.id)!
      return `name:"${name}" id:"${endpointId.slice(0, 12)}"`
    })
    refuse(403, `error while removing network: network ${network.name} has active endpoints (${told.join(', ')})`)
  }
  dropNetwork(pass, network, { id: 'docker/network-removed', values: { name: network.name } })
}

function dropNetwork(pass: Pass, network: Network, because: Reason): void {
  pass.set(networkKey(pass.machine.name, network.id), undefined, because)
  pass.event('network', 'destroy', network.id, { name: network.name, type: network.driver })
}

export function pruneNetworks(pass: Pass, query: Readonly<Record<string, string>> | undefined) {
  const filters = filtersOf(query)
  const deleted: string[] = []
  for (const network of pass.all(Network)) {
    const kept = (filters['label'] ?? []).some((label) => !hasLabel(network.labels, label))
    if (isPredefined(network.name) || kept || activeIn(pass, network).length > 0) continue
    dropNetwork(pass, network, { id: 'docker/pruned', values: { what: `network ${network.name}` } })
    deleted.push(network.name)
  }
  return { NetworksDeleted: deleted.length > 0 ? deleted : null }
}

/** A network as `docker network inspect` shows it. */
export function describeNetwork(pass: Pass, network: Network) {
  const bits = network.subnet.slice(network.subnet.indexOf('/'))
  const inside = activeIn(pass, network)
  const isOwn = network.name !== 'bridge' && network.subnet !== ''
  return {
    Name: network.name,
    Id: network.id,
    Created: apiTime(network.createdAt, network.id),
    Scope: 'local',
    Driver: network.driver,
    EnableIPv4: true,
    EnableIPv6: false,
    IPAM: {
      Driver: 'default',
      Options: isOwn ? {} : null,
      Config:
        network.subnet === ''
          ? null
          : [
              {
                Subnet: network.subnet,
                ...(network.range !== undefined && { IPRange: network.range }),
                Gateway: network.gateway,
              },
            ],
    },
    Internal: network.internal,
    Attachable: network.attachable,
    Ingress: false,
    ConfigFrom: { Network: '' },
    ConfigOnly: false,
    Containers: Object.fromEntries(
      [...inside]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map(({ id, name, networks }) => {
          const own = Object.values(networks).find(({ networkId }) => networkId === network.id)!
          const place = {
            Name: name,
            EndpointID: own.endpointId,
            MacAddress: own.mac,
            IPv4Address: own.address === '' ? '' : own.address + bits,
            IPv6Address: '',
          }
          return [id, place]
        }),
    ),
    Options: network.options,
    Labels: network.labels,
  }
}

export function listNetworks(pass: Pass, query: Readonly<Record<string, string>> | undefined) {
  const filters = filtersOf(query)
  const any = (name: string, fits: (wanted: string) => boolean) =>
    (filters[name] ?? []).length === 0 || filters[name]!.some(fits)
  const fits = (one: Network) =>
    any('name', (wanted) => one.name.includes(wanted) || pathMatch(wanted, one.name)) &&
    any('id', (wanted) => one.id.startsWith(wanted)) &&
    any('driver', (wanted) => one.driver === wanted) &&
    any('scope', (wanted) => wanted === 'local') &&
    any('type', (wanted) => (wanted === 'builtin') === isPredefined(one.name)) &&
    any(
      'dangling',
      (wanted) =>
        (wanted === 'true' || wanted === '1') === (!isPredefined(one.name) && activeIn(pass, one).length === 0),
    ) &&
    (filters['label'] ?? []).every((label) => hasLabel(one.labels, label))
  return pass
    .all(Network)
    .filter(fits)
    .map((one) => describeNetwork(pass, one))
}

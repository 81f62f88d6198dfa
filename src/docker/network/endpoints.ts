import type { Reason } from '../../engine'
import { type Interface, type Sandbox, sandboxKey } from '../../platform/container/container'
import { hexOf } from '../../platform/image/hex'
import type { Network } from '../../platform/network/network'
import { octets } from '../../platform/network/sandboxes'
import { type DockerContainer, type Endpoint, isRunning } from '../containers/container'
import { refuse } from '../engine/request'
import type { Pass } from '../pass'
import { linkHosts } from './links'
import { findNetwork, freeAddress, networkNamed } from './networks'
import { spanOf } from './pools'

export const freshEndpoint = (network: Network, aliases: readonly string[], wanted = ''): Endpoint => ({
  networkId: network.id,
  aliases,
  wanted,
  address: '',
  mac: '',
  endpointId: '',
})

/** A locally administered address, as the engine draws them since 28. */
function macOf(text: string): string {
  const digits = hexOf(`mac ${text}`)
  const first = (Number.parseInt(digits.slice(0, 2), 16) & 0xfc) | 0x02
  const rest = [2, 4, 6, 8, 10].map((i) => digits.slice(i, i + 2))
  return [first.toString(16).padStart(2, '0'), ...rest].join(':')
}

/** Gives a container its address and endpoint in a network. */
export function attach(pass: Pass, container: DockerContainer, name: string): DockerContainer {
  const endpoint = container.networks[name]!
  const network = findNetwork(pass, endpoint.networkId)
  if (!network) return refuse(404, `network ${endpoint.networkId} not found`)
  const taken = (address: string) => address === network.gateway
  if (endpoint.wanted !== '' && taken(endpoint.wanted)) refuse(403, 'Address already in use')
  const address = endpoint.wanted || freeAddress(pass, network)
  const endpointId = pass.id(`endpoint ${container.id} ${network.id}`)
  pass.event('network', 'connect', network.id, { container: container.id, name: network.name, type: network.driver })
  const mac = address === '' ? '' : macOf(endpointId)
  return { ...container, networks: { ...container.networks, [name]: { ...endpoint, address, mac, endpointId } } }
}

/** Takes them away again. */
export function detach(pass: Pass, container: DockerContainer, name: string): DockerContainer {
  const endpoint = container.networks[name]!
  if (endpoint.endpointId === '') return container
  const network = findNetwork(pass, endpoint.networkId)
  if (network)
    pass.event('network', 'disconnect', network.id, {
      container: container.id,
      name: network.name,
      type: network.driver,
    })
  const none = { ...endpoint, address: '', mac: '', endpointId: '' }
  return { ...container, networks: { ...container.networks, [name]: none } }
}

/** What others in a network may call a container. After buildEndpointDNSNames. */
export function dnsNames(container: DockerContainer, { aliases }: Endpoint): readonly string[] {
  const names = [container.name, ...aliases, container.id.slice(0, 12), container.config.Hostname]
  return [...new Set(names.filter((name) => name !== ''))]
}

/** The interfaces of a running container's namespace. */
export function interfacesOf(pass: Pass, container: DockerContainer): readonly Interface[] {
  return Object.values(container.networks).flatMap((endpoint) => {
    const network = findNetwork(pass, endpoint.networkId)
    if (!network || endpoint.address === '') return []
    const names = network.resolves ? dnsNames(container, endpoint).map((name) => name.toLowerCase()) : []
    return [{ network: network.id, address: endpoint.address, names }]
  })
}

export interface ConnectBody {
  readonly Container: string
  readonly EndpointConfig?: {
    readonly Aliases?: readonly string[]
    readonly IPAMConfig?: { readonly IPv4Address?: string }
  }
}

export function addressProblem(network: Network, wanted: string): string | undefined {
  if (wanted === '') return undefined
  const span = spanOf(`${wanted}/32`)
  if (!span) return `invalid IPv4 address: ${wanted}`
  if (!network.ownSubnet)
    return 'invalid endpoint settings:\nuser specified IP address is supported only when connecting to networks with user configured subnets'
  const inside = spanOf(network.subnet)!
  if (octets(wanted) < inside.from || octets(wanted) > inside.to)
    return `invalid endpoint settings:\nno configured subnet or ip-range contain the IP address ${wanted}`
  return undefined
}

export function connect(
  pass: Pass,
  text: string,
  container: DockerContainer,
  config: ConnectBody['EndpointConfig'],
): void {
  const network = networkNamed(pass, text)
  const { name } = network
  if (container.networks[name] && isRunning(container))
    refuse(403, `endpoint with name ${container.name} already exists in network ${name}`)
  if (container.hostConfig.NetworkMode === 'host' || network.driver === 'host')
    refuse(403, 'cannot connect container to host network - container must be created in host network mode')
  if (container.hostConfig.NetworkMode.startsWith('container:'))
    refuse(
      403,
      'container sharing network namespace with another container or host cannot be connected to any other network',
    )
  if (network.driver === 'null' || container.hostConfig.NetworkMode === 'none')
    refuse(403, 'container cannot be connected to multiple networks with one of the networks in private (none) mode')
  const aliases = config?.Aliases ?? []
  if (aliases.length > 0 && !network.resolves)
    refuse(
      400,
      'invalid endpoint settings:\nnetwork-scoped alias is supported only for containers in user defined networks',
    )
  const wanted = config?.IPAMConfig?.IPv4Address ?? ''
  const problem = addressProblem(network, wanted)
  if (problem !== undefined) refuse(400, problem)
  const because: Reason = { id: 'docker/connected', values: { name: container.name, network: name } }
  const joined = { ...container, networks: { ...container.networks, [name]: freshEndpoint(network, aliases, wanted) } }
  if (!isRunning(container)) return pass.put(joined, because)
  const attached = attach(pass, joined, name)
  pass.put(attached, because)
  refreshSandbox(pass, attached, because)
}

export function disconnect(pass: Pass, text: string, container: DockerContainer): void {
  const network = networkNamed(pass, text)
  const { name } = network
  if (network.driver === 'host')
    refuse(403, 'container cannot be disconnected from host network or connected to host network')
  if (!container.networks[name]) refuse(403, `container ${container.id} is not connected to network ${name}`)
  const because: Reason = { id: 'docker/disconnected', values: { name: container.name, network: name } }
  const { [name]: _, ...networks } = detach(pass, container, name).networks
  const left = { ...container, networks }
  pass.put(left, because)
  refreshSandbox(pass, left, because)
}

/** The namespace of a running container after its networks have changed. */
export function refreshSandbox(pass: Pass, container: DockerContainer, because: Reason): void {
  const key = sandboxKey(pass.machine.name, container.id)
  const sandbox: Sandbox | undefined = pass.get(key)
  if (!sandbox) return
  const interfaces = interfacesOf(pass, container)
  pass.set(key, { ...sandbox, ...addressing(pass, container, interfaces) }, because)
}

/** Of the machine's own resolver, which containers in the default network get. */
const UPSTREAM = '192.168.65.7'
const EMBEDDED = '127.0.0.11'

const HEAD = `127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::	ip6-localnet
ff00::	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
`

/** Addresses and resolver of a namespace, from the networks it is in. */
export function addressing(pass: Pass, container: DockerContainer, interfaces: readonly Interface[]) {
  const { config, hostConfig } = container
  const resolves = interfaces.some(({ network }) => findNetwork(pass, network)?.resolves)
  const own = hostConfig.Dns.length > 0 ? hostConfig.Dns : undefined
  const server = resolves ? EMBEDDED : (own?.[0] ?? UPSTREAM)
  const options = hostConfig.DnsOptions.length > 0 ? hostConfig.DnsOptions : resolves ? ['ndots:0'] : []
  const hosts = (hostConfig.ExtraHosts ?? []).map((text) => {
    const colon = text.indexOf(':')
    const address = text.slice(colon + 1)
    return { address: address === 'host-gateway' ? '172.17.0.1' : address, names: [text.slice(0, colon)] }
  })
  hosts.push(...linkHosts(pass, container))
  return {
    hostname: config.Hostname,
    address: interfaces[0]?.address ?? '',
    interfaces,
    dns:
      interfaces.length === 0
        ? undefined
        : {
            server,
            search: hostConfig.DnsSearch,
            ndots: 0,
            servers: resolves ? [EMBEDDED] : (own ?? [UPSTREAM]),
            options,
          },
    hosts: { head: HEAD, aliases: hosts, heading: '' },
  }
}

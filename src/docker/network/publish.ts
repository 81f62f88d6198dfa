import type { Reason } from '../../engine'
import { Container } from '../../platform/container/container'
import { daemonAt } from '../../platform/network/daemons'
import { Forward } from '../../platform/network/forward'
import { Network } from '../../platform/network/network'
import { DockerContainer } from '../containers/container'
import type { Port } from '../formats/port'
import type { Pass } from '../pass'

/** Ports for those who do not care which: net.ipv4.ip_local_port_range. */
const EPHEMERAL = { from: 32_768, to: 60_999 }

export interface Clash {
  readonly error: string
}

interface Wanted {
  readonly port: number
  readonly proto: string
  readonly hostIp: string
  /** Several: the first that is free. */
  readonly from: number
  readonly to: number
}

/** What a container wants to have open on its machine; with `-P` all that it exposes too. */
function wantedPorts({ config, hostConfig }: DockerContainer): readonly Wanted[] {
  const wanted: Wanted[] = []
  for (const [container, bindings] of Object.entries(hostConfig.PortBindings)) {
    const [port, proto = 'tcp'] = container.split('/')
    for (const { HostIp, HostPort } of bindings.length > 0 ? bindings : [{ HostIp: '', HostPort: '' }]) {
      const [from, to] = HostPort === '' ? [0, 0] : HostPort.split('-').map(Number)
      wanted.push({ port: Number(port), proto, hostIp: HostIp, from: from!, to: to ?? from! })
    }
  }
  if (hostConfig.PublishAllPorts)
    for (const container of Object.keys(config.ExposedPorts ?? {})) {
      if (hostConfig.PortBindings[container]) continue
      const [port, proto = 'tcp'] = container.split('/')
      wanted.push({ port: Number(port), proto, hostIp: '', from: 0, to: 0 })
    }
  return wanted.sort((a, b) => a.port - b.port || (a.proto < b.proto ? -1 : a.proto > b.proto ? 1 : 0))
}

const anyAddress = (ip: string) => ip === '' || ip === '0.0.0.0'

/** Opens a starting container's ports, or says which of them is taken. After the bridge driver's port mapper. */
export function publish(pass: Pass, container: DockerContainer): readonly Port[] | Clash {
  const open: Port[] = []
  const endpoint = Object.values(container.networks)[0]
  const where = `driver failed programming external connectivity on endpoint ${container.name} (${endpoint?.endpointId ?? ''})`
  for (const { port, proto, hostIp, from, to } of wantedPorts(container)) {
    const range = from === 0 ? EPHEMERAL : { from, to }
    const isFree = (n: number) => !isTaken(pass, container.id, open, hostIp, n, proto)
    const found = firstFree(range.from, range.to, isFree)
    const ip = hostIp === '' ? '0.0.0.0' : hostIp
    if (found === undefined)
      return {
        error: `failed to set up container networking: ${where}: Bind for ${ip}:${from} failed: port is already allocated`,
      }
    if (from !== 0 && isHeldByMachine(pass, found, proto))
      return {
        error: `failed to set up container networking: ${where}: failed to bind host port for ${ip}:${found}:${endpoint?.address ?? ''}:${port}/${proto}: address already in use`,
      }
    open.push({ IP: ip, PrivatePort: port, PublicPort: found, Type: proto })
    if (hostIp === '') open.push({ IP: '::', PrivatePort: port, PublicPort: found, Type: proto })
  }
  return open
}

function firstFree(from: number, to: number, isFree: (n: number) => boolean): number | undefined {
  for (let n = from; n <= to; n++) if (isFree(n)) return n
  return undefined
}

function isTaken(pass: Pass, own: string, open: readonly Port[], hostIp: string, port: number, proto: string): boolean {
  const clashes = (one: Port) =>
    one.PublicPort === port &&
    one.Type === proto &&
    (anyAddress(one.IP ?? '') || anyAddress(hostIp) || one.IP === hostIp)
  if (open.some(clashes)) return true
  return pass.all(DockerContainer).some(({ id, published }) => id !== own && published.some(clashes))
}

/** A daemon of the machine, or a container in the machine's own network, listens there. */
function isHeldByMachine(pass: Pass, port: number, proto: string): boolean {
  const { world, machine } = pass
  if (proto !== 'tcp') return false
  if (daemonAt(world, machine.name, port) !== undefined) return true
  return world.list(Container, { sandbox: `${machine.name}/` }).some(({ value }) => value.listens.includes(port))
}

const forwardKey = (machine: string, id: string, { IP, PublicPort, Type }: Port) =>
  Forward.key(machine, `${id}:${IP}:${PublicPort}/${Type}`)

/** The rules that lead from the machine's ports to the container. */
export function openPorts(pass: Pass, container: DockerContainer, because: Reason): void {
  const { machine } = pass
  const endpoint = Object.values(container.networks).find(({ address }) => address !== '')
  if (!endpoint) return
  const gateway = pass.all(Network).find(({ id }) => id === endpoint.networkId)?.gateway
  for (const port of container.published) {
    if (port.IP === '::') continue
    const value: Forward = {
      label: container.name,
      service: container.id,
      addresses: [],
      port: port.PrivatePort,
      protocol: port.Type.toUpperCase() as Forward['protocol'],
      machinePort: port.PublicPort,
      machine: machine.name,
      ...(port.Type === 'tcp' && { proxied: true }),
      ...(!anyAddress(port.IP ?? '') && { hostAddress: port.IP! }),
      ...(gateway !== undefined && { gateway }),
      targets: [{ address: endpoint.address, port: port.PrivatePort, machine: machine.name, label: container.name }],
      balancer: 'random',
      by: 'dockerd',
    }
    pass.set(forwardKey(machine.name, container.id, port), value, because)
  }
}

export function closePorts(pass: Pass, container: DockerContainer, because: Reason): void {
  for (const port of container.published)
    if (port.IP !== '::') pass.set(forwardKey(pass.machine.name, container.id, port), undefined, because)
}

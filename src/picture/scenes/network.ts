import { type Millis, partsOf, type World } from '../../engine'
import { Node } from '../../kubernetes/kinds/node'
import { Pod } from '../../kubernetes/kinds/pod'
import { EndpointSlice, Service } from '../../kubernetes/kinds/service'
import { Fault, Link, Machine } from '../../platform/machine/machine'
import type { Book } from '../place/book'
import { dockerNetworkScene } from './docker-network'
import { trafficOf } from './requests'
import type { TileMark } from './scene'
import { podTiles } from './tiles'
import type { NetworkEdge, NetworkNode, NetworkScene } from './views'

const MOST_TILES = 60

/**
 * Who reaches whom: the doors of the machines' walls, the services with their names, and the pods behind them. An edge is
 * drawn where the cluster would send a request; it is cut where the request would not arrive.
 */
export function networkScene(world: World, book: Book, windowMillis: Millis): NetworkScene {
  if (world.list(Node).length === 0) return dockerNetworkScene(world)
  const unreachable = unreachableMachines(world)
  const services = world.list(Service).filter(({ value }) => value.metadata.namespace !== 'kube-system')
  const all = podTiles(world, book).filter((tile) => !tile.small && partsOf(tile.key).scope !== 'kube-system')
  const byId = new Map(all.map((tile) => [tile.id, tile]))
  const doors: NetworkNode[] = []
  const nodes: NetworkNode[] = []
  const edges: NetworkEdge[] = []
  const hubIds = new Map<string, string>()
  for (const { uid, key, value } of services) {
    const { name, namespace } = value.metadata
    if (key === Service.key('default', 'kubernetes')) continue
    const slices = world
      .list(EndpointSlice, { service: `${namespace}/${name}` })
      .flatMap((slice) => slice.value.endpoints)
    const first = slices.map((endpoint) => byId.get(endpoint.targetRef?.uid ?? '')).find((tile) => tile !== undefined)
    const hue = first?.hue ?? 6
    const ready = slices.filter((endpoint) => endpoint.conditions.ready !== false).length
    hubIds.set(namespace === 'default' ? `service/${name}` : `service/${namespace}/${name}`, uid)
    nodes.push({
      id: uid,
      key,
      kind: 'service',
      name,
      address:
        value.spec.clusterIP === 'None'
          ? 'headless'
          : `${value.spec.clusterIP ?? ''}:${value.spec.ports?.[0]?.port ?? ''}`,
      dns: `${name}.${namespace}.svc.cluster.local`,
      hue,
      note: slices.length === 0 ? 'no endpoints' : `${ready} of ${slices.length} ready`,
      warns: ready === 0,
    })
    for (const door of doorsOf(value)) {
      const id = `${uid} ${door.name}`
      doors.push({ ...door, id, key, kind: 'door', dns: '', hue, warns: false })
      edges.push({
        id: `door ${id}`,
        from: id,
        to: uid,
        hue,
        state: 'ready',
        says: `${door.note}: ${door.name} ${door.address} leads to service ${name}`,
      })
    }
    for (const endpoint of slices) {
      const tile = byId.get(endpoint.targetRef?.uid ?? '')
      if (!tile) continue
      const isReady = endpoint.conditions.ready !== false
      const cut = tile.machine !== undefined && unreachable.has(tile.machine)
      const state = !isReady ? 'waiting' : cut ? 'cut' : 'ready'
      edges.push({
        id: `${uid} ${tile.id}`,
        from: uid,
        to: tile.id,
        hue,
        state,
        says: edgeWords(name, tile, state, unreachable),
      })
    }
  }
  const addresses = new Map(world.list(Pod).map((pod) => [pod.uid, pod.value.status.podIP ?? '']))
  const wired = new Set(edges.map((edge) => edge.to))
  const order = [...all.filter((tile) => wired.has(tile.id)), ...all.filter((tile) => !wired.has(tile.id))].slice(
    0,
    MOST_TILES,
  )
  const requests = trafficOf(world, windowMillis).requests.flatMap((request) =>
    hubIds.has(request.hub) ? [{ ...request, hub: hubIds.get(request.hub)! }] : [],
  )
  return {
    view: 'network',
    at: world.now,
    revision: world.revision,
    heads: {
      doors: 'Doors',
      services: 'Services',
      tiles: 'Pods',
      rest: 'No service leads to',
      none: 'No services and no pods yet.',
    },
    doors,
    services: nodes,
    tiles: order.map((tile) => ({ ...tile, address: addresses.get(tile.id) ?? '' })),
    edges,
    requests,
    ways: [],
  }
}

/** Where one comes in from outside: the balancer's own address, and a port of every machine. */
function doorsOf({ metadata: { name }, spec, status }: Service): Pick<NetworkNode, 'name' | 'address' | 'note'>[] {
  const ports = spec.ports ?? []
  const outside = (status.loadBalancer?.ingress ?? []).map((ingress) => ({
    name: ingress.ip ?? ingress.hostname ?? '',
    address: `port ${ports.map(({ port }) => port).join(', ')}`,
    note: `outside address of ${name}`,
  }))
  const own = ports.flatMap(({ nodePort }) =>
    nodePort === undefined
      ? []
      : [{ name: String(nodePort), address: 'of every machine', note: `NodePort of ${name}` }],
  )
  return [...outside.filter((door) => door.name !== ''), ...own]
}

/** Machines that no request reaches, and why. */
function unreachableMachines(world: World): Map<string, string> {
  const found = new Map<string, string>()
  for (const { value } of world.list(Machine))
    if (value.power !== 'on') found.set(value.name, `${value.name} has no power`)
  for (const { value } of world.list(Fault))
    if (value.name === 'partition')
      for (const name of value.target.split(','))
        if (!found.has(name)) found.set(name, `${name} is parted from the rest`)
  for (const { value } of world.list(Link))
    if (value.cut && value.b === '*' && !found.has(value.a)) found.set(value.a, `${value.a} is cut off`)
  return found
}

function edgeWords(
  service: string,
  tile: TileMark,
  state: NetworkEdge['state'],
  unreachable: ReadonlyMap<string, string>,
): string {
  if (state === 'waiting') return `${tile.name} is listed behind ${service}, but not ready: it gets no requests`
  if (state === 'cut') return `${service} still sends requests to ${tile.name}, but ${unreachable.get(tile.machine!)}`
  return `${service} sends requests to ${tile.name}`
}

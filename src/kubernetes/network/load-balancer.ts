import {
  type Change,
  type Controller,
  defineKind,
  type Key,
  type Plan,
  type Reason,
  same,
  type Tools,
  type Wish,
  type World,
} from '../../engine'
import { Link, Machine, machineKey } from '../../platform/machine/machine'
import { Forward, type ForwardTarget } from '../../platform/network/forward'
import { reaches } from '../../platform/network/reach'
import { eventWish } from '../api/events'
import { Node } from '../kinds/node'
import { EndpointSlice, Service, type ServicePort, serviceOfSlice } from '../kinds/service'

const NAME = 'service-controller'
const BALANCER = 'load balancer'
const FINALIZER = 'service.kubernetes.io/load-balancer-cleanup'
const EXCLUDED = 'node.kubernetes.io/exclude-from-external-load-balancers'
/** What it takes the network's owner to set one up. */
const SETUP_MILLIS = 2_500
/** Two health checks in a row fail, 5 s apart: the node gets no more connections. */
const UNHEALTHY_MILLIS = 10_000

/** Addresses of the network round the cluster that load balancers may have: `172.18.254.` and the last numbers from…to. */
export interface AddressPool {
  readonly prefix: string
  readonly from: number
  readonly to: number
}
export const AddressPool = defineKind<AddressPool>('kubernetes/AddressPool', {
  about: 'addresses for load balancers',
})

/**
 * Gives each Service of type LoadBalancer an address outside of the cluster, and passes its connections on to the nodes' ports, one node
 * after the other. After the service controller of k8s.io/cloud-provider with a balancer such as cloud-provider-kind or MetalLB; without an
 * address pool the services stay <pending>. Simplified: health checks are looked at 10 s after a machine or a link has changed.
 */
export const loadBalancer: Controller = {
  name: NAME,
  about: 'gives Services of type LoadBalancer an address outside of the cluster',
  watches: [
    { kind: Service, wake: (change) => (concerns(change) ? change.key : undefined), after: 100 },
    { kind: Node, wake: (change, world) => (membership(change) ? balanced(world) : undefined), after: 100 },
    { kind: EndpointSlice, wake: (change, world) => onlyLocal(serviceOfSlice(change), world), after: UNHEALTHY_MILLIS },
    { kind: Machine, wake: (_, world) => balanced(world), after: UNHEALTHY_MILLIS },
    { kind: Link, wake: (_, world) => balanced(world), after: UNHEALTHY_MILLIS },
  ],
  reconcile(about, world, tools) {
    const head = world.head(about as Key<Service>)
    if (!head) return undefined
    return wants(head.value) ? ensure(head, world, tools) : release(head, world, tools)
  },
}

const wants = ({ spec, metadata }: Service): boolean =>
  spec.type === 'LoadBalancer' && metadata.deletionTimestamp === undefined
const holds = ({ metadata }: Service): boolean => metadata.finalizers?.includes(FINALIZER) ?? false
const concerns = ({ value }: Change<Service>): boolean => value !== undefined && (wants(value) || holds(value))

const balanced = (world: World): readonly string[] =>
  world.list(Service, { type: 'LoadBalancer' }).map(({ key }) => key)

const membership = ({ value, previous }: Change<Node>): boolean =>
  value === undefined || previous?.value === undefined || value.metadata.labels !== previous.value.metadata.labels

function onlyLocal(key: string | undefined, world: World): string | undefined {
  const spec = key === undefined ? undefined : world.get(key as Key<Service>)?.spec
  return spec?.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local' ? key : undefined
}

function ensure(head: Change<Service>, world: World, tools: Tools): Plan | undefined {
  const service = head.value
  const [pool] = world.list(AddressPool)
  if (!pool || service.spec.loadBalancerClass !== undefined) return undefined
  const because: Reason = {
    id: 'kubernetes/balancer-wanted',
    values: { service: service.metadata.name },
    of: [head.revision],
  }
  const tell = (reason: string, message: string, type: 'Normal' | 'Warning' = 'Normal') =>
    eventWish(world, tools, { about: service, type, reason, message, component: NAME, because })
  if (!holds(service)) {
    const finalizers = [...(service.metadata.finalizers ?? []), FINALIZER]
    const value: Service = { ...service, metadata: { ...service.metadata, finalizers } }
    return {
      changes: [{ key: head.key, value, because, quiet: true }, tell('EnsuringLoadBalancer', 'Ensuring load balancer')],
      again: SETUP_MILLIS,
    }
  }
  const present = service.status.loadBalancer.ingress?.[0]?.ip
  if (present === undefined && world.now < head.at + SETUP_MILLIS) return { again: head.at + SETUP_MILLIS - world.now }
  const ip = present ?? freeAddress(service, pool.value, world)
  if (ip === undefined) {
    const error = 'there is no free address in the pool'
    return {
      changes: [
        tell(
          'SyncLoadBalancerFailed',
          `Error syncing load balancer: failed to ensure load balancer: ${error}`,
          'Warning',
        ),
      ],
      again: 5_000,
    }
  }
  const changes = forwards(service, ip, world)
  if (present === undefined) {
    const loadBalancer = { ingress: [{ ip, ipMode: 'VIP' }] }
    const because: Reason = { id: 'kubernetes/balancer-made', values: { service: service.metadata.name, ip } }
    changes.push({ key: head.key, value: { ...service, status: { ...service.status, loadBalancer } }, because })
    changes.push(tell('EnsuredLoadBalancer', 'Ensured load balancer'))
  }
  return { changes }
}

/** The wished address if it is of the pool, else the first that nobody has. */
function freeAddress(service: Service, { prefix, from, to }: AddressPool, world: World): string | undefined {
  const taken = new Set(
    world
      .list(Service, { type: 'LoadBalancer' })
      .map(({ value }) =>
        value.metadata.uid === service.metadata.uid ? undefined : value.status.loadBalancer.ingress?.[0]?.ip,
      ),
  )
  const all = Array.from({ length: to - from + 1 }, (_, i) => `${prefix}${from + i}`)
  const wished = service.spec.loadBalancerIP
  if (wished) return all.find((ip) => ip === wished && !taken.has(ip))
  return all.find((ip) => !taken.has(ip))
}

/** One rule a port: to the ports of all nodes that take traffic, or of those with endpoints of their own. */
function forwards(service: Service, ip: string, world: World): Wish[] {
  const { name, namespace } = service.metadata
  const key = (port: ServicePort) => Forward.key(BALANCER, `${namespace}/${name}:${port.name ?? port.port}`)
  const nodes = backends(service, world)
  const because: Reason = { id: 'kubernetes/balancer-nodes', values: { service: name, nodes: nodes.length } }
  const changes: Wish[] = []
  const kept = new Set<string>()
  for (const port of service.spec.ports ?? []) {
    if (port.nodePort === undefined) continue
    kept.add(key(port))
    const value: Forward = {
      label: `load balancer ${ip}`,
      service: balancerOf(service),
      addresses: [ip],
      port: port.port,
      protocol: port.protocol,
      machinePort: undefined,
      targets: nodes.map((node) => ({ ...node, port: port.nodePort! })),
      outside: true,
      balancer: 'round-robin',
      by: BALANCER,
    }
    if (!same(world.get(key(port)), value)) changes.push({ key: key(port), value, because })
  }
  return [...changes, ...dropped(service, world, because, kept)]
}

const balancerOf = ({ metadata }: Service) => `${BALANCER} ${metadata.namespace}/${metadata.name}`

const dropped = (service: Service, world: World, because: Reason, kept: ReadonlySet<string> = new Set()): Wish[] =>
  world
    .list(Forward, { service: balancerOf(service) })
    .filter(({ key }) => !kept.has(key))
    .map(({ key }) => ({ key, value: undefined, because }))

function backends(service: Service, world: World): ForwardTarget[] {
  const { name, namespace } = service.metadata
  const local = service.spec.externalTrafficPolicy === 'Local'
  const bearing = new Set(
    !local
      ? []
      : world
          .list(EndpointSlice, { service: `${namespace}/${name}` })
          .flatMap(({ value }) => value.endpoints.flatMap((one) => (one.conditions.ready ? [one.nodeName] : []))),
  )
  return world.list(Node).flatMap(({ value: { metadata } }) => {
    const machine = world.get(machineKey(metadata.name))
    if (!machine || metadata.labels?.[EXCLUDED] !== undefined || (local && !bearing.has(metadata.name))) return []
    if (machine.power !== 'on' || !reaches(world, '*', machine.name).ok) return []
    return [{ address: machine.address, port: 0, machine: machine.name, label: `node/${machine.name}` }]
  })
}

function release(head: Change<Service>, world: World, tools: Tools): Plan | undefined {
  const service = head.value
  if (!holds(service)) return undefined
  const because: Reason = {
    id: 'kubernetes/balancer-gone',
    values: { service: service.metadata.name },
    of: [head.revision],
  }
  const tell = (reason: string, message: string) =>
    eventWish(world, tools, { about: service, type: 'Normal', reason, message, component: NAME, because })
  const finalizers = (service.metadata.finalizers ?? []).filter((one) => one !== FINALIZER)
  const { finalizers: _, ...metadata } = service.metadata
  const gone = service.metadata.deletionTimestamp !== undefined && finalizers.length === 0
  const value: Service = {
    ...service,
    metadata: finalizers.length > 0 ? { ...metadata, finalizers } : metadata,
    status: { ...service.status, loadBalancer: {} },
  }
  return {
    changes: [
      ...dropped(service, world, because),
      tell('DeletingLoadBalancer', 'Deleting load balancer'),
      tell('DeletedLoadBalancer', 'Deleted load balancer'),
      { key: head.key, value: gone ? undefined : value, because },
    ],
  }
}

import {
  type Change,
  type Controller,
  type Key,
  type Plan,
  type Reason,
  same,
  type Wish,
  type World,
} from '../../engine'
import { Forward, type ForwardTarget } from '../../platform/network/forward'
import { type Endpoint, EndpointSlice, Service, type ServicePort, serviceOfSlice } from '../kinds/service'

const NAME = 'kube-proxy'
/** From a changed slice to changed rules: kube-proxy syncs at most once a second, at once when it has been quiet. */
const SYNC_MILLIS = 120

/**
 * Turns Services and EndpointSlices into rules on every machine. After pkg/proxy/iptables: ready endpoints, and where there are none, those
 * that still serve while they terminate; chosen at random for each connection; without any, the connection is refused.
 * Simplified: one set of rules for all machines (a machine that is cut off keeps what it had). Left out: session affinity, traffic policies.
 */
export const kubeProxy: Controller = {
  name: NAME,
  about: "programs each machine to send a Service's traffic to its endpoints",
  watches: [
    { kind: Service, after: SYNC_MILLIS },
    { kind: EndpointSlice, wake: serviceOfSlice, after: SYNC_MILLIS },
  ],
  reconcile(about, world) {
    return sync(about as Key<Service>, world)
  },
}

/** Which endpoints get traffic. */
export function eligible(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const ready = endpoints.filter((endpoint) => endpoint.conditions.ready !== false)
  if (ready.length > 0) return ready
  return endpoints.filter((endpoint) => endpoint.conditions.serving && endpoint.conditions.terminating)
}

function sync(key: Key<Service>, world: World): Plan | undefined {
  const head = world.head(key)
  const [, , namespace, name] = key.split('/') as [string, string, string, string]
  const service = head?.value
  const virtual =
    service &&
    service.spec.type !== 'ExternalName' &&
    service.spec.clusterIP !== undefined &&
    service.spec.clusterIP !== 'None'
  const slices = world.list(EndpointSlice, { service: `${namespace}/${name}` })
  const wanted = new Map<Key<Forward>, Forward>()
  for (const port of virtual ? (service.spec.ports ?? []) : [])
    wanted.set(keyOf(namespace, name, port), forward(service!, port, slices))
  const changes: Wish[] = []
  const of = slices.reduce((newest, slice) => Math.max(newest, slice.revision), 0)
  for (const [forwardKey, value] of wanted) {
    const before = world.get(forwardKey)
    if (before && same(before, value)) continue
    const because: Reason = {
      id: 'kubernetes/rules',
      values: { service: name, targets: value.targets.length, before: before?.targets.length ?? 0 },
      ...(of > 0 ? { of: [of] } : {}),
    }
    changes.push({ key: forwardKey, value, because })
  }
  for (const old of world.list(Forward, { service: `${namespace}/${name}` })) {
    if (!wanted.has(old.key))
      changes.push({
        key: old.key,
        value: undefined,
        because: { id: 'kubernetes/rules-gone', values: { service: name } },
      })
  }
  return { changes }
}

const keyOf = (namespace: string, name: string, port: ServicePort) =>
  Forward.key('cluster', `${namespace}/${name}:${port.name ?? port.port}`)

function forward(service: Service, port: ServicePort, slices: readonly Change<EndpointSlice>[]): Forward {
  const { name, namespace } = service.metadata
  const targets: ForwardTarget[] = []
  const all = slices.flatMap(({ value: slice }) => {
    const own = slice.ports.find((p) => (p.name ?? '') === (port.name ?? '') && (p.protocol ?? 'TCP') === port.protocol)
    return own?.port === undefined ? [] : slice.endpoints.map((endpoint) => ({ endpoint, number: own.port! }))
  })
  const chosen = new Set(eligible(all.map((one) => one.endpoint)))
  for (const { endpoint, number } of all) {
    if (!chosen.has(endpoint)) continue
    const label = endpoint.targetRef ? `pod/${endpoint.targetRef.name}` : endpoint.addresses[0]!
    targets.push({ address: endpoint.addresses[0]!, port: number, machine: endpoint.nodeName ?? '', label })
  }
  return {
    label: namespace === 'default' ? `service/${name}` : `service/${namespace}/${name}`,
    service: `${namespace}/${name}`,
    address: service.spec.clusterIP,
    port: port.port,
    protocol: port.protocol,
    machinePort: port.nodePort,
    targets,
    balancer: 'random',
    by: NAME,
  }
}

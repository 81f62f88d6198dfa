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
import { Container } from '../../platform/container/container'
import { Affinity, Forward, type ForwardTarget } from '../../platform/network/forward'
import { type Endpoint, EndpointSlice, Service, type ServicePort, serviceOfSlice } from '../kinds/service'
import { isProxyContainer, PROXY_SETTINGS, type ProxyMode, proxyMode } from './proxy-mode'

const NAME = 'kube-proxy'
/** From a changed slice to changed rules: kube-proxy syncs at most once a second, at once when it has been quiet. */
const SYNC_MILLIS = 120

/**
 * Turns Services and EndpointSlices into rules on every machine. After pkg/proxy/{iptables,ipvs}: ready endpoints, and where there are none, those
 * that still serve while they terminate; chosen at random for each connection (in turn under IPVS); without any, the connection is refused. With the policy
 * Local a machine uses its own endpoints only and drops the packets where it has none. ClientIP affinity, zone hints, external addresses.
 * Simplified: one set of rules for all machines (a machine that is cut off keeps what it had). Left out: source ranges.
 */
export const kubeProxy: Controller = {
  name: NAME,
  about: "programs each machine to send a Service's traffic to its endpoints",
  watches: [
    { kind: Service, after: SYNC_MILLIS },
    { kind: EndpointSlice, wake: serviceOfSlice, after: SYNC_MILLIS },
    { kind: Container, wake: servicesAfterStart, after: SYNC_MILLIS },
  ],
  reconcile(about, world) {
    return sync(about as Key<Service>, world)
  },
}

/** A kube-proxy that starts reads its settings, and may balance in another way from then on. */
function servicesAfterStart({ value, previous }: Change<Container>, world: World): readonly string[] | undefined {
  if (!value || !isProxyContainer(value) || value.state !== 'running' || previous?.value?.state === 'running')
    return undefined
  return world.head(PROXY_SETTINGS)?.previous === undefined ? undefined : world.list(Service).map(({ key }) => key)
}

interface Candidate {
  readonly endpoint: Endpoint
  readonly port: number
}

/** Which endpoints get traffic. */
export function eligible<T extends Pick<Candidate, 'endpoint'>>(candidates: readonly T[]): readonly T[] {
  const ready = candidates.filter(({ endpoint }) => endpoint.conditions.ready !== false)
  if (ready.length > 0) return ready
  return candidates.filter(({ endpoint: { conditions } }) => conditions.serving && conditions.terminating)
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
    wanted.set(keyOf(namespace, name, port), forward(service!, port, slices, proxyMode(world)))
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
    const affine = wanted.get(old.key)?.affinityMillis !== undefined
    if (!affine && old.value.affinityMillis !== undefined) changes.push(...forgotten(old.value, world))
  }
  return { changes }
}

/** Without the rule nobody is kept any longer. */
const forgotten = ({ service, port }: Forward, world: World): Wish[] =>
  world.list(Affinity, { rule: `${service}:${port}` }).map(({ key }) => ({
    key,
    value: undefined,
    because: { id: 'kubernetes/rules-gone', values: { service } },
    quiet: true,
  }))

const keyOf = (namespace: string, name: string, port: ServicePort) =>
  Forward.key('cluster', `${namespace}/${name}:${port.name ?? port.port}`)

function forward(
  service: Service,
  port: ServicePort,
  slices: readonly Change<EndpointSlice>[],
  mode: ProxyMode,
): Forward {
  const { spec, metadata } = service
  const { name, namespace } = metadata
  const all = slices.flatMap(({ value: slice }): Candidate[] => {
    const own = slice.ports.find((p) => (p.name ?? '') === (port.name ?? '') && (p.protocol ?? 'TCP') === port.protocol)
    return own?.port === undefined ? [] : slice.endpoints.map((endpoint) => ({ endpoint, port: own.port! }))
  })
  const inside = spec.internalTrafficPolicy === 'Local'
  const outside = spec.externalTrafficPolicy === 'Local'
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 0
  return {
    label: namespace === 'default' ? `service/${name}` : `service/${namespace}/${name}`,
    service: `${namespace}/${name}`,
    addresses: [spec.clusterIP!, ...(spec.externalIPs ?? [])],
    port: port.port,
    protocol: port.protocol,
    machinePort: port.nodePort,
    targets: eligible(all).map(targetOf),
    ...((inside || outside) && { own: { inside, outside, targets: ownTargets(all) } }),
    ...(spec.sessionAffinity === 'ClientIP' && { affinityMillis: seconds * 1000 }),
    balancer: mode === 'ipvs' ? 'round-robin' : 'random',
    by: NAME,
  }
}

function targetOf({ endpoint, port }: Candidate): ForwardTarget {
  const [address] = endpoint.addresses as [string]
  const zones = endpoint.hints?.forZones?.map(({ name }) => name)
  return {
    address,
    port,
    machine: endpoint.nodeName ?? '',
    label: endpoint.targetRef ? `pod/${endpoint.targetRef.name}` : address,
    ...(zones && { zones }),
  }
}

/** What each machine may use of its own: ready ones, or else those that still serve while they terminate. */
function ownTargets(all: readonly Candidate[]): readonly ForwardTarget[] {
  const byMachine = new Map<string, Candidate[]>()
  for (const one of all) {
    const { nodeName = '' } = one.endpoint
    byMachine.set(nodeName, [...(byMachine.get(nodeName) ?? []), one])
  }
  return [...byMachine.values()].flatMap((own) => eligible(own).map(targetOf))
}

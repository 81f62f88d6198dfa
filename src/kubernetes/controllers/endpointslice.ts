import {
  type Change,
  type Controller,
  type Key,
  type Plan,
  type Reason,
  same,
  type Tools,
  type Wish,
  type World,
} from '../../engine'
import { controllerReference, newMeta } from '../api/meta'
import { generatedName } from '../api/names'
import { Node } from '../kinds/node'
import { Pod } from '../kinds/pod'
import {
  type Endpoint,
  EndpointSlice,
  SERVICE_NAME_LABEL,
  Service,
  type ServicePort,
  serviceOfSlice,
} from '../kinds/service'
import { podReady } from './pods'

const NAME = 'endpointslice-controller'
const LARGEST_SLICE = 100
const PASS_MILLIS = 8

/**
 * Keeps the EndpointSlices of each Service with a selector: every selected pod that has an address and is not finished, ready or not,
 * terminating ones included. After kubernetes/endpointslice. Simplified: slices are filled in order of the pods' age.
 */
export const endpointSliceController: Controller = {
  name: NAME,
  about: 'lists the addresses behind each Service and whether they are ready',
  watches: [
    { kind: Service, after: PASS_MILLIS },
    { kind: Pod, wake: servicesOfPod, after: PASS_MILLIS },
    {
      kind: EndpointSlice,
      wake: (change) => (change.value === undefined ? serviceOfSlice(change) : undefined),
      after: PASS_MILLIS,
    },
  ],
  reconcile(about, world, tools) {
    const key = about as Key<Service>
    const head = world.head(key)
    return head ? sync(head, world, tools) : undefined
  },
}

const selects = (service: Service, pod: Pod): boolean => {
  const { selector } = service.spec
  if (!selector) return false
  const keys = Object.keys(selector)
  if (keys.length === 0) return false
  const labels = pod.metadata.labels ?? {}
  for (const key of keys) if (labels[key] !== selector[key]) return false
  return true
}

/** Only what an endpoint shows matters. */
function servicesOfPod(change: Change<Pod>, world: World): readonly string[] | undefined {
  const after: Pod | undefined = change.value
  const before: Pod | undefined = change.previous?.value
  const pod = after ?? before!
  if (pod.status.podIP === undefined && before?.status.podIP === undefined) return undefined
  if (
    after &&
    before &&
    after.status.podIP === before.status.podIP &&
    after.metadata.labels === before.metadata.labels &&
    after.metadata.deletionTimestamp === before.metadata.deletionTimestamp &&
    after.status.phase === before.status.phase &&
    podReady(after) === podReady(before)
  ) {
    return undefined
  }
  return world
    .list(Service, { scope: pod.metadata.namespace! })
    .filter((service) => selects(service.value, pod) || (before !== undefined && selects(service.value, before)))
    .map((service) => service.key)
}

/** The port on this pod that a service's port leads to: a name is looked up in its containers. */
export function targetPort(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort ?? port.port
  if (typeof target === 'number') return target
  for (const container of pod.spec.containers) {
    for (const own of container.ports ?? [])
      if (own.name === target && (own.protocol ?? 'TCP') === port.protocol) return own.containerPort
  }
  return undefined
}

function sync(head: Change<Service>, world: World, tools: Tools): Plan | undefined {
  const service = head.value
  if (!service.spec.selector || Object.keys(service.spec.selector).length === 0 || service.spec.type === 'ExternalName')
    return undefined
  const pods = world
    .list(Pod, { scope: service.metadata.namespace! })
    .filter(
      (pod) =>
        selects(service, pod.value) &&
        pod.value.status.podIP !== undefined &&
        pod.value.status.phase !== 'Succeeded' &&
        pod.value.status.phase !== 'Failed',
    )
  // one set of slices for each way in which the ports come out; most services have one
  const sets = new Map<string, { ports: EndpointSlice['ports']; endpoints: Endpoint[]; pods: Change<Pod>[] }>()
  for (const pod of pods) {
    const ports = (service.spec.ports ?? []).flatMap((port) => {
      const number = targetPort(pod.value, port)
      return number === undefined ? [] : [{ name: port.name ?? '', port: number, protocol: port.protocol }]
    })
    const name = JSON.stringify(ports)
    let set = sets.get(name)
    if (!set) {
      set = { ports, endpoints: [], pods: [] }
      sets.set(name, set)
    }
    set.endpoints.push(endpointOf(pod.value, service, world))
    set.pods.push(pod)
  }
  // without any endpoint there is one slice all the same, and it has no ports
  if (sets.size === 0) sets.set('none', { ports: [], endpoints: [], pods: [] })
  const chunks = [...sets.values()].flatMap(({ ports, endpoints }) => {
    const parts: { ports: EndpointSlice['ports']; endpoints: Endpoint[] }[] = []
    for (let i = 0; i === 0 || i < endpoints.length; i += LARGEST_SLICE)
      parts.push({ ports, endpoints: endpoints.slice(i, i + LARGEST_SLICE) })
    return parts
  })
  return { changes: write(head, chunks, world, tools) }
}

function endpointOf(pod: Pod, service: Service, world: World): Endpoint {
  const terminating = pod.metadata.deletionTimestamp !== undefined
  const serving = podReady(pod)
  const zone =
    pod.spec.nodeName === undefined
      ? undefined
      : world.get(Node.key('', pod.spec.nodeName))?.metadata.labels?.['topology.kubernetes.io/zone']
  const hostname =
    pod.spec.hostname !== undefined && pod.spec.subdomain === service.metadata.name ? pod.spec.hostname : undefined
  return {
    addresses: [pod.status.podIP!],
    conditions: {
      ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    ...(hostname === undefined ? {} : { hostname }),
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    ...(zone === undefined ? {} : { zone }),
    ...(zone !== undefined &&
      service.spec.trafficDistribution !== undefined && { hints: { forZones: [{ name: zone }] } }),
    targetRef: { kind: 'Pod', namespace: pod.metadata.namespace!, name: pod.metadata.name, uid: pod.metadata.uid },
  }
}

function write(
  head: Change<Service>,
  chunks: readonly { ports: EndpointSlice['ports']; endpoints: Endpoint[] }[],
  world: World,
  tools: Tools,
): Wish[] {
  const service = head.value
  const { name, namespace } = service.metadata
  const present = world
    .list(EndpointSlice, { service: `${namespace}/${name}` })
    .filter((slice) => slice.value.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === LABEL)
  const ready = chunks.reduce(
    (n, chunk) => n + chunk.endpoints.filter((endpoint) => endpoint.conditions.ready).length,
    0,
  )
  const all = chunks.reduce((n, chunk) => n + chunk.endpoints.length, 0)
  const because: Reason = { id: 'kubernetes/endpoints', values: { service: name, ready, all } }
  const changes: Wish[] = []
  chunks.forEach((chunk, i) => {
    const old = present[i]
    if (old) {
      if (same(old.value.endpoints, chunk.endpoints) && same(old.value.ports, chunk.ports)) return
      changes.push({
        key: old.key,
        value: {
          ...old.value,
          endpoints: chunk.endpoints,
          ports: chunk.ports,
          metadata: { ...old.value.metadata, generation: (old.value.metadata.generation ?? 1) + 1 },
        },
        because,
      })
      return
    }
    const key = EndpointSlice.key(namespace!, generatedName(`${name}-`, tools.draw(head.uid, `slice/${world.now}`, i)))
    const slice: EndpointSlice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: newMeta(tools, key, world.now, {
        generateName: `${name}-`,
        generation: 1,
        labels: {
          ...service.metadata.labels,
          'endpointslice.kubernetes.io/managed-by': LABEL,
          [SERVICE_NAME_LABEL]: name,
        },
        ownerReferences: [controllerReference(service)],
      }),
      addressType: 'IPv4',
      endpoints: chunk.endpoints,
      ports: chunk.ports,
    }
    changes.push({ key, value: slice, because })
  })
  for (const surplus of present.slice(chunks.length)) changes.push({ key: surplus.key, value: undefined, because })
  return changes
}

const LABEL = 'endpointslice-controller.k8s.io'

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
import { Endpoints, type Subset } from '../kinds/endpoints'
import { type Endpoint, EndpointSlice, SERVICE_NAME_LABEL, Service } from '../kinds/service'

const NAME = 'endpointslicemirroring-controller'
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by'
const LABEL = 'endpointslicemirroring-controller.k8s.io'
const SKIP = 'endpointslice.kubernetes.io/skip-mirror'
const MOST_ADDRESSES = 1_000
const PASS_MILLIS = 8

/**
 * Copies Endpoints that a client writes for a Service without a selector into EndpointSlices, one for each subset, which is what kube-proxy
 * reads. After pkg/controller/endpointslicemirroring. Left out: the Warning event for addresses beyond a thousand.
 */
export const endpointSliceMirroring: Controller = {
  name: NAME,
  about: 'copies hand-made Endpoints into EndpointSlices',
  watches: [
    { kind: Endpoints, after: PASS_MILLIS },
    {
      kind: Service,
      wake: ({ key, value }, world) => {
        const [, , namespace, name] = key.split('/') as [string, string, string, string]
        const endpoints = Endpoints.key(namespace, name)
        return value?.spec.selector === undefined && world.get(endpoints) ? endpoints : undefined
      },
      after: PASS_MILLIS,
    },
  ],
  reconcile: (about, world, tools) => sync(about as Key<Endpoints>, world, tools),
}

const mirrored = (endpoints: Change<Endpoints> | undefined, service: Service | undefined): boolean =>
  endpoints !== undefined &&
  endpoints.value.metadata.labels?.[SKIP] !== 'true' &&
  service !== undefined &&
  service.spec.selector === undefined

function sync(key: Key<Endpoints>, world: World, tools: Tools): Plan {
  const [, , namespace, name] = key.split('/') as [string, string, string, string]
  const head = world.head(key)
  const subsets = mirrored(head, world.get(Service.key(namespace, name))) ? (head!.value.subsets ?? []) : []
  const present = world
    .list(EndpointSlice, { service: `${namespace}/${name}` })
    .filter(({ value }) => value.metadata.labels?.[MANAGED_BY] === LABEL)
  const because: Reason = {
    id: 'kubernetes/endpoints-mirrored',
    values: { service: name },
    ...(head && { of: [head.revision] }),
  }
  const changes = subsets.flatMap((subset, i): Wish[] => {
    const endpoints = endpointsOf(subset)
    const old = present[i]
    if (old && same(old.value.endpoints, endpoints) && same(old.value.ports, subset.ports)) return []
    if (old) return [{ key: old.key, value: { ...old.value, endpoints, ports: subset.ports }, because }]
    return [made(head!, endpoints, subset.ports, i, world, tools, because)]
  })
  for (const extra of present.slice(subsets.length)) changes.push({ key: extra.key, value: undefined, because })
  return { changes }
}

function endpointsOf({ addresses = [], notReadyAddresses = [] }: Subset): Endpoint[] {
  const told = (ready: boolean) => (one: (typeof addresses)[number]) => ({
    addresses: [one.ip],
    conditions: { ready },
    ...(one.hostname !== undefined && { hostname: one.hostname }),
    ...(one.nodeName !== undefined && { nodeName: one.nodeName }),
    ...(one.targetRef && { targetRef: one.targetRef }),
  })
  return [...addresses.map(told(true)), ...notReadyAddresses.map(told(false))].slice(0, MOST_ADDRESSES)
}

function made(
  head: Change<Endpoints>,
  endpoints: Endpoint[],
  ports: EndpointSlice['ports'],
  i: number,
  world: World,
  tools: Tools,
  because: Reason,
): Wish<EndpointSlice> {
  const { name, namespace, labels } = head.value.metadata
  const key = EndpointSlice.key(namespace!, generatedName(`${name}-`, tools.draw(head.uid, `mirror/${world.now}`, i)))
  const value: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: newMeta(tools, key, world.now, {
      generateName: `${name}-`,
      generation: 1,
      labels: { ...labels, [MANAGED_BY]: LABEL, [SERVICE_NAME_LABEL]: name },
      ownerReferences: [controllerReference(head.value)],
    }),
    addressType: 'IPv4',
    endpoints,
    ports,
  }
  return { key, value, because }
}

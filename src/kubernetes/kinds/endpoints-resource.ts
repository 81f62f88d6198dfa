import type { Change } from '../../engine/change'
import { defineKind, type World } from '../../engine/kind'
import { subdomain } from '../api/name-rules'
import { objectReference, root } from './fields/meta-fields'
import type { KubeObject } from './meta'
import { ageOf } from './pod-cells'
import type { Resource } from './resource'
import { int, list, object, text } from './schema'
import { type Endpoint, EndpointSlice, Service } from './service'

interface Address {
  readonly ip: string
  readonly nodeName?: string
  readonly targetRef?: Endpoint['targetRef']
}
interface Subset {
  readonly addresses?: readonly Address[]
  readonly notReadyAddresses?: readonly Address[]
  readonly ports: EndpointSlice['ports']
}
export interface Endpoints extends KubeObject {
  readonly subsets?: readonly Subset[]
}

/** Nothing is stored under this kind: Endpoints are made from the slices when they are read. */
const Endpoints = defineKind<Endpoints>('kubernetes/Endpoints', { about: 'the old form of EndpointSlices' })

const address = object('EndpointAddress', 'One address.', {
  ip: text('The address.'),
  hostname: text('Its name.'),
  nodeName: text('The node it is on.'),
  targetRef: objectReference('The pod.'),
})
const addresses = (about: string) => list(address, about)

export const endpointsResource: Resource<Endpoints> = {
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  categories: [],
  namespaced: true,
  verbs: ['get', 'list'],
  subresources: [],
  store: Endpoints,
  deprecated: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  schema: root(
    'Endpoints',
    'The addresses behind a service, in the form from before EndpointSlices. Here they are read from the slices.',
    {
      subsets: list(
        object('EndpointSubset', 'Addresses that share their ports.', {
          addresses: addresses('Those that are ready.'),
          notReadyAddresses: addresses('Those that are not.'),
          ports: list(
            object('EndpointPort', 'One port.', {
              name: text('Its name.'),
              port: int('The number.'),
              protocol: text('The protocol.'),
            }),
            'Their ports.',
          ),
        }),
        'The addresses.',
      ),
    },
  ),
  nameRule: subdomain,
  counted: false,
  complete: (endpoints) => endpoints,
  validate: () => [],
  columns: [{ name: 'Name' }, { name: 'Endpoints' }, { name: 'Age' }],
  cells: ({ metadata, subsets }, { now }) => [
    metadata.name,
    firstThree(subsets),
    ageOf(metadata.creationTimestamp, now),
  ],
  derive,
}

function firstThree(subsets: readonly Subset[] | undefined): string {
  if (!subsets?.length) return '<none>'
  const all = subsets.flatMap((subset) =>
    (subset.addresses ?? []).flatMap(({ ip }) =>
      subset.ports.length === 0 ? [ip] : subset.ports.map(({ port }) => `${ip}:${port}`),
    ),
  )
  return all.length > 3 ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...` : all.join(',')
}

function derive(world: World): readonly Change<Endpoints>[] {
  const found: Change<Endpoints>[] = []
  for (const head of world.list(Service)) {
    const { name, namespace = 'default', labels, creationTimestamp, uid } = head.value.metadata
    const slices = world.list(EndpointSlice, { service: `${namespace}/${name}` })
    if (head.value.spec.selector === undefined && slices.length === 0) continue
    const subsets = slices.flatMap(({ value }) => subsetOf(value))
    const newest = slices.reduce((last, slice) => Math.max(last, slice.revision), head.revision)
    const value: Endpoints = {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name, namespace, uid: `${uid.slice(0, -4)}e000`, creationTimestamp, ...(labels && { labels }) },
      ...(subsets.length > 0 && { subsets }),
    }
    found.push({
      ...head,
      key: Endpoints.key(namespace, name),
      revision: newest,
      value,
      previous: undefined,
    } as unknown as Change<Endpoints>)
  }
  return found
}

/** Pods that are ending are left out, ready or not. */
function subsetOf({ endpoints, ports }: EndpointSlice): Subset[] {
  const addressesOf = (ready: boolean): Address[] =>
    endpoints
      .filter(({ conditions }) => conditions.terminating !== true && (conditions.ready !== false) === ready)
      .flatMap((one) =>
        one.addresses.map((ip) => ({
          ip,
          ...(one.nodeName && { nodeName: one.nodeName }),
          ...(one.targetRef && { targetRef: one.targetRef }),
        })),
      )
  const [good, bad] = [addressesOf(true), addressesOf(false)]
  if (good.length + bad.length === 0) return []
  return [{ ...(good.length > 0 && { addresses: good }), ...(bad.length > 0 && { notReadyAddresses: bad }), ports }]
}

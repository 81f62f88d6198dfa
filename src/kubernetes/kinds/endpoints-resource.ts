import type { Change } from '../../engine/change'
import type { World } from '../../engine/kind'
import { type FieldError, invalid, required } from '../api/field-error'
import { portNumber, subdomain } from '../api/name-rules'
import { type Address, Endpoints, type Subset } from './endpoints'
import { objectReference, root } from './fields/meta-fields'
import { ageOf } from './pod-cells'
import { ALL_VERBS, type Resource } from './resource'
import { int, list, object, text } from './schema'
import { EndpointSlice, Service } from './service'

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
  verbs: ALL_VERBS,
  subresources: [],
  store: Endpoints,
  deprecated: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  schema: root(
    'Endpoints',
    'The addresses behind a service, in the form from before EndpointSlices. Those of services with a selector are read from the slices.',
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
  complete: (endpoints) => ({
    ...endpoints,
    ...(endpoints.subsets && {
      subsets: endpoints.subsets.map(({ ports, ...subset }) => ({
        ...subset,
        ports: (ports ?? []).map((port) => ({ protocol: 'TCP' as const, ...port })),
      })),
    }),
  }),
  validate,
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

const ADDRESS = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/

function validate({ subsets = [] }: Endpoints): FieldError[] {
  return subsets.flatMap((subset, i) => {
    const here = `subsets[${i}]`
    const all = [
      ...(subset.addresses ?? []).map((one, n) => ({ one, at: `${here}.addresses[${n}]` })),
      ...(subset.notReadyAddresses ?? []).map((one, n) => ({ one, at: `${here}.notReadyAddresses[${n}]` })),
    ]
    const errors: FieldError[] =
      all.length === 0 ? [required(here, 'must specify `addresses` or `notReadyAddresses`')] : []
    for (const { one, at } of all) {
      const parts = ADDRESS.exec(one.ip ?? '')
      if (!parts || parts.slice(1).some((part) => Number(part) > 255))
        errors.push(invalid(`${at}.ip`, one.ip ?? '', 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'))
      else if (one.ip.startsWith('127.'))
        errors.push(invalid(`${at}.ip`, one.ip, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'))
      else if (one.ip.startsWith('169.254.'))
        errors.push(invalid(`${at}.ip`, one.ip, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'))
    }
    subset.ports?.forEach(({ port }, n) => {
      for (const words of portNumber(port ?? 0)) errors.push(invalid(`${here}.ports[${n}].port`, port ?? 0, words))
    })
    return errors
  })
}

function derive(world: World): readonly Change<Endpoints>[] {
  const found: Change<Endpoints>[] = [...world.list(Endpoints)]
  for (const head of world.list(Service)) {
    const { name, namespace = 'default', labels, creationTimestamp, uid } = head.value.metadata
    if (world.get(Endpoints.key(namespace, name))) continue
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

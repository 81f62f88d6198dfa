import { type FieldError, required } from '../api/field-error'
import { subdomain } from '../api/name-rules'
import { endpointErrors, portErrors } from './endpointslice-validation'
import { objectReference, root } from './fields/meta-fields'
import { oneOf } from './meta-validation'
import { ageOf } from './pod-cells'
import { ALL_VERBS, type Resource } from './resource'
import { bool, choice, int, list, needed, object, text, textMap, texts, unmodelled } from './schema'
import { EndpointSlice } from './service'

export const endpointSliceResource: Resource<EndpointSlice> = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  singular: 'endpointslice',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: [],
  store: EndpointSlice,
  schema: root(
    'EndpointSlice',
    'The addresses behind a service, and which of them are ready. A service may have several slices.',
    {
      addressType: needed(choice(['FQDN', 'IPv4', 'IPv6'], 'What kind of addresses.')),
      endpoints: needed(
        list(
          object('Endpoint', 'One backend.', {
            addresses: needed(texts('Its address.')),
            conditions: object('EndpointConditions', 'Whether it can be used.', {
              ready: bool('It is serving and not ending.'),
              serving: bool('It is ready, ending or not.'),
              terminating: bool('It is ending.'),
            }),
            hostname: text('Its name under a headless service.'),
            targetRef: objectReference('The pod.'),
            deprecatedTopology: unmodelled(textMap('Old.')),
            nodeName: text('The node it is on.'),
            zone: text('The zone it is in.'),
            hints: object('EndpointHints', 'Who should use it.', {
              forZones: list(object('ForZone', 'A zone.', { name: needed(text('Its name.')) }), 'Zones.'),
              forNodes: unmodelled(list(object('ForNode', 'A node.', { name: needed(text('Its name.')) }), 'Nodes.')),
            }),
          }),
          'The backends.',
        ),
      ),
      ports: list(
        object('EndpointPort', 'One port.', {
          name: text('Its name.'),
          port: int('The number.'),
          protocol: text('The protocol.'),
          appProtocol: unmodelled(text('What is spoken.')),
        }),
        'The ports of each backend.',
      ),
    },
  ),
  nameRule: subdomain,
  counted: true,
  complete: (slice) => ({
    ...slice,
    endpoints: (slice.endpoints ?? []).map((one) => ({
      ...one,
      addresses: one.addresses ?? [],
      conditions: one.conditions ?? {},
    })),
    ports: (slice.ports ?? []).map((port) => ({ name: '', protocol: 'TCP' as const, ...port })),
  }),
  validate: (slice): readonly FieldError[] => [
    ...(slice.addressType === undefined
      ? [required('addressType')]
      : oneOf(slice.addressType, ['FQDN', 'IPv4', 'IPv6'], 'addressType')),
    ...endpointErrors(slice),
    ...portErrors(slice),
  ],
  columns: [{ name: 'Name' }, { name: 'AddressType' }, { name: 'Ports' }, { name: 'Endpoints' }, { name: 'Age' }],
  cells: (slice, { now }) => [
    slice.metadata.name,
    slice.addressType,
    firstThree(slice.ports.map(({ port }) => (port === undefined ? '*' : String(port)))),
    firstThree(slice.endpoints.flatMap(({ addresses }) => addresses)),
    ageOf(slice.metadata.creationTimestamp, now),
  ],
}

function firstThree(all: readonly string[]): string {
  if (all.length === 0) return '<unset>'
  const more = all.length - 3
  return more > 0 ? `${all.slice(0, 3).join(',')} + ${more} more...` : all.join(',')
}

import type { World } from '../../engine/kind'
import { LAB_EPOCH, millisOf, rfc3339Micro, stamp } from '../../engine/time'
import { duplicate, type FieldError, invalid, unsupported } from '../api/field-error'
import { labelValue, qualifiedName, subdomain } from '../api/name-rules'
import { conditions, root } from './fields/meta-fields'
import { leaseRenewedAt, statusPostedAt } from './lease-renewal'
import { Lease, Node } from './node'
import { ageOf, orNone } from './pod-cells'
import { ALL_VERBS, type Resource } from './resource'
import {
  anything,
  bool,
  choice,
  int,
  list,
  long,
  map,
  needed,
  object,
  quantity,
  text,
  textMap,
  texts,
  time,
  unmodelled,
} from './schema'

const ROLE_LABEL = 'node-role.kubernetes.io/'

const taint = object('Taint', 'Keeps pods off the node that do not tolerate it.', {
  key: needed(text('Its key.')),
  value: text('Its value.'),
  effect: needed(
    choice(
      ['NoExecute', 'NoSchedule', 'PreferNoSchedule'],
      'NoSchedule: no new pods. PreferNoSchedule: better not. NoExecute: those here must go too.',
    ),
  ),
  timeAdded: time('Since when, for NoExecute.'),
})

export const nodeResource: Resource<Node> = {
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  categories: [],
  namespaced: false,
  verbs: ALL_VERBS,
  subresources: ['status'],
  store: Node,
  schema: root('Node', 'Kubernetes’ own record of a machine that runs pods.', {
    spec: object('NodeSpec', 'What is wanted.', {
      podCIDR: text('Addresses for its pods.'),
      podCIDRs: texts('Addresses for its pods.', { strategy: 'merge' }),
      providerID: text('Its name at the cloud.'),
      taints: list(taint, 'What keeps pods off it.'),
      unschedulable: bool('Cordoned: no new pods.'),
      configSource: unmodelled(anything('Old.')),
      externalID: unmodelled(text('Old.')),
    }),
    status: object('NodeStatus', 'What is.', {
      capacity: map(quantity(''), 'All it has.'),
      allocatable: map(quantity(''), 'What pods may use of it.'),
      phase: text('Old; not used.'),
      conditions: conditions('NodeCondition'),
      addresses: list(
        object('NodeAddress', 'One address.', {
          type: needed(text('What kind.')),
          address: needed(text('The address.')),
        }),
        'Its addresses.',
        { mergeKey: 'type' },
      ),
      daemonEndpoints: object('NodeDaemonEndpoints', 'Where its kubelet answers.', {
        kubeletEndpoint: object('DaemonEndpoint', 'The port.', { Port: needed(int('The port.')) }),
      }),
      nodeInfo: textMap('What the machine is.'),
      images: list(
        object('ContainerImage', 'One image.', { names: texts('Its names.'), sizeBytes: long('Its size.') }),
        'Images it has.',
      ),
      volumesInUse: texts('Volumes in use.'),
      volumesAttached: anything('Volumes attached.'),
      config: anything('Old.'),
      runtimeHandlers: anything('Runtimes.'),
      features: anything('Features.'),
      declaredFeatures: anything('Features.'),
    }),
  }),
  nameRule: subdomain,
  counted: false,
  complete: (node) => ({ ...node, spec: node.spec ?? {} }),
  freshStatus: (node) => node.status ?? { capacity: {}, allocatable: {}, conditions: [], addresses: [], nodeInfo: {} },
  validate: (node) => validateTaints(node),
  columns: [
    { name: 'Name' },
    { name: 'Status' },
    { name: 'Roles' },
    { name: 'Age' },
    { name: 'Version' },
    { name: 'Internal-IP', wide: true },
    { name: 'External-IP', wide: true },
    { name: 'OS-Image', wide: true },
    { name: 'Kernel-Version', wide: true },
    { name: 'Container-Runtime', wide: true },
  ],
  cells: (node, { now }) => [
    node.metadata.name,
    nodeStatusWord(node),
    orNone(nodeRoles(node).join(',')),
    ageOf(node.metadata.creationTimestamp, now),
    node.status.nodeInfo['kubeletVersion'] ?? '',
    addressOf(node, 'InternalIP'),
    addressOf(node, 'ExternalIP'),
    node.status.nodeInfo['osImage'] || '<unknown>',
    node.status.nodeInfo['kernelVersion'] || '<unknown>',
    node.status.nodeInfo['containerRuntimeVersion'] || '<unknown>',
  ],
  selectable: ({ spec }) => ({ 'spec.unschedulable': String(spec.unschedulable ?? false) }),
  present: withHeartbeat,
}

/** `Ready`, `NotReady,SchedulingDisabled`: Ready Unknown reads as NotReady, and no such condition as Unknown. */
export function nodeStatusWord(node: Node): string {
  const ready = node.status.conditions.find(({ type }) => type === 'Ready')
  const word = !ready ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
  return node.spec.unschedulable ? `${word},SchedulingDisabled` : word
}

/** Ends of the labels `node-role.kubernetes.io/…`, and the value of `kubernetes.io/role`, sorted. */
export function nodeRoles(node: Node): readonly string[] {
  const roles = new Set<string>()
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith(ROLE_LABEL) && key.length > ROLE_LABEL.length) roles.add(key.slice(ROLE_LABEL.length))
    else if (key === 'kubernetes.io/role' && value !== '') roles.add(value)
  }
  return [...roles].sort((a, b) => (a < b ? -1 : 1))
}

const addressOf = (node: Node, type: string) =>
  orNone(node.status.addresses.find((address) => address.type === type)?.address)

function validateTaints(node: Node): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  node.spec.taints?.forEach((one, i) => {
    const here = `spec.taints[${i}]`
    for (const words of qualifiedName(one.key ?? '')) errors.push(invalid(`${here}.key`, one.key ?? '', words))
    for (const words of labelValue(one.value ?? '')) errors.push(invalid(`${here}.value`, one.value, words))
    if (!['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(one.effect)) {
      errors.push(unsupported(`${here}.effect`, one.effect ?? '', ['NoSchedule', 'PreferNoSchedule', 'NoExecute']))
    }
    const pair = `${one.key}:${one.effect}`
    if (seen.has(pair)) errors.push(duplicate(here, one))
    seen.add(pair)
  })
  return errors
}

/** The kubelet's own conditions were last confirmed when it last posted its status. */
function withHeartbeat(node: Node, world: World): Node {
  const posted = statusPostedAt(world, node.metadata.name, world.now)
  if (posted === undefined) return node
  const fresh = node.status.conditions.map((one) => {
    if (one.status === 'Unknown' || one.type === 'NetworkUnavailable') return one
    const stored = millisOf(one.lastHeartbeatTime) ?? 0
    return posted > stored ? { ...one, lastHeartbeatTime: stamp(posted) } : one
  })
  return { ...node, status: { ...node.status, conditions: fresh } }
}

export const NODE_LEASES = 'kube-node-lease'

export const leaseResource: Resource<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  singular: 'lease',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: [],
  store: Lease,
  schema: root('Lease', 'A sign of life with a date on it.', {
    spec: object('LeaseSpec', 'Who holds it.', {
      holderIdentity: text('Who holds it.'),
      leaseDurationSeconds: int('How long it counts without a renewal.'),
      acquireTime: time('Since when.'),
      renewTime: time('When it was last renewed.'),
      leaseTransitions: int('How often the holder changed.'),
      strategy: unmodelled(text('How a holder is chosen.')),
      preferredHolder: unmodelled(text('Who should hold it.')),
    }),
  }),
  nameRule: subdomain,
  counted: false,
  complete: (lease) => ({ ...lease, spec: lease.spec ?? {} }),
  validate: () => [],
  columns: [{ name: 'Name' }, { name: 'Holder' }, { name: 'Age' }],
  cells: ({ metadata, spec }, { now }) => [
    metadata.name,
    spec.holderIdentity ?? '',
    ageOf(metadata.creationTimestamp, now),
  ],
  present: (lease, world) => {
    if (lease.metadata.namespace !== NODE_LEASES) return lease
    const renewed = leaseRenewedAt(world, lease.metadata.name, world.now)
    return { ...lease, spec: { ...lease.spec, renewTime: rfc3339Micro(LAB_EPOCH + renewed) } }
  },
}

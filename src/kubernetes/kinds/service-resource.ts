import { duplicate, type FieldError, invalid, required } from '../api/field-error'
import { printSelector } from '../api/label-selector'
import { dns1035Label, dnsLabel, portName, portNumber, subdomain } from '../api/name-rules'
import { condition, root } from './fields/meta-fields'
import { oneOf, validateLabels } from './meta-validation'
import { ageOf, orNone } from './pod-cells'
import { ALL_VERBS, type Cell, type Reading, type Resource } from './resource'
import {
  bool,
  choice,
  int,
  intOrText,
  list,
  needed,
  object,
  simplified,
  text,
  textMap,
  texts,
  unmodelled,
} from './schema'
import { Service, type ServicePort } from './service'

const port = object('ServicePort', 'One port of the service.', {
  name: text('Its name; needed when there are several.'),
  port: needed(int('The port that clients use.')),
  targetPort: intOrText(
    'The port of the pods: a number, or the name of a container’s port. The same as `port` when left out.',
  ),
  protocol: choice(['SCTP', 'TCP', 'UDP'], 'The protocol; TCP when left out.'),
  nodePort: int('The port of every node, for NodePort and LoadBalancer.'),
  appProtocol: unmodelled(text('What is spoken on it.'), 'a hint for others only'),
})

export const serviceResource: Resource<Service> = {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: ['status'],
  store: Service,
  schema: root('Service', 'One stable name and address for a changing set of pods.', {
    spec: object('ServiceSpec', 'What is wanted.', {
      type: choice(
        ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'],
        'ClusterIP: an address inside. NodePort: a port of every node too. LoadBalancer: an address outside too. ExternalName: another name.',
      ),
      selector: textMap('Which pods stand behind it. Without one you make the EndpointSlices yourself.'),
      ports: list(port, 'Its ports.', { mergeKey: 'port' }),
      clusterIP: text('Its address: drawn by the server, or `None` for a headless service.'),
      clusterIPs: texts('Its addresses.'),
      externalIPs: texts('Addresses from outside that lead to it.'),
      externalName: text('The name that ExternalName stands for.'),
      sessionAffinity: choice(['ClientIP', 'None'], 'Whether a client stays with one pod.'),
      sessionAffinityConfig: object('SessionAffinityConfig', 'For how long.', {
        clientIP: object('ClientIPConfig', 'For how long.', {
          timeoutSeconds: int('Seconds of silence after which it is forgotten; 10800 when left out.'),
        }),
      }),
      externalTrafficPolicy: choice(['Cluster', 'Local'], 'Whether a node passes traffic on to other nodes.'),
      internalTrafficPolicy: choice(['Cluster', 'Local'], 'Whether pods use endpoints of other nodes.'),
      trafficDistribution: simplified(
        choice(['PreferClose', 'PreferSameZone', 'PreferSameNode'], 'Prefer near endpoints.'),
        'PreferSameNode prefers the zone',
        { only: ['PreferSameNode'] },
      ),
      ipFamilies: texts('IPv4, IPv6.'),
      ipFamilyPolicy: text('SingleStack, PreferDualStack or RequireDualStack.'),
      publishNotReadyAddresses: bool('Pods that are not ready count too.'),
      healthCheckNodePort: unmodelled(int('Where a load balancer asks.')),
      loadBalancerIP: text('A wish for an address.'),
      loadBalancerSourceRanges: unmodelled(texts('Who may use it.')),
      loadBalancerClass: text('Whose load balancer: with a class it waits for a controller of that name.'),
      allocateLoadBalancerNodePorts: bool('Whether a LoadBalancer has node ports too.'),
    }),
    status: object('ServiceStatus', 'What is.', {
      loadBalancer: object('LoadBalancerStatus', 'Addresses outside.', {
        ingress: list(
          object('LoadBalancerIngress', 'One address.', {
            ip: text('Address.'),
            hostname: text('Name.'),
            ipMode: text('Mode.'),
            ports: list(
              object('PortStatus', 'One port.', {
                port: int('Port.'),
                protocol: text('Protocol.'),
                error: text('Error.'),
              }),
              'Ports.',
            ),
          }),
          'The addresses.',
        ),
      }),
      conditions: list(condition('Condition'), 'Facts.', { mergeKey: 'type' }),
    }),
  }),
  nameRule: dns1035Label,
  counted: false,
  complete: (service) => ({ ...service, spec: completed(service.spec ?? {}) }),
  freshStatus: () => ({ loadBalancer: {} }),
  release,
  validate,
  columns: [
    { name: 'Name' },
    { name: 'Type' },
    { name: 'Cluster-IP' },
    { name: 'External-IP' },
    { name: 'Port(s)' },
    { name: 'Age' },
    { name: 'Selector', wide: true },
  ],
  cells: serviceCells,
  selectable: ({ spec }) => ({ 'spec.clusterIP': spec.clusterIP ?? '', 'spec.type': spec.type }),
}

/** A client stays for three hours unless the service says otherwise. */
const AFFINITY_SECONDS = 10_800
const LONGEST_AFFINITY_SECONDS = 86_400

function completed(spec: Partial<Service['spec']>): Service['spec'] {
  const type = spec.type ?? 'ClusterIP'
  const outside = type === 'NodePort' || type === 'LoadBalancer'
  return {
    type,
    sessionAffinity: 'None',
    ...(type !== 'ExternalName' && { internalTrafficPolicy: 'Cluster' }),
    ...(outside && { externalTrafficPolicy: 'Cluster' }),
    ...(type === 'LoadBalancer' && { allocateLoadBalancerNodePorts: true }),
    ...(spec.sessionAffinity === 'ClientIP' && {
      sessionAffinityConfig: { clientIP: { timeoutSeconds: AFFINITY_SECONDS } },
    }),
    ...spec,
    ...(spec.ports && { ports: spec.ports.map(completedPort) }),
  }
}

const completedPort = (port: ServicePort): ServicePort => ({
  ...port,
  protocol: port.protocol ?? 'TCP',
  targetPort:
    port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '' ? port.port : port.targetPort,
})

const hasNodePorts = ({ type }: Service['spec']) => type === 'NodePort' || type === 'LoadBalancer'

/** A service that is no NodePort any longer gives its ports back, and one that becomes a name its address; unless they were changed too. */
function release(service: Service, old: Service): Service {
  const { spec } = service
  const was = old.spec
  if (hasNodePorts(was) && !hasNodePorts(spec)) {
    const kept = (port: ServicePort) => was.ports?.some(({ nodePort }) => nodePort === port.nodePort)
    const { externalTrafficPolicy, ...rest } = spec
    return {
      ...service,
      spec: {
        ...(rest as Service['spec']),
        ...(externalTrafficPolicy !== was.externalTrafficPolicy && { externalTrafficPolicy }),
        ...(spec.ports && { ports: spec.ports.map((port) => (kept(port) ? { ...port, nodePort: undefined } : port)) }),
      },
    }
  }
  if (was.type !== 'ExternalName' && spec.type === 'ExternalName' && spec.clusterIP === was.clusterIP) {
    const { clusterIP: _, clusterIPs: __, ...rest } = spec
    return { ...service, spec: rest as Service['spec'] }
  }
  return service
}

/** The External-IP column is cut at 16 characters where `short` asks for it; the server itself never does. */
export function serviceCells({ metadata, spec, status }: Service, { now, short }: Reading): readonly Cell[] {
  const selector = Object.entries(spec.selector ?? {}).map(([key, value]) => ({
    key,
    operator: 'Equals' as const,
    values: [value],
  }))
  const ports = (spec.ports ?? []).map((p) =>
    p.nodePort ? `${p.port}:${p.nodePort}/${p.protocol}` : `${p.port}/${p.protocol}`,
  )
  return [
    metadata.name,
    spec.type,
    orNone(spec.clusterIPs?.[0] ?? spec.clusterIP),
    externalAddress(spec, status, short === true),
    orNone(ports.join(',')),
    ageOf(metadata.creationTimestamp, now),
    orNone(printSelector(selector.sort((a, b) => (a.key < b.key ? -1 : 1)))),
  ]
}

function externalAddress(spec: Service['spec'], status: Service['status'] | undefined, short: boolean): string {
  const external = spec.externalIPs ?? []
  if (spec.type === 'ExternalName') return spec.externalName ?? ''
  if (spec.type !== 'LoadBalancer') return orNone(external.join(','))
  const ingress = status?.loadBalancer?.ingress ?? []
  const found = new Set(ingress.map(({ ip, hostname }) => ip || hostname || '').filter((address) => address !== ''))
  const balanced = [...found].sort((a, b) => (a < b ? -1 : 1)).join(',')
  const cut = short && balanced.length > 16 ? `${balanced.slice(0, 13)}...` : balanced
  const all = [...(cut === '' ? [] : [cut]), ...external]
  return all.length === 0 ? '<pending>' : all.join(',')
}

function validate(service: Service, old: Service | undefined): FieldError[] {
  const { spec } = service
  const errors: FieldError[] = oneOf(spec.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'], 'spec.type')
  const headless = spec.clusterIP === 'None'
  if ((spec.ports ?? []).length === 0 && !headless && spec.type !== 'ExternalName') errors.push(required('spec.ports'))
  errors.push(...validateLabels(spec.selector, 'spec.selector'))
  if (spec.type === 'ExternalName') {
    if (spec.clusterIP)
      errors.push({
        field: 'spec.clusterIPs[0]',
        type: 'FieldValueInvalid',
        text: `Invalid value: ${JSON.stringify(spec.clusterIP)}: may not be set for ExternalName services`,
      })
    if (!spec.externalName) errors.push(required('spec.externalName', ''))
    else
      for (const words of subdomain(spec.externalName.replace(/\.$/, '')))
        errors.push(invalid('spec.externalName', spec.externalName, words))
  }
  if ((spec.type === 'NodePort' || spec.type === 'LoadBalancer') && headless) {
    errors.push(invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`))
  }
  errors.push(...oneOf(spec.sessionAffinity, ['ClientIP', 'None'], 'spec.sessionAffinity'))
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds
  if (
    spec.sessionAffinity === 'ClientIP' &&
    seconds !== undefined &&
    (seconds <= 0 || seconds > LONGEST_AFFINITY_SECONDS)
  )
    errors.push(
      invalid(
        'spec.sessionAffinityConfig.clientIP.timeoutSeconds',
        seconds,
        `must be greater than 0 and less than ${LONGEST_AFFINITY_SECONDS}`,
      ),
    )
  errors.push(...oneOf(spec.internalTrafficPolicy, ['Cluster', 'Local'], 'spec.internalTrafficPolicy'))
  errors.push(...oneOf(spec.externalTrafficPolicy, ['Cluster', 'Local'], 'spec.externalTrafficPolicy'))
  errors.push(...validatePorts(spec))
  const was = old?.spec
  if (
    was?.clusterIP &&
    spec.clusterIP !== undefined &&
    spec.clusterIP !== was.clusterIP &&
    was.type !== 'ExternalName' &&
    spec.type !== 'ExternalName'
  ) {
    errors.push(invalid('spec.clusterIPs[0]', [spec.clusterIP], 'may not change once set'))
  }
  return errors
}

function validatePorts(spec: Service['spec']): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  const pairs = new Set<string>()
  spec.ports?.forEach((one, i) => {
    const here = `spec.ports[${i}]`
    if (!one.name) {
      if ((spec.ports ?? []).length > 1) errors.push(required(`${here}.name`))
    } else {
      for (const words of dnsLabel(one.name)) errors.push(invalid(`${here}.name`, one.name, words))
      if (names.has(one.name)) errors.push(duplicate(`${here}.name`, one.name))
      names.add(one.name)
    }
    for (const words of portNumber(one.port ?? 0)) errors.push(invalid(`${here}.port`, one.port ?? 0, words))
    errors.push(...oneOf(one.protocol, ['SCTP', 'TCP', 'UDP'], `${here}.protocol`))
    const target = one.targetPort ?? one.port
    if (typeof target === 'string')
      for (const words of portName(target)) errors.push(invalid(`${here}.targetPort`, target, words))
    else for (const words of portNumber(target)) errors.push(invalid(`${here}.targetPort`, target, words))
    if (one.nodePort && spec.type === 'ClusterIP') {
      errors.push({
        field: `${here}.nodePort`,
        type: 'FieldValueForbidden',
        text: "Forbidden: may not be used when `type` is 'ClusterIP'",
      })
    }
    const pair = `${one.protocol}/${one.port}`
    if (pairs.has(pair))
      errors.push({
        field: here,
        type: 'FieldValueDuplicate',
        text: `Duplicate value: ${JSON.stringify({ port: one.port, protocol: one.protocol })}`,
      })
    pairs.add(pair)
  })
  return errors
}

import type { Run } from '../command'
import { eventsAbout, writeEvents } from './events'
import { Writer, writeAnnotations, writeLabels } from './writer'

function slicesOf(run: Run, service: any): readonly any[] {
  return run.client.ask({
    verb: 'list',
    resource: { group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices' },
    namespace: service.metadata.namespace,
    labelSelector: `kubernetes.io/service-name=${service.metadata.name}`,
  }).items
}

export function describeService(run: Run, service: any): string {
  const w = new Writer()
  const { metadata, spec, status } = service
  w.write(0, `Name:\t${metadata.name}`)
  w.write(0, `Namespace:\t${metadata.namespace}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  const selector = Object.entries(spec.selector ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  w.write(
    0,
    `Selector:\t${selector.length === 0 ? '<none>' : selector.map(([key, value]) => `${key}=${value}`).join(',')}`,
  )
  w.write(0, `Type:\t${spec.type}`)
  if (spec.ipFamilyPolicy) w.write(0, `IP Family Policy:\t${spec.ipFamilyPolicy}`)
  if (spec.ipFamilies?.length) w.write(0, `IP Families:\t${spec.ipFamilies.join(',')}`)
  else w.write(0, 'IP Families:\t<none>')
  w.write(0, `IP:\t${spec.clusterIP ?? ''}`)
  w.write(0, `IPs:\t${spec.clusterIPs?.length ? spec.clusterIPs.join(',') : '<none>'}`)
  if (spec.externalIPs?.length) w.write(0, `External IPs:\t${spec.externalIPs.join(',')}`)
  if (spec.loadBalancerIP) w.write(0, `Desired LoadBalancer IP:\t${spec.loadBalancerIP}`)
  if (spec.externalName) w.write(0, `External Name:\t${spec.externalName}`)
  const ingress: readonly any[] = status?.loadBalancer?.ingress ?? []
  if (ingress.length > 0)
    w.write(
      0,
      `LoadBalancer Ingress:\t${ingress.map(({ ip, hostname, ipMode }) => (ip ? `${ip}${ipMode ? ` (${ipMode})` : ''}` : hostname)).join(', ')}`,
    )
  const slices = slicesOf(run, service)
  for (const port of spec.ports ?? []) {
    const name = port.name || '<unset>'
    w.write(0, `Port:\t${name}\t${port.port}/${port.protocol}`)
    w.write(0, `TargetPort:\t${port.targetPort}/${port.protocol}`)
    if (port.nodePort) w.write(0, `NodePort:\t${name}\t${port.nodePort}/${port.protocol}`)
    w.write(0, `Endpoints:\t${endpointsOf(slices, port.name ?? '')}`)
  }
  w.write(0, `Session Affinity:\t${spec.sessionAffinity}`)
  if (spec.externalTrafficPolicy) w.write(0, `External Traffic Policy:\t${spec.externalTrafficPolicy}`)
  if (spec.internalTrafficPolicy) w.write(0, `Internal Traffic Policy:\t${spec.internalTrafficPolicy}`)
  if (spec.healthCheckNodePort) w.write(0, `HealthCheck NodePort:\t${spec.healthCheckNodePort}`)
  if (spec.loadBalancerSourceRanges?.length)
    w.write(0, `LoadBalancer Source Ranges:\t${spec.loadBalancerSourceRanges.join(',')}`)
  if (spec.trafficDistribution) w.write(0, `Traffic Distribution:\t${spec.trafficDistribution}`)
  writeEvents(w, eventsAbout(run, service), run.call.now)
  return w.aligned
}

/** Ready endpoints of a port, the first three of them. No slice: `<none>`; none ready: nothing. */
function endpointsOf(slices: readonly any[], portName: string): string {
  if (slices.length === 0) return '<none>'
  const found: string[] = []
  for (const { endpoints, ports } of slices) {
    for (const port of (ports ?? []).filter((one: any) => (one.name ?? '') === portName)) {
      for (const { addresses, conditions } of endpoints ?? []) {
        if (conditions?.ready !== false) for (const address of addresses) found.push(`${address}:${port.port}`)
      }
    }
  }
  return found.length > 3 ? `${found.slice(0, 3).join(',')} + ${found.length - 3} more...` : found.join(',')
}

export function describeEndpointSlice(run: Run, slice: any): string {
  const w = new Writer()
  const { metadata } = slice
  w.write(0, `Name:\t${metadata.name}`)
  w.write(0, `Namespace:\t${metadata.namespace}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.write(0, `AddressType:\t${slice.addressType}`)
  if ((slice.ports ?? []).length === 0) w.write(0, 'Ports: <unset>')
  else {
    w.write(0, 'Ports:')
    w.write(1, 'Name\tPort\tProtocol')
    w.write(1, '----\t----\t--------')
    for (const { name, port, protocol } of slice.ports)
      w.write(1, `${name || '<unset>'}\t${port ?? '<unset>'}\t${protocol ?? '<unset>'}`)
  }
  if (slice.endpoints.length === 0) w.write(0, 'Endpoints: <none>')
  else {
    w.write(0, 'Endpoints:')
    for (const endpoint of slice.endpoints) {
      w.write(1, `- Addresses:\t${endpoint.addresses.join(', ')}`)
      w.write(2, 'Conditions:')
      w.write(3, `Ready:\t${endpoint.conditions?.ready ?? '<unset>'}`)
      w.write(2, `Hostname:\t${endpoint.hostname ?? '<unset>'}`)
      if (endpoint.targetRef) w.write(2, `TargetRef:\t${endpoint.targetRef.kind}/${endpoint.targetRef.name}`)
      w.write(2, `NodeName:\t${endpoint.nodeName ?? '<unset>'}`)
      w.write(2, `Zone:\t${endpoint.zone ?? '<unset>'}`)
    }
  }
  writeEvents(w, eventsAbout(run, slice), run.call.now)
  return w.aligned
}

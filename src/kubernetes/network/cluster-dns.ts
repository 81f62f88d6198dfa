import { type Controller, type Key, type Plan, type Reason, same, type Wish, type World } from '../../engine'
import { DnsRecord } from '../../platform/network/forward'
import { EndpointSlice, Service, serviceOfSlice } from '../kinds/service'

/** CoreDNS watches the API; a record follows its Service at once. */
const WATCH_MILLIS = 20
const TTL_SECONDS = 30
export const ZONE = 'cluster.local'
export const SERVER = 'cluster'

/**
 * The names of Services: their virtual address, or the addresses of all ready endpoints of a headless one (all endpoints with
 * publishNotReadyAddresses), and the names of pods with hostname and subdomain. After CoreDNS's kubernetes plugin. Left out: SRV and pod records.
 */
export const clusterDns: Controller = {
  name: 'coredns',
  about: "answers for the names of Services in the cluster's zone",
  watches: [
    { kind: Service, after: WATCH_MILLIS },
    { kind: EndpointSlice, wake: serviceOfSlice, after: WATCH_MILLIS },
  ],
  reconcile(about, world) {
    return sync(about as Key<Service>, world)
  },
}

function sync(key: Key<Service>, world: World): Plan {
  const [, , namespace, name] = key.split('/') as [string, string, string, string]
  const service = world.get(key)
  const domain = `${name}.${namespace}.svc.${ZONE}`
  const wanted = new Map<string, DnsRecord>()
  if (service) for (const record of recordsOf(service, domain, world)) wanted.set(record.name, record)
  const changes: Wish[] = []
  const because: Reason = { id: 'kubernetes/dns', values: { name: domain } }
  for (const record of wanted.values()) {
    const recordKey = DnsRecord.key(SERVER, record.name)
    if (!same(world.get(recordKey), record)) changes.push({ key: recordKey, value: record, because, quiet: true })
  }
  for (const old of world.list(DnsRecord, { scope: SERVER })) {
    const belongs = old.value.name === domain || old.value.name.endsWith(`.${domain}`)
    if (belongs && !wanted.has(old.value.name)) changes.push({ key: old.key, value: undefined, because, quiet: true })
  }
  return { changes }
}

function recordsOf(service: Service, domain: string, world: World): DnsRecord[] {
  const { spec, metadata } = service
  if (spec.type === 'ExternalName')
    return [{ name: domain, addresses: [], alias: spec.externalName, ttlSeconds: TTL_SECONDS }]
  if (spec.clusterIP !== 'None')
    return spec.clusterIP === undefined
      ? []
      : [{ name: domain, addresses: [spec.clusterIP], alias: undefined, ttlSeconds: TTL_SECONDS }]
  const endpoints = world
    .list(EndpointSlice, { service: `${metadata.namespace}/${metadata.name}` })
    .flatMap((slice) => slice.value.endpoints)
  const shown = endpoints.filter((endpoint) => endpoint.conditions.ready !== false)
  const records: DnsRecord[] = []
  if (shown.length > 0)
    records.push({
      name: domain,
      addresses: shown.map((endpoint) => endpoint.addresses[0]!),
      alias: undefined,
      ttlSeconds: TTL_SECONDS,
    })
  for (const endpoint of shown) {
    if (endpoint.hostname)
      records.push({
        name: `${endpoint.hostname}.${domain}`,
        addresses: [...endpoint.addresses],
        alias: undefined,
        ttlSeconds: TTL_SECONDS,
      })
  }
  return records
}

import type { Reason } from '../../engine'
import type { Sandbox } from '../../platform/container/container'
import { Sandbox as SandboxKind } from '../../platform/container/container'
import { allocateAddress } from '../../platform/network/sandboxes'
import type { Pod } from '../kinds/pod'
import { closeHostPorts, openHostPorts } from './host-ports'
import type { Pass } from './pass'

/** From the order to a usable sandbox: the pause container and the network plugin. */
const SANDBOX_MILLIS = [180, 420] as const
const CLUSTER_DNS = '10.96.0.10'
const NDOTS = 5
/** glibc reads no more than three. */
const MOST_SERVERS = 3

/** Makes the pod's network namespace. True: it can be used. */
export function sandboxReady(pass: Pass): boolean {
  const { pod, machine, world, work } = pass
  if (pod.spec.hostNetwork) return true
  const present = pass.sandbox()
  if (present) {
    const left = usableAt(pass, present) - world.now
    if (left > 0) pass.wait(left)
    return left <= 0
  }
  const because: Reason = {
    id: 'kubernetes/sandbox-made',
    values: { pod: pod.metadata.name, node: machine.name },
    of: [pass.bound()],
  }
  const address = allocateAddress(world, machine)
  if (address === undefined) {
    pass.event(
      'Warning',
      'FailedCreatePodSandBox',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: no IP addresses available in range set',
      because,
    )
    pass.wait(10_000)
    return false
  }
  if (work.sandboxes > 0) {
    pass.event('Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.', because)
    // init containers have to do their work again
    for (const { name } of pod.spec.initContainers ?? [])
      if (pass.of(name).id !== undefined) pass.set(name, { outdated: true })
  }
  const name = `${pod.metadata.uid}-${work.sandboxes}`
  const sandbox: Sandbox = {
    name,
    machine: machine.name,
    hostname: hostnameOf(pod),
    address,
    dns: dnsOf(pod),
    hosts: hostsOf(pod),
    owner: pod.metadata.uid,
    boot: machine.boots,
    createdAt: world.now,
  }
  pass.changes.push({ key: SandboxKind.key(machine.name, name), value: sandbox, because, quiet: true })
  if (work.sandbox !== undefined) pass.changes.push(...closeHostPorts(pass, work.sandbox, because))
  pass.changes.push(...openHostPorts(pass, sandbox, because))
  pass.work = { ...pass.work, sandbox: name, sandboxes: work.sandboxes + 1 }
  pass.wait(usableAt(pass, sandbox) - world.now)
  return false
}

export function usableAt(pass: Pass, sandbox: Sandbox): number {
  const [least, most] = SANDBOX_MILLIS
  return sandbox.createdAt + Math.round(least + (most - least) * pass.draw('sandbox', pass.work.sandboxes))
}

/** A host name has at most 63 letters. */
export const hostnameOf = ({ spec, metadata }: Pod): string =>
  spec.hostname ?? metadata.name.slice(0, 63).replace(/[-.]+$/, '')

interface DnsConfig {
  readonly nameservers?: readonly string[]
  readonly searches?: readonly string[]
  readonly options?: readonly { readonly name?: string; readonly value?: string }[]
}

/** What stands in the containers' resolv.conf; undefined: the node's own. After network/dns/dns.go. */
function dnsOf({ spec, metadata }: Pod): Sandbox['dns'] {
  const config = spec['dnsConfig'] as DnsConfig | undefined
  const policy = spec.dnsPolicy ?? 'ClusterFirst'
  const isCluster = policy.startsWith('ClusterFirst')
  const own = isCluster ? [`${metadata.namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local'] : []
  if (!config) return isCluster ? { server: CLUSTER_DNS, search: own, ndots: NDOTS } : undefined
  const servers = [...(isCluster ? [CLUSTER_DNS] : []), ...(config.nameservers ?? [])].slice(0, MOST_SERVERS)
  const search = [...own, ...(config.searches ?? [])]
  const options = new Map<string, string | undefined>(isCluster ? [['ndots', String(NDOTS)]] : [])
  for (const { name, value } of config.options ?? []) if (name) options.set(name, value)
  return {
    server: servers[0] ?? '',
    search: [...new Set(search)],
    ndots: Number(options.get('ndots') ?? 1),
    servers,
    options: [...options].map(([name, value]) => (value === undefined ? name : `${name}:${value}`)),
  }
}

const HEAD = `# Kubernetes-managed hosts file.
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::0	ip6-localnet
fe00::0	ip6-mcastprefix
fe00::1	ip6-allnodes
fe00::2	ip6-allrouters
`
/** Shared by all pods that have nothing of their own to say. */
const PLAIN: NonNullable<Sandbox['hosts']> = { head: HEAD, aliases: [] }

function hostsOf(pod: Pod): NonNullable<Sandbox['hosts']> {
  const { subdomain } = pod.spec
  const aliases = (pod.spec['hostAliases'] ?? []) as readonly {
    readonly ip: string
    readonly hostnames?: readonly string[]
  }[]
  if (!subdomain && aliases.length === 0) return PLAIN
  return {
    head: HEAD,
    ...(subdomain && { fqdn: `${hostnameOf(pod)}.${subdomain}.${pod.metadata.namespace}.svc.cluster.local` }),
    aliases: aliases.map(({ ip, hostnames = [] }) => ({ address: ip, names: hostnames })),
  }
}

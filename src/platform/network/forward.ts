import { defineKind } from '../../engine/kind'

export interface ForwardTarget {
  readonly address: string
  readonly port: number
  readonly machine: string
  /** What it is called in explanations: `pod/web-1`. */
  readonly label: string
}

/**
 * A rule that turns a virtual address (or a port of every machine) into one of several targets: what kube-proxy, or a
 * daemon's port publishing, has programmed. Machines that have been cut off from the writer keep the rule as it was then.
 */
export interface Forward {
  readonly label: string
  /** What it stands for: `namespace/service`, or a container's id. */
  readonly service: string
  /** A virtual address and port, if it has one. */
  readonly address: string | undefined
  readonly port: number
  readonly protocol: 'TCP' | 'UDP' | 'SCTP'
  /** Also reachable on this port of every machine with role control-plane or worker. */
  readonly machinePort: number | undefined
  readonly targets: readonly ForwardTarget[]
  readonly balancer: 'random' | 'round-robin'
  /** Who programs it: the daemon that must run for changes to arrive (`kube-proxy`). */
  readonly by: string
}
export const Forward = defineKind<Forward>('platform/Forward', {
  about: 'a virtual address with its targets',
  indexes: {
    service: (f) => f.service,
    address: (f) => (f.address === undefined ? undefined : `${f.address}:${f.port}`),
    machinePort: (f) => (f.machinePort === undefined ? undefined : String(f.machinePort)),
  },
})

/** A name that a DNS server answers for. scope: the server's name; name: the full name without a final dot. */
export interface DnsRecord {
  readonly name: string
  readonly addresses: readonly string[]
  readonly alias: string | undefined
  readonly ttlSeconds: number
}
export const DnsRecord = defineKind<DnsRecord>('platform/DnsRecord', { about: 'a name in the DNS' })

/** A DNS server. It answers while one of the sandboxes behind it does (through a Forward of its address), or always. */
export interface DnsServer {
  readonly name: string
  readonly address: string
  readonly down: boolean
  /** The zone it is authoritative for: `cluster.local`. */
  readonly zone: string
}
export const DnsServer = defineKind<DnsServer>('platform/DnsServer', {
  about: 'a DNS server',
  indexes: { address: (d) => d.address },
})

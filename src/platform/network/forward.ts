import type { Millis } from '../../engine/json'
import { defineKind, partsOf } from '../../engine/kind'

export interface ForwardTarget {
  readonly address: string
  readonly port: number
  readonly machine: string
  /** What it is called in explanations: `pod/web-1`. */
  readonly label: string
  /** Meant for machines of these zones only; where none is meant for a machine's zone, it may use all. */
  readonly zones?: readonly string[]
}

/**
 * A rule that turns a virtual address (or a port of every machine) into one of several targets: what kube-proxy, or a
 * daemon's port publishing, has programmed. Machines that have been cut off from the writer keep the rule as it was then.
 */
export interface Forward {
  readonly label: string
  /** What it stands for: `namespace/service`, or a container's id. */
  readonly service: string
  /** Its virtual addresses, if it has any; all on this port. */
  readonly addresses: readonly string[]
  readonly port: number
  readonly protocol: 'TCP' | 'UDP' | 'SCTP'
  /** Also reachable on this port of every machine with role control-plane or worker. */
  readonly machinePort: number | undefined
  /** The port is open on this machine alone. */
  readonly machine?: string
  /** The port is open at this address of the machine alone; left out: at all. */
  readonly hostAddress?: string
  /** At the machine's own loopback a process takes the connection before it knows whether anybody listens behind: docker-proxy. */
  readonly proxied?: boolean
  /** Whom targets take for the client when the request comes from the machine itself: its bridge's address. */
  readonly gateway?: string
  readonly targets: readonly ForwardTarget[]
  /** Machines pass on only to targets of their own: traffic that comes through a virtual address, through a port of a machine. */
  readonly own?: { readonly inside: boolean; readonly outside: boolean; readonly targets: readonly ForwardTarget[] }
  /** A client stays with its target until it has been silent for so long. */
  readonly affinityMillis?: number
  /** Known beyond the cluster: machines outside of it reach it too. */
  readonly outside?: boolean
  readonly balancer: 'random' | 'round-robin'
  /** Who programs it: the daemon that must run for changes to arrive (`kube-proxy`). */
  readonly by: string
}
export const Forward = defineKind<Forward>('platform/Forward', {
  about: 'a virtual address with its targets',
  indexes: {
    service: (f) => f.service,
    address: (f) => f.addresses.map((address) => `${address}:${f.port}`),
    machinePort: (f) => (f.machinePort === undefined ? undefined : String(f.machinePort)),
  },
})

/** Whom a machine sent a client to, and until when it would do so again. scope: the machine; name: `service:port client`. */
export interface Affinity {
  readonly address: string
  readonly since: Millis
  readonly until: Millis
}
export const Affinity = defineKind<Affinity>('platform/Affinity', {
  about: 'a client that stays with its target',
  quiet: true,
  indexes: { rule: (_, key) => partsOf(key).name.split(' ')[0] },
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

import type { Millis } from '../../engine/json'
import { defineKind, type Key } from '../../engine/kind'

/** A computer in the picture. */
export interface Machine {
  readonly name: string
  readonly power: 'on' | 'off' | 'booting'
  /** When the power last changed. */
  readonly powerSince: Millis
  /** How many times it has booted: everything in memory belongs to one boot. */
  readonly boots: number
  readonly bootMillis: Millis
  readonly cpuMillis: number
  readonly memoryBytes: number
  /** Room on disk for memory that is not needed just now; left out: none. */
  readonly swapBytes?: number
  readonly diskBytes: number
  /** What somebody outside of all containers has taken of the two. */
  readonly otherMemoryBytes?: number
  readonly otherDiskBytes?: number
  /** Its processor is so many times slower than it should be. */
  readonly slowness?: number
  readonly downloadBytesPerSecond: number
  readonly address: string
  /** Addresses for the pods or containers of this machine, e.g. `10.244.1.0/24`. */
  readonly podCidr: string | undefined
  readonly zone: string | undefined
  readonly labels: Readonly<Record<string, string>>
  /** What role it plays in the lab: the learner's own computer stands outside the cluster. */
  readonly role: 'control-plane' | 'worker' | 'outside'
  /** The scope of its files, where it is not its own name's. */
  readonly files?: string
  /** The daemons installed (`kubelet`, `containerd`, `kube-proxy`, …) and whether each runs when the power is on. */
  readonly daemons: Readonly<Record<string, 'running' | 'stopped'>>
}
export const Machine = defineKind<Machine>('platform/Machine', {
  about: 'a computer',
  indexes: { role: (m) => m.role, address: (m) => m.address },
})
const MOST_KEYS = 20_000
const keys = new Map<string, Key<Machine>>()
/** Remembered: it is asked for several times a request, and the same text is found fastest. */
export function machineKey(name: string): Key<Machine> {
  let key = keys.get(name)
  if (key === undefined) {
    if (keys.size >= MOST_KEYS) keys.clear()
    key = Machine.key('', name)
    keys.set(name, key)
  }
  return key
}

/** The learner's own computer where it has nothing to look at: it stands outside, and runs no containers. */
export const isBare = ({ role, daemons }: Machine): boolean => role === 'outside' && daemons['containerd'] === undefined

/** The scope of the files on a machine's disk. */
export const diskScope = (machine: Pick<Machine, 'name' | 'files'>): string =>
  machine.files ?? `machine-${machine.name}`

/**
 * A link that is not as it should be. `a` is a machine; `b` another, or '*' for the machine's own uplink to all others.
 * Where there is no such object the link is up, with the lab's latency and no loss.
 */
export interface Link {
  readonly a: string
  readonly b: string
  readonly cut: boolean
  readonly addedLatencyMillis: Millis
  /** Share of packets lost, 0…1. */
  readonly loss: number
  readonly since: Millis
}
export const Link = defineKind<Link>('platform/Link', { about: 'a disturbed link between machines' })
/** `b` may be '*': the machine's own uplink. Between two machines the order does not matter. */
export const linkKey = (a: string, b: string) =>
  Link.key('', b === '*' ? `${a}:*` : a === '*' ? `${b}:*` : a < b ? `${a}:${b}` : `${b}:${a}`)

/** Something broken on purpose, for as long as the object exists. */
export interface Fault {
  readonly name: string
  readonly target: string
  readonly since: Millis
  readonly until: Millis | undefined
  /** What the fault needs to remember to heal itself. */
  readonly memory: FaultMemory | undefined
}
interface FaultMemory {
  readonly amount?: number
  /** Ids of the containers that it is about: it is over when they have ended. */
  readonly containers?: readonly string[]
}
export const Fault = defineKind<Fault>('platform/Fault', { about: 'something broken on purpose' })
export const faultKey = (name: string, target: string) => Fault.key('', `${name}:${target}`)

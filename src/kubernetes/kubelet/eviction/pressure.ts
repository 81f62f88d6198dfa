import { defineKind, type Millis, type World } from '../../../engine'
import type { Condition } from '../../kinds/meta'
import type { Signal } from './thresholds'

/** A condition of the node stays for so long after its signal was last met. */
export const TRANSITION_MILLIS = 5 * 60_000

/** What a kubelet's eviction manager remembers of its node. scope: '', name: machine. There only while there is anything. */
export interface NodePressure {
  /** Since when each threshold is met without a break, by its signal. */
  readonly since: Readonly<Partial<Record<Signal, Millis>>>
  /** When a signal of each condition was last met. */
  readonly met: Readonly<Partial<Record<string, Millis>>>
  /** The pod that was evicted last, and when: the next one has to wait until it is gone. */
  readonly evicted: { readonly uid: string; readonly at: Millis } | undefined
}
export const NodePressure = defineKind<NodePressure>('kubernetes/NodePressure', {
  about: 'what a kubelet knows of the pressure on its node',
  quiet: true,
})

/** Conditions that hold on a node now. After nodeConditionsObservedSince. */
export function pressures(world: World, machine: string): readonly string[] {
  const met = world.get(NodePressure.key('', machine))?.met
  if (!met) return []
  return Object.keys(met).filter((condition) => world.now - met[condition]! < TRANSITION_MILLIS)
}

interface Words {
  readonly reason: readonly [well: string, unwell: string]
  readonly message: readonly [well: string, unwell: string]
  /** What the event on the node is called. */
  readonly event: readonly [well: string, unwell: string]
}

const PRESSURES: Readonly<Record<string, Words>> = {
  MemoryPressure: {
    reason: ['KubeletHasSufficientMemory', 'KubeletHasInsufficientMemory'],
    message: ['kubelet has sufficient memory available', 'kubelet has insufficient memory available'],
    event: ['NodeHasSufficientMemory', 'NodeHasInsufficientMemory'],
  },
  DiskPressure: {
    reason: ['KubeletHasNoDiskPressure', 'KubeletHasDiskPressure'],
    message: ['kubelet has no disk pressure', 'kubelet has disk pressure'],
    event: ['NodeHasNoDiskPressure', 'NodeHasDiskPressure'],
  },
  PIDPressure: {
    reason: ['KubeletHasSufficientPID', 'KubeletHasInsufficientPID'],
    message: ['kubelet has sufficient PID available', 'kubelet has insufficient PID available'],
    event: ['NodeHasSufficientPID', 'NodeHasInsufficientPID'],
  },
}

const READY: Condition = {
  type: 'Ready',
  status: 'True',
  reason: 'KubeletReady',
  message: 'kubelet is posting ready status',
}

/** The conditions that a kubelet posts, with these pressures. After nodestatus/setters.go. */
export const nodeConditions = (holding: readonly string[]): readonly Condition[] => [
  ...Object.entries(PRESSURES).map(([type, { reason, message }]): Condition => {
    const at = holding.includes(type) ? 1 : 0
    return { type, status: at ? 'True' : 'False', reason: reason[at], message: message[at] }
  }),
  READY,
]

/** `NodeHasDiskPressure` */
export const pressureEvent = (type: string, holds: boolean): string | undefined => PRESSURES[type]?.event[holds ? 1 : 0]

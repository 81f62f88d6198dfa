import { defineKind, type Millis, type Revision } from '../../engine'
import type { ContainerState } from '../kinds/pod'

/** How the volumes of a pod stand that the kubelet has to do something for. */
export interface VolumeWork {
  readonly mounted: boolean
  readonly failures: number
  readonly notBefore: Millis
  /** Keys of the objects that the files come from. */
  readonly sources: readonly string[]
  /** The newest change that is in the files. */
  readonly seen: Revision
}

/** How one probe of a container stands. */
export interface ProbeRecord {
  readonly good: number
  readonly bad: number
  /** The verdict after the thresholds; undefined: none yet. */
  readonly passed: boolean | undefined
  readonly message: string
  /** A command that runs as an exec probe: the key of its process, and since when. */
  readonly process?: string
  readonly since?: Millis
}

/** A lifecycle hook under way: a command's process, or when it will be over. */
export interface HookWork {
  readonly process?: string
  readonly endsAt?: Millis
  /** How it is going to fail. */
  readonly failed?: string
}

/** What the kubelet remembers of one container of a pod. */
export interface ContainerWork {
  /** The runtime's container of the present attempt. */
  readonly id: string | undefined
  readonly restarts: number
  /** How the attempt before ended. */
  readonly last: NonNullable<ContainerState['terminated']> | undefined
  readonly lastId: string | undefined
  /** The present attempt's end has been taken note of. */
  readonly noted: boolean
  /** Why it waits, if it does. */
  readonly waiting: { readonly reason: string; readonly message?: string } | undefined
  /** Not to be started again before this. */
  readonly notBefore: Millis | undefined
  /** The restart back-off in force, and when it was last raised. */
  readonly backoffMillis: Millis
  readonly backoffAt: Millis
  readonly pull: {
    readonly state: 'none' | 'pulling' | 'failed' | 'done'
    readonly since: Millis
    readonly failures: number
    readonly notBefore: Millis
    readonly error: string
  }
  readonly startedSeen: boolean
  /** Its postStart hook, while it runs. */
  readonly postStart?: HookWork | undefined
  /** Its preStop hook, and when the container has to be gone at the latest. */
  readonly stopping?: { readonly deadline: Millis; readonly hook: HookWork } | undefined
  /** An attempt to create it has failed: not before this again. */
  readonly retryAt?: Millis | undefined
  /** Its sandbox is a new one: what it did in the one before does not count. */
  readonly outdated?: boolean
  readonly probes: Readonly<Record<string, ProbeRecord>>
}

/** The kubelet's own record of a pod on its node, by the pod's uid. scope: machine. */
export interface PodWork {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly sandbox: string | undefined
  readonly sandboxes: number
  /** When the kubelet first saw the pod. */
  readonly seenAt: Millis
  readonly containers: Readonly<Record<string, ContainerWork>>
  /** Left out: it has no volumes that need anything done. */
  readonly volumes?: VolumeWork
  /** The kubelet itself ends it, and why: its deadline is over, or it is evicted. */
  readonly failing?: {
    readonly since: Millis
    readonly reason: string
    readonly message: string
    readonly graceMillis: Millis
    readonly disruption: boolean
  }
  /** Since when it is being ended, and when what is left of it may be swept away. */
  readonly ending: { readonly since: Millis; readonly sweepAt: Millis | undefined } | undefined
}
export const PodWork = defineKind<PodWork>('kubernetes/PodWork', {
  about: "a kubelet's record of a pod",
  quiet: true,
  indexes: {
    /** Objects whose changes reach the files of its volumes. */
    reads: (work) => work.volumes?.sources,
  },
})

export const freshContainerWork: ContainerWork = {
  id: undefined,
  restarts: 0,
  last: undefined,
  lastId: undefined,
  noted: false,
  waiting: undefined,
  notBefore: undefined,
  backoffMillis: 0,
  backoffAt: 0,
  pull: { state: 'none', since: 0, failures: 0, notBefore: 0, error: '' },
  startedSeen: false,
  probes: {},
}

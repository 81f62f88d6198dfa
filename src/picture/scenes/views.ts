import type { Millis, Revision } from '../../engine'
import type { ImagesScene, LifeCycleScene, NamespacesScene, StorageScene } from './docker-views'
import type { Hue, Mark, Scene, TileMark } from './scene'
import type { State } from './state-words'

/** The ways to look. Every one has the same selection, search and time. `of`: only labs of that kind have anything to show there. */
export const views = [
  { id: 'machines' },
  { id: 'images', of: 'docker' },
  { id: 'storage', of: 'docker' },
  { id: 'life-cycle', of: 'docker' },
  { id: 'namespaces', of: 'docker' },
  { id: 'rollout', of: 'kubernetes' },
  { id: 'network' },
  { id: 'limits' },
  { id: 'control-plane', of: 'kubernetes' },
  { id: 'scheduling', of: 'kubernetes' },
] as const
export type ViewId = (typeof views)[number]['id']

/** The views of a lab, by its name: of a file's nothing is known, and all are there. */
export function viewsOf(lab: string): readonly ViewId[] {
  const kind = /^(docker|kubernetes)/.exec(lab)?.[1]
  return views.flatMap((view) => (kind === undefined || !('of' in view) || view.of === kind ? [view.id] : []))
}

/** The views that have a scene of their own, beside that of the machines. */
export type ViewScene =
  | RolloutScene
  | ControlPlaneScene
  | NetworkScene
  | ImagesScene
  | StorageScene
  | LifeCycleScene
  | NamespacesScene
  | LimitsScene

/** One version of a workload's template, and its pods. */
export interface RolloutColumn {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly image: string
  readonly note: string
  readonly wanted: number
  readonly tiles: readonly TileMark[]
  readonly ghosts: number
}

export interface RolloutScene {
  readonly view: 'rollout'
  readonly at: Millis
  readonly revision: Revision
  /** What can be looked at. */
  readonly choices: readonly { readonly key: string; readonly name: string }[]
  readonly chosen: RolloutChosen | undefined
}

export interface RolloutChosen {
  readonly key: string
  readonly name: string
  readonly hue: Hue
  readonly title: string
  readonly strategy: string
  readonly wanted: number
  /** The limits: at most so many may exist, at least so many must be ready. */
  readonly mayExist: number
  readonly mustBeReady: number
  readonly columns: readonly RolloutColumn[]
  /** Steps: how many existed and how many were ready from a moment on. */
  readonly history: readonly { readonly at: Millis; readonly existing: number; readonly ready: number }[]
  readonly since: Millis
  readonly lost: string | undefined
}

export interface Actor {
  readonly id: string
  readonly label: string
  readonly about: string
  readonly side: 'left' | 'right'
  /** The object behind it, where there is one. */
  readonly key: string | undefined
  /** It has written something just now: what. */
  readonly wrote: string | undefined
  readonly awake: boolean
  /** It does not run. */
  readonly still: boolean
}

/** A message between an actor and the API server. */
export interface Arc {
  readonly id: string
  readonly actor: string
  readonly way: 'write' | 'watch'
  readonly at: Millis
  readonly says: string
}

export interface LogLine {
  readonly revision: Revision
  readonly at: Millis
  readonly key: string
  readonly name: string
  readonly by: string
}

export interface ControlPlaneScene {
  readonly view: 'control-plane'
  readonly at: Millis
  readonly revision: Revision
  /** Why nobody is answered; undefined: all is well. */
  readonly trouble: string | undefined
  readonly actors: readonly Actor[]
  readonly arcs: readonly Arc[]
  /** The newest writes, newest first: what etcd holds. */
  readonly log: readonly LogLine[]
}

export interface NetworkNode {
  readonly id: string
  readonly key: string
  readonly kind: 'door' | 'service' | 'network'
  readonly name: string
  readonly address: string
  readonly dns: string
  readonly hue: Hue
  readonly note: string
  readonly warns: boolean
}

export interface NetworkEdge {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly hue: Hue
  /** ready: takes requests; waiting: listed, not ready; cut: it would be used, and nobody gets there. */
  readonly state: 'ready' | 'waiting' | 'cut'
  readonly says: string
}

/** Whether packets get from one container to another. */
export interface Way {
  readonly from: string
  readonly to: string
  readonly open: boolean
  /** How, or which rule stops them. */
  readonly says: string
}

export interface NetworkScene {
  readonly view: 'network'
  readonly at: Millis
  readonly revision: Revision
  /** Over the columns, and over those that nothing leads to. */
  readonly heads: {
    readonly doors: string
    readonly services: string
    readonly tiles: string
    readonly rest: string
    readonly none: string
  }
  readonly doors: readonly NetworkNode[]
  readonly services: readonly NetworkNode[]
  readonly tiles: readonly (TileMark & { readonly address: string })[]
  readonly edges: readonly NetworkEdge[]
  readonly requests: Scene['requests']
  /** Where the picture does not say it: who reaches whom. */
  readonly ways: readonly Way[]
}

/** A control group: a container, and what it may take and takes of its machine. */
export interface LimitsGroup extends Mark {
  /** The class of its pod; empty where no kubelet is. */
  readonly slice: string
  readonly hue: Hue
  readonly state: State
  readonly about: string
  /** Thousandths of a CPU. */
  readonly cpu: {
    readonly weight: number
    readonly quota: number | undefined
    readonly used: number
    readonly wants: number
    readonly held: string | undefined
    /** Share of the time that it stands still for want of quota, 0…1. */
    readonly stands: number
    /** What stands below its bar, where the quota is seen, and all of it. */
    readonly short: string
    readonly text: string
  }
  /** Bytes. */
  readonly memory: {
    readonly used: number
    readonly cache: number
    readonly swap: number
    readonly limit: number | undefined
    readonly reserved: number
    /** What the bar's whole length stands for: the limit, or all that the machine has. */
    readonly of: number
    /** How many of its processes the kernel has killed for want of memory. */
    readonly killed: number
    readonly text: string
  }
}

export interface LimitsMachine extends Mark {
  readonly on: boolean
  readonly cpuMillis: number
  readonly memoryBytes: number
  readonly usedMillis: number
  readonly usedBytes: number
  /** What the whole length of the groups' CPU bars stands for. */
  readonly scaleMillis: number
  readonly cpuText: string
  readonly memoryText: string
  readonly groups: readonly LimitsGroup[]
  /** Groups that are not drawn. */
  readonly more: number
}

export interface LimitsScene {
  readonly view: 'limits'
  readonly at: Millis
  readonly revision: Revision
  readonly machines: readonly LimitsMachine[]
  /** Machines that are not drawn. */
  readonly more: number
}

import type { Millis, Revision } from '../../engine'
import type { Hue } from './scene'
import type { State } from './state-words'

/** A container as the views of a machine with Docker show it. */
export interface ContainerMark {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly image: string
  readonly hue: Hue
  readonly state: State
  /** As `docker ps` has it: `exited (137)`. */
  readonly word: string
  /** The machine, where there are several with Docker. */
  readonly machine: string
}

export interface LayerMark {
  readonly id: string
  readonly bytes: number
  /** By its digest: the same layer has the same hue under every container. */
  readonly hue: Hue
}

/** Where data lives that a container sees at a path. */
export interface MountMark {
  readonly id: string
  readonly path: string
  readonly drum: string
  readonly readOnly: boolean
}

export interface StorageContainer extends ContainerMark {
  readonly layers: readonly LayerMark[]
  readonly imageBytes: number
  /** Files and bytes of its own layer. */
  readonly writtenFiles: number
  readonly writtenBytes: number
  readonly readOnly: boolean
  readonly mounts: readonly MountMark[]
}

export interface DrumMark {
  readonly id: string
  /** The object behind it: a volume's. */
  readonly key: string | undefined
  readonly kind: 'named' | 'anonymous' | 'bind' | 'memory'
  readonly name: string
  readonly machine: string
  readonly files: number
  readonly bytes: number
  /** How many containers have it mounted. */
  readonly users: number
  /** What it outlives, and what ends it. */
  readonly fate: string
}

export interface StorageScene {
  readonly view: 'storage'
  readonly at: Millis
  readonly revision: Revision
  readonly containers: readonly StorageContainer[]
  readonly drums: readonly DrumMark[]
  /** How many more there are than are shown. */
  readonly more: number
}

export interface LifeState {
  readonly id: string
  readonly about: string
  readonly containers: readonly (ContainerMark & { readonly note: string })[]
}

export interface LifeStep {
  readonly id: string
  readonly from: string
  readonly to: string
  /** The events that lead there. */
  readonly events: readonly string[]
}

export interface LifeCycleScene {
  readonly view: 'life-cycle'
  readonly at: Millis
  readonly revision: Revision
  readonly states: readonly LifeState[]
  readonly steps: readonly LifeStep[]
  /** The selected container, or the one that changed last: where it stands, and the step that led there. */
  readonly chosen:
    | { readonly name: string; readonly state: string; readonly step: string | undefined; readonly says: string }
    | undefined
}

export interface SpaceMark extends ContainerMark {
  readonly processes: readonly { readonly inside: number; readonly outside: number; readonly command: string }[]
  readonly hostname: string
  readonly network: string
  readonly mounts: readonly string[]
}

export interface NamespacesScene {
  readonly view: 'namespaces'
  readonly at: Millis
  readonly revision: Revision
  readonly machines: readonly {
    readonly id: string
    readonly key: string
    readonly name: string
    readonly address: string
    readonly kernel: string
    /** Of all its containers together. */
    readonly processes: number
    readonly memoryBytes: number
    readonly containers: readonly SpaceMark[]
    readonly more: number
  }[]
}

/** What as many virtual machines would take: drawn beside the containers, and no part of the model. Typical figures of a small cloud image. */
export const VIRTUAL_MACHINE = { memoryBytes: 512 * 1024 * 1024, diskBytes: 2 * 1024 ** 3, bootSeconds: 20 } as const

/** A layer of an image. */
export interface ImageLayer extends LayerMark {
  /** In how many of the images shown it is. */
  readonly images: number
}

export interface ImageMark {
  readonly id: string
  readonly key: string
  /** Its first name; `<none>` where nobody calls it anything. */
  readonly name: string
  /** Its other names. */
  readonly also: readonly string[]
  readonly short: string
  readonly bytes: number
  readonly layers: readonly ImageLayer[]
  /** Containers made of it. */
  readonly users: readonly string[]
  readonly dangling: boolean
  readonly machine: string
}

/** A step of a build, with the stamp of the cache. */
export interface BuildStepMark {
  readonly id: string
  readonly name: string
  readonly stamp: 'cached' | 'built' | 'running' | 'waiting' | 'failed' | 'canceled'
  readonly millis: Millis
  /** Why it came from the cache or did not. */
  readonly why: string
}

export interface BuildMark {
  readonly key: string
  readonly name: string
  readonly says: string
  readonly steps: readonly BuildStepMark[]
}

/** An image on its way to a machine. */
export interface MovingMark {
  readonly id: string
  readonly says: string
  /** 0…1. */
  readonly share: number
}

export interface ImagesScene {
  readonly view: 'images'
  readonly at: Millis
  readonly revision: Revision
  readonly images: readonly ImageMark[]
  /** All layers, each once; and as if every image had its own. */
  readonly bytes: number
  readonly bytesApart: number
  /** The newest build. */
  readonly build: BuildMark | undefined
  readonly moving: readonly MovingMark[]
  readonly more: number
}

import { defineKind, type Key, type Millis } from '../../engine'
import type { Entry } from '../../platform/image/entry'
import type { Layer } from '../../platform/image/resolve'
import type { Credentials } from '../../platform/registry/credentials'
import type { CachedStep, CacheVerdict } from '../dockerfile/cache'

/** What a client asks of a build. Lists are in the order given. */
export interface BuildOptions {
  readonly tags: readonly string[]
  readonly target: string
  readonly buildArgs: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly noCache: boolean
  readonly noCacheFilter: readonly string[]
  readonly pull: boolean
  readonly platform: string
  readonly secrets: Readonly<Record<string, string>>
  readonly extraHosts: readonly string[]
  readonly network: string
  /** Only the checks: nothing is built. */
  readonly check: boolean
  /** What becomes of the result: an image of the machine, files for the client, or nothing but the cache. */
  readonly exporter: 'image' | 'local' | 'tar' | 'none'
  /** Images whose builds may be taken from. */
  readonly cacheFrom: readonly string[]
  /** The image takes its own build along, for others. */
  readonly inlineCache: boolean
  /** Names and passwords of the registries that bases may come from, by their hosts. */
  readonly auths: Readonly<Record<string, Credentials>>
}

/** What a build is made from; never changes while it runs. */
export interface BuildInputs {
  readonly options: BuildOptions
  readonly file: string
  /** undefined: the client has no such file. */
  readonly source: string | undefined
  /** Paths from the root of the context: `/src/a.js`. */
  readonly context: readonly Entry[]
  /** Bytes that the client really has to send: what it has not sent before. */
  readonly ignore: { readonly name: string; readonly text: string } | undefined
  /** The context is what stands at this address. */
  readonly remote?: string
}

/** A line below a step: `transferring context: 1.21kB`. */
export interface StepStatus {
  readonly text: string
  readonly total?: number
  readonly startedAt: Millis
  readonly endsAt: Millis
}

export type StepKind = 'definition' | 'metadata' | 'ignore' | 'import' | 'context' | 'from' | 'work' | 'run' | 'export'

/** One step as progress shows it. */
export interface BuildStep {
  readonly kind: StepKind
  /** `[2/3] RUN make` */
  readonly name: string
  /** Its vertex in the build graph. */
  readonly vertex?: number
  /** Of metadata, FROM and an import: the image as the Dockerfile has it. */
  readonly image?: string
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'canceled'
  readonly startedAt?: Millis
  /** When it is over; while it runs, when it will be, if that is known. */
  readonly endsAt?: Millis
  /** Of RUN: when its first process begins, once namespaces and mounts are there. */
  readonly beginsAt?: Millis | undefined
  readonly cached?: boolean
  /** Why it came from the cache, or why it did not. */
  readonly verdict?: CacheVerdict
  readonly statuses: readonly StepStatus[]
  readonly error?: string | undefined
  /** The scope of what it prints. */
  readonly output?: string
}

/** What a step has come to: the files of its stage up to here. */
export interface StepResult {
  readonly key: string
  readonly layers: readonly Layer[]
  /** When its own layer was made. */
  readonly at: Millis
}

/** An image that the build stands on, as it was found. */
export interface FoundImage {
  /** With its registry and tag. */
  readonly full: string
  readonly digest: string
  /** The machine had it: no registry was asked. */
  readonly local: boolean
  readonly id: string
  /** Somebody has pushed it: it is none of the catalogue. */
  readonly pushed?: boolean
}

/** A build: from the request of a client to its image. scope: machine; name: its id. */
export interface Build {
  readonly id: string
  readonly machine: string
  readonly inputs: BuildInputs
  readonly state: 'running' | 'done' | 'failed' | 'canceled'
  readonly startedAt: Millis
  readonly endedAt?: Millis
  readonly steps: readonly BuildStep[]
  /** By the vertex. */
  readonly results: Readonly<Record<string, StepResult>>
  /** By the name in the Dockerfile. */
  readonly images: Readonly<Record<string, FoundImage>>
  /** Bytes of the context that had to travel. */
  readonly sentBytes: number
  readonly warnings: readonly {
    readonly rule: string
    readonly text: string
    readonly start: number
    readonly end: number
  }[]
  /** Accepted, and not modelled. */
  readonly notices: readonly string[]
  /** What the client prints at its end: the marked excerpt, and the error. */
  readonly problem?: string
  /** The id of the image that came of it. */
  readonly image?: string
  /** The layers of the result, where that is no image. */
  readonly result?: readonly Layer[]
}
export const Build = defineKind<Build>('docker/Build', { about: 'a build of an image' })
export const buildKey = (machine: string, id: string): Key<Build> => Build.key(machine, id)

/** A step's result that later builds may take. scope: machine; name: the step's key. */
export interface CacheRecord extends CachedStep {
  /** 25 characters, as BuildKit numbers its records. */
  readonly id: string
  readonly layers: readonly Layer[]
  /** Of its own layer. */
  readonly bytes: number
  readonly createdAt: Millis
  readonly usedAt: Millis
  readonly uses: number
}
export const CacheRecord = defineKind<CacheRecord>('docker/CacheRecord', {
  about: 'a step in the build cache',
  quiet: true,
})
export const cacheRecordKey = (machine: string, key: string): Key<CacheRecord> => CacheRecord.key(machine, key)

/** The files of a `RUN --mount=type=cache`. scope: machine; name: its id. */
export interface CacheMount {
  readonly id: string
  readonly createdAt: Millis
  readonly usedAt: Millis
  readonly uses: number
}
export const CacheMount = defineKind<CacheMount>('docker/CacheMount', { about: 'a cache mount of builds', quiet: true })
export const cacheMountKey = (machine: string, id: string): Key<CacheMount> =>
  CacheMount.key(machine, id.replaceAll('/', '!'))
/** The scope of its files. */
export const cacheMountScope = (machine: string, id: string): string =>
  `build-cache:${machine}:${id.replaceAll('/', '!')}`

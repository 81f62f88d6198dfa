import { defineKind, type Json, type Key, type Millis } from '../../engine'
import type { Layer } from '../image/resolve'

/** What a shell has replaced itself by. */
export interface Became {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

/** Where a process finds its files: the longest mounted path wins. */
export interface FileMount {
  readonly path: string
  /** The scope of the `platform/File` objects. */
  readonly scope: string
  /** Where in the scope it begins; its root when left out. */
  readonly root?: string
  readonly readOnly?: boolean
}

/**
 * A running command: a container's own, one started by exec, or a learner's shell. Created with `state: 'running'` and an
 * empty memory; the controller `shell` runs it, prints to `Output` objects of the scope `output`, and ends it with an exit code.
 */
export interface Process {
  /** Whose it is: a Container's key, or a terminal's. */
  readonly owner: Key
  readonly machine: string
  /** The id of the container it runs in. */
  readonly container: string | undefined
  /** The container's network, for requests it makes. */
  readonly sandbox: string | undefined
  /** Either a command line already in words, or a script for the shell. */
  readonly argv: readonly string[] | undefined
  readonly script: string | undefined
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly mounts: readonly FileMount[]
  /** Files that come with the image, below those in the mounts: absolute path → text. */
  readonly base: Readonly<Record<string, string>>
  /** The image's layers, below all of these. */
  readonly layers?: readonly Layer[]
  /** Which names are commands here: undefined means every tool there is. */
  readonly commands: readonly string[] | undefined
  /** Nothing is known of the image: a name that is no command here is taken for a program that it has. */
  readonly anything?: boolean
  /** As whom it runs; left out: root, or the learner at her own computer. */
  readonly user?:
    | {
        readonly uid: number
        readonly gid: number
        readonly groups: readonly number[]
        readonly name: string | undefined
      }
    | undefined
  /** How the shell calls itself: `bash`, `sh`. */
  readonly shell: string
  /** How it was called, where its complaints begin with that: `/bin/sh`. */
  readonly called?: string
  /** PID 1 of a container: signals without a handler are ignored. */
  readonly pidOne: boolean
  /** A person types into it: it goes on after each line. */
  readonly interactive: boolean
  /** Standard input given at the start; undefined: none. */
  readonly stdin: string | undefined
  /** More is said to it later, until its end is said too. */
  readonly open?: boolean
  readonly state: 'running' | 'exited'
  readonly exitCode: number | undefined
  /** It has not ended: it has become a program, which goes on under its process id. */
  readonly became?: Became
  /** The scope of its Output objects, and how many it has written. */
  readonly output: string
  readonly printed: number
  /** Kinds whose next change wakes it. */
  readonly waitsFor: readonly string[]
  readonly wakeAt: Millis | undefined
  /** While a person's command runs. */
  readonly busy: boolean
  readonly memory: Json | undefined
  /** What its commands hold, where it is much; the few hundred kilobytes of an ordinary command are not counted. */
  readonly memoryBytes?: number
  /** How many processes its shell has forked and is itself, where it is more than one. */
  readonly forks?: number
}
export const Process = defineKind<Process>('platform/Process', {
  about: 'a running command',
  quiet: true,
  indexes: { waitsFor: (p) => (p.state === 'running' ? p.waitsFor : undefined), owner: (p) => p.owner },
})

/** A process with everything that is usually left alone. */
export function newProcess(given: Pick<Process, 'owner' | 'machine' | 'output'> & Partial<Process>): Process {
  return {
    container: undefined,
    sandbox: undefined,
    argv: undefined,
    script: undefined,
    cwd: '/',
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    mounts: [],
    base: {},
    commands: undefined,
    shell: 'sh',
    pidOne: false,
    interactive: false,
    stdin: undefined,
    state: 'running',
    exitCode: undefined,
    printed: 0,
    waitsFor: [],
    wakeAt: undefined,
    busy: false,
    memory: undefined,
    ...given,
  }
}

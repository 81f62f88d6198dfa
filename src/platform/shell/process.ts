import type { Json, Millis } from '../../engine/json'
import { defineKind, type Key } from '../../engine/kind'

/**
 * A process that the shell runs: the first one of a container whose image is shell-based, one that `exec` started, or the
 * learner's own. The controller `shell` takes it from wait to wait; its memory is a program counter and variables.
 * scope: machine, name: `id`.
 */
export interface Process {
  readonly id: string
  /** Whose it is: the container whose first process it is, or what `exec` or a session gave as its owner. */
  readonly owner: Key
  readonly machine: string
  /** The container it runs in; undefined: on the machine itself. */
  readonly container: Key | undefined
  /** 1: first process of a container, whose default signals the kernel drops and whose end is the container's end. */
  readonly pid: number
  /** Words to run, or else a script. */
  readonly argv: readonly string[] | undefined
  readonly script: string | undefined
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly tty: boolean
  /** What can be read from its standard input, and whether more may come. */
  readonly stdin: { readonly text: string; readonly ended: boolean }
  readonly state: 'running' | 'exited'
  readonly exitCode: number | undefined
  readonly startedAt: Millis
  readonly finishedAt: Millis | undefined
  /** Signals that were sent and not yet taken, oldest first. SIGKILL is not among them: it ends the process at once. */
  readonly signals: readonly string[]
  /** What wakes it: keys of objects, or ids of kinds. */
  readonly waitsFor: readonly string[]
  /** The scope under which its Output goes: the container's id for a first process, else its own id. */
  readonly output: string
  /** The shell's own: program counter, variables, wait. */
  readonly memory: Json
}
export const Process = defineKind<Process>('platform/Process', {
  about: 'a process that the shell runs',
  indexes: {
    waitsFor: (p) => (p.state === 'running' ? p.waitsFor : undefined),
    container: (p) => p.container,
    owner: (p) => p.owner,
  },
  quiet: true,
})
export const processKey = (machine: string, id: string) => Process.key(machine, id)

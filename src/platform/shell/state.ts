import type { Json, Millis } from '../../engine/json'
import type { Work } from '../cpu/task'
import type { NodeId } from './syntax'

/** Everything here is plain data: a running shell can be stored, copied, rewound and run on. */

export interface Variable {
  value?: string
  items?: string[]
  exported?: boolean
  readonly?: boolean
}

/** What a subshell gets a copy of. */
export interface Environment {
  variables: Record<string, Variable>
  /** Functions by name: which source, which node. */
  functions: Record<string, { source: number; node: NodeId }>
  cwd: string
  name: string
  positional: string[]
  options: { errexit: boolean; nounset: boolean; xtrace: boolean; pipefail: boolean; noglob: boolean }
  /** Signal name (`TERM`, `INT`, `EXIT`) → command. */
  traps: Record<string, string>
  status: number
  pid: number
  lastBackground: number
}

/** Where a file descriptor leads. */
export type End =
  | { to: 'out' | 'err' }
  /** `writes`: an end to write to. */
  | { pipe: number; writes?: boolean }
  | { file: string }
  | { nothing: true }
  /** Text to read from: a file's, or a here-document's. */
  | { text: string }
  | { terminal: true }

export interface Frame {
  op: string
  /** Which script and node it works on. */
  source: number
  node: NodeId
  step: number
  /** What the operation keeps: loop words, saved redirections, a tool's memory. */
  keep: any
}

export interface Thread {
  id: number
  parent: number
  environment: number
  stack: Frame[]
  ends: Record<string, End>
  state: 'ready' | 'waiting' | 'joining' | 'done'
  /** While waiting: until when, for which kinds' changes, or for input. */
  wakeAt?: Millis
  kinds?: string[]
  /** `some`: until something can be read; `all`: until there is nothing more to come. */
  input?: 'some' | 'all'
  /** While waiting: what it computes; it is over when the task of its name is. */
  work?: Omit<Work, 'name'>
  /** While joining: these threads. */
  children?: number[]
  signal?: string
  status: number
  background?: boolean
}

export interface Pipe {
  text: string
  /** Whether anybody still reads. */
  read: boolean
}

export interface ShellState {
  sources: string[]
  threads: Thread[]
  environments: Record<string, Environment>
  pipes: Record<string, Pipe>
  next: number
  /** Typed but not yet read input, and whether it has ended. */
  input: string
  inputEnded: boolean
  exited: boolean
  status: number
  /** A program has taken the place of the shell. */
  became?: { argv: string[]; env: Record<string, string>; cwd: string }
  /** Lines printed for background jobs and the like are only for a person at the keyboard. */
  interactive: boolean
  /** PID 1 of a container ignores signals it has no handler for. */
  pidOne: boolean
  /** How the shell calls itself in messages: `bash` or `sh`. */
  shell: string
  /** What its messages begin with in place of that. */
  called?: string
}

export function freshEnvironment(name: string, cwd: string, variables: Readonly<Record<string, string>>): Environment {
  const exported: Record<string, Variable> = {}
  for (const key of Object.keys(variables)) exported[key] = { value: variables[key]!, exported: true }
  return {
    variables: exported,
    functions: {},
    cwd,
    name,
    positional: [],
    options: { errexit: false, nounset: false, xtrace: false, pipefail: false, noglob: false },
    traps: {},
    status: 0,
    pid: 1,
    lastBackground: 0,
  }
}

export function freshShell(options: {
  shell: string
  called?: string | undefined
  cwd: string
  env: Readonly<Record<string, string>>
  interactive: boolean
  pidOne: boolean
}): ShellState {
  return {
    sources: [],
    threads: [],
    environments: { '0': freshEnvironment(options.shell, options.cwd, options.env) },
    pipes: {},
    next: 1,
    input: '',
    inputEnded: !options.interactive,
    exited: false,
    status: 0,
    interactive: options.interactive,
    pidOne: options.pidOne,
    shell: options.shell,
    ...(options.called !== undefined && { called: options.called }),
  }
}

/** A deep copy of plain data; strings are shared. */
export function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copy) as T
  const fresh: Record<string, unknown> = {}
  for (const key in value) fresh[key] = copy(value[key])
  return fresh as T
}

export const asJson = (state: ShellState): Json => state as unknown as Json

/** Signal numbers as Linux has them on x86. */
export const SIGNALS: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CHLD: 17,
  CONT: 18,
  STOP: 19,
  WINCH: 28,
}

/** `SIGTERM`, `term` or `15` → `TERM`; undefined when there is no such signal. */
export function signalName(text: string): string | undefined {
  const name = text.toUpperCase().replace(/^SIG/, '')
  if (name === 'EXIT' || name === '0') return 'EXIT'
  if (SIGNALS[name] !== undefined) return name
  return Object.keys(SIGNALS).find((key) => String(SIGNALS[key]) === name)
}

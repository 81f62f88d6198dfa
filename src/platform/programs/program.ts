import type { Json, Millis } from '../../engine/json'
import type { Key, World } from '../../engine/kind'
import type { Command } from '../container/command'
import type { Container } from '../container/container'
import type { Task, Work } from '../cpu/task'
import type { Outcome, Request } from '../network/request'

export interface Line {
  readonly stream: 'out' | 'err'
  readonly text: string
}

/** A line that every start prints: kept nowhere, computed when the log is read. */
export interface BannerLine extends Line {
  /** After the start. */
  readonly after: Millis
}

/** What a program can know without asking anybody. */
export interface Situation {
  readonly now: Millis
  /** Milliseconds since 1970 UTC. */
  readonly epoch: number
  readonly key: Key<Container>
  readonly container: Container
  readonly command: Command
}

/** What a program asks of the network; the rest of the Request is the caller's. */
export type Ask = Pick<Request, 'host' | 'port'> &
  Partial<Pick<Request, 'protocol' | 'method' | 'path' | 'headers' | 'body' | 'timeoutMillis'>>

export interface Call extends Situation {
  readonly world: World
  /** What the program keeps: plain data. */
  readonly memory: Json | undefined
  draw(purpose: string, n: number): number
  /** What became of work that it asked for by this name; undefined: it has never, or it is long over. */
  task(name: string): Task | undefined
  /** Asks another program; what that changes is part of the same plan. Ends at the latest after its timeout. */
  request(ask: Ask): Outcome
}

/** What a program does when it is started or woken. Level-triggered: called too often, it finds nothing to do. */
export interface Step {
  readonly memory?: Json
  readonly print?: readonly Line[]
  /** Run again in so many milliseconds at the latest. */
  readonly again?: Millis
  /** Run again when one of these objects changes; `network`: when any link or any machine's power does. */
  readonly wakes?: readonly string[]
  readonly exit?: number
  readonly listens?: readonly number[]
  readonly memoryBytes?: number
  /** All that it computes from now on, each under a name; left out: nothing. It is run again when one of them is done. */
  readonly works?: readonly Work[]
}

export interface Incoming {
  readonly protocol: Request['protocol']
  readonly host: string
  readonly port: number
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The address that it comes from. */
  readonly client: string
  readonly id: string
  /** Nobody keeps a line about it: there are too many. */
  readonly unlogged: boolean
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
  /** From the request's arrival to the answer, upstream calls included. */
  readonly millis: Millis
  readonly memory?: Json
  readonly print?: readonly Line[]
  /** It hangs up without an answer. */
  readonly cutOff?: boolean
}

/** How a first process takes a signal that it is sent: not at all, or by ending. */
export type SignalAnswer =
  | 'ignored'
  | { readonly exit: number; readonly after: Millis; readonly print?: readonly Line[] }

/** What runs in a container. Plain data in `Container.memory` is all that it remembers. */
export interface Program {
  readonly name: string
  readonly about: string
  /** From the start of the process until it listens; a range is drawn. Left out: it listens as soon as it runs. */
  readonly startMillis?: Millis | readonly [Millis, Millis]
  /** At rest. */
  readonly cpuMillis: number
  readonly memoryBytes: number
  /** Processor time of one request, in milliseconds of one core. */
  readonly requestCpuMillis?: number
  /** How many requests it computes at once, each on a CPU of its own; left out: as many as there are CPUs. */
  readonly workers?: number
  ports?(situation: Situation): readonly number[]
  banner?(situation: Situation): readonly BannerLine[]
  run?(call: Call): Step
  answer?(incoming: Incoming, call: Call): Answer
  /** Equal requests within a second have equal answers while nothing has changed: it draws, remembers and asks nothing. */
  readonly steady?: true
  /** Why it ends as soon as it has been started, if it does. */
  startProblem?(situation: Situation): SignalAnswer
  /** Left out: the signal is ignored, as the kernel does for a first process without a handler. */
  signal?(signal: string, situation: Situation): SignalAnswer
  /** How many processes and threads it has: what pids.current counts. Left out: one. */
  tasks?(situation: Situation, cpus: number): number
  /** What it does when the kernel takes one of its children for want of memory; left out: it has none, and dies itself. */
  loseChild?(situation: Situation): { readonly exit: number; readonly print: readonly Line[] }
  /** What of its memory stands in the container's files, and is there again when the same container is started again. `undefined`: it goes on running. */
  disk?(memory: Json | undefined, exitCode: number | undefined): Json | undefined
  /** A file that stands for its data: in a volume, it is found by the next container that mounts that. */
  readonly data?: {
    readonly folder: string
    readonly file: string
    /** Nothing is lost that it has answered for, whatever happens to the machine. */
    readonly durable?: boolean
    /** When it writes next while it runs; undefined: there is nothing to write. */
    due?(situation: Situation): Saving | undefined
  }
}

/** A program writes its data. */
export interface Saving {
  readonly at: Millis
  readonly why: string
  /** Its memory afterwards. */
  readonly memory: Json
  readonly print?: readonly Line[]
}

export const out = (text: string): Line => ({ stream: 'out', text: `${text}\n` })
export const err = (text: string): Line => ({ stream: 'err', text: `${text}\n` })

/** A program with a handler for the usual signals: it ends with the code after so many milliseconds. */
export const endsOn =
  (exit: number, after: Millis, ...signals: readonly string[]) =>
  (signal: string): SignalAnswer =>
    (signals.length === 0 ? ['SIGTERM', 'SIGINT', 'SIGQUIT'] : signals).includes(signal) ? { exit, after } : 'ignored'

/**
 * Go programs without a handler: the runtime dies of the signal again after its own handler, which the kernel drops for a
 * first process, and then leaves with 2.
 */
export const goSignals = (signal: string): SignalAnswer =>
  ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP'].includes(signal) ? { exit: 2, after: 1 } : 'ignored'

import type { Json, Millis } from '../../engine/json'
import type { World } from '../../engine/kind'
import type { Door, Plan } from '../../engine/plan'
import type { Caller } from '../network/request'
import type { File } from './file'
import type { Process } from './process'

/** The files that a tool sees. Paths may be relative to the call's cwd. Errors are the C library's words: `No such file or directory`. */
export interface Files {
  read(path: string): { readonly text: string } | { readonly error: string }
  write(
    path: string,
    text: string,
    options?: { append?: boolean; mode?: number },
  ): { readonly error: string } | undefined
  remove(path: string): { readonly error: string } | undefined
  makeFolder(path: string): { readonly error: string } | undefined
  /** undefined: nothing there. */
  stat(path: string):
    | {
        readonly folder: boolean
        readonly size: number
        readonly mode: number
        readonly modifiedAt: Millis
        readonly uid: number
        readonly gid: number
      }
    | undefined
  /** Names in a folder, sorted by code unit; undefined: no folder. */
  list(path: string): readonly string[] | undefined
  /** What stands at a path itself, a link not followed. */
  entry(path: string): File | undefined
  /** Puts a file, folder or link as it is: with its owner, and a content that is not text. */
  put(path: string, file: File): { readonly error: string } | undefined
  resolve(path: string): string
}

/** One run of a tool, or of the step that follows a wait. */
export interface ToolCall {
  /** argv[0] is the tool's name. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly files: Files
  /** What can be read from standard input now, and whether more may come. `terminal`: somebody types it. */
  readonly stdin: { readonly text: string; readonly ended: boolean; readonly terminal?: boolean }
  readonly now: Millis
  /** Milliseconds since 1970 UTC of `now`. */
  readonly epoch: number
  readonly world: World
  /** Where its requests start. */
  readonly from: Caller
  /** Nobody sees what it prints: standard output is /dev/null. */
  readonly discards: boolean
  /** True when standard output is the learner's terminal. */
  readonly terminal: boolean
  readonly columns: number
  readonly user?: Process['user']
  /** The id of the container that it runs in. */
  readonly container: string | undefined
  /** Set in the last step of a tool that `tidiesUp`: the signal that ends it (`INT` is Ctrl-C). */
  readonly signal: string | undefined
  draw(purpose: string, n: number): number
  ask<Q, R>(door: Door<Q, R>, request: Q): R
  /** Writes objects directly, at once (for tools that stand for a person's hands: `sim fault`). */
  apply(plan: Plan): void
  print(text: string): void
  printError(text: string): void
  /** "Accepted, but not modelled": shown to the learner apart from the real output. */
  notice(text: string): void
}

/** What a tool waits for; whatever comes first. */
export interface Wait {
  readonly millis?: Millis
  /** Any change of an object of one of these kinds (ids like `kubernetes/Pod`). */
  readonly kinds?: readonly string[]
  readonly input?: boolean
  /** Until it has had so many milliseconds of processor time; without `millis` it computes for ever. */
  readonly cpu?: { readonly millis?: number; readonly threads?: number }
}

/** `exit`: it is done. Otherwise `wait`, and `memory` (plain data) is what the next step gets. */
export type ToolStep =
  | { readonly exit: number }
  | { readonly wait: Wait; readonly memory: Json; readonly holdsBytes?: number }
  /** Runs another command line in the same shell environment and ends with its status (`timeout`, `xargs`, `watch`, `env`). */
  | {
      readonly run: readonly string[]
      readonly stdin?: string
      readonly timeoutMillis?: Millis
      readonly memory?: Json
    }

/** A command of the shell. Its memory between two steps is plain data, so that a running tool can be copied, branched and rewound. */
export interface Tool {
  readonly name: string
  readonly about: string
  /** How long the real one takes before it does anything: one number, or a range drawn by keyed chance. */
  readonly takes?: Millis | readonly [Millis, Millis]
  /** Reads standard input as it comes (`stdin.text` is what is new since the last step); otherwise it is run once all of it is there. */
  readonly streams?: boolean
  /** Whether it reads standard input at all when called so; left out: it does. What it does not read is left for the next command. */
  readonly reads?: (argv: readonly string[]) => boolean
  /** Has one more step when a signal ends it, with `signal` set; what that step gives back does not matter. */
  readonly tidiesUp?: boolean
  /** Decides itself what a signal does to it: such a step, with `signal` set, counts like any other. */
  readonly heeds?: boolean
  /** Puts the terminal into raw mode when called so: what it talks to echoes the keys. */
  readonly raw?: (argv: readonly string[]) => boolean
  /** An image of which nothing is known is taken to have it. */
  readonly anywhere?: boolean
  run(call: ToolCall, memory: Json | undefined): ToolStep
  /** Words that may stand where the last word of `words` is begun. */
  complete?(words: readonly string[], call: Pick<ToolCall, 'world' | 'files' | 'cwd' | 'env'>): readonly string[]
}

/** Commands by name. More may be put into it while nothing has asked for them yet. */
export type Toolbox = ReadonlyMap<string, Tool>

export const toolbox = (tools: readonly Tool[]): Map<string, Tool> => new Map(tools.map((tool) => [tool.name, tool]))

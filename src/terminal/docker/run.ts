import { type EngineReply, type EngineRequest, engine } from '../../docker'
import type { Json } from '../../engine/json'
import type { ToolCall, ToolStep, Wait } from '../../platform/shell/tool'
import { Failure } from '../cli/failure'
import { type Flag, isTrue, type Parsed } from '../cli/flags'

/** Ends the step: the command waits, and is run again from its beginning. */
export class Suspended extends Error {
  readonly wait: Wait
  constructor(wait: Wait) {
    super('waits')
    this.wait = wait
  }
}

/** What a command remembers while it waits: what came of each step so far, and how much it has printed between them. */
interface Memory {
  readonly steps: readonly ({ readonly done: Json } | { readonly goes: Json })[]
  readonly printed: number
  /** Standard input that nobody has taken yet. */
  readonly input: string
  /** How many signals have reached it. */
  readonly signals?: number
}

/** What a client is attached to, for the signals that reach it. */
export interface Attached {
  readonly container?: string
  /** What `exec` has started. */
  readonly process?: string
  readonly tty: boolean
  /** Signals are passed on (`--sig-proxy`). */
  readonly proxy: boolean
}

/** What a waiting command is attached to, or which build it follows; how many signals have reached it with this one, and its memory with that noted. */
export function attachedTo(memory: Json | undefined): {
  readonly attached: Attached | undefined
  readonly build: string | undefined
  readonly signals: number
  readonly rest: Json | undefined
} {
  const known = memory as unknown as Memory | undefined
  const signals = (known?.signals ?? 0) + 1
  const found = known?.steps.findLast((step) => 'done' in step && hasAttached(step.done))
  const attached = found && (found as unknown as { readonly done: { readonly attached: Attached } }).done.attached
  const goes = known?.steps.findLast((step) => 'goes' in step) as { readonly goes: Json } | undefined
  const path = (goes?.goes as { readonly request?: { readonly path?: string } } | null | undefined)?.request?.path
  const build = /^\/builds\/(.+)$/.exec(path ?? '')?.[1]
  return { attached, build, signals, rest: known && ({ ...known, signals } as unknown as Json) }
}

const hasAttached = (value: Json): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'attached' in value

type Request = Omit<EngineRequest, 'machine'>
/** One turn of a step that may take several: it is over, or it waits with its state. */
export type Turn<S, R> = { readonly done: R } | { readonly wait: Wait; readonly state: S }

/**
 * One run of a command. Commands are written as if requests answered at once: the answers are kept, so that a command that has to wait is run
 * again from its beginning and meets the same answers up to the place where it waited. Nothing else may decide what it does.
 */
export class Run {
  readonly call: ToolCall
  /** `docker network ls` */
  readonly path: string
  readonly args: readonly string[]
  readonly #flags: readonly Flag[]
  readonly #values: Parsed['values']
  readonly #steps: Memory['steps'][number][]
  readonly #heard: number
  #input: string
  readonly #signals: number
  #at = 0
  #printed = 0

  constructor(call: ToolCall, path: string, flags: readonly Flag[], parsed: Parsed, memory: Json | undefined) {
    const known = memory as unknown as Memory | undefined
    this.call = call
    this.path = path
    this.args = parsed.args
    this.#flags = flags
    this.#values = parsed.values
    this.#steps = [...(known?.steps ?? [])]
    this.#heard = known?.printed ?? 0
    this.#signals = known?.signals ?? 0
    this.#input = (known?.input ?? '') + call.stdin.text
  }

  value(flag: string): string | undefined {
    return this.#values.get(flag)?.at(-1) ?? this.#flags.find(({ name }) => name === flag)?.initial
  }

  values(flag: string): readonly string[] {
    return this.#values.get(flag) ?? []
  }

  on(flag: string): boolean {
    return isTrue(this.value(flag))
  }

  given(flag: string): boolean {
    return this.#values.has(flag)
  }

  int(flag: string): number | undefined {
    const value = this.value(flag)
    return value === undefined ? undefined : Number(value)
  }

  /** What has come on standard input, and whether that is all; given once. */
  takeInput(): { readonly text: string; readonly ended: boolean } {
    const text = this.#input
    this.#input = ''
    return { text, ended: this.call.stdin.ended }
  }

  /** Prints, once: not again when the command is run again. */
  print(text: string): void {
    if (this.#printed++ >= this.#heard) this.call.print(text)
  }

  error(text: string): void {
    if (this.#printed++ >= this.#heard) this.call.printError(text)
  }

  notice(text: string): void {
    if (this.#printed++ >= this.#heard) this.call.notice(text)
  }

  /** A step of several turns. What it prints itself goes through `call`: a turn is taken once. */
  loop<S extends Json, R extends Json>(first: S, turn: (state: S) => Turn<S, R>): R {
    const n = this.#at++
    const known = this.#steps[n]
    if (known && 'done' in known) return known.done as R
    const result = turn((known ? known.goes : first) as S)
    if ('done' in result) {
      this.#steps[n] = { done: result.done }
      return result.done
    }
    this.#steps[n] = { goes: result.state }
    throw new Suspended(result.wait)
  }

  /** The daemon's answer, whatever it is. `hear`: what comes while it is not over. */
  try(request: Request, hear?: (body: any) => void, more: Partial<Wait> = {}): EngineReply {
    const machine = this.call.from.machine
    return this.loop({ ...request, machine } as unknown as Json, (state) => {
      const reply = this.call.ask(engine, state as unknown as EngineRequest)
      if (reply.status !== 102) return { done: reply as unknown as Json }
      hear?.(reply.body)
      const { kinds = [], millis } = reply.until ?? {}
      return { wait: { kinds, ...(millis !== undefined && { millis }), ...more }, state: reply.next as unknown as Json }
    }) as unknown as EngineReply
  }

  /** The body of the answer; a refusal ends the command. */
  ask(request: Request, hear?: (body: any) => void): any {
    const reply = this.try(request, hear)
    if (isRefusal(reply)) throw new Failure(refusalText(reply))
    return reply.body
  }

  /** Does something for each argument: what goes well is printed, what does not is told; the worst exit status counts. */
  each(names: readonly string[], one: (name: string) => string | undefined): number {
    let exit = 0
    for (const name of names) {
      try {
        const said = one(name)
        if (said !== undefined) this.print(`${said}\n`)
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        this.error(`${error.message}\n`)
        exit = 1
      }
    }
    return exit
  }

  step(wait: Wait): ToolStep {
    const printed = Math.max(this.#printed, this.#heard)
    const memory: Memory = {
      steps: this.#steps,
      printed,
      input: this.#input,
      ...(this.#signals > 0 && { signals: this.#signals }),
    }
    return { wait, memory: memory as unknown as Json }
  }
}

export const isRefusal = ({ status }: EngineReply): boolean => status === 0 || status >= 400

/** How the client tells a refusal: without a daemon there is nobody who responds. */
export const refusalText = ({ status, body }: EngineReply): string =>
  status === 0 ? body.message : `Error response from daemon: ${body.message}`

/** `{"label":["a"]}` of `--filter label=a`. */
export function filtersOf(run: Run): string {
  const found: Record<string, string[]> = {}
  for (const text of run.values('filter')) {
    const equals = text.indexOf('=')
    if (equals < 0)
      throw new Failure(`invalid argument ${JSON.stringify(text)} for "-f, --filter" flag: invalid filter '${text}'`)
    const name = text.slice(0, equals).toLowerCase().trim()
    found[name] = [...(found[name] ?? []), text.slice(equals + 1).trim()]
  }
  return JSON.stringify(found)
}

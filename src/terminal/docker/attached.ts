import { type EngineRequest, engine } from '../../docker'
import type { Key } from '../../engine'
import type { Json } from '../../engine/json'
import { processKey } from '../../platform/container/processes'
import type { Process } from '../../platform/shell/process'
import type { ToolCall } from '../../platform/shell/tool'
import { fail } from '../cli/failure'
import { text } from '../cli/flags'
import { passInput } from '../cli/pass-input'
import type { Attached, Run } from './run'

interface Options {
  /** Everything that the container has printed comes first. */
  readonly logs: boolean
  readonly stdin: boolean
  readonly tty: boolean
  readonly proxy: boolean
}

export const detachFlag = text('detach-keys', 'Keys that detach from it', { initial: '' })

/** `ctrl-p,ctrl-q` as what a terminal sends. After ToBytes in moby/term. */
function detachKeys(run: Run): string {
  const given = run.value('detach-keys') || 'ctrl-p,ctrl-q'
  return given
    .split(',')
    .map((key) => {
      if (key.length === 1) return key
      const letter = /^ctrl-([a-z@[\\\]^_])$/.exec(key)?.[1]
      return letter === undefined
        ? fail(`invalid detach keys (${given}) provided`)
        : String.fromCharCode(letter.toUpperCase().charCodeAt(0) - 64)
    })
    .join('')
}

/** Notes what signals are about from here on. */
export function noteAttached(run: Run, attached: Attached): void {
  run.loop<Json, Json>(null, () => ({ done: { attached } as unknown as Json }))
}

/** Shows what a container prints until it has ended, and gives it what is typed. True: the keys to detach were pressed. */
export function follow(run: Run, id: string, { logs, stdin, tty, proxy }: Options): boolean {
  const keys = detachKeys(run)
  noteAttached(run, { container: id, tty, proxy })
  const first = {
    method: 'GET',
    path: `/containers/${id}/logs`,
    query: { follow: '1', attached: '1', ...(!logs && { tail: '0' }) },
    machine: run.call.from.machine,
  }
  return run.loop<Json, boolean>({ request: first, closed: false } as unknown as Json, (given) => {
    const state = given as unknown as { request: EngineRequest; closed: boolean }
    const reply = run.call.ask(engine, state.request)
    if (reply.status >= 400) return { done: false }
    for (const { stream, text } of reply.body.lines)
      (stream === 'err' && !tty ? run.call.printError : run.call.print)(text)
    if (reply.status !== 102) return { done: false }
    const closed = state.closed || (stdin && run.call.stdin.ended)
    if (stdin && !state.closed) {
      const input = run.takeInput()
      const end = input.text.indexOf(keys)
      const own = end < 0 ? input : { text: input.text.slice(0, end), ended: false }
      passInput(run.call, own, reply.body.process, tty)
      if (end >= 0) return { done: true }
    }
    const { kinds = [], millis } = reply.until ?? {}
    return {
      wait: { kinds, ...(millis !== undefined && { millis }), ...(stdin && !closed && { input: true }) },
      state: { request: reply.next, closed } as unknown as Json,
    }
  })
}

/** The exit code of a container, once it has one; with `removed` once it is gone. */
export function exitCode(run: Run, id: string, removes: boolean): number {
  const reply = run.try({ method: 'POST', path: `/containers/${id}/wait`, query: { condition: 'not-running' } })
  const code: number = reply.status === 200 ? reply.body.StatusCode : 0
  if (removes) run.try({ method: 'GET', path: `/containers/${id}/settled`, query: { until: 'removed' } })
  return code
}

/** As often as this, and the client leaves whatever becomes of the container. */
const MOST_SIGNALS = 3

/**
 * What a signal does to an attached client: with a terminal Ctrl-C is a key that goes to what runs there; else it is passed on to the first
 * process, and the client stays. An exit status: it leaves. After ForwardAllSignals and forceExitAfter3TerminationSignals in docker/cli.
 */
export function signalled(call: ToolCall, attached: Attached | undefined, count: number): number | undefined {
  const signal = call.signal!
  const leaves = signal === 'INT' ? 130 : 143
  if (!attached) return leaves
  const { container, tty, proxy } = attached
  const { machine } = call.from
  const process = attached.process ?? (container === undefined ? undefined : processKey(machine, container))
  if (tty) {
    if (signal !== 'INT') return leaves
    const running = process !== undefined && call.world.get(process as Key<Process>)?.state === 'running'
    if (running)
      call.apply({ post: [{ to: 'shell', about: process, body: { do: 'signal', signal, keys: true }, after: 0 }] })
    else if (container !== undefined) passOn(call, container)
    return undefined
  }
  if (count >= MOST_SIGNALS) {
    call.printError('\ngot 3 SIGTERM/SIGINTs, forcefully exiting\n')
    return 1
  }
  if (!proxy || container === undefined) return leaves
  passOn(call, container)
  return undefined
}

function passOn(call: ToolCall, container: string): void {
  const query = { signal: `SIG${call.signal}` }
  call.ask(engine, { machine: call.from.machine, method: 'POST', path: `/containers/${container}/kill`, query })
}

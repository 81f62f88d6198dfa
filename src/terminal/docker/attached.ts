import { type EngineRequest, engine } from '../../docker'
import type { Json } from '../../engine/json'
import { passInput } from '../cli/pass-input'
import type { Run } from './run'

interface Options {
  /** Everything that the container has printed comes first. */
  readonly logs: boolean
  readonly stdin: boolean
  readonly tty: boolean
}

/** Shows what a container prints until it has ended, and gives it what is typed. */
export function follow(run: Run, id: string, { logs, stdin, tty }: Options): void {
  const first = {
    method: 'GET',
    path: `/containers/${id}/logs`,
    query: { follow: '1', attached: '1', ...(!logs && { tail: '0' }) },
    machine: run.call.from.machine,
  }
  run.loop<Json, Json>({ request: first, closed: false } as unknown as Json, (given) => {
    const state = given as unknown as { request: EngineRequest; closed: boolean }
    const reply = run.call.ask(engine, state.request)
    if (reply.status >= 400) return { done: null }
    for (const { stream, text } of reply.body.lines)
      (stream === 'err' && !tty ? run.call.printError : run.call.print)(text)
    if (reply.status !== 102) return { done: null }
    const closed = state.closed || (stdin && run.call.stdin.ended)
    if (stdin && !state.closed) passInput(run.call, run.takeInput(), reply.body.process, tty)
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

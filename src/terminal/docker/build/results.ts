import { type EngineRequest, engine } from '../../../docker'
import type { BuildView, StepView } from '../../../docker/build/view'
import type { Json } from '../../../engine/json'
import { tarText } from '../../../platform/image/archive'
import type { Entry } from '../../../platform/image/entry'
import { localName } from '../../../platform/image/reference'
import { type Push, pushKey } from '../../../platform/registry/push'
import { fail } from '../../cli/failure'
import { authFor } from '../credentials'
import { isRefusal, type Run, refusalText } from '../run'
import type { Output } from './outputs'

/** Writes the files of a result below a folder of the client, or as an archive. Whoever builds has them. */
export function deliverFiles(run: Run, view: BuildView, { exporter, dest }: Output): void {
  const { entries }: { entries: readonly Entry[] } = run.ask({ method: 'GET', path: `/builds/${view.id}/files` })
  if (exporter === 'tar' && dest === '-') return run.print(tarText(entries))
  const problem = run.loop<Json, Json>(null, () => {
    const { files } = run.call
    if (exporter === 'tar') return { done: files.write(dest, tarText(entries))?.error ?? null }
    const root = dest.replace(/\/+$/, '') || '/'
    makeFolders(run, root)
    for (const { path, uid: _, gid: __, ...file } of entries) {
      const at = `${root}${path}`
      if (file.what === 'folder' && files.stat(at)?.folder) continue
      const failed = files.put(at, file)
      if (failed) return { done: failed.error }
    }
    return { done: null }
  })
  if (problem !== null) fail(`ERROR: failed to build: failed to solve: open ${dest}: ${String(problem).toLowerCase()}`)
}

function makeFolders({ call: { files } }: Run, path: string): void {
  const parts = files.resolve(path).split('/').filter(Boolean)
  for (let i = 1; i <= parts.length; i++) {
    const at = `/${parts.slice(0, i).join('/')}`
    if (!files.stat(at)) files.makeFolder(at)
  }
}

interface Pushing<S> {
  readonly request: EngineRequest
  readonly statuses: StepView['statuses']
  /** What has been shown so far. */
  readonly shown: S
}

/**
 * Pushes the image under a name, as one more step of the build; gives the view with that step in it. `show` prints what is new since `shown`.
 * After pushWithMoby in docker/buildx: only the layers that travel are told.
 */
export function pushed<S>(
  run: Run,
  view: BuildView,
  name: string,
  { shown, show }: { readonly shown: S; readonly show: (view: BuildView, shown: S) => S },
): { readonly view: BuildView; readonly shown: S } {
  const { machine } = run.call.from
  const startedAt = run.loop<number, number>(0, () => ({ done: run.call.now }))
  const withStep = (more: Pick<StepView, 'statuses' | 'state'> & Partial<StepView>): BuildView => {
    const step: StepView = { n: view.total, name: `pushing ${name} with docker`, startedAt, logs: [], ...more }
    return { ...view, now: run.call.now, total: view.total + 1, steps: [...view.steps, step] }
  }
  const request = { machine, method: 'POST', path: `/images/${name}/push`, query: authFor(run.call, name) } as const
  const first: Pushing<S> = { request, statuses: [], shown }
  return run.loop<Json, Json>(first as unknown as Json, (given) => {
    const state = given as unknown as Pushing<S>
    const told = statusesOf(run.call.world.get(pushKey(machine, localName(name))))
    const statuses = told.length > 0 ? told : state.statuses
    const reply = run.call.ask(engine, state.request)
    if (reply.status === 102) {
      const next = { request: reply.next, statuses, shown: show(withStep({ state: 'running', statuses }), state.shown) }
      const { kinds = [], millis } = reply.until ?? {}
      return { wait: { kinds, ...(millis !== undefined && { millis }) }, state: next as unknown as Json }
    }
    const error: string | undefined = isRefusal(reply) ? refusalText(reply) : reply.body.error
    const over = withStep({
      statuses: statuses.map((one) => ({ ...one, endsAt: Math.min(one.endsAt, run.call.now) })),
      endsAt: run.call.now,
      ...(error === undefined ? { state: 'done' } : { state: 'failed', error }),
    })
    return { done: { view: over, shown: show(over, state.shown) } as unknown as Json }
  }) as never
}

const statusesOf = (push: Push | undefined): StepView['statuses'] =>
  (push?.parts ?? [])
    .filter(({ how }) => how === 'pushed')
    .map(({ digest, bytes, startsAt, endsAt }) => ({
      text: `pushing layer ${digest.slice(7, 19)}`,
      total: bytes,
      startedAt: startsAt,
      endsAt,
    }))

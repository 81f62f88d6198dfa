import type { Json } from '../../engine'
import { Output } from '../../platform/container/container'
import type { Entry } from '../../platform/image/entry'
import { type EngineReply, refuse } from '../engine/request'
import type { Pass } from '../pass'
import { beginBuild } from './begin'
import { Build, type BuildStep, buildKey } from './build'
import { resultEntries } from './export'
import { Turn } from './turn'

const MOST_FILES = 20_000

/** A build as its client sees it: the steps that have begun, and what they have printed. */
export interface BuildView {
  readonly id: string
  readonly state: Build['state']
  readonly startedAt: number
  readonly now: number
  readonly steps: readonly StepView[]
  readonly total: number
  readonly warnings: Build['warnings']
  readonly notices: readonly string[]
  readonly problem?: string
  readonly image?: string
  readonly source?: string
  readonly file: string
}

export interface StepView extends Pick<BuildStep, 'name' | 'state' | 'endsAt' | 'cached' | 'error' | 'statuses'> {
  /** Its place among all steps. */
  readonly n: number
  readonly startedAt: number
  readonly logs: readonly { readonly at: number; readonly text: string; readonly notice: boolean }[]
}

function viewOf(pass: Pass, build: Build): BuildView {
  const { id, state, startedAt, steps, warnings, notices, problem, image, inputs } = build
  return {
    id,
    state,
    startedAt,
    now: pass.now,
    steps: steps.flatMap(({ name, state: is, startedAt: began, endsAt, cached, error, statuses, output }, n) =>
      began === undefined || name === ''
        ? []
        : [
            {
              n,
              name,
              state: is,
              startedAt: began,
              ...(endsAt !== undefined && { endsAt }),
              ...(cached && { cached }),
              ...(error !== undefined && { error }),
              statuses,
              logs: output === undefined ? [] : logsOf(pass, output),
            },
          ],
    ),
    total: steps.filter(({ name }) => name !== '').length,
    warnings,
    notices,
    file: inputs.file,
    ...(inputs.options.check && inputs.source !== undefined && { source: inputs.source }),
    ...(problem !== undefined && { problem }),
    ...(image !== undefined && { image }),
  }
}

const logsOf = (pass: Pass, scope: string): StepView['logs'] =>
  pass.world
    .list(Output, { scope })
    .map(({ value }) => ({ at: value.at, text: value.text, notice: value.stream === 'notice' }))

function replyFor(pass: Pass, build: Build): EngineReply {
  const body = viewOf(pass, build)
  if (build.state !== 'running') return { status: 200, body }
  return {
    status: 102,
    body,
    next: { machine: build.machine, method: 'GET', path: `/builds/${build.id}` },
    until: { kinds: [Build.id, Output.id] },
  }
}

export const startBuild = (pass: Pass, body: Json | undefined): EngineReply => replyFor(pass, beginBuild(pass, body))

const buildNamed = (pass: Pass, id: string): Build =>
  pass.get(buildKey(pass.machine.name, id)) ?? refuse(404, `no build ${id}`)

export const followBuild = (pass: Pass, id: string): EngineReply => replyFor(pass, buildNamed(pass, id))

/** `GET /builds/{}/files`: what a build without an image has come to, for its client to write. */
export function buildFiles(pass: Pass, id: string): { readonly entries: readonly Entry[] } {
  const entries = resultEntries(pass, buildNamed(pass, id))
  if (entries.length > MOST_FILES) return refuse(500, `a result of this lab has ${MOST_FILES} files at most`)
  return { entries }
}

/** `POST /build/cancel`: the client has gone away. */
export function cancelBuild(pass: Pass, id: string): void {
  const build = buildNamed(pass, id)
  if (build.state !== 'running') return
  const because = { id: 'docker/build-canceled' }
  pass.set(buildKey(build.machine, id), new Turn(pass, build, because).stop('canceled'), because)
}

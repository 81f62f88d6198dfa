import type { Json, Millis } from '../../engine'
import { catalogueHistory } from '../../platform/image/history'
import { makeImage } from '../../platform/image/make-image'
import type { Image, ImageConfig, Layer } from '../../platform/image/resolve'
import type { HistoryItem, StoredImage } from '../../platform/image/stored'
import type { Tree } from '../../platform/image/tree'
import type { BuildPlan, PlannedStage, Step } from '../dockerfile/plan'
import type { Vertex } from '../dockerfile/vertices'
import type { StepResult } from './build'
import { configured, type StageConfig } from './config'
import type { Base } from './images'
import { argvOfRun } from './run-step'

const COMMENT = 'buildkit.dockerfile.v0'
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Proxies are for everybody and no part of what is built. */
const PROXIES = /^(https?|ftp|no|all)_proxy$/i

interface Made {
  readonly config: StageConfig
  readonly history: readonly HistoryItem[]
  readonly at: Millis
  readonly base: Image | undefined
}

/** How the history tells a step that makes a layer. */
function layerText({ instruction: one, scope, results }: Step): string {
  if (one.kind === 'RUN') {
    const args = [...scope.args].filter(([name, value]) => value !== undefined && !PROXIES.test(name))
    const given =
      args.length === 0 ? '' : `|${args.length} ${args.map(([name, value]) => `${name}=${value}`).join(' ')} `
    return `RUN ${given}${argvOfRun(one, scope.shell).argv.join(' ')} # buildkit`
  }
  if (one.kind === 'COPY' || one.kind === 'ADD') {
    const flags = [
      ...(one.parents ? ['--parents'] : []),
      ...(one.chown === undefined ? [] : [`--chown=${one.chown}`]),
      ...(one.chmod === undefined ? [] : [`--chmod=${one.chmod}`]),
    ]
    const inline = one.heredocs.map(({ name }) => `<<${name}`)
    return `${[one.kind, ...flags, ...one.sources, ...inline, one.destination].join(' ')} # buildkit`
  }
  return `WORKDIR ${results[0]}`
}

/** What a stage has come to: its configuration and its history, those of what it stands on before. */
function stageOf(
  plan: BuildPlan,
  index: number,
  baseOf: (image: string) => Base | undefined,
  resultOf: (step: Step) => StepResult | undefined,
): Made {
  const { graph, steps } = plan.stages.get(index) as PlannedStage
  const { base } = graph
  let made: Made
  if (typeof base === 'object' && 'stage' in base) {
    const below = stageOf(plan, base.stage, baseOf, resultOf)
    made = { ...below, config: { ...below.config, cmdSet: false } }
  } else {
    const found = base === 'scratch' ? undefined : baseOf(base.image)
    const own = found?.image.config ?? SCRATCH
    const config: ImageConfig = own.env['PATH'] === undefined ? { ...own, env: { PATH, ...own.env } } : own
    made = {
      config: { config: { ...config, onbuild: [] }, cmdSet: false },
      history: found ? (found.history ?? catalogueHistory(found.image, found.createdAt)) : [],
      at: found?.createdAt ?? 0,
      base: found?.image,
    }
  }
  let { config, at } = made
  const history = [...made.history]
  for (const step of steps) {
    const next = configured(config, step)
    const result = resultOf(step)
    if (next) {
      config = next
      history.push({ at, createdBy: next.by, empty: true, comment: COMMENT })
      continue
    }
    at = result?.at ?? at
    if (step.instruction.kind === 'WORKDIR')
      config = { ...config, config: { ...config.config, workingDir: step.results[0] ?? '/' } }
    history.push({ at, createdBy: layerText(step), empty: false, comment: COMMENT })
  }
  return { config, history, at, base: made.base }
}

const SCRATCH: ImageConfig = {
  entrypoint: undefined,
  cmd: undefined,
  exposed: [],
  env: {},
  workingDir: '/',
  user: '',
  stopSignal: 'SIGTERM',
  volumes: [],
}

interface Asked {
  readonly labels: Readonly<Record<string, string>>
  readonly platform: string
  readonly layers: readonly Layer[]
  readonly tree: Tree
  /** Taken along for other builders. */
  readonly buildCache?: { readonly keys: readonly string[]; readonly steps: readonly Json[] }
}

/** The image of a stage. */
export function imageOfStage(
  plan: BuildPlan,
  index: number,
  vertices: readonly Vertex[],
  results: Readonly<Record<string, StepResult>>,
  baseOf: (image: string) => Base | undefined,
  { labels, platform, layers, tree, buildCache }: Asked,
): StoredImage {
  const byStep = new Map(vertices.map((vertex) => [vertex.step, results[vertex.id]]))
  const { config, history, at, base } = stageOf(plan, index, baseOf, (step) => byStep.get(step))
  const all = { ...config.config.labels, ...labels }
  return makeImage({
    base,
    layers,
    config: { ...config.config, ...(Object.keys(all).length > 0 && { labels: all }) },
    history,
    createdAt: at,
    platform,
    tree,
    ...(buildCache && { buildCache }),
  })
}

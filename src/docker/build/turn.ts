import type { Reason } from '../../engine'
import type { Entry } from '../../platform/image/entry'
import { layerOf } from '../../platform/image/layer'
import type { Layer } from '../../platform/image/resolve'
import { failure } from '../dockerfile/excerpt'
import { parseDockerfile } from '../dockerfile/parse'
import type { BuildPlan, Step } from '../dockerfile/plan'
import { attempt, type Problem } from '../dockerfile/problem'
import type { Vertex } from '../dockerfile/vertices'
import { keepLayer } from '../images/keep'
import type { Pass } from '../pass'
import { type Build, type BuildStep, cacheRecordKey, type StepResult, type StepStatus } from './build'
import { DEFINITION_MILLIS, definitionOf, noticesOf, remoteFailure } from './definition'
import { exported, exportOf } from './export'
import { imagesIn, planOf, verticesOf } from './graph'
import { baseOf, findBase, fullName, isUnreachable } from './images'
import { importCache, importMillis } from './inline-cache'
import { baseProblem, ignoreStep, importStep, layoutOf, metadataStep, unreadable, verdictOf } from './layout'
import { keepPushed, pullOf, pullProblem } from './pull'
import { keepRecord, useRecord } from './record'
import { argvOfRun, beginRun, outputOf, placeOfRun, runKey, runProblem, takeRun } from './run-step'
import { layersOf, statusAt } from './status'
import { addressProblem, contextSize, workEntries, workMillis } from './work'

/** The client sends the context over a socket. */
const SENT = 300_000
/** Asking a registry for a manifest and a configuration. */
const METADATA_MILLIS = [380, 1_100] as const
const TIMEOUT_MILLIS = 15_000
/** runc, with the mounts of the step. */
const RUN_MILLIS = [70, 160] as const
const MOST_LAYERS = 127
/** A step that is not a process, besides the bytes that it moves. */
const WORK_MILLIS = [10, 35] as const

type Draft = { -readonly [K in keyof Build]: Build[K] }

/** One turn of a build: what is over is taken down, and what can begin begins. Models the solver of BuildKit, with the steps as progress shows them. */
export class Turn {
  readonly #pass: Pass
  readonly #given: Build
  readonly #build: Draft
  readonly #steps: BuildStep[]
  readonly #because: Reason

  constructor(pass: Pass, build: Build, because: Reason) {
    this.#pass = pass
    this.#given = build
    this.#build = { ...build }
    this.#steps = [...build.steps]
    this.#because = because
  }

  /** The build after the turn. */
  taken(): Build {
    for (let again = true; again && this.#build.state === 'running'; ) again = this.#finished() || this.#began()
    if (this.#build.state !== 'running') return { ...this.#build, steps: this.#steps, endedAt: this.#now }
    const isSame =
      this.#steps.length === this.#given.steps.length && this.#steps.every((step, i) => step === this.#given.steps[i])
    return isSame ? this.#given : { ...this.#build, steps: this.#steps }
  }

  get #now(): number {
    return this.#pass.now
  }

  #draw(range: readonly [number, number], purpose: string): number {
    return Math.round(range[0] + (range[1] - range[0]) * this.#pass.tools.draw(this.#build.id, purpose, 0))
  }

  #set(index: number, more: Partial<BuildStep>): void {
    this.#steps[index] = { ...this.#steps[index]!, ...more }
  }

  #end(index: number, more: Partial<BuildStep> = {}): void {
    this.#set(index, { state: 'done', endsAt: this.#now, ...more })
  }

  #start(index: number, millis: number | undefined, statuses: readonly StepStatus[] = []): void {
    this.#set(index, {
      state: 'running',
      startedAt: this.#now,
      ...(millis !== undefined && { endsAt: this.#now + Math.max(0, Math.round(millis)) }),
      statuses,
    })
  }

  #status(text: string, millis: number, from = 0, total?: number): StepStatus {
    return statusAt(this.#now, text, millis, from, total)
  }

  /** Takes down one step that is over. */
  #finished(): boolean {
    const due = this.#steps.findIndex(
      ({ state, endsAt }) => state === 'running' && endsAt !== undefined && endsAt <= this.#now,
    )
    if (due >= 0) {
      this.#finish(due)
      return true
    }
    const begins = this.#steps.findIndex(
      ({ state, beginsAt = this.#now + 1 }) => state === 'running' && beginsAt <= this.#now,
    )
    if (begins >= 0) {
      this.#beginProcess(begins)
      return true
    }
    const run = this.#steps.findIndex(
      (step) =>
        step.state === 'running' &&
        step.kind === 'run' &&
        step.output !== undefined &&
        this.#pass.get(runKey(this.#build, step.vertex!))?.state === 'exited',
    )
    if (run < 0) return false
    this.#finishRun(run)
    return true
  }

  #finish(index: number): void {
    const step = this.#steps[index]!
    if (step.kind === 'definition') return this.#defined(index)
    if (step.kind === 'metadata') return this.#found(index)
    if (step.kind === 'export') return this.#exported(index)
    if (step.kind === 'import') return this.#imported(index)
    this.#end(index)
    if (step.kind === 'from') return this.#pulled(index)
    if (step.kind === 'work') this.#worked(index)
    if (step.kind === 'ignore') this.#importCaches()
  }

  /** What other builders have told of their builds is fetched before anything is looked up. */
  #importCaches(): void {
    for (const image of this.#build.inputs.options.cacheFrom) {
      this.#steps.push(importStep(fullName(image)))
      const asked = this.#draw(METADATA_MILLIS, `import ${image}`)
      this.#start(this.#steps.length - 1, importMillis(this.#pass, this.#build, image, asked))
    }
    this.#planned()
  }

  /** A cache that cannot be had is told of, and the build goes on without it. */
  #imported(index: number): void {
    const error = importCache(this.#pass, this.#build, this.#steps[index]!.image ?? '', this.#because)
    this.#end(index, error === undefined ? {} : { state: 'failed', error })
    this.#planned()
  }

  /** The Dockerfile is there: it is read. */
  #defined(index: number): void {
    const { inputs } = this.#build
    const gone = remoteFailure(this.#pass, inputs)
    this.#set(index, { error: gone })
    if (gone !== undefined) return this.#failStep(index, { message: gone, lines: [] })
    this.#end(index)
    if (inputs.source === undefined) return this.#fail(unreadable(inputs))
    const planned = planOf(this.#pass, inputs, undefined)
    if ('problem' in planned) return this.#fail(planned.problem)
    const parsed = parseDockerfile(inputs.source)
    if ('file' in parsed) this.#build.notices = [...this.#build.notices, ...noticesOf(parsed.file)]
    for (const image of imagesIn(planned.plan)) {
      this.#steps.push(metadataStep(image))
      const found = findBase(this.#pass, image, inputs.options)
      const asked = isUnreachable(this.#pass, image) ? TIMEOUT_MILLIS : this.#draw(METADATA_MILLIS, `metadata ${image}`)
      const millis = 'local' in found && found.local ? 1 : asked
      this.#start(this.#steps.length - 1, millis)
    }
    if (this.#isResolved()) this.#loadIgnore()
  }

  #isResolved(): boolean {
    return this.#steps.every(({ kind, state }) => kind !== 'metadata' || state === 'done')
  }

  #loadIgnore(): void {
    const { ignore } = this.#build.inputs
    this.#steps.push(ignoreStep)
    const bytes = ignore ? ignore.text.length + ignore.name.length + 28 : 2
    this.#start(this.#steps.length - 1, 4, [this.#status('transferring context:', 2, 0, bytes)])
  }

  #found(index: number): void {
    const { image = '' } = this.#steps[index]!
    const found = findBase(this.#pass, image, this.#build.inputs.options)
    if ('problem' in found) {
      this.#set(index, { error: found.problem })
      return this.#failStep(index, baseProblem(this.#build.inputs, image, found.problem))
    }
    this.#end(index)
    this.#build.images = { ...this.#build.images, [image]: found }
    if (this.#isResolved()) this.#loadIgnore()
  }

  /** All that the file stands on is known: the steps are laid out. */
  #planned(): void {
    if (this.#steps.some(({ kind, state }) => kind === 'export' || (kind === 'import' && state === 'running'))) return
    const { inputs, images } = this.#build
    const made = planOf(this.#pass, inputs, images)
    if ('problem' in made) return this.#fail(made.problem)
    const { plan } = made
    this.#build.warnings = plan.warnings.map(({ rule, text, lines }) => ({ rule, text, ...lines }))
    if (inputs.options.check) return void (this.#build.state = 'done')
    const vertices = attempt(() => verticesOf(this.#pass, this.#build, plan))
    if ('problem' in vertices) return this.#fail(vertices.problem)
    this.#steps.push(...layoutOf(plan, vertices.value, images, inputs))
  }

  get #plan(): BuildPlan {
    return (planOf(this.#pass, this.#build.inputs, this.#build.images) as { plan: BuildPlan }).plan
  }

  get #vertices(): readonly Vertex[] {
    return verticesOf(this.#pass, this.#build, this.#plan)
  }

  /** Begins what can begin. */
  #began(): boolean {
    const [first] = this.#steps
    if (first!.state === 'waiting') {
      const draw = this.#draw(DEFINITION_MILLIS, 'definition')
      const { millis, statuses } = definitionOf(this.#pass, this.#build.inputs, draw)
      this.#start(0, millis, statuses)
      return false
    }
    const exporting = this.#steps.at(-1)!
    if (exporting.kind !== 'export') return false
    const context = this.#steps.findIndex(({ kind }) => kind === 'context')
    if (context >= 0 && this.#steps[context]!.state === 'waiting') this.#sendContext(context)
    let changed = false
    for (const [index, step] of this.#steps.entries()) {
      if (step.state !== 'waiting' || step.vertex === undefined) continue
      // what came before in this turn may have changed the keys
      const vertex = this.#vertices[step.vertex]!
      if (vertex.needs.some((need) => this.#build.results[need] === undefined)) continue
      if (context >= 0 && this.#waitsForContext(vertex) && this.#steps[context]!.state !== 'done') continue
      this.#beginVertex(index, vertex)
      if (this.#build.state !== 'running') return true
      changed = true
    }
    if (changed) return true
    const open = this.#steps.some(({ state, kind }) => kind !== 'export' && kind !== 'import' && state !== 'done')
    if (!open && exporting.state === 'waiting') this.#export(this.#steps.length - 1)
    return false
  }

  #waitsForContext({ step }: Vertex): boolean {
    if (!step) return false
    const { instruction: one, source, mounts } = step
    if (one.kind === 'COPY' || one.kind === 'ADD') return source === undefined && one.sources.length > 0
    return mounts.some((mount) => mount.type === 'bind' && mount.files === undefined)
  }

  #sendContext(index: number): void {
    const { bytes, files } = contextSize(this.#pass, this.#build)
    this.#build.sentBytes = bytes
    const millis = 3 + bytes / SENT + files / 200
    this.#start(index, millis, [this.#status('transferring context:', millis, 0, bytes)])
  }

  #beginVertex(index: number, vertex: Vertex): void {
    if (vertex.problem !== undefined) {
      this.#start(index, undefined)
      this.#set(index, { error: vertex.problem })
      return this.#failStep(index, { message: `failed to compute cache key: ${vertex.problem}`, lines: [vertex.lines] })
    }
    const verdict = verdictOf(this.#pass, this.#build, this.#plan, this.#vertices, vertex)
    const record = verdict.cached ? this.#pass.get(cacheRecordKey(this.#build.machine, vertex.key)) : undefined
    if (record) {
      this.#start(index, 0)
      this.#end(index, { cached: true, verdict })
      this.#result(vertex, { key: vertex.key, layers: record.layers, at: record.createdAt })
      return useRecord(this.#pass, record, this.#steps[index]!.name)
    }
    this.#set(index, { verdict })
    if (vertex.kind === 'FROM') {
      const { millis, statuses } = pullOf(this.#pass, this.#build, vertex)
      return this.#start(index, millis, statuses)
    }
    const before = this.#layersOf(vertex.before)
    if (before.length >= MOST_LAYERS) return this.#failAt(index, vertex, 'max depth exceeded')
    if (vertex.kind === 'RUN') return this.#run(index, vertex)
    const one = vertex.step!.instruction
    const missing =
      one.kind === 'ADD' ? one.sources.map(addressProblem).find((problem) => problem !== undefined) : undefined
    if (missing !== undefined) return this.#failAt(index, vertex, missing)
    this.#start(index, this.#draw(WORK_MILLIS, `work ${vertex.id}`) + workMillis(this.#pass, this.#build, vertex))
  }

  #layersOf(vertex: number | undefined): readonly Layer[] {
    return layersOf(this.#build, vertex)
  }

  #result(vertex: Vertex, result: StepResult): void {
    this.#build.results = { ...this.#build.results, [vertex.id]: result }
  }

  #pulled(index: number): void {
    const vertex = this.#vertices[this.#steps[index]!.vertex!]!
    const { image = '' } = vertex
    const found = this.#build.images[image]!
    const gone = pullProblem(this.#pass, image, found)
    if (gone !== undefined) return this.#failAt(index, vertex, gone)
    const base = baseOf(this.#pass, image, found)
    const layers = base?.image.layers ?? []
    if (found.pushed) keepPushed(this.#pass, layers, this.#because)
    this.#keep(vertex, { key: vertex.key, layers, at: base?.createdAt ?? 0 }, base?.image.unpackedBytes ?? 0)
  }

  /** A COPY, ADD or WORKDIR is over: its layer is made. */
  #worked(index: number): void {
    const vertex = this.#vertices[this.#steps[index]!.vertex!]!
    const made = attempt(() => workEntries(this.#pass, this.#build, vertex))
    if ('problem' in made) return this.#failAt(index, vertex, made.problem.message)
    this.#layer(vertex, made.value)
  }

  #layer(vertex: Vertex, entries: readonly Entry[]): void {
    const layer = layerOf(entries)
    keepLayer(this.#pass, layer, this.#because)
    const { digest, unpackedBytes, compressedBytes } = layer
    const layers = [...this.#layersOf(vertex.before), { digest, unpackedBytes, compressedBytes }]
    this.#keep(vertex, { key: vertex.key, layers, at: this.#now }, unpackedBytes)
  }

  /** The result is there for the steps above, and for later builds. */
  #keep(vertex: Vertex, result: StepResult, bytes: number): void {
    this.#result(vertex, result)
    keepRecord(this.#pass, vertex, result, bytes)
  }

  #run(index: number, vertex: Vertex): void {
    this.#start(index, undefined)
    this.#set(index, { beginsAt: this.#now + this.#draw(RUN_MILLIS, `run ${vertex.id}`) })
  }

  /** Namespaces and mounts are there: the process begins. */
  #beginProcess(index: number): void {
    const vertex = this.#vertices[this.#steps[index]!.vertex!]!
    const problem = beginRun(this.#pass, placeOfRun(this.#pass, this.#build, this.#vertices, vertex), this.#because)
    this.#set(index, { beginsAt: undefined, output: outputOf(this.#build, vertex.id) })
    if (problem) this.#failAt(index, vertex, problem.problem)
  }

  #finishRun(index: number): void {
    const vertex = this.#vertices[this.#steps[index]!.vertex!]!
    const step = vertex.step as Step
    const process = this.#pass.get(runKey(this.#build, vertex.id))
    const entries = takeRun(this.#pass, { build: this.#build, vertex: vertex.id, step }, this.#because)
    const code = process?.exitCode ?? 1
    if (code !== 0 && step.instruction.kind === 'RUN')
      return this.#failAt(index, vertex, runProblem(argvOfRun(step.instruction, step.scope.shell).argv, code))
    this.#end(index)
    this.#layer(vertex, entries)
  }

  #export(index: number): void {
    const fresh = this.#vertices.filter(
      ({ id, kind }) => kind !== 'FROM' && this.#steps.some((step) => step.vertex === id && step.cached !== true),
    )
    const { millis, statuses } = exportOf(this.#pass, this.#build, this.#plan, this.#vertices, fresh)
    this.#start(index, millis, statuses)
  }

  #exported(index: number): void {
    this.#end(index)
    Object.assign(this.#build, exported(this.#pass, this.#build, this.#plan, this.#vertices))
    this.#build.state = 'done'
  }

  #failAt(index: number, vertex: Vertex, message: string): void {
    this.#set(index, { error: message })
    this.#failStep(index, { message, lines: [vertex.lines] })
  }

  #failStep(index: number, problem: Problem): void {
    this.#set(index, { state: 'failed', endsAt: this.#now, startedAt: this.#steps[index]!.startedAt ?? this.#now })
    this.#fail(problem)
  }

  /** The build is over: what runs is given up; what has been built stays in the cache. */
  #fail(problem: Problem): void {
    const { inputs } = this.#build
    this.#build.problem = failure(inputs.file.slice(inputs.file.lastIndexOf('/') + 1), inputs.source ?? '', problem)
    this.stop('failed')
  }

  stop(state: 'failed' | 'canceled'): Build {
    for (const [index, step] of this.#steps.entries()) {
      if (step.state !== 'running') continue
      if (step.kind === 'run') {
        const vertex = this.#vertices[step.vertex!]!
        takeRun(this.#pass, { build: this.#build, vertex: vertex.id, step: vertex.step as Step }, this.#because)
      }
      this.#set(index, { state: 'canceled', endsAt: this.#now })
    }
    this.#build.state = state
    return { ...this.#build, steps: this.#steps, endedAt: this.#now }
  }
}

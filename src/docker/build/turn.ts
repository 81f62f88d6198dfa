import type { Reason } from '../../engine'
import { userIn } from '../../platform/container/user'
import type { Entry } from '../../platform/image/entry'
import { LocalImage } from '../../platform/image/image'
import { layerOf } from '../../platform/image/layer'
import type { Layer } from '../../platform/image/resolve'
import { treeOf } from '../../platform/image/tree'
import { INTERNET, reaches } from '../../platform/network/reach'
import { FileView } from '../../platform/shell/files'
import { type CacheVerdict, cacheVerdicts } from '../dockerfile/cache'
import { failure } from '../dockerfile/excerpt'
import type { Copy } from '../dockerfile/instruction'
import { fieldNotices } from '../dockerfile/labels'
import { parseDockerfile } from '../dockerfile/parse'
import { type BuildPlan, planBuild, type Step } from '../dockerfile/plan'
import { isGit, isUrl } from '../dockerfile/ports'
import { attempt, type Problem } from '../dockerfile/problem'
import { topsOf, type Vertex } from '../dockerfile/vertices'
import { keepImage, keepLayer } from '../images/keep'
import { contentOf } from '../images/store'
import type { Pass } from '../pass'
import { DEFINITION_MILLIS } from './begin'
import { Build, type BuildStep, CacheRecord, cacheRecordKey, type StepResult, type StepStatus } from './build'
import { type CopyPlace, contextTree, copiedEntries, workdirEntries } from './copy'
import { imagesIn, needsContext, planOf, verticesOf } from './graph'
import { baseOf, findBase, fullName } from './images'
import { stepName } from './names'
import { hostOf, isThere, remoteBytes } from './remote'
import { argvOfRun, beginRun, outputOf, runKey, runProblem, takeRun } from './run-step'
import { imageOfStage } from './stage-image'
import { ignoredBy, sentBytes, sentEntries } from './transfer'

/** Bytes a millisecond: files copied, layers packed and written, layers unpacked. */
const COPIED = 250_000
const EXPORTED = 180_000
const UNPACKED = 160_000
/** The client sends the context over a socket. */
const SENT = 300_000
/** Asking a registry for a manifest and a configuration. */
const METADATA_MILLIS = [380, 1_100] as const
const TIMEOUT_MILLIS = 15_000
const MOST_LAYERS = 127
const MOST_RECORDS = 1_000

type Draft = { -readonly [K in keyof Build]: Build[K] }

/** One turn of a build: what is over is taken down, and what can begin begins. Models the solver of BuildKit, with the steps as progress shows them. */
export class Turn {
  readonly #pass: Pass
  readonly #given: Build
  readonly #build: Draft
  readonly #steps: BuildStep[]
  #verdicts: { readonly of: readonly Vertex[]; readonly all: readonly CacheVerdict[] } | undefined
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
    const startedAt = this.#now + Math.round(from)
    return { text, startedAt, endsAt: startedAt + Math.round(millis), ...(total !== undefined && { total }) }
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
    const run = this.#steps.findIndex(
      (step) =>
        step.state === 'running' &&
        step.kind === 'run' &&
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
    this.#end(index)
    if (step.kind === 'from') return this.#pulled(index)
    if (step.kind === 'work') this.#worked(index)
    if (step.kind === 'ignore') this.#planned()
  }

  /** The Dockerfile is there: it is read. */
  #defined(index: number): void {
    this.#end(index)
    const { inputs } = this.#build
    if (inputs.source === undefined)
      return this.#fail({
        message: `failed to read dockerfile: open ${inputs.file.slice(inputs.file.lastIndexOf('/') + 1)}: no such file or directory`,
        lines: [],
      })
    const planned = planOf(this.#pass, inputs, undefined)
    if ('problem' in planned) return this.#fail(planned.problem)
    const parsed = parseDockerfile(inputs.source)
    if ('file' in parsed)
      this.#build.notices = fieldNotices(parsed.file).map(({ line, path, text }) => `line ${line}: ${path}: ${text}`)
    for (const image of imagesIn(planned.plan)) {
      this.#steps.push({
        kind: 'metadata',
        name: `[internal] load metadata for ${fullName(image)}`,
        image,
        state: 'waiting',
        statuses: [],
      })
      const found = findBase(this.#pass, image, inputs.options)
      const unreachable = !reaches(this.#pass.world, this.#build.machine, INTERNET).ok
      const millis =
        'local' in found && found.local
          ? 1
          : unreachable
            ? TIMEOUT_MILLIS
            : this.#draw(METADATA_MILLIS, `metadata ${image}`)
      this.#start(this.#steps.length - 1, millis)
    }
    if (this.#isResolved()) this.#loadIgnore()
  }

  #isResolved(): boolean {
    return this.#steps.every(({ kind, state }) => kind !== 'metadata' || state === 'done')
  }

  #loadIgnore(): void {
    const { ignore } = this.#build.inputs
    this.#steps.push({ kind: 'ignore', name: '[internal] load .dockerignore', state: 'waiting', statuses: [] })
    const bytes = ignore ? ignore.text.length + ignore.name.length + 28 : 2
    this.#start(this.#steps.length - 1, 4, [this.#status('transferring context:', 2, 0, bytes)])
  }

  #found(index: number): void {
    const { image = '' } = this.#steps[index]!
    const found = findBase(this.#pass, image, this.#build.inputs.options)
    if ('problem' in found) {
      const parsed = parseDockerfile(this.#build.inputs.source ?? '')
      const planned = 'file' in parsed ? planBuild(parsed.file) : undefined
      const lines = planned && 'plan' in planned ? linesNaming(planned.plan, image) : []
      this.#set(index, { error: found.problem })
      return this.#failStep(index, {
        message: `${image}: failed to resolve source metadata for ${fullName(image)}: ${found.problem}`,
        lines,
      })
    }
    this.#end(index)
    this.#build.images = { ...this.#build.images, [image]: found }
    if (this.#isResolved()) this.#loadIgnore()
  }

  /** All that the file stands on is known: the steps are laid out. */
  #planned(): void {
    if (this.#steps.some(({ kind }) => kind === 'export')) return
    const { inputs, images } = this.#build
    const made = planOf(this.#pass, inputs, images)
    if ('problem' in made) return this.#fail(made.problem)
    const { plan } = made
    this.#build.warnings = plan.warnings.map(({ rule, text, lines }) => ({ rule, text, ...lines }))
    if (inputs.options.check) {
      this.#build.state = 'done'
      return
    }
    const vertices = attempt(() => verticesOf(this.#pass, this.#build, plan))
    if ('problem' in vertices) return this.#fail(vertices.problem)
    const internal: BuildStep[] = []
    if (needsContext(plan))
      internal.push({ kind: 'context', name: '[internal] load build context', state: 'waiting', statuses: [] })
    for (const vertex of vertices.value) {
      internal.push({
        kind: vertex.kind === 'FROM' ? 'from' : vertex.kind === 'RUN' ? 'run' : 'work',
        name: stepName(vertex, images),
        vertex: vertex.id,
        ...(vertex.image !== undefined && { image: vertex.image }),
        state: 'waiting',
        statuses: [],
      })
    }
    this.#steps.push(...internal, { kind: 'export', name: 'exporting to image', state: 'waiting', statuses: [] })
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
      const { source = '', file } = this.#build.inputs
      const bytes = this.#build.inputs.source === undefined ? 2 : source.length + file.length + 28
      const millis = this.#draw(DEFINITION_MILLIS, 'definition')
      this.#start(0, millis, [this.#status('transferring dockerfile:', millis, 0, bytes)])
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
      if (this.#waitsForContext(vertex) && this.#steps[context]?.state !== 'done') continue
      this.#beginVertex(index, vertex)
      if (this.#build.state !== 'running') return true
      changed = true
    }
    if (changed) return true
    const open = this.#steps.some(({ state, kind }) => kind !== 'export' && state !== 'done')
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
    const { inputs } = this.#build
    const last = this.#pass
      .all(Build)
      .filter(({ id, endedAt }) => id !== this.#build.id && endedAt !== undefined)
      .at(-1)
    const sent = sentEntries(inputs, ignoredBy(inputs))
    const bytes = sentBytes(sent, last?.inputs.context ?? [])
    this.#build.sentBytes = bytes
    const millis = 3 + bytes / SENT + sent.length / 200
    this.#start(index, millis, [this.#status('transferring context:', millis, 0, bytes)])
  }

  #beginVertex(index: number, vertex: Vertex): void {
    if (vertex.problem !== undefined) {
      this.#start(index, undefined)
      this.#set(index, { error: vertex.problem })
      return this.#failStep(index, { message: `failed to compute cache key: ${vertex.problem}`, lines: [vertex.lines] })
    }
    const verdict = this.#verdict(vertex)
    const record = verdict.cached ? this.#pass.get(cacheRecordKey(this.#build.machine, vertex.key)) : undefined
    if (record) {
      this.#start(index, 0)
      this.#end(index, { cached: true, verdict })
      this.#result(vertex, { key: vertex.key, layers: record.layers, at: record.createdAt })
      this.#pass.set(
        cacheRecordKey(this.#build.machine, vertex.key),
        { ...record, usedAt: this.#now, uses: record.uses + 1 },
        { id: 'docker/build-cached', values: { step: this.#steps[index]!.name } },
        true,
      )
      return
    }
    this.#set(index, { verdict })
    if (vertex.kind === 'FROM') return this.#pull(index, vertex)
    const before = this.#layersOf(vertex.before)
    if (before.length >= MOST_LAYERS) return this.#failAt(index, vertex, 'max depth exceeded')
    if (vertex.kind === 'RUN') return this.#run(index, vertex)
    this.#start(index, this.#millisOf(vertex))
  }

  #verdict(vertex: Vertex): CacheVerdict {
    const { noCache, noCacheFilter } = this.#build.inputs.options
    const stage = this.#plan.stages.get(vertex.stage)?.graph.stage.from.name
    if (vertex.kind !== 'FROM' && (noCache || (stage !== undefined && noCacheFilter.includes(stage))))
      return { cached: false, because: 'not wanted' }
    const vertices = this.#vertices
    if (this.#verdicts?.of !== vertices) {
      const records = [...this.#pass.all(CacheRecord)].sort((a, b) => a.createdAt - b.createdAt)
      this.#verdicts = { of: vertices, all: cacheVerdicts(vertices, records) }
    }
    return this.#verdicts.all[vertex.id]!
  }

  #layersOf(vertex: number | undefined): readonly Layer[] {
    return vertex === undefined ? [] : (this.#build.results[vertex]?.layers ?? [])
  }

  #result(vertex: Vertex, result: StepResult): void {
    this.#build.results = { ...this.#build.results, [vertex.id]: result }
  }

  /** Brings the layers of a base that the machine lacks. */
  #pull(index: number, vertex: Vertex): void {
    const { image = '' } = vertex
    const found = this.#build.images[image]!
    const layers = baseOf(this.#pass, image, found)?.image.layers ?? []
    const present = new Set<string>()
    for (const local of this.#pass.all(LocalImage))
      for (const { digest } of contentOf(this.#pass, local)?.layers ?? []) present.add(digest)
    for (const record of this.#pass.all(CacheRecord)) for (const { digest } of record.layers) present.add(digest)
    const missing = found.local ? [] : layers.filter(({ digest }) => !present.has(digest))
    const resolved = this.#status(`resolve ${found.full}@${found.digest}`, 8)
    if (missing.length === 0) {
      this.#start(index, found.local ? 0 : 10, found.local ? [] : [resolved])
      return
    }
    const statuses = [resolved]
    const speed = this.#pass.machine.downloadBytesPerSecond / 1000
    let at = 120
    for (const { digest, compressedBytes } of missing) {
      const millis = 40 + compressedBytes / speed
      statuses.push(this.#status(digest, millis, at, compressedBytes))
      at += compressedBytes / speed
    }
    for (const { digest, unpackedBytes } of missing) {
      const millis = 5 + unpackedBytes / UNPACKED
      statuses.push(this.#status(`extracting ${digest}`, millis, at + 40))
      at += millis
    }
    this.#start(index, at + 60, statuses)
  }

  #pulled(index: number): void {
    const vertex = this.#vertices[this.#steps[index]!.vertex!]!
    const { image = '' } = vertex
    const found = this.#build.images[image]!
    if (!found.local && !reaches(this.#pass.world, this.#build.machine, INTERNET).ok)
      return this.#failAt(
        index,
        vertex,
        `failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://${found.full.split('/')[0]}": dial tcp: i/o timeout`,
      )
    const base = baseOf(this.#pass, image, found)
    const layers = base?.image.layers ?? []
    this.#keep(vertex, { key: vertex.key, layers, at: base?.createdAt ?? 0 }, 0)
  }

  /** Simulated time of a step that is not a process. */
  #millisOf(vertex: Vertex): number {
    const one = vertex.step!.instruction
    if (one.kind !== 'COPY' && one.kind !== 'ADD') return this.#draw([8, 30], `workdir ${vertex.id}`)
    const addresses = one.kind === 'ADD' ? one.sources.filter((source) => isUrl(source) || isGit(source)) : []
    const speed = this.#pass.machine.downloadBytesPerSecond / 1000
    const fetching = addresses.reduce((sum, address) => sum + 150 + remoteBytes(address) / speed, 0)
    const tree = this.#sourceOf(vertex)
    const bytes = attempt(() =>
      copiedEntries(this.#pass, { ...one, chown: undefined }, this.#placeOf(vertex, tree)).reduce(
        (sum, entry) => sum + (entry.bytes ?? entry.text.length),
        0,
      ),
    )
    return this.#draw([12, 40], `copy ${vertex.id}`) + ('value' in bytes ? bytes.value : 0) / COPIED + fetching
  }

  #sourceOf({ sources, step }: Vertex) {
    const [from] = sources
    if (from !== undefined) return treeOf(this.#pass, this.#build.machine, this.#layersOf(from))
    return contextTree(step!.source === undefined ? sentEntries(this.#build.inputs, ignoredBy(this.#build.inputs)) : [])
  }

  #placeOf(vertex: Vertex, source: CopyPlace['source']): CopyPlace {
    const below = treeOf(this.#pass, this.#build.machine, this.#layersOf(vertex.before))
    return { below, source, workdir: vertex.step!.scope.workdir, now: this.#now }
  }

  /** A COPY, ADD or WORKDIR is over: its layer is made. */
  #worked(index: number): void {
    const vertex = this.#vertices[this.#steps[index]!.vertex!]!
    const step = vertex.step!
    const one = step.instruction
    const made = attempt((): readonly Entry[] => {
      const place = this.#placeOf(vertex, this.#sourceOf(vertex))
      if (one.kind === 'COPY' || one.kind === 'ADD') return this.#copied(one, place)
      const files = new FileView(this.#pass.world, [], {}, place.below).from('/')
      const [user = '', group] = step.scope.user.split(':')
      const own = (user === '' ? undefined : userIn(files, user)) ?? { uid: 0, gid: 0 }
      const gid = group !== undefined && /^\d+$/.test(group) ? Number(group) : own.gid
      return workdirEntries(place.below, step.results[0] ?? '/', { uid: own.uid, gid }, this.#now)
    })
    if ('problem' in made) return this.#failAt(index, vertex, made.problem.message)
    this.#layer(vertex, made.value)
  }

  #copied(one: Copy, place: CopyPlace): readonly Entry[] {
    return copiedEntries(this.#pass, one, place)
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
    const { machine } = this.#build
    const { key, parts, stage, kind, name } = vertex
    const record: CacheRecord = {
      id: BigInt(`0x${this.#pass.id(`record ${key}`)}`)
        .toString(36)
        .slice(0, 25),
      key,
      parts,
      stage,
      kind,
      name,
      layers: result.layers,
      bytes,
      createdAt: kind === 'FROM' ? this.#now : result.at,
      usedAt: this.#now,
      uses: 1,
    }
    this.#pass.set(
      cacheRecordKey(machine, key),
      record,
      { id: 'docker/build-kept', values: { step: vertex.name } },
      true,
    )
    const all = this.#pass.all(CacheRecord)
    if (all.length <= MOST_RECORDS) return
    const [oldest] = [...all].sort((a, b) => a.usedAt - b.usedAt)
    this.#pass.set(cacheRecordKey(machine, oldest!.key), undefined, { id: 'docker/build-cache-full' }, true)
  }

  #run(index: number, vertex: Vertex): void {
    const step = vertex.step as Step
    const root = this.#rootOf(vertex)
    const problem = beginRun(
      this.#pass,
      {
        build: this.#build,
        vertex: vertex.id,
        step,
        layers: this.#layersOf(vertex.before),
        base: root === undefined ? undefined : baseOf(this.#pass, root, this.#build.images[root])?.image,
        sources: vertex.sources.map((source) =>
          source === undefined ? undefined : treeOf(this.#pass, this.#build.machine, this.#layersOf(source)),
        ),
        context: () => contextTree(sentEntries(this.#build.inputs, ignoredBy(this.#build.inputs))),
      },
      this.#because,
    )
    this.#start(index, undefined)
    this.#set(index, { output: outputOf(this.#build, vertex.id) })
    if (problem) this.#failAt(index, vertex, problem.problem)
  }

  /** The image that a vertex stands on in the end. */
  #rootOf(vertex: Vertex): string | undefined {
    let at: Vertex | undefined = vertex
    while (at && at.kind !== 'FROM') at = at.before === undefined ? undefined : this.#vertices[at.before]
    return at?.image
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
    const top = topsOf(this.#plan, this.#vertices).get(this.#plan.graph.target)
    const layers = this.#layersOf(top?.id)
    const fresh = this.#vertices.filter(
      ({ id, kind }) => kind !== 'FROM' && this.#steps.some((step) => step.vertex === id && step.cached !== true),
    )
    const bytes = fresh.reduce((sum, { id }) => sum + (this.#layersOf(id).at(-1)?.unpackedBytes ?? 0), 0)
    const millis = fresh.length === 0 ? 2 : 15 + bytes / EXPORTED
    const stored = this.#imageOf(top, layers)
    const statuses = [
      this.#status('exporting layers', millis),
      this.#status(`writing image ${stored.id}`, 2, millis),
      ...this.#build.inputs.options.tags.map((tag) => this.#status(`naming to ${fullName(tag)}`, 2, millis + 3)),
    ]
    this.#start(index, millis + 6, statuses)
  }

  #imageOf(top: Vertex | undefined, layers: readonly Layer[]) {
    const { inputs, results, images, machine } = this.#build
    return imageOfStage(
      this.#plan,
      this.#plan.graph.target,
      this.#vertices,
      results,
      (image) => baseOf(this.#pass, image, images[image]),
      {
        labels: inputs.options.labels,
        platform: inputs.options.platform,
        layers: top ? layers : [],
        tree: treeOf(this.#pass, machine, layers),
      },
    )
  }

  #exported(index: number): void {
    const top = topsOf(this.#plan, this.#vertices).get(this.#plan.graph.target)
    const stored = this.#imageOf(top, this.#layersOf(top?.id))
    const { tags } = this.#build.inputs.options
    keepImage(this.#pass, stored, tags, {
      id: 'docker/built',
      values: { image: tags[0] ?? stored.id, layers: stored.image.layers.length, bytes: stored.image.unpackedBytes },
    })
    for (const name of tags) this.#pass.event('image', 'tag', stored.id, { name })
    this.#end(index)
    this.#build.image = stored.id
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

/** Where the file names an image. */
function linesNaming(plan: BuildPlan, image: string) {
  for (const { graph, steps } of plan.stages.values()) {
    const { base, stage } = graph
    if (typeof base === 'object' && 'image' in base && base.image === image) return [stage.from.lines]
    for (const { source, instruction } of steps)
      if (typeof source === 'object' && 'image' in source && source.image === image) return [instruction.lines]
  }
  return []
}

/** When an address does not answer, in the words of Go's HTTP client. */
export const addressProblem = (address: string): string | undefined =>
  isThere(address)
    ? undefined
    : `failed to load cache key: Get "${address}": dial tcp: lookup ${hostOf(address)} on 127.0.0.53:53: no such host`

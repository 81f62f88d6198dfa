import { parseReference } from '../../platform/image/reference'
import { checkOf } from './directives'
import type { Environment } from './expand'
import { globalArgs, platformArgs } from './globals'
import { type Graph, type GraphStage, graphOf, onbuildTrigger, type Source, stageNamed, stageNames } from './graph'
import { contentOf } from './heredoc'
import type { PatternMatcher } from './ignore'
import type { Copy, Instruction, Run } from './instruction'
import { lintDefaultImages, lintText, looksSecret } from './lint'
import { type Mount, mountOf } from './mount'
import type { Dockerfile } from './parse'
import { checkChecksum, checkMode, checkSignal, exposedPorts, isUrl } from './ports'
import { attempt, DockerfileError, located, type Problem, quoted } from './problem'
import { type Warning, Warnings } from './rules'
import { Budget, Expander, joinedPath, type Scope, withVariables } from './scope'

/** What is known of an image that a stage starts from. */
export interface BaseImage {
  readonly env: Environment
  readonly workdir?: string
  readonly user?: string
  readonly shell?: readonly string[]
  /** Its ONBUILD instructions. */
  readonly onbuild?: readonly string[]
}

export interface PlanOptions {
  readonly target?: string
  readonly buildArgs?: Environment
  /** What is built, `linux/amd64` if not said. */
  readonly platform?: string
  /** Undefined for an image of which nothing is known: then no variable is called undefined. */
  readonly baseImage?: (image: string) => BaseImage | undefined
  /** Of the `.dockerignore`. */
  readonly ignored?: PatternMatcher
}

/** An instruction with its variables filled in, and the scope that it is carried out in. */
export interface Step {
  readonly instruction: Instruction
  /** Before the instruction. */
  readonly scope: Scope
  /** Where COPY takes its files from; undefined for the build context. */
  readonly source: Source | undefined
  readonly mounts: readonly (Mount & { readonly files: Source | undefined })[]
  /** Of WORKDIR: where it leads. Of EXPOSE: its ports. */
  readonly results: readonly string[]
}

export interface PlannedStage {
  readonly graph: GraphStage
  readonly steps: readonly Step[]
  /** After the last instruction. */
  readonly scope: Scope
}

export interface BuildPlan {
  readonly graph: Graph
  /** The reachable stages, by index. */
  readonly stages: ReadonlyMap<number, PlannedStage>
  readonly warnings: readonly Warning[]
}

/** What a build of the file would do, up to asking registries and reading files. Models dockerfile2llb `toDispatchState`. */
export function planBuild(
  file: Dockerfile,
  options: PlanOptions = {},
): { readonly plan: BuildPlan } | { readonly problem: Problem } {
  const made = attempt(() => planned(file, options))
  return 'problem' in made ? made : { plan: made.value }
}

const NOTHING: Environment = new Map()
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function planned(file: Dockerfile, options: PlanOptions): BuildPlan {
  const check = checkOf(file.directives)
  const warnings = new Warnings(check)
  const platform = options.platform ?? 'linux/amd64'
  const predefined = platformArgs(platform, 'linux/amd64', options.target ?? 'default')
  lintText(file, warnings)
  lintDefaultImages(file, globalArgs(file, predefined, NOTHING), warnings)
  const globals = globalArgs(file, predefined, options.buildArgs ?? NOTHING)
  const graph = graphOf(file, globals, options.target, warnings)
  const planner = new Planner(file, options, globals, graph, warnings)
  const stages = new Map<number, PlannedStage>()
  for (const index of graph.reachable) stages.set(index, planner.stage(graph.stages[index]!, stages))
  if (check.error && warnings.all.length > 0) {
    const rules = [...new Set(warnings.all.map(({ rule }) => rule))].sort()
    throw new DockerfileError(
      `lint violation found for rules: ${rules.join(', ')}`,
      ...warnings.all.map(({ lines }) => lines),
    )
  }
  return { graph, stages, warnings: warnings.all }
}

class Planner {
  readonly #file: Dockerfile
  readonly #options: PlanOptions
  readonly #globals: Environment
  readonly #warnings: Warnings
  readonly #names: ReadonlyMap<string, number>
  readonly #budget = new Budget()

  constructor(file: Dockerfile, options: PlanOptions, globals: Environment, graph: Graph, warnings: Warnings) {
    this.#file = file
    this.#options = options
    this.#globals = globals
    this.#warnings = warnings
    this.#names = stageNames(graph.stages)
  }

  stage(graph: GraphStage, before: ReadonlyMap<number, PlannedStage>): PlannedStage {
    const { from } = graph.stage
    const { scope: start, onbuild } = located(from.lines, () => this.#base(graph, before))
    const triggers = onbuild.flatMap((one) => onbuildTrigger(one, from.lines))
    const once = new Map<string, Instruction>()
    const steps: Step[] = []
    let scope = start
    for (const instruction of [...triggers, ...graph.instructions])
      located(instruction.lines, () => {
        this.#lint(instruction, scope, once)
        const step = this.#step(instruction, scope, graph, before)
        steps.push(step)
        scope = this.#after(step)
      })
    return { graph, steps, scope }
  }

  #base({ base, stage }: GraphStage, before: ReadonlyMap<number, PlannedStage>) {
    if (typeof base === 'object' && 'stage' in base) {
      const below = before.get(base.stage)
      if (below === undefined) throw new DockerfileError(`invalid stage index ${base.stage}`)
      return { scope: below.scope, onbuild: [] }
    }
    const image = base === 'scratch' ? { env: NOTHING } : this.#image(base.image, stage.from.image)
    const env = image?.env ?? NOTHING
    const scope: Scope = {
      env: env.has('PATH') ? env : withVariables(env, [['PATH', PATH]]),
      args: new Map(),
      baseKnown: image !== undefined,
      workdir: image?.workdir || '/',
      workdirSet: false,
      user: image?.user ?? '',
      shell: image?.shell,
    }
    return { scope, onbuild: image?.onbuild ?? [] }
  }

  #image(name: string, written: string): BaseImage | undefined {
    const parsed = parseReference(name)
    if ('error' in parsed) throw new DockerfileError(`failed to parse stage name ${quoted(written)}: ${parsed.error}`)
    return this.#options.baseImage?.(name)
  }

  #lint(one: Instruction, scope: Scope, once: Map<string, Instruction>): void {
    if (one.kind === 'CMD' || one.kind === 'ENTRYPOINT' || one.kind === 'HEALTHCHECK') {
      const earlier = once.get(one.kind)
      if (earlier !== undefined) this.#warnings.report('MultipleInstructionsDisallowed', earlier.lines, one.keyword)
      once.set(one.kind, one)
    }
    if ((one.kind === 'CMD' || one.kind === 'ENTRYPOINT') && one.command.form === 'shell' && scope.shell === undefined)
      this.#warnings.report('JSONArgsRecommended', one.lines, one.keyword)
    if ((one.kind === 'ENV' || one.kind === 'LABEL') && one.legacy)
      this.#warnings.report('LegacyKeyValueFormat', one.lines, one.keyword)
    const keys = one.kind === 'ENV' ? one.pairs : one.kind === 'ARG' ? one.args : []
    for (const { key } of keys)
      if (looksSecret(key)) this.#warnings.report('SecretsUsedInArgOrEnv', one.lines, one.kind, key)
  }

  /** The instruction with its variables filled in. */
  #step(one: Instruction, scope: Scope, graph: GraphStage, before: ReadonlyMap<number, PlannedStage>): Step {
    const expander = new Expander(scope, this.#file.escape, one.lines, this.#warnings, this.#budget)
    const { word } = expander
    const step: Step = { instruction: one, scope, source: undefined, mounts: [], results: [] }
    switch (one.kind) {
      case 'ENV':
      case 'LABEL': {
        const pairs = one.pairs.map(({ key, value }) => ({ key: word(key), value: word(value) }))
        return { ...step, instruction: { ...one, pairs } }
      }
      case 'ARG': {
        const args = one.args.map(({ key, value }) => ({
          key: word(key),
          value: value === undefined ? undefined : word(value),
        }))
        return { ...step, instruction: { ...one, args } }
      }
      case 'WORKDIR': {
        const value = word(one.value)
        if (!value.startsWith('/') && !scope.workdirSet) this.#warnings.report('WorkdirRelativePath', one.lines, value)
        return { ...step, instruction: { ...one, value }, results: [joinedPath(scope.workdir, value)] }
      }
      case 'USER':
        return { ...step, instruction: { ...one, value: word(one.value) } }
      case 'STOPSIGNAL': {
        const value = word(one.value)
        checkSignal(value)
        return { ...step, instruction: { ...one, value } }
      }
      case 'VOLUME': {
        const words = one.words.map(word)
        if (words.includes('')) throw new DockerfileError('VOLUME specified can not be an empty string')
        return { ...step, instruction: { ...one, words } }
      }
      case 'EXPOSE': {
        const words = [...one.words].sort().flatMap((text) => expander.words(text))
        const results = words.flatMap((text) => exposedPorts(text, one.lines, this.#warnings))
        this.#budget.spend(results.length * 10)
        return { ...step, instruction: { ...one, words }, results }
      }
      case 'COPY':
      case 'ADD':
        return { ...step, ...this.#copy(one, expander, graph, before) }
      case 'RUN':
        return { ...step, mounts: this.#mounts(one, word, graph, before) }
      default:
        return step
    }
  }

  #copy(one: Copy, expander: Expander, graph: GraphStage, before: ReadonlyMap<number, PlannedStage>) {
    const { word } = expander
    const optional = (text: string | undefined) => (text === undefined ? undefined : word(text))
    const instruction: Copy = {
      ...one,
      sources: one.sources.map(word),
      destination: word(one.destination),
      chown: optional(one.chown),
      chmod: optional(one.chmod),
      checksum: optional(one.checksum),
      heredocs: one.heredocs.map((heredoc) => ({
        ...heredoc,
        chomp: false,
        content: heredoc.expands ? expander.content(contentOf(heredoc)) : contentOf(heredoc),
      })),
    }
    if (instruction.chmod !== undefined) checkMode(instruction.chmod)
    if (instruction.checksum !== undefined) checkChecksum(instruction.checksum, instruction.sources)
    if (one.kind === 'COPY' && instruction.sources.some(isUrl))
      throw new DockerfileError("source can't be a URL for COPY")
    const { ignored } = this.#options
    if (one.from === undefined && ignored !== undefined && !ignored.hasExceptions)
      for (const source of instruction.sources) {
        const path = joinedPath('/', source).slice(1)
        if (path !== '' && ignored.matches(path))
          this.#warnings.report('CopyIgnoredFile', one.lines, one.kind === 'ADD' ? 'Add' : 'Copy', path)
      }
    const source = one.from === undefined ? undefined : this.#source(one.from, graph, before)
    return { instruction, source }
  }

  #mounts(one: Run, word: (text: string) => string, graph: GraphStage, before: ReadonlyMap<number, PlannedStage>) {
    return one.mounts.map((text) => {
      const mount = mountOf(text, word)
      return { ...mount, files: mount.from === undefined ? undefined : this.#source(mount.from, graph, before) }
    })
  }

  #source(from: string, { stage }: GraphStage, before: ReadonlyMap<number, PlannedStage>): Source {
    const index = stageNamed(from, this.#names, this.#file.stages.length)
    if (index === undefined) return from === 'scratch' ? 'scratch' : { image: from }
    if (!before.has(index)) {
      const [wanted, current] = [quoted(from), quoted(stage.from.name ?? '')]
      throw new DockerfileError(
        `cannot copy from stage ${wanted}, it needs to be defined before current stage ${current}`,
      )
    }
    return { stage: index }
  }

  /** The scope behind the step. */
  #after({ instruction: one, scope, results }: Step): Scope {
    switch (one.kind) {
      case 'ENV':
        return {
          ...scope,
          env: withVariables(
            scope.env,
            one.pairs.map(({ key, value }) => [key, value]),
          ),
        }
      case 'ARG': {
        const args = new Map(scope.args)
        const set: (readonly [string, string])[] = []
        for (const { key, value: fallback } of one.args) {
          const value = this.#options.buildArgs?.get(key) ?? fallback ?? this.#globals.get(key)
          args.set(key, value)
          if (value !== undefined) set.push([key, value])
        }
        return { ...scope, args, env: set.length === 0 ? scope.env : withVariables(scope.env, set) }
      }
      case 'WORKDIR':
        return { ...scope, workdir: results[0]!, workdirSet: true }
      case 'USER':
        return { ...scope, user: one.value }
      case 'SHELL':
        return { ...scope, shell: one.words }
      default:
        return scope
    }
  }
}

import { digestOf } from '../../platform/image/hex'
import { type ContextFile, checksum, selectedFiles, sentFiles } from './context'
import type { Source } from './graph'
import type { PatternMatcher } from './ignore'
import type { Copy, Run } from './instruction'
import type { BuildPlan, PlannedStage, Step } from './plan'
import { isGit, isUrl } from './ports'
import { attempt, DockerfileError, type LineRange, located, type Problem } from './problem'

/** One thing that the key of a step is made of. */
export interface KeyPart {
  readonly what:
    | 'base'
    | 'before'
    | 'command'
    | 'variables'
    | 'directory'
    | 'user'
    | 'shell'
    | 'mounts'
    | 'network'
    | 'files'
    | 'options'
  readonly value: string
}

/** A step of the build graph: FROM, or an instruction that makes a layer. */
export interface Vertex {
  readonly id: number
  readonly stage: number
  readonly kind: 'FROM' | 'RUN' | 'COPY' | 'ADD' | 'WORKDIR'
  /** As progress shows it: `[build 2/4] RUN make`. */
  readonly name: string
  readonly lines: LineRange
  /** The vertices whose results it takes. */
  readonly needs: readonly number[]
  /** The one that it stands on, in its stage or in the one below; undefined: nothing. */
  readonly before: number | undefined
  /** Where COPY takes its files from, if not from the context: a vertex, or nothing. Of RUN: of each mount that takes files from somewhere. */
  readonly sources: readonly (number | undefined)[]
  /** The instruction; of FROM none. */
  readonly step: Step | undefined
  /** Of FROM: the image as it is written, variables filled in. */
  readonly image: string | undefined
  /** Why its key cannot be computed: a file that is not there. */
  readonly problem: string | undefined
  readonly parts: readonly KeyPart[]
  readonly key: string
}

export interface BuildInputs {
  readonly context: readonly ContextFile[]
  readonly ignored?: PatternMatcher
  /** What a name is resolved to now: with another one, everything on top is built anew. */
  readonly imageDigest: (image: string) => string
  /** Of what an address holds: its ETag, or the commit of a repository. */
  readonly remoteDigest?: (address: string) => string
  /**
   * The checksum of paths in the result of a step, once that is known: then COPY --from goes by content, and a stage that was built anew with
   * the same files is no miss.
   */
  readonly contentOf?: (key: string, paths: readonly string[]) => string | undefined
}

/** The build graph of a plan, needs before those who need them. Models the vertices of dockerfile2llb and the keys of solver. */
export function verticesOf(
  plan: BuildPlan,
  inputs: BuildInputs,
): { readonly vertices: readonly Vertex[] } | { readonly problem: Problem } {
  const made = attempt(() => weave(plan, inputs).map(checked))
  return 'problem' in made ? made : { vertices: made.value }
}

function checked(vertex: Vertex): Vertex {
  if (vertex.problem !== undefined)
    throw new DockerfileError(`failed to compute cache key: ${vertex.problem}`, vertex.lines)
  return vertex
}

/** The same, where a step whose files are missing is told of in the step: those before it are built all the same. */
export const weave = (plan: BuildPlan, inputs: BuildInputs): readonly Vertex[] => new Weaver(plan, inputs).all()

/** The last vertex of each stage: what a stage comes to. */
export const topsOf = (plan: BuildPlan, vertices: readonly Vertex[]): ReadonlyMap<number, Vertex> => {
  const tops = new Map<number, Vertex>()
  for (const [index, { graph, steps }] of plan.stages) {
    const own = vertices.filter((one) => one.stage === index && steps.includes(one.step as Step)).at(-1)
    const { base } = graph
    const below =
      base === 'scratch'
        ? undefined
        : 'stage' in base
          ? tops.get(base.stage)
          : vertices.find(({ kind, image }) => kind === 'FROM' && image === base.image)
    const top = own ?? below
    if (top) tops.set(index, top)
  }
  return tops
}

/** What `contentOf` answers for a path that is not there begins with. */
export const MISSING = 'missing: '

/** A key from its parts. */
const keyOf = (parts: readonly KeyPart[]) => digestOf(parts.map(({ what, value }) => `${what}\n${value}`).join('\n\n'))

const makesLayer = ({ instruction: one, results }: Step) =>
  one.kind === 'RUN' || one.kind === 'COPY' || one.kind === 'ADD' || (one.kind === 'WORKDIR' && results[0] !== '/')

class Weaver {
  readonly #vertices: Vertex[] = []
  /** The last vertex of each stage; none for a stage that is empty. */
  readonly #tops = new Map<number, Vertex>()
  readonly #images = new Map<string, Vertex>()
  readonly #plan: BuildPlan
  readonly #inputs: BuildInputs
  readonly #sent: readonly ContextFile[]

  constructor(plan: BuildPlan, inputs: BuildInputs) {
    this.#plan = plan
    this.#inputs = inputs
    this.#sent = sentFiles(inputs.context, inputs.ignored)
  }

  all(): readonly Vertex[] {
    for (const [index, stage] of this.#plan.stages) this.#stage(index, stage)
    return this.#vertices
  }

  #stage(index: number, { graph, steps }: PlannedStage): void {
    const layers = steps.filter(makesLayer)
    const name = graph.stage.from.name ?? (this.#plan.graph.stages.length > 1 ? `stage-${index}` : '')
    // an image counts as a step; a stage, or nothing, does not. WORKDIR / is counted though it makes no layer
    const own = typeof graph.base === 'object' && 'image' in graph.base ? 1 : 0
    const count = own + steps.filter((step) => makesLayer(step) || step.instruction.kind === 'WORKDIR').length
    const label = (n: number, text: string) =>
      `[${name}${name && ' '}${String(n).padStart(String(count).length)}/${count}] ${text}`
    let top = this.#source(graph.base, index, (image) => label(1, `FROM ${image}`), graph.stage.from.lines)
    layers.forEach((step, i) => {
      const { text, lines } = step.instruction
      top = located(lines, () => this.#step(step, index, label(own + i + 1, text), top))
    })
    if (top !== undefined) this.#tops.set(index, top)
  }

  #add(
    vertex: Omit<Vertex, 'id' | 'key' | 'before' | 'sources' | 'step' | 'image' | 'problem'> &
      Partial<Pick<Vertex, 'before' | 'sources' | 'step' | 'image' | 'problem'>>,
  ): Vertex {
    const bare = { before: undefined, sources: [], step: undefined, image: undefined, problem: undefined }
    const made = { ...bare, ...vertex, id: this.#vertices.length, key: keyOf(vertex.parts) }
    this.#vertices.push(made)
    return made
  }

  #source(source: Source, stage: number, name: (image: string) => string, lines: LineRange): Vertex | undefined {
    if (source === 'scratch') return undefined
    if ('stage' in source) return this.#tops.get(source.stage)
    const known = this.#images.get(source.image)
    if (known !== undefined) return known
    const parts: KeyPart[] = [{ what: 'base', value: `${source.image}@${this.#inputs.imageDigest(source.image)}` }]
    const made = this.#add({
      stage,
      kind: 'FROM',
      name: name(source.image),
      lines,
      needs: [],
      parts,
      image: source.image,
    })
    this.#images.set(source.image, made)
    return made
  }

  #step(step: Step, stage: number, name: string, before: Vertex | undefined): Vertex {
    const { instruction: one, scope } = step
    const { lines } = one
    const head = { stage, name, lines }
    if (one.kind === 'RUN') return this.#run(one, step, head, before)
    const behind: KeyPart[] = [{ what: 'before', value: before?.key ?? 'scratch' }]
    const needs = before === undefined ? [] : [before.id]
    if (one.kind === 'COPY' || one.kind === 'ADD') {
      const from = this.#files(one, step, stage, name)
      const { chown = '', chmod = '', parents, destination, keepGitDir, unpack } = one
      const options = JSON.stringify([chown, chmod, parents, keepGitDir, unpack, scope.workdir, destination])
      const parts: KeyPart[] = [
        // a copy with --link is made on nothing and laid on top later
        ...(one.link ? [] : behind),
        { what: 'options', value: options },
        ...from.parts,
      ]
      const { sources, problem } = from
      const all = [...new Set([...needs, ...sources.flatMap((source) => (source === undefined ? [] : [source]))])]
      return this.#add({ ...head, step, before: before?.id, sources, problem, kind: one.kind, needs: all, parts })
    }
    const parts: KeyPart[] = [
      ...behind,
      { what: 'directory', value: step.results[0]! },
      { what: 'user', value: scope.user },
    ]
    return this.#add({ ...head, step, before: before?.id, kind: 'WORKDIR', needs, parts })
  }

  #run(one: Run, step: Step, head: Pick<Vertex, 'stage' | 'name' | 'lines'>, before: Vertex | undefined): Vertex {
    const { scope, mounts } = step
    const needs = new Set(before === undefined ? [] : [before.id])
    const sources: (number | undefined)[] = []
    const shell = one.command.form === 'shell' ? (scope.shell ?? ['/bin/sh', '-c']) : []
    const mounted = mounts.map(({ files, ...mount }) => {
      const from =
        files === undefined ? undefined : this.#source(files, head.stage, (image) => `FROM ${image}`, head.lines)
      if (from !== undefined) needs.add(from.id)
      sources.push(from?.id)
      const context = mount.type === 'bind' && files === undefined ? checksum(this.#sent) : ''
      return JSON.stringify([mount, from?.key ?? context])
    })
    const parts: KeyPart[] = [
      { what: 'before', value: before?.key ?? 'scratch' },
      { what: 'command', value: JSON.stringify([one.command, one.heredocs]) },
      { what: 'variables', value: [...scope.env].map(([key, value]) => `${key}=${value}`).join('\n') },
      { what: 'directory', value: scope.workdir },
      { what: 'user', value: scope.user },
      { what: 'shell', value: JSON.stringify(shell) },
      { what: 'mounts', value: mounted.join('\n') },
      { what: 'network', value: `${one.network} ${one.security}` },
    ]
    return this.#add({ ...head, step, before: before?.id, sources, kind: 'RUN', needs: [...needs], parts })
  }

  #files(
    one: Copy,
    { source }: Step,
    stage: number,
    name: string,
  ): {
    parts: readonly KeyPart[]
    sources: readonly (number | undefined)[]
    problem?: string
  } {
    const inline = one.heredocs.map((heredoc) => `${heredoc.name}\n${heredoc.content}`)
    if (source !== undefined) {
      const from = this.#source(source, stage, () => `${name} (source)`, one.lines)
      const paths = [...one.sources, ...one.exclude.map((pattern) => `!${pattern}`)]
      const content = from && this.#inputs.contentOf?.(from.key, paths)
      const value = content ?? JSON.stringify([from?.key ?? 'scratch', paths])
      const missing = value.startsWith(MISSING) ? { problem: value.slice(MISSING.length) } : {}
      return {
        parts: [{ what: 'files', value: [value, ...inline].join('\n') }],
        sources: [from?.id],
        ...missing,
      }
    }
    const remote = one.sources.filter((path) => one.kind === 'ADD' && (isUrl(path) || isGit(path)))
    const local = { ...one, sources: one.sources.filter((path) => !remote.includes(path)) }
    const fetched = remote.map((address) => `${address}@${this.#inputs.remoteDigest?.(address) ?? ''}`)
    const found = attempt(() => (local.sources.length === 0 ? '' : checksum(selectedFiles(this.#sent, local))))
    const files = 'value' in found ? found.value : ''
    const prefix = 'failed to compute cache key: '
    if ('problem' in found && !found.problem.message.startsWith(prefix))
      throw new DockerfileError(found.problem.message, one.lines)
    return {
      parts: [{ what: 'files', value: [files, ...fetched, ...inline].join('\n') }],
      sources: [],
      ...('problem' in found && { problem: found.problem.message.slice(prefix.length) }),
    }
  }
}

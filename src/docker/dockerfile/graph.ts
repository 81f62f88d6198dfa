import { instructionOf } from './arguments'
import { type Environment, expand } from './expand'
import type { Instruction } from './instruction'
import { mountSource } from './mount'
import type { Dockerfile, Stage } from './parse'
import { DockerfileError, type LineRange, located, quoted } from './problem'
import type { Warnings } from './rules'
import { statementsOf } from './statements'
import { suggestion, withSuggestion } from './suggest'

/** Where files come from: another stage, an image, or the empty base. */
export type Source = { readonly stage: number } | { readonly image: string } | 'scratch'

export interface GraphStage {
  readonly stage: Stage
  readonly base: Source
  /** Of `--platform`, expanded. */
  readonly platform: string | undefined
  /** With what ONBUILD of the base stage puts in front. */
  readonly instructions: readonly Instruction[]
  /** Stages whose files it takes, its base first, each once. */
  readonly needs: readonly number[]
}

export interface Graph {
  readonly stages: readonly GraphStage[]
  readonly target: number
  /** Stages that the target needs, itself included, in the order of the file; the others are not built. */
  readonly reachable: readonly number[]
}

/** The stages and what they take from each other. Models dockerfile2llb `toDispatchState` up to `allReachableStages`. */
export function graphOf(file: Dockerfile, globals: Environment, target: string | undefined, warnings: Warnings): Graph {
  if (file.stages.length === 0) throw new DockerfileError('dockerfile contains no stages to build')
  const names = new Map<string, number>()
  const bases = file.stages.map((stage) => {
    const made = located(stage.from.lines, () => baseOf(stage, file.escape, globals, names, warnings))
    if (stage.from.name !== undefined) names.set(stage.from.name, stage.index)
    return made
  })
  const wanted = targetOf(target, names, file.stages.length)
  const stages: GraphStage[] = []
  for (const stage of file.stages) {
    const { base, platform } = bases[stage.index]!
    const below = typeof base === 'object' && 'stage' in base ? base.stage : undefined
    const instructions = [
      ...triggers(below === undefined ? [] : file.stages[below]!.instructions, stage),
      ...stage.instructions,
    ]
    const needs = new Set<number>(below === undefined ? [] : [below])
    for (const one of instructions)
      located(one.lines, () => {
        for (const source of sourcesOf(one)) {
          const found = stageNamed(source, names, file.stages.length)
          if (found !== undefined) needs.add(found)
        }
      })
    stages.push({ stage, base, platform, instructions, needs: [...needs] })
  }
  refuseCircles(stages)
  return { stages, target: wanted, reachable: reachableFrom(wanted, stages) }
}

/** Which stage a `--from` means: by number, by name, or undefined for an image. */
export function stageNamed(source: string, names: ReadonlyMap<string, number>, count: number): number | undefined {
  if (!/^[+-]?\d+$/.test(source)) return names.get(source.toLowerCase())
  const index = Number(source)
  if (index < 0 || index >= count) throw new DockerfileError(`invalid stage index ${index}`)
  return index
}

/** The names of the stages; a name that is given twice is the later stage's. */
export const stageNames = (stages: readonly GraphStage[]): ReadonlyMap<string, number> =>
  new Map(stages.flatMap(({ stage }) => (stage.from.name === undefined ? [] : [[stage.from.name, stage.index]])))

function baseOf(
  { from, index }: Stage,
  escape: string,
  globals: Environment,
  names: ReadonlyMap<string, number>,
  warnings: Warnings,
): { base: Source; platform: string | undefined } {
  const { text, unmatched } = expand(from.image, globals, { escape })
  reportUndeclared(unmatched, globals, from.lines, warnings)
  if (text === '') throw new DockerfileError(`base name (${from.image}) should not be blank`)
  const stage = names.get(text.toLowerCase())
  const base: Source =
    stage !== undefined && stage < index ? { stage } : text === 'scratch' ? 'scratch' : { image: text }
  if (from.platform === undefined) return { base, platform: undefined }
  const platform = expand(from.platform, globals, { escape })
  reportUndeclared(platform.unmatched, globals, from.lines, warnings)
  if (platform.text === '') {
    const name = platform.unmatched[0] ?? ''
    const message = `empty platform value from expression ${from.platform}`
    throw new DockerfileError(withSuggestion(message, name, [...globals.keys()]))
  }
  if (!/^[A-Za-z0-9_.()-]+(\/[A-Za-z0-9_.-]+){0,2}$/.test(platform.text))
    throw new DockerfileError(`failed to parse platform ${platform.text}: ${quoted(platform.text)}: invalid argument`)
  const only = platform.matched.length === 1 && platform.unmatched.length === 0
  if (only && platform.matched[0] === 'TARGETPLATFORM' && platform.text === globals.get('TARGETPLATFORM'))
    warnings.report('RedundantTargetPlatform', from.lines, from.platform)
  if (platform.matched.length + platform.unmatched.length === 0) {
    const parts = platform.text.split('/')
    const [os, arch] = parts.length > 1 ? parts : platformOfOne(platform.text)
    if (!from.name?.includes(os!) && !from.name?.includes(arch!))
      warnings.report('FromPlatformFlagConstDisallowed', from.lines, platform.text)
  }
  return { base, platform: platform.text }
}

/** A platform of one word is a system or a processor. */
const platformOfOne = (word: string): readonly [string, string] =>
  /^(linux|windows|darwin|freebsd)$/.test(word) ? [word, 'amd64'] : ['linux', word]

function reportUndeclared(names: readonly string[], globals: Environment, lines: LineRange, warnings: Warnings): void {
  for (const name of names) warnings.report('UndefinedArgInFrom', lines, name, suggestion(name, [...globals.keys()]))
}

function targetOf(target: string | undefined, names: ReadonlyMap<string, number>, count: number): number {
  if (target === undefined || target === '') return count - 1
  const named = names.get(target.toLowerCase())
  if (named !== undefined) return named
  const index = /^\d+$/.test(target) ? Number(target) : -1
  if (index >= 0 && index < count) return index
  throw new DockerfileError(
    withSuggestion(`target stage ${quoted(target)} could not be found`, target, [...names.keys()]),
  )
}

/** The instructions that ONBUILD of the base leaves to the stage; they stand at its FROM. */
function triggers(below: readonly Instruction[], { from }: Stage): Instruction[] {
  return below.flatMap((one) => (one.kind === 'ONBUILD' ? onbuildTrigger(one.expression, from.lines) : []))
}

/** Reads what ONBUILD has kept, as it is read when a build begins with that base. */
export function onbuildTrigger(expression: string, lines: LineRange): Instruction[] {
  return located(lines, () => {
    const { statements, escape } = statementsOf(expression)
    return statements.map((statement) => {
      const instruction = instructionOf({ ...statement, lines }, escape)
      if (instruction.kind === 'FROM') throw new DockerfileError("FROM isn't allowed as an ONBUILD trigger")
      return instruction
    })
  })
}

/** The stages or images that an instruction names. */
function sourcesOf(one: Instruction): string[] {
  if (one.kind === 'RUN') return one.mounts.flatMap((mount) => mountSource(mount) ?? [])
  if (one.kind !== 'COPY' || one.from === undefined) return []
  if (one.from.includes('$'))
    throw new DockerfileError(
      'variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround',
    )
  return [one.from]
}

function refuseCircles(stages: readonly GraphStage[]): void {
  const done = new Set<number>()
  for (const { stage } of stages) {
    if (done.has(stage.index)) continue
    const open = new Set([stage.index])
    const path = [{ at: stage.index, next: 0 }]
    while (path.length > 0) {
      const top = path[path.length - 1]!
      const need = stages[top.at]!.needs[top.next++]
      if (need === undefined) {
        open.delete(top.at)
        done.add(top.at)
        path.pop()
      } else if (open.has(need)) {
        const name = stage.from.name ?? ''
        throw new DockerfileError(`circular dependency detected on stage: ${name}`, stage.from.lines)
      } else if (!done.has(need)) {
        open.add(need)
        path.push({ at: need, next: 0 })
      }
    }
  }
}

function reachableFrom(target: number, stages: readonly GraphStage[]): number[] {
  const found = new Set<number>([target])
  for (const index of found) for (const need of stages[index]!.needs) found.add(need)
  return [...found].sort((a, b) => a - b)
}

import { checkSyntax, instructionOf } from './arguments'
import type { Directive } from './directives'
import type { Arg, From, Instruction } from './instruction'
import { attempt, DockerfileError, type LineRange, located, type Problem } from './problem'
import { type Statement, statementsOf } from './statements'

/** What stands between one FROM and the next. */
export interface Stage {
  readonly index: number
  readonly from: From
  readonly instructions: readonly Instruction[]
}

export interface Dockerfile {
  readonly source: string
  readonly directives: readonly Directive[]
  readonly escape: string
  /** ARG before the first FROM: for FROM lines, and for stages that declare them again. */
  readonly globalArgs: readonly Arg[]
  readonly stages: readonly Stage[]
  /** The instructions that hold an empty line. */
  readonly emptyContinuations: readonly LineRange[]
}

/** Reads a Dockerfile. Models buildkit frontend/dockerfile `parser.Parse` and `instructions.Parse`; nothing is expanded yet. */
export function parseDockerfile(source: string): { readonly file: Dockerfile } | { readonly problem: Problem } {
  const read = attempt(() => parsed(source))
  return 'problem' in read ? read : { file: read.value }
}

function parsed(source: string): Dockerfile {
  const { directives, escape, statements } = statementsOf(source)
  for (const statement of statements) located(statement.lines, () => checkSyntax(statement, escape))
  const globalArgs: Arg[] = []
  const stages: { index: number; from: From; instructions: Instruction[] }[] = []
  for (const statement of statements) {
    const instruction = read(statement, escape)
    const stage = stages[stages.length - 1]
    if (instruction.kind === 'FROM') stages.push({ index: stages.length, from: instruction, instructions: [] })
    else if (stage !== undefined) stage.instructions.push(instruction)
    else if (instruction.kind === 'ARG') globalArgs.push(instruction)
    else throw new DockerfileError('no build stage in current context', statement.lines)
  }
  const emptyContinuations = statements.filter((one) => one.emptyContinuation).map(({ lines }) => lines)
  return { source, directives, escape, globalArgs, stages, emptyContinuations }
}

const read = (statement: Statement, escape: string) =>
  located(
    statement.lines,
    () => instructionOf(statement, escape),
    (message) => `dockerfile parse error on line ${statement.lines.start}: ${message}`,
  )

import { type Flags, flagsOf } from './flags'
import { healthTest } from './health'
import { type Heredoc, heredocMark } from './heredoc'
import type { Arg, CommandLine, Copy, From, Instruction, Pair, Run } from './instruction'
import { checkMountText } from './mount'
import { DockerfileError, quoted } from './problem'
import { type Statement, splitStatement } from './statements'
import { withSuggestion } from './suggest'
import { cutAtBlanks, cutOnce, execForm, quotedWords } from './words'

export const KEYWORDS = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
]

const STAGE_NAME = /^[a-z][a-z0-9\-_.]*$/
const NO_STRINGS = 'when using JSON array syntax, arrays must be comprised of strings only'

/** A JSON array must hold strings only, else it is an error, not shell form [parser/line_parsers.go]. */
function exec(rest: string): readonly string[] | undefined {
  const words = execForm(rest)
  if (words === 'mixed') throw new DockerfileError(NO_STRINGS)
  return words
}

function commandLine(rest: string): CommandLine {
  const words = exec(rest)
  return words === undefined ? { form: 'shell', words: rest === '' ? [] : [rest] } : { form: 'exec', words }
}

/** `key=value …`, or `key value` as it once was. */
function pairsOf(rest: string, name: string, escape: string): { pairs: readonly Pair[]; legacy: boolean } {
  const words = quotedWords(rest, escape)
  if (words.length === 0) return { pairs: [], legacy: false }
  if (!words[0]!.includes('=')) {
    const [key, value] = cutOnce(rest)
    if (value === undefined) throw new DockerfileError(`${name} must have two arguments`)
    return { pairs: [{ key, value }], legacy: true }
  }
  const pairs = words.map((word) => {
    const cut = word.indexOf('=')
    if (cut < 0)
      throw new DockerfileError(`Syntax error - can't find = in ${quoted(word)}. Must be of the form: name=value`)
    return { key: word.slice(0, cut), value: word.slice(cut + 1) }
  })
  return { pairs, legacy: false }
}

/**
 * What the parser itself refuses, before any instruction is looked at: such errors carry no line in their text. Models the line parsers that
 * parser.Parse runs over the whole file.
 */
export function checkSyntax({ keyword, rest }: Statement, escape: string): void {
  const name = keyword.toUpperCase()
  if (name === 'ENV' || name === 'LABEL') pairsOf(rest, name, escape)
  else if (['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME'].includes(name)) exec(rest)
  else if (name === 'HEALTHCHECK') exec(cutOnce(rest)[1] ?? '')
}

const atLeastOne = (name: string) => new DockerfileError(`${name} requires at least one argument`)

/** Reads one statement as an instruction [instructions/parse.go ParseInstruction]. */
export function instructionOf(statement: Statement, escape: string): From | Instruction {
  const { keyword, rest, lines, heredocs } = statement
  const base = { keyword, lines, text: statement.original.trim() }
  const name = keyword.toUpperCase()
  const plain = () => flagsOf(statement.flags, {})
  switch (name) {
    case 'FROM':
      return { ...base, ...from(statement), kind: name }
    case 'RUN':
      return { ...base, ...run(statement), kind: name, heredocs }
    case 'COPY':
    case 'ADD':
      return { ...base, ...copy(statement, name), kind: name }
    case 'ENV':
    case 'LABEL': {
      plain()
      const { pairs, legacy } = pairsOf(rest, name, escape)
      if (pairs.length === 0) throw atLeastOne(name)
      if (pairs.some(({ key }) => key === '')) throw new DockerfileError(`${name} names can not be blank`)
      return { ...base, kind: name, pairs, legacy }
    }
    case 'ARG':
      plain()
      return { ...base, kind: name, args: args(rest, escape), comments: statement.comments }
    case 'CMD':
    case 'ENTRYPOINT':
      plain()
      return { ...base, kind: name, command: commandLine(rest) }
    case 'EXPOSE': {
      const words = cutAtBlanks(rest)
      if (words.length === 0) throw atLeastOne(name)
      plain()
      return { ...base, kind: name, words }
    }
    case 'VOLUME': {
      const words = (exec(rest) ?? cutAtBlanks(rest)).map((word) => word.trim())
      if (words.length === 0) throw atLeastOne(name)
      plain()
      if (words.includes('')) throw new DockerfileError('VOLUME specified can not be an empty string')
      return { ...base, kind: name, words }
    }
    case 'SHELL': {
      plain()
      const words = exec(rest)
      if (rest === '' || words?.length === 0) throw atLeastOne(name)
      if (words === undefined) throw new DockerfileError('SHELL requires the arguments to be in JSON form')
      return { ...base, kind: name, words }
    }
    case 'WORKDIR':
    case 'USER':
    case 'STOPSIGNAL':
    case 'MAINTAINER':
      if (rest === '') throw new DockerfileError(`${name} requires exactly one argument`)
      plain()
      return { ...base, kind: name, value: rest }
    case 'HEALTHCHECK':
      return { ...base, kind: name, health: healthTest(statement.flags, rest) }
    case 'ONBUILD':
      return { ...base, kind: name, expression: onbuild(statement) }
  }
  throw new DockerfileError(withSuggestion(`unknown instruction: ${keyword}`, keyword, KEYWORDS, false))
}

function from({ flags, rest, comments }: Statement) {
  const words = cutAtBlanks(rest)
  const named = words.length === 3 && words[1]!.toLowerCase() === 'as'
  if (!named && words.length !== 1) throw new DockerfileError('FROM requires either one or three arguments')
  const name = named ? words[2]!.toLowerCase() : undefined
  if (name !== undefined && !STAGE_NAME.test(name))
    throw new DockerfileError(
      `invalid name for build stage: ${quoted(words[2]!)}, name can't start with a number or contain symbols`,
    )
  const platform = flagsOf(flags, { platform: 'text' }).text('platform')
  const as = named ? ([words[1]!, words[2]!] as const) : undefined
  return { image: words[0]!, name, as, platform, comments }
}

function run({ flags: given, rest }: Statement): Pick<Run, 'command' | 'mounts' | 'network' | 'security' | 'devices'> {
  const flags = flagsOf(given, { mount: 'list', network: 'text', security: 'text', device: 'list' })
  const mounts = flags.list('mount')
  for (const mount of mounts) checkMountText(mount)
  return {
    command: commandLine(rest),
    mounts,
    network: among(flags, 'network', ['default', 'none', 'host'], 'network mode'),
    security: among(flags, 'security', ['sandbox', 'insecure'], 'security mode'),
    devices: flags.list('device'),
  }
}

function among<T extends string>(flags: Flags, name: string, values: readonly T[], what: string): T {
  const given = flags.text(name) ?? values[0]!
  const found = values.find((value) => value === given)
  if (found === undefined) throw new DockerfileError(withSuggestion(`invalid ${what} ${quoted(given)}`, given, values))
  return found
}

function copy(
  { flags: given, rest, heredocs }: Statement,
  name: 'COPY' | 'ADD',
): Omit<Copy, 'keyword' | 'text' | 'lines' | 'kind'> {
  const words = exec(rest) ?? cutAtBlanks(rest)
  if (words.length < 2)
    throw new DockerfileError(
      `${name} requires at least two arguments, but only one was provided. Destination could not be determined`,
    )
  const shared = { chown: 'text', chmod: 'text', link: 'boolean', exclude: 'list' } as const
  const flags = flagsOf(
    given,
    name === 'COPY'
      ? { ...shared, from: 'text', parents: 'boolean' }
      : { ...shared, 'keep-git-dir': 'boolean', checksum: 'text', unpack: 'boolean' },
  )
  const destination = words[words.length - 1]!
  if (markOf(destination) !== undefined) throw new DockerfileError(`${name} cannot accept a heredoc as a destination`)
  const inline: Heredoc[] = []
  const sources = words.slice(0, -1).filter((word) => {
    const mark = markOf(word)
    const heredoc = mark && heredocs.findLast((one) => one.name === mark.name)
    if (heredoc !== undefined) inline.push(heredoc)
    return heredoc === undefined
  })
  return {
    sources,
    heredocs: inline,
    destination,
    from: flags.text('from'),
    chown: flags.text('chown'),
    chmod: flags.text('chmod'),
    link: flags.boolean('link') ?? false,
    parents: flags.boolean('parents') ?? false,
    exclude: flags.list('exclude'),
    checksum: flags.text('checksum'),
    keepGitDir: flags.boolean('keep-git-dir') ?? false,
    unpack: flags.boolean('unpack'),
  }
}

/** A word that is no mark, also one whose quotes do not match. */
function markOf(word: string) {
  try {
    return heredocMark(word)
  } catch (error) {
    if (error instanceof DockerfileError) return undefined
    throw error
  }
}

function args(rest: string, escape: string): Arg['args'] {
  const words = quotedWords(rest, escape)
  if (words.length === 0) throw atLeastOne('ARG')
  return words.map((word) => {
    const cut = word.indexOf('=')
    if (cut === 0) throw new DockerfileError('ARG names can not be blank')
    return cut < 0 ? { key: word, value: undefined } : { key: word.slice(0, cut), value: word.slice(cut + 1) }
  })
}

function onbuild({ flags, rest, heredocs }: Statement): string {
  if (rest === '') throw atLeastOne('ONBUILD')
  flagsOf(flags, {})
  const inner = splitStatement(rest).keyword.toUpperCase()
  if (inner === 'ONBUILD') throw new DockerfileError("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed")
  if (inner === 'MAINTAINER' || inner === 'FROM')
    throw new DockerfileError(`${inner} isn't allowed as an ONBUILD trigger`)
  return [rest, ...heredocs.map(({ content, name }) => `${content}${name}`)].join('\n')
}

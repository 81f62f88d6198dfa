import { type Directive, directivesOf, escapeOf } from './directives'
import { type Heredoc, heredocMarks } from './heredoc'
import { INSTRUCTIONS_MOST, LINE_MOST, TEXT_MOST } from './limits'
import { DockerfileError, type LineRange } from './problem'
import { execForm, leadingFlags } from './words'

/** One instruction before its arguments are read: continued lines joined, comments gone. */
export interface Statement {
  /** As it is written: `RUN`, `run`. */
  readonly keyword: string
  readonly flags: readonly string[]
  /** What follows the flags, trimmed. */
  readonly rest: string
  /** The whole line, joined. */
  readonly original: string
  readonly lines: LineRange
  readonly heredocs: readonly Heredoc[]
  /** The comments directly above it. */
  readonly comments: readonly string[]
  /** An empty line stands inside it. */
  readonly emptyContinuation: boolean
}

export interface Statements {
  readonly directives: readonly Directive[]
  readonly escape: string
  readonly statements: readonly Statement[]
}

/** Cuts a Dockerfile into its statements. Models buildkit frontend/dockerfile/parser `Parse`. Throws a DockerfileError. */
export function statementsOf(source: string): Statements {
  if (source.length > TEXT_MOST) throw new DockerfileError(`the Dockerfile is longer than ${TEXT_MOST} characters`)
  if (source === '') throw new DockerfileError('the Dockerfile cannot be empty')
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source
  const lines = text.split(/(?<=\n)/)
  const directives = directivesOf(lines.map((line) => line.trimEnd()).slice(0, 1000))
  const reader = new Reader(lines, escapeOf(directives))
  const statements = reader.all()
  if (statements.length === 0) throw new DockerfileError('file with no instructions', at(Math.max(1, lines.length)))
  return { directives, escape: reader.escape, statements }
}

const at = (line: number): LineRange => ({ start: line, end: line })
const isComment = (line: string) => /^\s*#/.test(line)

/** Without the characters at its end; a loop, for a pattern at the end of a line takes the square of its blanks. */
function withoutEnd(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text[end - 1]!)) end--
  return text.slice(0, end)
}

/** The keyword, the flags and the rest of a joined line. */
export function splitStatement(line: string): Pick<Statement, 'keyword' | 'flags' | 'rest' | 'original'> {
  const trimmed = line.trim()
  const match = /[\t\v\f\r ]+/.exec(trimmed)
  const keyword = match === null ? trimmed : trimmed.slice(0, match.index)
  const { flags, rest } = leadingFlags(match === null ? '' : trimmed.slice(match.index + match[0].length))
  return { keyword, flags, rest: rest.trim(), original: line }
}

class Reader {
  readonly escape: string
  readonly #lines: readonly string[]
  #at = 0

  constructor(lines: readonly string[], escape: string) {
    this.#lines = lines
    this.escape = escape
  }

  all(): Statement[] {
    const made: Statement[] = []
    let comments: string[] = []
    while (this.#at < this.#lines.length) {
      const line = this.#next()
      if (isComment(line)) {
        const comment = line.trim().slice(1).trim()
        comments = comment === '' ? [] : [...comments.slice(-20), comment]
        continue
      }
      if (line.trim() === '') {
        comments = []
        continue
      }
      if (made.length >= INSTRUCTIONS_MOST)
        throw new DockerfileError(`the Dockerfile has more than ${INSTRUCTIONS_MOST} instructions`, at(this.#at))
      const statement = this.#statement(line.trimStart(), comments)
      if (statement !== undefined) made.push(statement)
      comments = []
    }
    return made
  }

  #next(): string {
    const line = this.#lines[this.#at++]!
    if (line.length > LINE_MOST)
      throw new DockerfileError(`dockerfile line greater than max allowed size of ${LINE_MOST}`, at(this.#at))
    return line
  }

  #statement(first: string, comments: readonly string[]): Statement | undefined {
    const start = this.#at
    let [joined, more] = this.#cut(first)
    const pieces = [joined]
    let emptyContinuation = false
    while (more && this.#at < this.#lines.length) {
      const line = this.#next()
      if (isComment(line)) continue
      if (line.trim() === '') {
        emptyContinuation = true
        continue
      }
      ;[joined, more] = this.#cut(line)
      pieces.push(joined)
    }
    joined = pieces.join('')
    if (joined.trim() === '') return undefined
    const head = splitStatement(joined)
    const heredocs = takesHeredocs(head.keyword, head.rest) ? this.#heredocs(joined, start) : []
    return { ...head, lines: { start, end: this.#at }, heredocs, comments, emptyContinuation }
  }

  /** The line without its newline and its mark of continuation, and whether it has one. */
  #cut(line: string): [string, boolean] {
    const text = withoutEnd(line, '\r\n')
    const bare = withoutEnd(text, ' \t')
    // two escape characters at the end are one escaped, not a continuation
    const continued = bare.endsWith(this.escape) && bare[bare.length - 2] !== this.escape
    return continued ? [bare.slice(0, -1), true] : [text, false]
  }

  #heredocs(line: string, start: number): Heredoc[] {
    return heredocMarks(line).map((mark) => {
      const content: string[] = []
      while (this.#at < this.#lines.length) {
        const next = this.#next()
        const end = withoutEnd(next, '\r\n')
        if ((mark.chomp ? end.replace(/^\t+/, '') : end) === mark.name) return { ...mark, content: content.join('') }
        content.push(next)
      }
      throw new DockerfileError('unterminated heredoc', { start, end: this.#at })
    })
  }
}

/** ADD, COPY and RUN, also under ONBUILD, unless their arguments are in exec form. */
function takesHeredocs(keyword: string, rest: string): boolean {
  const name = keyword.toUpperCase()
  if (name === 'ONBUILD') {
    const inner = splitStatement(rest)
    return inner.keyword.toUpperCase() !== 'ONBUILD' && takesHeredocs(inner.keyword, inner.rest)
  }
  return (name === 'ADD' || name === 'COPY' || name === 'RUN') && execForm(rest) === undefined
}

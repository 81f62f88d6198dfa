import { Unparsed, WordReader } from './parse-word'
import type { Assignment, Node, NodeId, Redirect, Script, SyntaxProblem, Word } from './syntax'

const RESERVED = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'case',
  'esac',
  'while',
  'until',
  'for',
  '{',
  '}',
  '!',
  'in',
  '[[',
  'function',
])
const ENDS = ' \t\n;|&<>()'
/** A script longer than this is refused. */
const LONGEST = 1_000_000
const DEEPEST = 200

const parsed = new Map<string, Script | SyntaxProblem>()

/** Compiles a script; the result depends on the text alone and is remembered. */
export function parse(text: string): Script | SyntaxProblem {
  let script = parsed.get(text)
  if (!script) {
    if (parsed.size > 2000) parsed.clear()
    script = compile(text)
    parsed.set(text, script)
  }
  return script
}

function compile(text: string): Script | SyntaxProblem {
  if (text.length > LONGEST)
    return { problem: `script is longer than ${LONGEST} characters`, line: 1, unfinished: false }
  const parser = new Parser(text)
  try {
    return { root: parser.program(), nodes: parser.nodes }
  } catch (error) {
    if (!(error instanceof Unparsed)) throw error
    return { problem: error.message, line: parser.line, unfinished: error.unfinished }
  }
}

class Parser extends WordReader {
  readonly nodes: Node[] = []
  #documents: { redirect: { target: Word }; end: string; strip: boolean; literal: boolean }[] = []
  #level = 0

  get line(): number {
    return this.text.slice(0, this.position).split('\n').length
  }

  program(): NodeId {
    const root = this.list([])
    this.blank()
    if (this.position < this.text.length) this.unexpected()
    if (this.#documents.length > 0) throw new Unparsed('here-document delimited by end-of-file', true)
    return root
  }

  #add(node: Node): NodeId {
    this.nodes.push(node)
    return this.nodes.length - 1
  }

  unexpected(): never {
    const rest = this.text.slice(this.position)
    if (rest === '') throw new Unparsed('syntax error: unexpected end of file', true)
    const token = /^(\n|&&|\|\||;;|[;|&()<>]|[^\s;|&()<>]+)/.exec(rest)?.[0] ?? rest[0]!
    throw new Unparsed(`syntax error near unexpected token \`${token === '\n' ? 'newline' : token}'`)
  }

  /** Skips blanks, comments and continued lines; not newlines. */
  blank(): void {
    for (;;) {
      const c = this.here()
      if (c === ' ' || c === '\t' || c === '\r') this.position++
      else if (c === '\\' && this.text[this.position + 1] === '\n') this.position += 2
      else if (c === '#') {
        const end = this.text.indexOf('\n', this.position)
        this.position = end < 0 ? this.text.length : end
      } else return
    }
  }

  newlines(): void {
    for (;;) {
      this.blank()
      if (this.here() !== '\n') return
      this.position++
      this.#readDocuments()
    }
  }

  #readDocuments(): void {
    for (const document of this.#documents) {
      let body = ''
      for (;;) {
        if (this.position >= this.text.length)
          throw new Unparsed(`here-document delimited by end-of-file (wanted \`${document.end}')`, true)
        let end = this.text.indexOf('\n', this.position)
        if (end < 0) end = this.text.length
        let line = this.text.slice(this.position, end)
        this.position = Math.min(end + 1, this.text.length)
        if (document.strip) line = line.replace(/^\t+/, '')
        if (line === document.end) break
        body += `${line}\n`
        if (end === this.text.length)
          throw new Unparsed(`here-document delimited by end-of-file (wanted \`${document.end}')`, true)
      }
      document.redirect.target = document.literal ? [{ quoted: body }] : hereWord(body)
    }
    this.#documents = []
  }

  /** The reserved word or plain word that begins here, without taking it. */
  peekWord(): string {
    this.blank()
    return /^[^\s;|&()<>"'$`\\]+/.exec(this.text.slice(this.position, this.position + 40))?.[0] ?? ''
  }

  reserved(word: string): boolean {
    if (this.peekWord() !== word) return false
    this.position += word.length
    return true
  }

  expect(word: string): void {
    this.newlines()
    if (!this.reserved(word)) this.unexpected()
  }

  /** Commands separated by `;`, `&` and newlines, up to one of the given reserved words, a `)` or `;;`. */
  list(ends: readonly string[], mayBeEmpty = false): NodeId {
    if (++this.#level > DEEPEST) throw new Unparsed('nesting too deep')
    const items: { node: NodeId; background: boolean }[] = []
    for (;;) {
      this.newlines()
      if (
        this.position >= this.text.length ||
        this.here() === ')' ||
        this.text.startsWith(';;', this.position) ||
        this.text.startsWith(';&', this.position)
      )
        break
      if (ends.includes(this.peekWord())) break
      const node = this.andOr()
      this.blank()
      let background = false
      if (this.here() === '&' && this.text[this.position + 1] !== '&') {
        background = true
        this.position++
      } else if (this.here() === ';' && this.text[this.position + 1] !== ';' && this.text[this.position + 1] !== '&')
        this.position++
      else if (this.here() !== '\n' && this.here() !== '' && this.here() !== ')' && this.here() !== ';')
        this.unexpected()
      items.push({ node, background })
    }
    this.#level--
    if (items.length === 0 && ends.length > 0 && !mayBeEmpty && this.position < this.text.length) this.unexpected()
    if (this.position >= this.text.length && ends.length > 0) this.unexpected()
    return this.#add({ type: 'list', items })
  }

  andOr(): NodeId {
    const first = this.pipeline()
    const rest: ['&&' | '||', NodeId][] = []
    for (;;) {
      this.blank()
      const operator = this.text.slice(this.position, this.position + 2)
      if (operator !== '&&' && operator !== '||') break
      this.position += 2
      this.newlines()
      rest.push([operator, this.pipeline()])
    }
    return rest.length === 0 ? first : this.#add({ type: 'and-or', first, rest })
  }

  pipeline(): NodeId {
    let negated = false
    while (this.reserved('!')) negated = !negated
    const stages = [this.command()]
    for (;;) {
      this.blank()
      if (this.here() !== '|' || this.text[this.position + 1] === '|') break
      this.position++
      if (this.here() === '&') this.position++
      this.newlines()
      stages.push(this.command())
    }
    return stages.length === 1 && !negated ? stages[0]! : this.#add({ type: 'pipeline', negated, stages })
  }

  command(): NodeId {
    this.blank()
    if (this.here() === '(') {
      if (this.text[this.position + 1] === '(') {
        const end = this.text.indexOf('))', this.position)
        if (end < 0) throw new Unparsed('syntax error: unexpected end of file', true)
        const expression = this.text.slice(this.position + 2, end)
        this.position = end + 2
        return this.#add({ type: 'arithmetic', expression })
      }
      this.position++
      const body = this.list([])
      if (this.here() !== ')') this.unexpected()
      this.position++
      return this.#add({ type: 'subshell', body, redirects: this.redirects() })
    }
    const word = this.peekWord()
    if (RESERVED.has(word)) {
      switch (word) {
        case '{':
          return this.group()
        case 'if':
          return this.conditional()
        case 'for':
          return this.loop()
        case 'while':
        case 'until':
          return this.while(word)
        case 'case':
          return this.case()
        case '[[':
          return this.test()
        case 'function': {
          this.position += word.length
          const name = this.peekWord()
          this.position += name.length
          this.blank()
          if (this.text.startsWith('()', this.position)) this.position += 2
          return this.function(name)
        }
        default:
          if (word !== 'in') this.unexpected()
      }
    }
    const named = /^([A-Za-z_][A-Za-z0-9_-]*)[ \t]*\([ \t]*\)/.exec(this.text.slice(this.position, this.position + 200))
    if (named) {
      this.position += named[0].length
      return this.function(named[1]!)
    }
    return this.simple()
  }

  function(name: string): NodeId {
    this.newlines()
    return this.#add({ type: 'function', name, body: this.command() })
  }

  group(): NodeId {
    this.position++
    const body = this.list(['}'])
    this.expect('}')
    return this.#add({ type: 'group', body, redirects: this.redirects() })
  }

  conditional(): NodeId {
    this.position += 2
    const clauses: [NodeId, NodeId][] = []
    let otherwise: NodeId | undefined
    for (;;) {
      const condition = this.list(['then'])
      this.expect('then')
      clauses.push([condition, this.list(['elif', 'else', 'fi'])])
      if (this.reserved('elif')) continue
      if (this.reserved('else')) otherwise = this.list(['fi'])
      this.expect('fi')
      return this.#add({ type: 'if', clauses, otherwise, redirects: this.redirects() })
    }
  }

  loop(): NodeId {
    this.position += 3
    this.blank()
    if (this.text.startsWith('((', this.position)) {
      const end = this.text.indexOf('))', this.position)
      const [init = '', condition = '', step = ''] = this.text.slice(this.position + 2, end).split(';')
      this.position = end + 2
      this.blank()
      if (this.here() === ';') this.position++
      const body = this.doneBody()
      return this.#add({ type: 'counted-for', init, condition, step, body, redirects: this.redirects() })
    }
    const name = this.peekWord()
    this.position += name.length
    this.newlines()
    let words: Word[] | undefined
    if (this.reserved('in')) {
      words = []
      for (;;) {
        this.blank()
        if (this.here() === ';' || this.here() === '\n' || this.here() === '') break
        if (ENDS.includes(this.here())) this.unexpected()
        words.push(this.word(ENDS))
      }
    }
    this.blank()
    if (this.here() === ';') this.position++
    const body = this.doneBody()
    return this.#add({ type: 'for', name, words, body, redirects: this.redirects() })
  }

  doneBody(): NodeId {
    this.expect('do')
    const body = this.list(['done'])
    this.expect('done')
    return body
  }

  while(word: string): NodeId {
    this.position += word.length
    const condition = this.list(['do'])
    const body = this.doneBody()
    return this.#add({ type: 'while', until: word === 'until', condition, body, redirects: this.redirects() })
  }

  case(): NodeId {
    this.position += 4
    this.blank()
    const word = this.word(ENDS)
    this.expect('in')
    const items: { patterns: Word[]; body: NodeId | undefined; through: boolean }[] = []
    for (;;) {
      this.newlines()
      if (this.reserved('esac')) break
      if (this.here() === '(') this.position++
      const patterns: Word[] = []
      for (;;) {
        this.blank()
        patterns.push(this.word(ENDS))
        this.blank()
        if (this.here() !== '|') break
        this.position++
      }
      if (this.here() !== ')') this.unexpected()
      this.position++
      const body = this.list(['esac'], true)
      this.blank()
      const through = this.text.startsWith(';&', this.position)
      items.push({ patterns, body, through })
      if (this.text.startsWith(';;', this.position) || through) this.position += 2
      else {
        this.expect('esac')
        break
      }
    }
    return this.#add({ type: 'case', word, items, redirects: this.redirects() })
  }

  test(): NodeId {
    this.position += 2
    const words: Word[] = []
    for (;;) {
      this.newlines()
      if (this.position >= this.text.length) this.unexpected()
      if (this.reserved(']]')) break
      const operator = /^(&&|\|\||[()<>])/.exec(this.text.slice(this.position, this.position + 2))?.[0]
      if (operator) {
        this.position += operator.length
        words.push([{ text: operator }])
      } else
        words.push(
          this.word(words[words.length - 1]?.[0] && textOf(words[words.length - 1]!) === '=~' ? ' \t\n' : ENDS),
        )
    }
    return this.#add({ type: 'test', words })
  }

  redirect(): Redirect | undefined {
    this.blank()
    const match = /^(\d*)(&>>|&>|<<<|<<-|<<|<&|<|>>|>&|>\||>)/.exec(this.text.slice(this.position, this.position + 8))
    if (!match) return undefined
    this.position += match[0].length
    const symbol = match[2]!
    const fd = match[1] === '' ? (symbol.startsWith('<') ? 0 : 1) : Number(match[1])
    this.blank()
    if (symbol === '<<' || symbol === '<<-') {
      const start = this.position
      const word = this.word(ENDS)
      const literal = /['"\\]/.test(this.text.slice(start, this.position))
      const redirect = { fd, kind: '<<' as const, target: [] as Word }
      this.#documents.push({ redirect, end: textOf(word), strip: symbol === '<<-', literal })
      return redirect
    }
    if (this.here() === '' || this.here() === '\n') this.unexpected()
    return { fd, kind: symbol as Redirect['kind'], target: this.word(ENDS) }
  }

  redirects(): Redirect[] {
    const found: Redirect[] = []
    for (let next = this.redirect(); next; next = this.redirect()) found.push(next)
    return found
  }

  simple(): NodeId {
    const assignments: Assignment[] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    const line = this.line
    for (;;) {
      const redirect = this.redirect()
      if (redirect) {
        redirects.push(redirect)
        continue
      }
      if (this.here() === '' || ENDS.includes(this.here())) break
      const assignment = words.length === 0 ? this.assignment() : undefined
      if (assignment) assignments.push(assignment)
      else words.push(this.word(ENDS))
    }
    if (assignments.length + words.length + redirects.length === 0) this.unexpected()
    return this.#add({ type: 'simple', assignments, words, redirects, line })
  }

  assignment(): Assignment | undefined {
    const match = /^([A-Za-z_][A-Za-z0-9_]*)(\[[^\]]*\])?(\+?)=/.exec(
      this.text.slice(this.position, this.position + 200),
    )
    if (!match) return undefined
    this.position += match[0].length
    const index = match[2] === undefined ? {} : { index: new WordReader(match[2].slice(1, -1)).word('', true) }
    const base = { name: match[1]!, ...index, append: match[3] === '+' }
    if (this.here() !== '(') return { ...base, value: this.word(ENDS) }
    this.position++
    const items: Word[] = []
    for (;;) {
      this.newlines()
      if (this.here() === ')') break
      if (this.here() === '') this.unexpected()
      items.push(this.word(ENDS))
    }
    this.position++
    return { ...base, value: [], items }
  }
}

/** The body of a here-document: like a double-quoted word, but quotes are plain, except within `$(…)` and backquotes. */
function hereWord(body: string): Word {
  let depth = 0
  let inBackquotes = false
  let text = ''
  for (let i = 0; i < body.length; i++) {
    const c = body[i]!
    const isPlain = depth === 0 && !inBackquotes
    if (c === '\\') {
      const next = body[++i] ?? ''
      text += next === '"' && isPlain ? '\\\\\\"' : c + next
    } else if (c === '$' && body[i + 1] === '(') {
      depth++
      text += `$(`
      i++
    } else {
      if (c === '`') inBackquotes = !inBackquotes
      if (depth > 0 && c === '(') depth++
      if (depth > 0 && c === ')') depth--
      text += c === '"' && isPlain ? '\\"' : c
    }
  }
  return new WordReader(text).word('', true)
}

/** The text of a word without expanding anything. */
export function textOf(word: Word): string {
  return word
    .map((part) =>
      'text' in part ? part.text : 'quoted' in part ? part.quoted : 'double' in part ? textOf(part.double) : '',
    )
    .join('')
}

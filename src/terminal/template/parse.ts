import { TemplateError } from './error'
import { shown, type Token, tokensOf } from './lex'
import { type Command, type Operand, type Pipeline, printOperand, type TemplateNode } from './nodes'
import { Int } from './values'

const DEEPEST = 200

/** A read template: its own text, and what `define` and `block` name in it. */
export interface Parsed {
  readonly name: string
  readonly text: string
  readonly templates: ReadonlyMap<string, readonly TemplateNode[]>
}

/** Reads a template. `functions`: the names that may be called. Throws a TemplateError. */
export function parseTemplate(name: string, text: string, functions: ReadonlySet<string>): Parsed {
  const parser = new Parser(name, text, functions)
  return { name, text, templates: parser.all() }
}

class Parser {
  readonly #name: string
  readonly #text: string
  readonly #functions: ReadonlySet<string>
  readonly #tokens: readonly Token[]
  readonly #templates = new Map<string, readonly TemplateNode[]>()
  #at = 0
  #variables: string[] = ['$']
  #loops = 0
  #depth = 0

  constructor(name: string, text: string, functions: ReadonlySet<string>) {
    this.#name = name
    this.#text = text
    this.#functions = functions
    this.#tokens = tokensOf(name, text)
  }

  all(): ReadonlyMap<string, readonly TemplateNode[]> {
    const nodes: TemplateNode[] = []
    for (;;) {
      const token = this.#peek()
      if (token.type === 'end') break
      if (token.type === 'open' && this.#keywordAfterOpen() === 'define') this.#define()
      else {
        const node = this.#textOrAction()
        if (typeof node === 'string') this.#fail(`unexpected {{${node}}}`)
        else if (node !== undefined) nodes.push(node)
      }
    }
    this.#templates.set(this.#name, nodes)
    return this.#templates
  }

  #fail(message: string): never {
    const { at } = this.#tokens[Math.min(Math.max(this.#at - 1, 0), this.#tokens.length - 1)]!
    const line = this.#text.slice(0, at).split('\n').length
    throw new TemplateError(`template: ${this.#name}:${line}: ${message}`)
  }

  #unexpected(token: Token, context: string): never {
    return this.#fail(`unexpected ${shown(token)} in ${context}`)
  }

  #peek = (): Token => this.#tokens[this.#at]!
  #next = (): Token => this.#tokens[Math.min(this.#at++, this.#tokens.length - 1)]!
  #skipSpace(): void {
    while (this.#peek().type === 'space') this.#at++
  }
  #peekWord(): Token {
    this.#skipSpace()
    return this.#peek()
  }
  #nextWord(): Token {
    this.#skipSpace()
    return this.#next()
  }

  #keywordAfterOpen(): string | undefined {
    let at = this.#at + 1
    while (this.#tokens[at]?.type === 'space') at++
    const token = this.#tokens[at]
    return token?.type === 'keyword' ? token.value : undefined
  }

  #define(): void {
    const context = 'define clause'
    this.#next()
    this.#nextWord()
    const name = this.#templateName(this.#nextWord(), context)
    const close = this.#nextWord()
    if (close.type !== 'close') this.#unexpected(close, context)
    const { nodes, ended } = this.#apart(() => this.#list())
    if (ended !== 'end') this.#fail(`unexpected {{${ended}}} in ${context}`)
    this.#templates.set(name, nodes)
  }

  /** Reads a template of its own: other variables, no loops around it. */
  #apart<T>(read: () => T): T {
    const [variables, loops] = [this.#variables, this.#loops]
    this.#variables = ['$']
    this.#loops = 0
    const found = read()
    this.#variables = variables
    this.#loops = loops
    return found
  }

  #templateName(token: Token, context: string): string {
    if (token.type !== 'string') this.#unexpected(token, context)
    return unquoted(token.value) ?? this.#fail('invalid syntax')
  }

  /** Nodes up to `{{end}}` or `{{else …}}`; the `{{else` is left open for its follower. */
  #list(): { readonly nodes: readonly TemplateNode[]; readonly ended: 'end' | 'else' } {
    const nodes: TemplateNode[] = []
    if (++this.#depth > DEEPEST) this.#fail(`blocks are nested deeper than ${DEEPEST}`)
    for (;;) {
      if (this.#peek().type === 'end') this.#fail('unexpected EOF')
      const node = this.#textOrAction()
      if (node === 'end' || node === 'else') {
        this.#depth--
        return { nodes, ended: node }
      }
      if (node !== undefined) nodes.push(node)
    }
  }

  #textOrAction(): TemplateNode | 'end' | 'else' | undefined {
    const token = this.#next()
    if (token.type === 'text') return { type: 'text', text: token.value }
    const word = this.#nextWord()
    if (word.type !== 'keyword') {
      this.#at--
      return { type: 'action', pipeline: this.#pipeline('command', 'close') }
    }
    switch (word.value) {
      case 'end': {
        const close = this.#nextWord()
        if (close.type !== 'close') this.#unexpected(close, 'end')
        return 'end'
      }
      case 'else':
        return this.#else()
      case 'if':
      case 'with':
      case 'range':
        return this.#control(word.value)
      case 'template':
        return this.#template()
      case 'block':
        return this.#block()
      case 'break':
      case 'continue': {
        const close = this.#nextWord()
        if (close.type !== 'close') this.#unexpected(close, `{{${word.value}}}`)
        if (this.#loops === 0) this.#fail(`{{${word.value}}} outside {{range}}`)
        return { type: word.value }
      }
      case 'define':
        return this.#fail('unexpected {{define}}')
      default:
        this.#at--
        return { type: 'action', pipeline: this.#pipeline('command', 'close') }
    }
  }

  #else(): 'else' {
    const next = this.#peekWord()
    if (next.type === 'keyword' && (next.value === 'if' || next.value === 'with')) return 'else'
    const close = this.#nextWord()
    if (close.type !== 'close') this.#unexpected(close, 'else')
    return 'else'
  }

  #control(type: 'if' | 'with' | 'range'): TemplateNode {
    const known = this.#variables.length
    const pipeline = this.#pipeline(type, 'close')
    if (type === 'range') this.#loops++
    const { nodes: body, ended } = this.#list()
    if (type === 'range') this.#loops--
    let otherwise: readonly TemplateNode[] = []
    if (ended === 'else') {
      const chained = this.#peek().type === 'keyword' ? this.#peek().value : undefined
      if (chained !== undefined) {
        // `{{else if x}}` is an if of its own inside, closed by the same end
        if (chained !== type) this.#unexpected(this.#next(), 'input')
        this.#next()
        otherwise = [this.#control(chained as 'if' | 'with')]
      } else {
        const rest = this.#list()
        if (rest.ended === 'else') this.#fail('expected end; found {{else}}')
        otherwise = rest.nodes
      }
    }
    this.#variables.length = known
    return { type, pipeline, body, otherwise }
  }

  #template(): TemplateNode {
    const context = 'template clause'
    const token = this.#nextWord()
    const name = this.#templateName(token, context)
    if (this.#peekWord().type === 'close') {
      this.#next()
      return { type: 'template', at: token.at, name, pipeline: undefined }
    }
    return { type: 'template', at: token.at, name, pipeline: this.#pipeline(context, 'close') }
  }

  #block(): TemplateNode {
    const context = 'block clause'
    const token = this.#nextWord()
    const name = this.#templateName(token, context)
    const pipeline = this.#pipeline(context, 'close')
    const { nodes, ended } = this.#apart(() => this.#list())
    if (ended !== 'end') this.#fail(`unexpected {{${ended}}} in ${context}`)
    this.#templates.set(name, nodes)
    return { type: 'template', at: token.at, name, pipeline }
  }

  #pipeline(context: string, end: 'close' | 'right'): Pipeline {
    if (++this.#depth > DEEPEST) this.#fail('max expression depth exceeded')
    const { at } = this.#peekWord()
    const { declares, assigns } = this.#declarations(context)
    const commands: Command[] = []
    for (;;) {
      const token = this.#nextWord()
      if (token.type === end) break
      const begins = ['bool', 'char', 'dot', 'field', 'identifier', 'number', 'string', 'variable', 'left']
      if (!begins.includes(token.type) && !(token.type === 'keyword' && token.value === 'nil'))
        this.#unexpected(token, context)
      this.#at--
      commands.push(this.#command())
    }
    if (commands.length === 0) this.#fail(`missing value for ${context}`)
    commands.slice(1).forEach(({ operands }, i) => {
      if (['bool', 'dot', 'nil', 'number', 'string'].includes(operands[0]!.type))
        this.#fail(`non executable command in pipeline stage ${i + 2}`)
    })
    this.#depth--
    return { at, declares, assigns, commands }
  }

  #declarations(context: string): { readonly declares: readonly string[]; readonly assigns: boolean } {
    const declares: string[] = []
    for (;;) {
      const variable = this.#peekWord()
      if (variable.type !== 'variable') return { declares, assigns: false }
      const back = this.#at
      this.#next()
      const next = this.#peekWord()
      if (next.type === 'declare' || next.type === 'assign') {
        this.#next()
        declares.push(variable.value)
        this.#variables.push(variable.value)
        return { declares, assigns: next.type === 'assign' }
      }
      if (next.type !== 'comma') {
        this.#at = back
        return { declares, assigns: false }
      }
      this.#next()
      declares.push(variable.value)
      this.#variables.push(variable.value)
      if (context !== 'range' || declares.length >= 2) this.#fail(`too many declarations in ${context}`)
      if (!['variable', 'close', 'right'].includes(this.#peekWord().type))
        this.#fail('range can only initialize variables')
    }
  }

  #command(): Command {
    const { at } = this.#peekWord()
    const operands: Operand[] = []
    for (;;) {
      this.#skipSpace()
      const operand = this.#operand()
      if (operand) operands.push(operand)
      const token = this.#next()
      if (token.type === 'space') continue
      if (token.type === 'close' || token.type === 'right') this.#at--
      else if (token.type !== 'pipe') this.#unexpected(token, 'operand')
      break
    }
    if (operands.length === 0) this.#fail('empty command')
    return { at, operands }
  }

  #operand(): Operand | undefined {
    const term = this.#term()
    if (!term || this.#peek().type !== 'field') return term
    const { at } = this.#peek()
    const path: string[] = []
    while (this.#peek().type === 'field') path.push(this.#next().value.slice(1))
    if (term.type === 'field' || term.type === 'variable') return { ...term, at, path: [...term.path, ...path] }
    if (term.type === 'group' || term.type === 'function') return { type: 'chain', at, operand: term, path }
    return this.#fail(`unexpected . after term ${JSON.stringify(printOperand(term))}`)
  }

  #term(): Operand | undefined {
    const token = this.#nextWord()
    const { at, value } = token
    switch (token.type) {
      case 'identifier':
        if (!this.#functions.has(value)) this.#fail(`function ${JSON.stringify(value)} not defined`)
        return { type: 'function', at, name: value }
      case 'dot':
        return { type: 'dot', at }
      case 'variable':
        if (!this.#variables.includes(value)) this.#fail(`undefined variable ${JSON.stringify(value)}`)
        return { type: 'variable', at, name: value, path: [] }
      case 'field':
        return { type: 'field', at, path: [value.slice(1)] }
      case 'bool':
        return { type: 'bool', at, source: value, value: value === 'true' }
      case 'number':
        return { type: 'number', at, source: value, value: numberOf(value) }
      case 'char':
        return { type: 'number', at, source: value, value: new Int(charOf(value)) }
      case 'string': {
        const text = unquoted(value)
        if (text === undefined) return this.#fail('invalid syntax')
        return { type: 'string', at, source: value, value: text }
      }
      case 'left':
        return { type: 'group', at, pipeline: this.#pipeline('parenthesized pipeline', 'right') }
      default:
        if (token.type === 'keyword' && value === 'nil') return { type: 'nil', at }
        this.#at--
        return undefined
    }
  }
}

function numberOf(text: string): unknown {
  const plain = text.replaceAll('_', '')
  const sign = plain.startsWith('-') ? -1 : 1
  const value = sign * Number(plain.replace(/^[+-]/, ''))
  return /[.eE]/.test(plain) && !/^[+-]?0[xX]/.test(plain) ? value : new Int(value)
}

const charOf = (text: string) => (unquoted(`"${text.slice(1, -1).replace(/^"$/, '\\"')}"`) ?? '\ufffd').codePointAt(0)!

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

/** What a Go string literal stands for; undefined: it is none. */
function unquoted(text: string): string | undefined {
  if (text.startsWith('`')) return text.slice(1, -1).replaceAll('\r', '')
  let bad = false
  const found = text
    .slice(1, -1)
    .replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[\s\S])/g, (_, code: string) => {
      if (code.length > 1) {
        const point = /^[0-7]{3}$/.test(code) ? Number.parseInt(code, 8) : Number.parseInt(code.slice(1), 16)
        if (point <= 0x10ffff) return String.fromCodePoint(point)
      } else if (ESCAPES[code] !== undefined) return ESCAPES[code]
      bad = true
      return ''
    })
  return bad ? undefined : found
}

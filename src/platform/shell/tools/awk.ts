import { formatted } from '../printf'
import type { Tool } from '../tool'
import { linesOf, textsOf } from './input'

type Value = string | number
type Node = readonly [kind: string, ...parts: any[]]
/** Statements one program may run for one call. */
const MOST_STEPS = 2_000_000

class Awk extends Error {}

/** Patterns, fields, print, printf, BEGIN, END, NR, NF, FS, OFS, variables, arrays, if, while, for, and the usual string functions. */
export const awk: Tool = {
  name: 'awk',
  about: 'a small language for lines and fields',
  run(call) {
    const args = call.argv.slice(1)
    const variables: Record<string, Value> = { NR: 0, NF: 0, FS: ' ', OFS: ' ', ORS: '\n', SUBSEP: '\x1c' }
    while (args[0]?.startsWith('-') && args[0] !== '-') {
      const flag = args.shift()!
      if (flag.startsWith('-F'))
        variables['FS'] = (flag.length > 2 ? flag.slice(2) : (args.shift() ?? ' ')).replace(/\\t/g, '\t')
      else if (flag.startsWith('-v')) {
        const [name, ...value] = (flag.length > 2 ? flag.slice(2) : (args.shift() ?? '')).split('=')
        variables[name!] = value.join('=')
      }
    }
    const source = args.shift()
    if (source === undefined) {
      call.printError('usage: awk [-F fs][-v var=value][prog][file ...]\n')
      return { exit: 2 }
    }
    try {
      const program = new Parser(source).program()
      const { texts, failed } = textsOf(call, args)
      const machine = new Machine(variables, call.print)
      machine.run(
        program,
        texts.flatMap(({ text }) => linesOf(text)),
      )
      return { exit: machine.exit ?? (failed ? 2 : 0) }
    } catch (error) {
      if (!(error instanceof Awk)) throw error
      call.printError(`awk: ${error.message}\n`)
      return { exit: 2 }
    }
  },
}

const TOKEN =
  /\s*(?:#[^\n]*)?(?:(\n|;)|("(?:[^"\\]|\\.)*")|(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)|([A-Za-z_]\w*)|(\+\+|--|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|&&|\|\||!~|[-+*/%^<>=!~?:,(){}[\]$]))/y

class Parser {
  readonly #source: string
  #at = 0
  #token = ''
  #kind = ''
  #depth = 0

  constructor(source: string) {
    this.#source = source
    this.#next()
  }

  #next(): void {
    TOKEN.lastIndex = this.#at
    const match = TOKEN.exec(this.#source)
    if (!match) {
      if (this.#source.slice(this.#at).trim() !== '')
        throw new Awk(`syntax error at source line 1 near ${this.#source.slice(this.#at, this.#at + 10)}`)
      this.#token = ''
      this.#kind = 'end'
      return
    }
    this.#at = TOKEN.lastIndex
    const i = match.findIndex((part, n) => n > 0 && part !== undefined)
    this.#token = match[i]!
    this.#kind = ['', 'end-of-statement', 'text', 'number', 'name', 'sign'][i]!
  }

  #is(token: string): boolean {
    return this.#token === token && this.#kind !== 'text'
  }

  #take(token: string): boolean {
    if (!this.#is(token)) return false
    this.#next()
    return true
  }

  #need(token: string): void {
    if (!this.#take(token)) throw new Awk(`syntax error at source line 1: ${token} expected near ${this.#token}`)
  }

  #skip(): void {
    while (this.#kind === 'end-of-statement') this.#next()
  }

  program(): { begin: Node[]; rules: { pattern: Node | undefined; body: Node | undefined }[]; end: Node[] } {
    const begin: Node[] = []
    const end: Node[] = []
    const rules: { pattern: Node | undefined; body: Node | undefined }[] = []
    for (this.#skip(); this.#kind !== 'end'; this.#skip()) {
      if (this.#is('BEGIN') || this.#is('END')) {
        const which = this.#is('BEGIN') ? begin : end
        this.#next()
        which.push(this.#block())
      } else {
        const pattern = this.#is('{') ? undefined : this.#expression()
        rules.push({ pattern, body: this.#is('{') ? this.#block() : undefined })
      }
    }
    return { begin, rules, end }
  }

  #block(): Node {
    this.#need('{')
    const body: Node[] = []
    for (this.#skip(); !this.#is('}'); this.#skip()) {
      if (this.#kind === 'end') throw new Awk('syntax error: unexpected end of program')
      body.push(this.#statement())
    }
    this.#next()
    return ['block', body]
  }

  #statement(): Node {
    if (++this.#depth > 100) throw new Awk('program is nested too deep')
    const made = this.#plainStatement()
    this.#depth--
    return made
  }

  #plainStatement(): Node {
    this.#skip()
    if (this.#is('{')) return this.#block()
    if (this.#take('if')) {
      this.#need('(')
      const condition = this.#expression()
      this.#need(')')
      const yes = this.#statement()
      this.#skip()
      return ['if', condition, yes, this.#take('else') ? this.#statement() : undefined]
    }
    if (this.#take('while')) {
      this.#need('(')
      const condition = this.#expression()
      this.#need(')')
      return ['while', condition, this.#statement()]
    }
    if (this.#take('for')) return this.#for()
    if (this.#take('next')) return ['next']
    if (this.#take('exit')) return ['exit', this.#ends() ? undefined : this.#expression()]
    if (this.#take('delete')) {
      const name = this.#token
      this.#next()
      if (!this.#take('[')) return ['clear', name]
      const index = this.#expression()
      this.#need(']')
      return ['delete', name, index]
    }
    if (this.#is('print') || this.#is('printf')) {
      const kind = this.#token
      this.#next()
      const values: Node[] = []
      while (!this.#ends()) {
        values.push(this.#expression(true))
        if (!this.#take(',')) break
      }
      return [kind, values.length === 1 && values[0]![0] === 'group' ? values[0]![1] : values]
    }
    return ['expression', this.#expression()]
  }

  #ends(): boolean {
    return this.#kind === 'end-of-statement' || this.#kind === 'end' || this.#is('}') || this.#is('>')
  }

  #for(): Node {
    this.#need('(')
    const start = this.#at
    const [token, kind] = [this.#token, this.#kind]
    if (this.#kind === 'name') {
      const name = this.#token
      this.#next()
      if (this.#take('in')) {
        const array = this.#token
        this.#next()
        this.#need(')')
        return ['for-in', name, array, this.#statement()]
      }
    }
    this.#at = start
    this.#token = token
    this.#kind = kind
    const init: Node = this.#kind === 'end-of-statement' ? ['block', []] : ['expression', this.#expression()]
    this.#next()
    const condition = this.#kind === 'end-of-statement' ? undefined : this.#expression()
    this.#next()
    const step: Node = this.#is(')') ? ['block', []] : ['expression', this.#expression()]
    this.#need(')')
    return ['for', init, condition, step, this.#statement()]
  }

  #expression(inPrint = false): Node {
    if (++this.#depth > 200) throw new Awk('expression is nested too deep')
    const left = this.#ternary(inPrint)
    const operator = this.#token
    let made = left
    if (
      this.#kind === 'sign' &&
      /^([-+*/%]?=)$/.test(operator) &&
      operator !== '==' &&
      ['name', 'index', 'field'].includes(left[0])
    ) {
      this.#next()
      made = ['assign', left, operator, this.#expression(inPrint)]
    }
    this.#depth--
    return made
  }

  #ternary(inPrint: boolean): Node {
    const condition = this.#binary(0, inPrint)
    if (!this.#take('?')) return condition
    const yes = this.#expression(inPrint)
    this.#need(':')
    return ['?', condition, yes, this.#expression(inPrint)]
  }

  #binary(level: number, inPrint: boolean): Node {
    const levels = [
      ['||'],
      ['&&'],
      ['in'],
      ['~', '!~'],
      inPrint ? ['<', '<=', '==', '!=', '>='] : ['<', '<=', '==', '!=', '>', '>='],
      ['concatenate'],
      ['+', '-'],
      ['*', '/', '%'],
    ]
    const own = levels[level]
    if (!own) return this.#power()
    let left = this.#binary(level + 1, inPrint)
    for (;;) {
      if (own[0] === 'concatenate') {
        const begins =
          this.#kind === 'text' ||
          this.#kind === 'number' ||
          (this.#kind === 'name' && !this.#is('in')) ||
          this.#is('$') ||
          this.#is('(') ||
          this.#is('!')
        if (!begins) return left
        left = ['concatenate', left, this.#binary(level + 1, inPrint)]
      } else {
        const operator = this.#token
        if (this.#kind === 'text' || !own.includes(operator)) return left
        this.#next()
        left =
          operator === 'in' ? ['in', left, this.#name()] : ['binary', operator, left, this.#binary(level + 1, inPrint)]
      }
    }
  }

  #name(): string {
    const name = this.#token
    this.#next()
    return name
  }

  #power(): Node {
    const base = this.#unary()
    return this.#take('^') ? ['binary', '^', base, this.#power()] : base
  }

  #unary(): Node {
    if (this.#take('!')) return ['not', this.#unary()]
    if (this.#take('-')) return ['binary', '-', ['number', 0], this.#unary()]
    if (this.#take('+')) return this.#unary()
    if (this.#is('++') || this.#is('--')) {
      const operator = this.#name()
      return ['assign', this.#unary(), operator === '++' ? '+=' : '-=', ['number', 1]]
    }
    const value = this.#primary()
    if ((this.#is('++') || this.#is('--')) && ['name', 'index', 'field'].includes(value[0]))
      return ['after', value, this.#name() === '++' ? 1 : -1]
    return value
  }

  #primary(): Node {
    const token = this.#token
    if (this.#is('/')) return this.#expressionLiteral()
    if (this.#kind === 'number') {
      this.#next()
      return ['number', Number(token)]
    }
    if (this.#kind === 'text') {
      this.#next()
      return ['text', token.slice(1, -1).replace(/\\(.)/g, (_all, c: string) => ({ n: '\n', t: '\t' })[c] ?? c)]
    }
    if (this.#take('$')) return ['field', this.#unary()]
    if (this.#take('(')) {
      const values = [this.#expression()]
      while (this.#take(',')) values.push(this.#expression())
      this.#need(')')
      return values.length > 1 ? ['group', values] : ['paren', values[0]]
    }
    if (this.#kind !== 'name') throw new Awk(`syntax error at source line 1 near ${token || 'end of program'}`)
    this.#next()
    if (this.#take('(')) {
      const args: Node[] = []
      while (!this.#is(')')) {
        args.push(this.#expression())
        if (!this.#take(',')) break
      }
      this.#need(')')
      return ['call', token, args]
    }
    if (token === 'length') return ['call', 'length', []]
    if (!this.#take('[')) return ['name', token]
    const index = [this.#expression()]
    while (this.#take(',')) index.push(this.#expression())
    this.#need(']')
    return ['index', token, index]
  }

  #expressionLiteral(): Node {
    let end = this.#at
    while (end < this.#source.length && this.#source[end] !== '/') end += this.#source[end] === '\\' ? 2 : 1
    const source = this.#source.slice(this.#at, end)
    this.#at = end + 1
    this.#next()
    return ['regular', pattern(source)]
  }
}

function pattern(source: string): RegExp {
  try {
    return new RegExp(source.slice(0, 1_000))
  } catch {
    throw new Awk(`illegal regular expression ${source}`)
  }
}

class Next extends Error {}
class Exit extends Error {}

class Machine {
  readonly #variables: Record<string, Value>
  readonly #arrays = new Map<string, Map<string, Value>>()
  readonly #print: (text: string) => void
  #line = ''
  #fields: string[] = []
  #steps = 0
  exit: number | undefined

  constructor(variables: Record<string, Value>, print: (text: string) => void) {
    this.#variables = variables
    this.#print = print
  }

  run(program: ReturnType<Parser['program']>, lines: readonly string[]): void {
    try {
      for (const body of program.begin) this.#do(body)
      if (program.rules.length > 0 || program.end.length > 0) {
        for (const line of lines) {
          this.#variables['NR'] = Number(this.#variables['NR']) + 1
          this.#set(line)
          try {
            for (const { pattern: test, body } of program.rules) {
              if (test && !this.#true(this.#value(test))) continue
              if (body) this.#do(body)
              else this.#print(`${this.#line}\n`)
            }
          } catch (error) {
            if (!(error instanceof Next)) throw error
          }
        }
      }
    } catch (error) {
      if (!(error instanceof Exit)) throw error
      return
    }
    try {
      for (const body of program.end) this.#do(body)
    } catch (error) {
      if (!(error instanceof Exit)) throw error
    }
  }

  #set(line: string): void {
    this.#line = line
    const separator = String(this.#variables['FS'])
    this.#fields =
      separator === ' '
        ? line
            .trim()
            .split(/\s+/)
            .filter((field) => field !== '')
        : line === ''
          ? []
          : line.split(
              separator.length === 1 && separator !== '|'
                ? separator
                : separator.length === 1
                  ? separator
                  : pattern(separator),
            )
    this.#variables['NF'] = this.#fields.length
  }

  #true(value: Value): boolean {
    return typeof value === 'number' ? value !== 0 : value !== '' && !(looksNumeric(value) && Number(value) === 0)
  }

  #do(node: Node): void {
    if (++this.#steps > MOST_STEPS) throw new Awk(`more than ${MOST_STEPS} steps`)
    switch (node[0]) {
      case 'block':
        for (const one of node[1]) this.#do(one)
        return
      case 'if':
        if (this.#true(this.#value(node[1]))) this.#do(node[2])
        else if (node[3]) this.#do(node[3])
        return
      case 'while':
        while (this.#true(this.#value(node[1]))) this.#do(node[2])
        return
      case 'for':
        for (this.#do(node[1]); node[2] === undefined || this.#true(this.#value(node[2])); this.#do(node[3]))
          this.#do(node[4])
        return
      case 'for-in':
        for (const key of [...this.#array(node[2]).keys()]) {
          this.#variables[node[1]] = key
          this.#do(node[3])
        }
        return
      case 'next':
        throw new Next()
      case 'exit':
        this.exit = node[1] ? Number(this.#value(node[1])) : 0
        throw new Exit()
      case 'delete':
        this.#array(node[1]).delete(String(this.#value(node[2])))
        return
      case 'clear':
        this.#array(node[1]).clear()
        return
      case 'print':
        this.#print(
          `${node[1].length === 0 ? this.#line : node[1].map((one: Node) => text(this.#value(one))).join(String(this.#variables['OFS']))}${this.#variables['ORS']}`,
        )
        return
      case 'printf': {
        const [format, ...args] = node[1].map((one: Node) => text(this.#value(one)))
        this.#print(formatted(format ?? '', args.length === 0 ? [] : args).text)
        return
      }
      default:
        this.#value(node[1])
    }
  }

  #array(name: string): Map<string, Value> {
    let array = this.#arrays.get(name)
    if (!array) {
      array = new Map()
      this.#arrays.set(name, array)
    }
    return array
  }

  #index(parts: readonly Node[]): string {
    return parts.map((part) => text(this.#value(part))).join(String(this.#variables['SUBSEP']))
  }

  #value(node: Node): Value {
    if (++this.#steps > MOST_STEPS) throw new Awk(`more than ${MOST_STEPS} steps`)
    switch (node[0]) {
      case 'number':
      case 'text':
        return node[1]
      case 'paren':
        return this.#value(node[1])
      case 'regular':
        return node[1].test(this.#line) ? 1 : 0
      case 'name':
        return this.#variables[node[1]] ?? ''
      case 'field': {
        const n = Number(this.#value(node[1]))
        return n === 0 ? this.#line : (this.#fields[n - 1] ?? '')
      }
      case 'index':
        return this.#array(node[1]).get(this.#index(node[2])) ?? ''
      case 'in':
        return this.#array(node[2]).has(text(this.#value(node[1]))) ? 1 : 0
      case 'not':
        return this.#true(this.#value(node[1])) ? 0 : 1
      case 'concatenate':
        return text(this.#value(node[1])) + text(this.#value(node[2]))
      case '?':
        return this.#true(this.#value(node[1])) ? this.#value(node[2]) : this.#value(node[3])
      case 'after': {
        const before = Number(this.#value(node[1])) || 0
        this.#put(node[1], before + node[2])
        return before
      }
      case 'assign': {
        const right = this.#value(node[3])
        return this.#put(node[1], node[2] === '=' ? right : calculate(node[2][0], this.#value(node[1]), right))
      }
      case 'binary':
        return this.#binary(node[1], node[2], node[3])
      default:
        return this.#call(node[1], node[2])
    }
  }

  #put(target: Node, value: Value): Value {
    if (target[0] === 'name') {
      this.#variables[target[1]] = value
    } else if (target[0] === 'index') this.#array(target[1]).set(this.#index(target[2]), value)
    else {
      const n = Number(this.#value(target[1]))
      if (n === 0) this.#set(text(value))
      else if (n < 10_000) {
        while (this.#fields.length < n) this.#fields.push('')
        this.#fields[n - 1] = text(value)
        this.#line = this.#fields.join(String(this.#variables['OFS']))
        this.#variables['NF'] = this.#fields.length
      }
    }
    return value
  }

  #binary(operator: string, left: Node, right: Node): Value {
    if (operator === '&&') return this.#true(this.#value(left)) && this.#true(this.#value(right)) ? 1 : 0
    if (operator === '||') return this.#true(this.#value(left)) || this.#true(this.#value(right)) ? 1 : 0
    if (operator === '~' || operator === '!~') {
      const test = right[0] === 'regular' ? (right[1] as RegExp) : pattern(text(this.#value(right)))
      return test.test(text(this.#value(left))) === (operator === '~') ? 1 : 0
    }
    const [a, b] = [this.#value(left), this.#value(right)]
    if (!/^(==|!=|<=?|>=?)$/.test(operator)) return calculate(operator, a, b)
    const numeric = looksNumeric(a) && looksNumeric(b) && left[0] !== 'text' && right[0] !== 'text'
    const difference = numeric ? Number(a) - Number(b) : text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0
    const holds = {
      '==': difference === 0,
      '!=': difference !== 0,
      '<': difference < 0,
      '<=': difference <= 0,
      '>': difference > 0,
      '>=': difference >= 0,
    }[operator]
    return holds ? 1 : 0
  }

  #call(name: string, args: readonly Node[]): Value {
    const value = (i: number) => text(args[i] ? this.#value(args[i]!) : this.#line)
    switch (name) {
      case 'length':
        return args[0]?.[0] === 'name' && this.#arrays.has(args[0][1])
          ? this.#arrays.get(args[0][1])!.size
          : value(0).length
      case 'substr': {
        const start = Math.round(Number(value(1)))
        const end = args[2] ? start + Math.round(Number(value(2))) : Number.MAX_SAFE_INTEGER
        return value(0).slice(Math.max(0, start - 1), Math.max(0, end - 1))
      }
      case 'index':
        return value(0).indexOf(value(1)) + 1
      case 'toupper':
        return value(0).toUpperCase()
      case 'tolower':
        return value(0).toLowerCase()
      case 'int':
        return Math.trunc(Number(value(0)) || 0)
      case 'sprintf':
        return formatted(
          value(0),
          args.slice(1).map((_, i) => value(i + 1)),
        ).text
      case 'split': {
        const array = this.#array(args[1]![1])
        array.clear()
        const separator = args[2]
          ? args[2][0] === 'regular'
            ? (args[2][1] as RegExp)
            : value(2)
          : String(this.#variables['FS'])
        const parts = separator === ' ' ? value(0).trim().split(/\s+/) : value(0).split(separator)
        parts.forEach((part, i) => void array.set(String(i + 1), part))
        return parts.length
      }
      case 'gsub':
      case 'sub': {
        const test = args[0]![0] === 'regular' ? (args[0]![1] as RegExp) : pattern(value(0))
        const target: Node = args[2] ?? ['field', ['number', 0]]
        let n = 0
        const by = value(1)
        const changed = text(this.#value(target)).replace(
          new RegExp(test.source, name === 'gsub' ? 'g' : ''),
          (all) => {
            n++
            return by.replace(/\\&|&/g, (mark) => (mark === '&' ? all : '&'))
          },
        )
        if (n > 0) this.#put(target, changed)
        return n
      }
      case 'match': {
        const test = args[1]![0] === 'regular' ? (args[1]![1] as RegExp) : pattern(value(1))
        const found = test.exec(value(0))
        this.#variables['RSTART'] = found ? found.index + 1 : 0
        this.#variables['RLENGTH'] = found ? found[0].length : -1
        return this.#variables['RSTART']
      }
      default:
        throw new Awk(`calling undefined function ${name}`)
    }
  }
}

const looksNumeric = (value: Value) =>
  typeof value === 'number' || /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(value) || value === ''

const text = (value: Value): string =>
  typeof value === 'string' ? value : Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))

function calculate(operator: string, left: Value, right: Value): number {
  const a = Number.parseFloat(String(left)) || 0
  const b = Number.parseFloat(String(right)) || 0
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
    case '%':
      if (b === 0) throw new Awk('division by zero')
      return operator === '/' ? a / b : a % b
    default: {
      let power = 1
      for (let i = 0; i < Math.min(1_000, Math.trunc(b)); i++) power *= a
      return power
    }
  }
}

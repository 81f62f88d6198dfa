import { TemplateError } from './error'

export type TokenType =
  | 'text'
  | 'open'
  | 'close'
  | 'space'
  | 'identifier'
  | 'keyword'
  | 'bool'
  | 'field'
  | 'variable'
  | 'dot'
  | 'number'
  | 'char'
  | 'string'
  | 'pipe'
  | 'declare'
  | 'assign'
  | 'comma'
  | 'left'
  | 'right'
  | 'end'

export interface Token {
  readonly type: TokenType
  readonly value: string
  readonly at: number
}

const KEYWORDS = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'nil',
  'range',
  'template',
  'with',
])
const LONGEST = 100_000

/** A token as errors show it. */
export function shown({ type, value }: Token): string {
  if (type === 'end') return 'EOF'
  if (type === 'keyword') return `<${value}>`
  return value.length > 10 ? `${JSON.stringify(value.slice(0, 10))}...` : JSON.stringify(value)
}

const codePoint = (char: string) => `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${char}'`

/** Cuts a template into tokens, as text/template's lexer does; trim markers take the white space beside them away. */
export function tokensOf(name: string, text: string): readonly Token[] {
  const tokens: Token[] = []
  const lineOf = (at: number) => text.slice(0, at).split('\n').length
  const fail = (message: string, at: number): never => {
    throw new TemplateError(`template: ${name}:${lineOf(at)}: ${message}`)
  }
  if (text.length > LONGEST) fail(`the template is longer than ${LONGEST} characters`, 0)
  let at = 0
  let trims = false
  while (at < text.length) {
    const open = text.indexOf('{{', at)
    const end = open < 0 ? text.length : open
    const trimsBefore = open >= 0 && /^-\s/.test(text.slice(open + 2, open + 4))
    let piece = text.slice(at, end)
    let from = at
    if (trims) {
      const rest = piece.trimStart()
      from += piece.length - rest.length
      piece = rest
    }
    if (trimsBefore) piece = piece.trimEnd()
    if (piece !== '') tokens.push({ type: 'text', value: piece, at: from })
    trims = false
    if (open < 0) break
    at = open + 2 + (trimsBefore ? 2 : 0)
    if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at)
      if (close < 0) fail('unclosed comment', open)
      const tail = /^(?:(\s-)?\}\})/.exec(text.slice(close + 2, close + 6))
      if (!tail) fail('comment ends before closing delimiter', open)
      trims = tail![1] !== undefined
      at = close + 2 + tail![0].length
      continue
    }
    tokens.push({ type: 'open', value: '{{', at: open })
    const inside = action(text, at, fail)
    tokens.push(...inside.tokens)
    trims = inside.trims
    at = inside.at
  }
  tokens.push({ type: 'end', value: '', at: text.length })
  return tokens
}

type Fail = (message: string, at: number) => never

const NUMBER = /^[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/

function action(
  text: string,
  start: number,
  fail: Fail,
): { readonly tokens: readonly Token[]; readonly at: number; readonly trims: boolean } {
  const tokens: Token[] = []
  let depth = 0
  let at = start
  const add = (type: TokenType, value: string) => {
    tokens.push({ type, value, at })
    at += value.length
  }
  for (;;) {
    const trims = /^\s-\}\}/.test(text.slice(at, at + 4))
    if (trims || text.startsWith('}}', at)) {
      if (depth > 0) fail('unclosed left paren', at)
      tokens.push({ type: 'close', value: '}}', at })
      return { tokens, at: at + (trims ? 4 : 2), trims }
    }
    if (at >= text.length) fail('unclosed action', at)
    const rest = text.slice(at, at + 2)
    const char = String.fromCodePoint(text.codePointAt(at)!)
    if (/\s/.test(char)) add('space', spaceAt(text, at))
    else if (rest === ':=') add('declare', ':=')
    else if (char === ':') fail('expected :=', at)
    else if (char === '=') add('assign', '=')
    else if (char === '|') add('pipe', '|')
    else if (char === ',') add('comma', ',')
    else if (char === '(') {
      add('left', '(')
      depth++
    } else if (char === ')') {
      if (--depth < 0) fail('unexpected right paren', at)
      add('right', ')')
    } else if (char === '"' || char === '`' || char === "'")
      add(char === "'" ? 'char' : 'string', quoted(text, at, fail))
    else if (/[+\-\d]/.test(char) || /^\.\d/.test(rest)) add('number', number(text, at, fail))
    else if (char === '.' || char === '$' || /[\p{L}_]/u.test(char)) {
      const word = wordAt(text, at, fail)
      const type: TokenType =
        word === '.'
          ? 'dot'
          : char === '.'
            ? 'field'
            : char === '$'
              ? 'variable'
              : KEYWORDS.has(word)
                ? 'keyword'
                : word === 'true' || word === 'false'
                  ? 'bool'
                  : 'identifier'
      add(type, word)
    } else fail(`unrecognized character in action: ${codePoint(char)}`, at)
  }
}

/** White space up to a closing trim marker, whose own space belongs to it. */
function spaceAt(text: string, at: number): string {
  let end = at
  while (end < text.length && /\s/.test(text[end]!) && !(end > at && text.startsWith('-}}', end + 1))) end++
  return text.slice(at, end)
}

function quoted(text: string, at: number, fail: Fail): string {
  const quote = text[at]!
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === quote) return text.slice(at, end + 1)
    if (quote !== '`' && text[end] === '\n') break
    if (quote !== '`' && text[end] === '\\') end++
  }
  const what = quote === '`' ? 'raw quoted string' : quote === "'" ? 'character constant' : 'quoted string'
  return fail(`unterminated ${what}`, at)
}

function number(text: string, at: number, fail: Fail): string {
  const piece = text.slice(at, at + 64)
  const found = NUMBER.exec(piece)?.[0] ?? ''
  const next = piece[found.length]
  const bad = found === '' || (next !== undefined && /[\p{L}\p{N}_]/u.test(next))
  return bad ? fail(`bad number syntax: ${JSON.stringify(piece.slice(0, found.length + 1))}`, at) : found
}

/** A name, with the `.` or `$` before it; what follows it must be able to end it. */
function wordAt(text: string, at: number, fail: Fail): string {
  let end = at + 1
  while (end < text.length && /[\p{L}\p{N}_]/u.test(text[end]!)) end++
  const word = text.slice(at, end)
  const next = text[end]
  if (word === '.' || next === undefined || /[\s.,|:()]/.test(next) || text.startsWith('}}', end)) return word
  return fail(`bad character ${codePoint(String.fromCodePoint(text.codePointAt(end)!))}`, end)
}

import { ArithmeticProblem, arithmetic } from './arithmetic'
import { hasPattern, literalPattern, matchPattern, unescapePattern } from './pattern'
import type { Param, Word } from './syntax'
import type { Files } from './tool'

/** Variables as the expander sees them. An array's items are under `items`. */
export interface Scope {
  get(name: string): string | undefined
  items(name: string): readonly string[] | undefined
  set(name: string, value: string): void
  readonly positional: readonly string[]
  readonly files: Files
  /** `set -u` */
  readonly strict: boolean
  /** Output of the n-th command substitution of this expansion; undefined: it has still to be run. */
  command(script: string): string | undefined
}

/** A refusal of the shell itself; its text follows `bash: `. */
export class ExpansionProblem extends Error {}
/** A command substitution has to be run first; then the expansion begins anew. */
export class NeedsCommand extends Error {
  readonly script: string
  constructor(script: string) {
    super('needs a command')
    this.script = script
  }
}

/** A piece of a word on its way: `quoted` is neither split nor matched against files. */
interface Piece {
  text: string
  quoted: boolean
  /** A word ends here (between the items of "$@"). */
  breaks?: boolean
}

/** A word becomes any number of fields: expansion, splitting, pattern matching against the files. */
export function fieldsOf(word: Word, scope: Scope): string[] {
  const fields: string[] = []
  for (const braced of braces(word)) {
    for (const field of split(pieces(braced, scope, false), scope)) {
      if (!hasPattern(field)) fields.push(unescapePattern(field))
      else {
        const found = glob(field, scope.files)
        if (found.length > 0) fields.push(...found)
        else fields.push(unescapePattern(field))
      }
    }
  }
  return fields
}

/** A word as one string: assignments, redirections, `case`, here-documents. */
export function textOfWord(word: Word, scope: Scope): string {
  return pieces(word, scope, false)
    .map((piece, i) => (piece.breaks && i > 0 ? ' ' : '') + piece.text)
    .join('')
}

/** A word as a pattern, in which what was quoted is marked by backslashes. */
export function patternOf(word: Word, scope: Scope): string {
  return pieces(word, scope, false)
    .map((piece) => (piece.quoted ? literalPattern(piece.text) : piece.text))
    .join('')
}

export function arithmeticIn(expression: string, scope: Scope): number {
  try {
    return arithmetic(expression, {
      get: (name) => scope.get(name) ?? '',
      set: (name, value) => scope.set(name, value),
    })
  } catch (error) {
    if (error instanceof ArithmeticProblem) throw new ExpansionProblem(error.message)
    throw error
  }
}

function pieces(word: Word, scope: Scope, inDouble: boolean): Piece[] {
  const found: Piece[] = []
  word.forEach((part, i) => {
    if ('text' in part)
      found.push({ text: i === 0 && !inDouble ? tilde(part.text, scope) : part.text, quoted: inDouble })
    else if ('quoted' in part) found.push({ text: part.quoted, quoted: true })
    else if ('double' in part) {
      const inner = pieces(part.double, scope, true)
      if (inner.length === 0 && !part.double.some((p) => 'param' in p && (p.param.name === '@' || isAll(p.param))))
        inner.push({ text: '', quoted: true })
      found.push(...inner)
    } else if ('arithmetic' in part) {
      found.push({ text: String(arithmeticIn(textOfWord(part.arithmetic, scope), scope)), quoted: inDouble })
    } else if ('command' in part) {
      const output = scope.command(part.command)
      if (output === undefined) throw new NeedsCommand(part.command)
      found.push({ text: output.replace(/\n+$/, ''), quoted: inDouble })
    } else found.push(...parameter(part.param, scope, inDouble))
  })
  return found
}

const isAll = (param: Param) =>
  param.index?.length === 1 &&
  param.index[0] !== undefined &&
  'quoted' in param.index[0] &&
  param.index[0].quoted === '@'
const isJoined = (param: Param) =>
  param.index?.length === 1 &&
  param.index[0] !== undefined &&
  'quoted' in param.index[0] &&
  param.index[0].quoted === '*'

function tilde(text: string, scope: Scope): string {
  if (text !== '~' && !text.startsWith('~/')) return text
  return (scope.get('HOME') ?? '~') + text.slice(1)
}

function parameter(param: Param, scope: Scope, inDouble: boolean): Piece[] {
  const all = param.name === '@' || param.name === '*' || isAll(param) || isJoined(param)
  if (all) {
    let items = param.name === '@' || param.name === '*' ? scope.positional : (scope.items(param.name) ?? [])
    if (param.length) return [{ text: String(items.length), quoted: inDouble }]
    if (param.operator === ':' && param.word) {
      const from = arithmeticIn(textOfWord(param.word, scope), scope)
      const shift = param.name === '@' || param.name === '*' ? Math.max(0, from - 1) : from
      items = items.slice(
        shift,
        param.second ? shift + arithmeticIn(textOfWord(param.second, scope), scope) : undefined,
      )
    } else if (param.operator && '%%##//^^,,'.includes(param.operator))
      items = items.map((item) => changed(item, param, scope))
    else if (param.operator) {
      const joined = items.join(' ')
      const instead = substitute(param, items.length === 0 ? undefined : joined, scope, inDouble)
      if (instead) return instead
    }
    if (inDouble && (param.name === '*' || isJoined(param)))
      return [{ text: items.join((scope.get('IFS') ?? ' ')[0] ?? ''), quoted: true }]
    return items.map((text, i) => ({ text, quoted: inDouble, breaks: i > 0 }))
  }
  let value: string | undefined
  if (param.index) {
    const items = scope.items(param.name)
    const n = arithmeticIn(textOfWord(param.index, scope), scope)
    value = items ? items.at(n) : n === 0 ? scope.get(param.name) : undefined
  } else value = scope.get(param.name)
  if (param.length) return [{ text: String((value ?? '').length), quoted: inDouble }]
  if (param.operator) {
    const instead = substitute(param, value, scope, inDouble)
    if (instead) return instead
    if (!/^:?[-=?+]$/.test(param.operator)) return [{ text: changed(value ?? '', param, scope), quoted: inDouble }]
  }
  if (value === undefined && scope.strict && !param.operator && !'?#$!-0'.includes(param.name)) {
    throw new ExpansionProblem(`${param.name}: unbound variable`)
  }
  if ((value === undefined || value === '') && !inDouble) return []
  return [{ text: value ?? '', quoted: inDouble }]
}

/** `:-` and its relatives; undefined where the value itself is to be used. */
function substitute(param: Param, value: string | undefined, scope: Scope, inDouble: boolean): Piece[] | undefined {
  const operator = param.operator!
  const kind = operator[operator.length - 1]!
  if (!/^:?[-=?+]$/.test(operator)) return undefined
  const missing = value === undefined || (operator.startsWith(':') && value === '')
  const word = param.word ?? []
  if (kind === '+') return missing ? [] : pieces(word, scope, inDouble)
  if (!missing) return undefined
  if (kind === '-') return pieces(word, scope, inDouble)
  if (kind === '=') {
    const text = textOfWord(word, scope)
    scope.set(param.name, text)
    return [{ text, quoted: inDouble }]
  }
  throw new ExpansionProblem(`${param.name}: ${textOfWord(word, scope) || 'parameter null or not set'}`)
}

function changed(value: string, param: Param, scope: Scope): string {
  const operator = param.operator!
  if (operator === '^^') return value.toUpperCase()
  if (operator === ',,') return value.toLowerCase()
  if (operator === '^') return value.slice(0, 1).toUpperCase() + value.slice(1)
  if (operator === ',') return value.slice(0, 1).toLowerCase() + value.slice(1)
  if (operator === ':') {
    const from = arithmeticIn(textOfWord(param.word ?? [], scope), scope)
    const start = from < 0 ? Math.max(0, value.length + from) : from
    if (!param.second) return value.slice(start)
    const length = arithmeticIn(textOfWord(param.second, scope), scope)
    return length < 0 ? value.slice(start, value.length + length) : value.slice(start, start + length)
  }
  const pattern = patternOf(param.word ?? [], scope)
  if (operator === '/' || operator === '//')
    return replaced(value, pattern, textOfWord(param.second ?? [], scope), operator === '//')
  const longest = operator.length === 2
  const prefix = operator.startsWith('#')
  const lengths = [...Array(value.length + 1).keys()]
  if (longest) lengths.reverse()
  for (const n of lengths) {
    const part = prefix ? value.slice(0, n) : value.slice(value.length - n)
    if (matchPattern(pattern, part)) return prefix ? value.slice(n) : value.slice(0, value.length - n)
  }
  return value
}

function replaced(value: string, pattern: string, by: string, everywhere: boolean): string {
  let result = ''
  let i = 0
  while (i <= value.length) {
    let length = -1
    for (let n = value.length - i; n > 0; n--) {
      if (matchPattern(pattern, value.slice(i, i + n))) {
        length = n
        break
      }
    }
    if (length > 0) {
      result += by
      i += length
      if (!everywhere) break
    } else result += value[i++] ?? ''
  }
  return result + value.slice(i)
}

/** Splits unquoted pieces at IFS; the fields come as patterns. */
function split(found: readonly Piece[], scope: Scope): string[] {
  const separators = scope.get('IFS') ?? ' \t\n'
  const fields: string[] = []
  let field: string | undefined
  for (const piece of found) {
    if (piece.breaks) {
      if (field !== undefined) fields.push(field)
      field = undefined
    }
    if (piece.quoted) {
      field = (field ?? '') + literalPattern(piece.text)
      continue
    }
    let hard = false
    for (const c of piece.text) {
      if (!separators.includes(c)) {
        field = (field ?? '') + (c === '\\' ? '\\\\' : c)
        hard = false
      } else if (' \t\n'.includes(c)) {
        if (field !== undefined) fields.push(field)
        field = undefined
      } else {
        if (field !== undefined || hard) fields.push(field ?? '')
        field = undefined
        hard = true
      }
    }
  }
  if (field !== undefined) fields.push(field)
  return fields
}

/** `{a,b}` and `{1..5}` in unquoted text, as bash does before everything else. */
function braces(word: Word): Word[] {
  for (let i = 0; i < word.length; i++) {
    const part = word[i]!
    if (!('text' in part)) continue
    const match = /\{([^{}]*,[^{}]*|-?\d+\.\.-?\d+(?:\.\.-?\d+)?|[a-zA-Z]\.\.[a-zA-Z])\}/.exec(part.text)
    if (!match) continue
    const before = word.slice(0, i).concat({ text: part.text.slice(0, match.index) })
    const after = [{ text: part.text.slice(match.index + match[0].length) }, ...word.slice(i + 1)]
    return alternatives(match[1]!).flatMap((text) =>
      braces([...before, { text }, ...after].filter((p) => !('text' in p) || p.text !== '')),
    )
  }
  return [word]
}

function alternatives(inner: string): string[] {
  const range = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(inner)
  if (range) {
    const from = Number(range[1])
    const to = Number(range[2])
    const step = Math.max(1, Math.abs(Number(range[3] ?? 1)))
    const count = Math.min(10_000, Math.floor(Math.abs(to - from) / step) + 1)
    return Array.from({ length: count }, (_, i) => String(from + (to >= from ? 1 : -1) * i * step))
  }
  const letters = /^([a-zA-Z])\.\.([a-zA-Z])$/.exec(inner)
  if (letters) {
    const from = letters[1]!.charCodeAt(0)
    const to = letters[2]!.charCodeAt(0)
    return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => String.fromCharCode(from + (to >= from ? i : -i)))
  }
  return inner.split(',')
}

/** Paths that match a pattern, sorted; hidden names only for patterns that begin with a dot. */
function glob(pattern: string, files: Files): string[] {
  const absolute = pattern.startsWith('/')
  let found = [absolute ? '/' : '']
  for (const segment of pattern.split('/').filter((s) => s !== '')) {
    const next: string[] = []
    for (const base of found) {
      const join = (name: string) => (base === '' ? name : base === '/' ? `/${name}` : `${base}/${name}`)
      if (!hasPattern(segment)) {
        const path = join(unescapePattern(segment))
        if (files.stat(path)) next.push(path)
        continue
      }
      for (const name of files.list(base === '' ? '.' : base) ?? []) {
        if (name.startsWith('.') && !segment.startsWith('.')) continue
        if (matchPattern(segment, name)) next.push(join(name))
      }
      if (next.length > 10_000) return next
    }
    found = next
  }
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

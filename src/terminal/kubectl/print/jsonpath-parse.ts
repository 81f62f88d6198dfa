/** A template that cannot be read or carried out: client-go's words. Caught where templates are evaluated. */
export class PathError extends Error {}

export type PathNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'list'; readonly nodes: readonly PathNode[] }
  | { readonly type: 'range'; readonly over: readonly PathNode[]; readonly body: readonly PathNode[] }
  | { readonly type: 'field'; readonly name: string }
  | {
      readonly type: 'slice'
      readonly from?: number
      readonly to?: number
      readonly by?: number
      readonly single: boolean
    }
  | { readonly type: 'wildcard' }
  | { readonly type: 'recursive' }
  | { readonly type: 'union'; readonly parts: readonly (readonly PathNode[])[] }
  | {
      readonly type: 'filter'
      readonly left: readonly PathNode[]
      readonly operator: string
      readonly right: readonly PathNode[]
    }
  | { readonly type: 'literal'; readonly value: unknown }

/** Reads a template: text with expressions in braces, ranges between `{range …}` and `{end}`. Throws PathError. */
export function parsePath(template: string): readonly PathNode[] {
  const open: { over: readonly PathNode[]; body: PathNode[] }[] = []
  const root: PathNode[] = []
  const body = () => open[open.length - 1]?.body ?? root
  let at = 0
  while (at < template.length) {
    const brace = template.indexOf('{', at)
    if (brace < 0) {
      body().push({ type: 'text', text: template.slice(at) })
      break
    }
    if (brace > at) body().push({ type: 'text', text: template.slice(at, brace) })
    const end = closing(template, brace)
    const inner = template.slice(brace + 1, end).trim()
    at = end + 1
    if (inner === 'end') {
      const range = open.pop()
      if (!range) throw new PathError('not in range, nothing to end')
      body().push({ type: 'range', over: range.over, body: range.body })
    } else if (/^range(\s|$)/.test(inner)) open.push({ over: expression(inner.slice(5).trim()), body: [] })
    else body().push({ type: 'list', nodes: expression(inner) })
  }
  if (open.length > 0) throw new PathError('unterminated range')
  return root
}

/** The place of the brace that closes an action; braces in quotes do not count. */
function closing(template: string, brace: number): number {
  let quote = ''
  for (let i = brace + 1; i < template.length; i++) {
    const c = template[i]!
    if (quote !== '') {
      if (c === '\\') i++
      else if (c === quote) quote = ''
    } else if (c === '"' || c === "'") quote = c
    else if (c === '{') throw new PathError("unrecognized character in action: U+007B '{'")
    else if (c === '}') return i
  }
  throw new PathError('unclosed action')
}

/** One expression: a path, a quoted text, a number, or true and false. */
function expression(text: string): readonly PathNode[] {
  const nodes: PathNode[] = []
  let at = 0
  while (at < text.length) {
    const c = text[at]!
    if (c === ' ' || c === '\t' || c === '\n' || c === '@' || c === '$') at++
    else if (c === '.') at = dot(text, at, nodes)
    else if (c === '[') at = bracket(text, at, nodes)
    else if (c === '"' || c === "'") {
      const end = endOfQuote(text, at)
      nodes.push({ type: 'text', text: unquoted(text.slice(at, end)) })
      at = end
    } else if (/[-+0-9]/.test(c)) {
      const match = /^[-+]?\d+(\.\d+)?/.exec(text.slice(at))
      if (!match) throw new PathError(`cannot parse number ${text.slice(at)}`)
      nodes.push({ type: 'literal', value: Number(match[0]) })
      at += match[0].length
    } else if (/[A-Za-z_]/.test(c)) {
      const word = /^[A-Za-z0-9_]+/.exec(text.slice(at))![0]
      if (word !== 'true' && word !== 'false') throw new PathError(`unrecognized identifier ${word}`)
      nodes.push({ type: 'literal', value: word === 'true' })
      at += word.length
    } else throw new PathError(`unrecognized character in action: ${JSON.stringify(c)}`)
  }
  return nodes
}

function dot(text: string, start: number, nodes: PathNode[]): number {
  let at = start + 1
  if (text[at] === '.') {
    at++
    if (text[at] === '.') throw new PathError('invalid multiple recursive descent')
    nodes.push({ type: 'recursive' })
  }
  if (text[at] === '*') {
    nodes.push({ type: 'wildcard' })
    return at + 1
  }
  let name = ''
  while (at < text.length && !/[\s.[\]|,;(){}@$'"<>=!]/.test(text[at]!)) {
    if (text[at] === '\\' && at + 1 < text.length) at++
    name += text[at]
    at++
  }
  if (name !== '') nodes.push({ type: 'field', name })
  return at
}

function bracket(text: string, start: number, nodes: PathNode[]): number {
  const end = closingBracket(text, start)
  const inner = text.slice(start + 1, end)
  nodes.push(bracketed(inner.trim()))
  return end + 1
}

function closingBracket(text: string, start: number): number {
  let quote = ''
  let depth = 0
  for (let i = start; i < text.length; i++) {
    const c = text[i]!
    if (quote !== '') {
      if (c === '\\') i++
      else if (c === quote) quote = ''
    } else if (c === '"' || c === "'") quote = c
    else if (c === '[') depth++
    else if (c === ']' && --depth === 0) return i
  }
  throw new PathError('unterminated array')
}

const SLICE = /^(-?\d*)(?:(:)(-?\d*))?(?:(:)(-?\d*))?$/

function bracketed(inner: string): PathNode {
  if (inner === '*') return { type: 'wildcard' }
  if (inner === '') return { type: 'wildcard' }
  if (inner.startsWith('?(') && inner.endsWith(')')) return filterOf(inner.slice(2, -1))
  const parts = splitOutside(inner)
  if (parts.length > 1) return { type: 'union', parts: parts.map((part) => [bracketed(part.trim())]) }
  if (/^(['"]).*\1$/s.test(inner)) {
    const path = unquoted(inner)
    const names: PathNode[] = []
    dotted(path, names)
    return { type: 'list', nodes: names }
  }
  const match = SLICE.exec(inner)
  if (!match) throw new PathError(`invalid array index ${inner}`)
  const [, from = '', colon, to = '', , by = ''] = match
  if (colon === undefined) return { type: 'slice', from: Number(from), to: Number(from) + 1, single: true }
  return {
    type: 'slice',
    ...(from !== '' && { from: Number(from) }),
    ...(to !== '' && { to: Number(to) }),
    ...(by !== '' && { by: Number(by) }),
    single: false,
  }
}

function dotted(path: string, nodes: PathNode[]): void {
  const text = path.startsWith('.') ? path : `.${path}`
  let at = 0
  while (at < text.length) at = dot(text, at, nodes)
}

/** Cuts at commas that are not in quotes. */
function splitOutside(text: string): string[] {
  const parts: string[] = []
  let quote = ''
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quote !== '') {
      if (c === quote) quote = ''
    } else if (c === '"' || c === "'") quote = c
    else if (c === ',') {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  parts.push(text.slice(start))
  return parts
}

function filterOf(text: string): PathNode {
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quote !== '') {
      if (c === '\\') i++
      else if (c === quote) quote = ''
      continue
    }
    if (c === '"' || c === "'") quote = c
    else if ('=!<>'.includes(c)) {
      let end = i
      while (end < text.length && '=!<>'.includes(text[end]!)) end++
      const operator = text.slice(i, end)
      if (!['==', '!=', '<', '>', '<=', '>='].includes(operator))
        throw new PathError(`unrecognized filter operator ${operator}`)
      return { type: 'filter', left: expression(text.slice(0, i)), operator, right: expression(text.slice(end)) }
    }
  }
  return { type: 'filter', left: expression(text), operator: 'exists', right: [] }
}

function endOfQuote(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === text[start]) return i + 1
  }
  throw new PathError('unterminated quoted string')
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  "'": "'",
  '/': '/',
}

const unquoted = (text: string) => text.slice(1, -1).replace(/\\(.)/gs, (whole, c: string) => ESCAPES[c] ?? whole)

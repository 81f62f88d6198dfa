/** A template that cannot be read or carried out. Caught where templates are evaluated. */
export class TemplateError extends Error {}

export type Term =
  | { readonly type: 'literal'; readonly value: unknown }
  | { readonly type: 'dot'; readonly path: readonly string[] }
  | { readonly type: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly type: 'group'; readonly pipeline: Pipeline; readonly path: readonly string[] }
  | { readonly type: 'word'; readonly name: string }

export interface Pipeline {
  /** Variables that are set: `$x :=`, `$i, $x :=`. */
  readonly declares: readonly string[]
  readonly commands: readonly (readonly Term[])[]
}

interface Block {
  readonly pipeline: Pipeline
  readonly body: readonly TemplateNode[]
  readonly otherwise: readonly TemplateNode[]
}

export type TemplateNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'print'; readonly pipeline: Pipeline }
  | ({ readonly type: 'if' } & Block)
  | ({ readonly type: 'with' } & Block)
  | ({ readonly type: 'range' } & Block)

type Piece = { readonly text: string } | { readonly action: string }

/** Cuts a template into text and actions; `{{-` and `-}}` take the blanks beside them away. */
function pieces(template: string): Piece[] {
  const found: Piece[] = []
  let at = 0
  let trim = false
  while (at < template.length) {
    const open = template.indexOf('{{', at)
    let text = template.slice(at, open < 0 ? undefined : open)
    if (trim) text = text.trimStart()
    if (open < 0) {
      found.push({ text })
      break
    }
    const close = closing(template, open + 2)
    let action = template.slice(open + 2, close)
    if (/^-\s/.test(action)) {
      text = text.trimEnd()
      action = action.slice(1)
    }
    trim = /\s-$/.test(action)
    if (trim) action = action.slice(0, -1)
    found.push({ text }, { action: action.trim() })
    at = close + 2
  }
  return found
}

function closing(template: string, start: number): number {
  let quote = ''
  for (let i = start; i < template.length; i++) {
    const c = template[i]!
    if (quote !== '') {
      if (c === '\\' && quote === '"') i++
      else if (c === quote) quote = ''
    } else if (c === '"' || c === '`') quote = c
    else if (c === '}' && template[i + 1] === '}') return i
  }
  throw new TemplateError('unclosed action')
}

/** Reads a template. Throws TemplateError. */
export function parseTemplate(template: string): readonly TemplateNode[] {
  const all = pieces(template)
  let at = 0
  const list = (ends: readonly string[]): { nodes: TemplateNode[]; end: string } => {
    const nodes: TemplateNode[] = []
    while (at < all.length) {
      const piece = all[at++]!
      if ('text' in piece) {
        if (piece.text !== '') nodes.push({ type: 'text', text: piece.text })
        continue
      }
      const [, word = ''] = /^(\w+)/.exec(piece.action) ?? []
      if (ends.includes(word)) return { nodes, end: piece.action }
      if (piece.action.startsWith('/*')) continue
      if (word === 'if' || word === 'with' || word === 'range') nodes.push(block(word, piece.action.slice(word.length)))
      else if (word === 'end' || word === 'else') throw new TemplateError(`unexpected {{${word}}}`)
      else nodes.push({ type: 'print', pipeline: pipelineOf(piece.action) })
    }
    if (ends.length > 0) throw new TemplateError('unexpected EOF')
    return { nodes, end: '' }
  }
  const block = (type: 'if' | 'with' | 'range', rest: string): TemplateNode => {
    const pipeline = pipelineOf(rest)
    const { nodes: body, end } = list(['else', 'end'])
    if (end === 'end') return { type, pipeline, body, otherwise: [] }
    const chained = /^else\s+(if|with)\b(.*)$/s.exec(end)
    if (chained) return { type, pipeline, body, otherwise: [block(chained[1] as 'if' | 'with', chained[2]!)] }
    return { type, pipeline, body, otherwise: list(['end']).nodes }
  }
  return list([]).nodes
}

const TOKEN =
  /^(?:\s+|"(?:\\.|[^"\\])*"|`[^`]*`|:=|[|(),=]|[-+]?\d+(?:\.\d+)?|\$?\w*(?:\.[\w-]+)+|\$\w*|\.(?![\w-])|\w+)/

function pipelineOf(text: string): Pipeline {
  const tokens: string[] = []
  let rest = text
  while (rest !== '') {
    const match = TOKEN.exec(rest)
    if (!match) throw new TemplateError(`unexpected ${JSON.stringify(rest[0])} in operand`)
    if (match[0].trim() !== '') tokens.push(match[0])
    rest = rest.slice(match[0].length)
  }
  const set = tokens.findIndex((token) => token === ':=' || token === '=')
  const declares = set < 0 ? [] : tokens.slice(0, set).filter((token) => token !== ',')
  let at = set + 1
  const read = (closed: boolean): Pipeline['commands'] => {
    const commands: Term[][] = [[]]
    while (at < tokens.length) {
      const token = tokens[at++]!
      if (token === ')') {
        if (!closed) throw new TemplateError('unexpected right paren')
        return commands
      }
      if (token === '|') commands.push([])
      else if (token === '(') {
        const inner = read(true)
        const path = tokens[at]?.startsWith('.') && tokens[at] !== '.' ? tokens[at++]!.slice(1).split('.') : []
        commands[commands.length - 1]!.push({ type: 'group', pipeline: { declares: [], commands: inner }, path })
      } else commands[commands.length - 1]!.push(termOf(token))
    }
    if (closed) throw new TemplateError('unclosed left paren')
    return commands
  }
  return { declares, commands: read(false) }
}

function termOf(token: string): Term {
  if (token.startsWith('"')) return { type: 'literal', value: unquoted(token) }
  if (token.startsWith('`')) return { type: 'literal', value: token.slice(1, -1) }
  if (/^[-+]?\d/.test(token)) return { type: 'literal', value: Number(token) }
  if (token === 'true' || token === 'false') return { type: 'literal', value: token === 'true' }
  if (token === 'nil') return { type: 'literal', value: null }
  if (token === '.') return { type: 'dot', path: [] }
  const [head = '', ...path] = token.split('.')
  if (head.startsWith('$')) return { type: 'variable', name: head, path }
  if (head === '') return { type: 'dot', path }
  if (path.length > 0) throw new TemplateError(`unexpected ${JSON.stringify(token)} in operand`)
  return { type: 'word', name: head }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"' }
const unquoted = (token: string) => token.slice(1, -1).replace(/\\(.)/gs, (whole, c: string) => ESCAPES[c] ?? whole)

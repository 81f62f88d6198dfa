import { escapedJson } from '../../cli/json'

const WIDTH = 80

/** An object as kubectl prints YAML: keys sorted, lists not indented below their key, long texts folded after column 80. */
export function printYaml(value: unknown): string {
  const lines: string[] = []
  emit(value, 0, lines, '')
  return `${lines.join('\n')}\n`
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function keysOf(map: Record<string, unknown>): string[] {
  return Object.keys(map)
    .filter((key) => map[key] !== undefined)
    .sort((a, b) => naturalKey(a, b))
}

/** Adds lines for a value; `lead` is what stands before its first line. */
function emit(value: unknown, indent: number, lines: string[], lead: string): void {
  if (isMap(value) && keysOf(value).length > 0) emitMap(value, indent, lines, lead)
  else if (Array.isArray(value) && value.length > 0) {
    value.forEach((item, i) => {
      emit(item, indent + 2, lines, `${i === 0 ? lead : ' '.repeat(indent)}- `)
    })
  } else lines.push(...scalarLines(value, lead, indent))
}

function emitMap(map: Record<string, unknown>, indent: number, lines: string[], lead: string): void {
  keysOf(map).forEach((key, i) => {
    const head = `${i === 0 ? lead : ' '.repeat(indent)}${scalar(key)}:`
    const value = map[key]
    if (isMap(value) && keysOf(value).length > 0) {
      lines.push(head)
      emit(value, indent + 2, lines, ' '.repeat(indent + 2))
    } else if (Array.isArray(value) && value.length > 0) {
      lines.push(head)
      emit(value, indent, lines, ' '.repeat(indent))
    } else lines.push(...scalarLines(value, `${head} `, indent))
  })
}

function scalarLines(value: unknown, lead: string, indent: number): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: texts with these cannot stand as they are
  if (typeof value === 'string' && value.includes('\n') && !/[\u0000-\u0008\u000b-\u001f]|[ \t]\n/.test(value))
    return literal(value, lead, indent)
  if (typeof value === 'string') return folded(`${lead}${scalar(value)}`, lead.length, indent + 2)
  if (Array.isArray(value)) return [`${lead}[]`]
  return [isMap(value) ? `${lead}{}` : `${lead}${JSON.stringify(value ?? null)}`]
}

function literal(text: string, lead: string, indent: number): string[] {
  const end = text.endsWith('\n\n') || text === '\n' ? '+' : text.endsWith('\n') ? '' : '-'
  const body = text.endsWith('\n') ? text.slice(0, -1) : text
  const hint = /^[ \n]/.test(text) ? '2' : ''
  const inside = ' '.repeat(indent + 2)
  return [`${lead}|${hint}${end}`, ...body.split('\n').map((line) => (line === '' ? '' : inside + line))]
}

/** Breaks a line at the first single blank after column 80. */
function folded(line: string, from: number, indent: number): string[] {
  if (line.length <= WIDTH) return [line]
  const lines: string[] = []
  let current = line.slice(0, from)
  for (let i = from; i < line.length; i++) {
    const c = line[i]!
    const single = c === ' ' && line[i + 1] !== ' ' && line[i - 1] !== ' ' && i + 1 < line.length
    if (single && current.length > WIDTH) {
      lines.push(current)
      current = ' '.repeat(indent)
    } else current += c
  }
  lines.push(current)
  return lines
}

/** What YAML 1.1 would not read as text. */
const NOT_TEXT =
  /^(?:y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|null|Null|NULL|~|<<|=|[-+]?(?:0b[01_]+|0o?[0-7_]*|[1-9][0-9_]*|0x[0-9a-fA-F_]+)|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::?\d\d)?))?)?)$/

function scalar(text: string): string {
  if (text === '') return '""'
  if (NOT_TEXT.test(text)) return JSON.stringify(text)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these need quotes
  if (/[\u0000-\u001f\u007f]/.test(text)) return escapedJson(text)
  const bad = /^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|: |:$| #|^\s|\s$|^---|^\.\.\./.test(text)
  return bad ? `'${text.replaceAll("'", "''")}'` : text
}

/** Keys as the YAML printer sorts them: letters before other characters, numbers by value. */
function naturalKey(a: string, b: string): number {
  const [x, y] = [[...a], [...b]]
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] === y[i]) continue
    const [p, q] = [/[A-Za-z]/.test(x[i]!), /[A-Za-z]/.test(y[i]!)]
    if (p && q) return x[i]! < y[i]! ? -1 : 1
    if (p || q) return p ? 1 : -1
    const [m, n] = [/^\d+/.exec(a.slice(i)), /^\d+/.exec(b.slice(i))]
    if (m && n && Number(m[0]) !== Number(n[0])) return Number(m[0]) - Number(n[0])
    return x[i]! < y[i]! ? -1 : 1
  }
  return x.length - y.length
}

import { alignRows } from '../../cli/table'
import { goText } from '../../template'
import { findValues } from './jsonpath'

export interface CustomColumn {
  readonly header: string
  /** A JSONPath in braces. */
  readonly field: string
}

type Columns = { readonly columns: readonly CustomColumn[] } | { readonly error: string }

/** `x`, `.x`, `{x}` and `{.x}` all mean `{.x}`. undefined: none of these. */
export function relaxedPath(text: string): string | undefined {
  if (text === '') return ''
  const match = /^(?:\{\.?([^{}]+)\}|\.?([^{}]+))$/.exec(text)
  if (!match) return undefined
  return `{.${match[1] ?? match[2]}}`
}

const unexpected = (text: string) =>
  `unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}': ${text}`

/** `NAME:.metadata.name,IMAGE:.spec.containers[*].image` */
export function columnsFromSpec(spec: string): Columns {
  if (spec === '') return { error: 'custom-columns format specified but no custom columns given' }
  const columns: CustomColumn[] = []
  for (const part of splitColumns(spec)) {
    const colon = part.indexOf(':')
    if (colon < 0) return { error: `unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>` }
    const path = part.slice(colon + 1)
    const field = relaxedPath(path)
    if (field === undefined) return { error: unexpected(path) }
    columns.push({ header: part.slice(0, colon), field })
  }
  return { columns }
}

/** Cuts at commas, but not inside brackets or parentheses. */
function splitColumns(spec: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < spec.length; i++) {
    if ('[('.includes(spec[i]!)) depth++
    else if ('])'.includes(spec[i]!)) depth--
    else if (spec[i] === ',' && depth === 0) {
      parts.push(spec.slice(start, i))
      start = i + 1
    }
  }
  parts.push(spec.slice(start))
  return parts
}

/** Two lines: headers, and below each its path. */
export function columnsFromTemplate(text: string): Columns {
  const [heads = '', paths = ''] = text.split('\n')
  const headers = heads
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
  const fields = paths
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (headers.length === 0 || fields.length === 0) return { error: 'invalid template, missing header or spec line' }
  if (headers.length !== fields.length)
    return { error: `number of headers (${headers.length}) and field specifications (${fields.length}) don't match` }
  const columns: CustomColumn[] = []
  for (const [i, header] of headers.entries()) {
    const field = relaxedPath(fields[i]!)
    if (field === undefined) return { error: unexpected(fields[i]!) }
    columns.push({ header, field })
  }
  return { columns }
}

/** The table of these columns; or why a path cannot be followed. */
export function printColumns(
  columns: readonly CustomColumn[],
  objects: readonly unknown[],
  headed: boolean,
): { readonly text: string } | { readonly error: string } {
  const rows: string[][] = headed ? [columns.map(({ header }) => header)] : []
  for (const object of objects) {
    const row: string[] = []
    for (const { field } of columns) {
      const found = findValues(field, object)
      if ('error' in found) return found
      row.push(found.values.length === 0 ? '<none>' : found.values.map(cell).join(','))
    }
    rows.push(row)
  }
  return { text: alignCells(rows) }
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '<none>'
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return `[${value.map((item) => goText(item, true)).join(' ')}]`
  return goText(value, true)
}

const alignCells = (rows: readonly (readonly string[])[]) =>
  alignRows(rows.map((row) => row.map((text) => text.replace(/\r/g, '\\r'))))

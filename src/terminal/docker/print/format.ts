import { fail } from '../../cli/failure'
import { escapedJson } from '../../cli/json'
import { alignTabs } from '../../cli/table'
import { executeTemplate } from '../../template'
import type { Builtin } from '../../template/functions'
import { Int } from '../../template/values'
import type { Run } from '../run'

/** A column of a table: the name that templates use, its heading, and what stands there. */
export interface Column<T> {
  readonly field: string
  readonly heading: string
  readonly cell: (row: T) => string
  /** Not in the table that is shown without a format. */
  readonly hidden?: boolean
}

const GAP = 3
const NARROWEST = 10
const text = (value: unknown): string => (typeof value === 'string' ? value : String(value ?? ''))

/** What docker/cli adds to the functions of Go templates. */
const functions: Readonly<Record<string, Builtin>> = {
  json: { least: 1, most: 1, run: (value) => escapedJson(untyped(value) ?? null) },
  join: {
    least: 2,
    most: 2,
    run: (list, separator) => (Array.isArray(list) ? list.map(text).join(text(separator)) : text(list)),
  },
  split: { least: 2, most: 2, run: (value, separator) => text(value).split(text(separator)) },
  lower: { least: 1, most: 1, run: (value) => text(value).toLowerCase() },
  upper: { least: 1, most: 1, run: (value) => text(value).toUpperCase() },
  title: { least: 1, most: 1, run: (value) => text(value).replace(/(^|\s)\S/g, (one) => one.toUpperCase()) },
  pad: {
    least: 3,
    most: 3,
    run: (value, before, after) =>
      text(value) === '' ? '' : `${' '.repeat(Number(text(before)))}${text(value)}${' '.repeat(Number(text(after)))}`,
  },
  truncate: { least: 2, most: 2, run: (value, length) => text(value).slice(0, Number(text(length))) },
}

/** Whole numbers are Go's integers, as the client's types have them. */
function typed(value: unknown): unknown {
  if (typeof value === 'number' && Number.isInteger(value)) return new Int(value)
  if (Array.isArray(value)) return value.map(typed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, typed(one)]))
}

function untyped(value: unknown): unknown {
  if (value instanceof Int) return value.value
  if (Array.isArray(value)) return value.map(untyped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, untyped(one)]))
}

/** A template over some data, as `--format` of inspect means it. */
export function rendered(template: string, data: unknown): string {
  const result = executeTemplate(template, typed(data), { name: '', functions, missingIsError: true })
  if (result.error === undefined) return result.text
  if (result.parsing) return fail(`template parsing error: ${result.error}`, 64)
  return fail(`${result.text}template parsing error: ${result.error}`)
}

/** Tabs and new lines that a shell leaves as they were typed. */
const unescaped = (format: string): string => format.replaceAll('\\t', '\t').replaceAll('\\n', '\n')

/** What templates find in a row. */
export const dataOf = <T>(row: T, columns: readonly Column<T>[]): Readonly<Record<string, string>> =>
  Object.fromEntries(columns.map(({ field, cell }) => [field, cell(row)]))

/** Rows as a table with headings, by a template, or as JSON. After docker/cli's formatter. */
export function printRows<T>(
  run: Run,
  rows: readonly T[],
  columns: readonly Column<T>[],
  format = run.value('format') ?? 'table',
): void {
  const data = (row: T) => dataOf(row, columns)
  if (format === 'json') {
    for (const row of rows) {
      const sorted = Object.entries(data(row)).sort(([a], [b]) => (a < b ? -1 : 1))
      run.print(`${escapedJson(Object.fromEntries(sorted))}\n`)
    }
    return
  }
  if (format === 'table' || format === '') {
    const shown = columns.filter(({ hidden }) => !hidden)
    const lines = [shown.map(({ heading }) => heading), ...rows.map((row) => shown.map(({ cell }) => cell(row)))]
    run.print(`${alignTabs(lines.map((cells) => cells.join('\t')).join('\n'), GAP, NARROWEST)}\n`)
    return
  }
  const isTable = format.startsWith('table ')
  const template = unescaped(isTable ? format.slice('table '.length).trimStart() : format)
  const lines = rows.map((row) => {
    const values: Record<string, unknown> = data(row)
    values['Label'] = (name: unknown) => labelIn(text(values['Labels']), text(name))
    return one(template, values)
  })
  if (!isTable) {
    for (const line of lines) run.print(`${line}\n`)
    return
  }
  const headings: Record<string, unknown> = Object.fromEntries(columns.map(({ field, heading }) => [field, heading]))
  headings['Label'] = (name: unknown) => text(name)
  const first = one(template, headings)
  run.print(`${alignTabs([first, ...lines].join('\n'), GAP, NARROWEST)}\n`)
}

const labelIn = (labels: string, name: string): string =>
  labels
    .split(',')
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? ''

function one(template: string, data: unknown): string {
  const result = executeTemplate(template, data, { name: '', functions, missingIsError: true })
  if (result.error === undefined) return result.text
  if (result.parsing) return fail(`failed to parse template: ${result.error}`, 64)
  return fail(`failed to execute template: ${result.error}`)
}

/** `app=web,tier=1`, sorted. */
export const labelsText = (labels: Readonly<Record<string, string>> | null): string =>
  Object.entries(labels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(',')

/** At most so long, the last letter an ellipsis. */
export const ellipsis = (value: string, most: number): string => {
  const letters = [...value]
  return letters.length <= most ? value : `${letters.slice(0, most - 1).join('')}…`
}

export const shortId = (id: string): string => (id.startsWith('sha256:') ? id.slice(7, 19) : id.slice(0, 12))

import { Cron } from 'croner'
import { rfc3339 } from '../../engine/time'
import { parseDuration } from './duration'

/** When something is to happen again and again: a schedule of five fields, `@hourly` and the like, or `@every 5m`. */
export interface Schedule {
  /** The first time after this one, in milliseconds since 1970; undefined: never (31 February). */
  readonly next: (after: number) => number | undefined
}

type Parsed = { readonly schedule: Schedule } | { readonly error: string }

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

const MONTHS = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const FIELDS: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: DAYS },
]
const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}
const EVERY = '@every '
const MOST_KNOWN = 500

/** A word that is no schedule; never leaves this file. */
class Wrong extends Error {}

const known = new Map<string, Parsed>()

/**
 * Reads a schedule as Kubernetes does (robfig/cron's ParseStandard): `*` and `?`, lists, ranges, steps, names; if both days of the month
 * and of the week are given, either is enough. Simplified: a time that the change to summer time leaves out is an hour later instead
 * of not at all.
 */
export function parseSchedule(text: string, zone: string | undefined): Parsed {
  const key = `${zone ?? ''} ${text}`
  let parsed = known.get(key)
  if (!parsed) {
    parsed = parse(text, zone)
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(key, parsed)
  }
  return parsed
}

function parse(text: string, zone: string | undefined): Parsed {
  try {
    if (text === '') throw new Wrong('empty spec string')
    if (text.startsWith(EVERY)) return { schedule: every(text.slice(EVERY.length)) }
    if (text.startsWith('@') && NAMED[text] === undefined) throw new Wrong(`unrecognized descriptor: ${text}`)
    return { schedule: zoned(patternOf(NAMED[text] ?? text), zone) }
  } catch (error) {
    if (error instanceof Wrong) return { error: error.message }
    throw error
  }
}

function every(text: string): Schedule {
  const millis = parseDuration(text)
  if (millis === undefined)
    throw new Wrong(`failed to parse duration ${EVERY}${text}: time: invalid duration ${JSON.stringify(text)}`)
  const gap = Math.max(1_000, Math.floor(millis / 1000) * 1000)
  return { next: (after) => Math.floor(after / 1000) * 1000 + gap }
}

function zoned(pattern: string, zone: string | undefined): Schedule {
  const cron = new Cron(pattern, { legacyMode: true, ...(zone === undefined ? { utcOffset: 0 } : { timezone: zone }) })
  return { next: (after) => cron.nextRun(rfc3339(after))?.getTime() }
}

/** Whether a time zone is known: `Europe/Berlin`. */
export function zoneExists(zone: string): boolean {
  try {
    return new Cron('0 0 1 1 *', { timezone: zone }).nextRun(rfc3339(0)) !== null
  } catch {
    return false
  }
}

/** The five fields with their values one by one, as every library reads them alike. */
function patternOf(text: string): string {
  const fields = text.trim().split(/\s+/)
  if (fields.length !== 5) throw new Wrong(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`)
  return fields.map((field, i) => fieldOf(field, FIELDS[i]!)).join(' ')
}

function fieldOf(text: string, bounds: Bounds): string {
  const values = new Set<number>()
  let any = false
  for (const part of text.split(',').filter((one) => one !== '')) any = rangeOf(part, bounds, values) || any
  return any ? '*' : [...values].sort((a, b) => a - b).join(',')
}

/** Adds the values of `*`, `5`, `1-5`, `*\/15`, `10-50/20`; true for a bare star. */
function rangeOf(text: string, bounds: Bounds, values: Set<number>): boolean {
  const [range = '', stepText, ...moreSlashes] = text.split('/')
  const [low = '', high, ...moreHyphens] = range.split('-')
  const star = low === '*' || low === '?'
  if (!star && moreHyphens.length > 0) throw new Wrong(`too many hyphens: ${text}`)
  const start = star ? bounds.min : numberOf(low, bounds)
  let end = star ? bounds.max : high === undefined ? start : numberOf(high, bounds)
  if (moreSlashes.length > 0) throw new Wrong(`too many slashes: ${text}`)
  const step = stepText === undefined ? 1 : wholeOf(stepText)
  if (stepText !== undefined && high === undefined) end = bounds.max
  if (start < bounds.min) throw new Wrong(`beginning of range (${start}) below minimum (${bounds.min}): ${text}`)
  if (end > bounds.max) throw new Wrong(`end of range (${end}) above maximum (${bounds.max}): ${text}`)
  if (start > end) throw new Wrong(`beginning of range (${start}) beyond end of range (${end}): ${text}`)
  if (step === 0) throw new Wrong(`step of range should be a positive number: ${text}`)
  for (let value = start; value <= end; value += step) values.add(value)
  return star && step === 1
}

function numberOf(text: string, { names }: Bounds): number {
  const named = text === '' ? -1 : (names?.indexOf(text.toLowerCase()) ?? -1)
  return named >= 0 ? named : wholeOf(text)
}

function wholeOf(text: string): number {
  const why = !/^[+-]?\d+$/.test(text)
    ? 'invalid syntax'
    : Math.abs(Number(text)) >= 2 ** 63
      ? 'value out of range'
      : undefined
  if (why !== undefined)
    throw new Wrong(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: ${why}`)
  if (Number(text) < 0) throw new Wrong(`negative number (${Number(text)}) not allowed: ${text}`)
  const value = Number(text)
  if (value < 0) throw new Wrong(`negative number (${value}) not allowed: ${text}`)
  return value
}

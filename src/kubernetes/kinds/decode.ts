import { parseRfc3339 } from '../../engine/time'
import { NOT_A_QUANTITY, parseQuantity, printQuantity } from '../api/quantity'
import type { Field, Fields } from './schema'

/** `strict`: unknown fields, in the API's words. `fatal`: the first value of a wrong type, which no mode forgives. */
export interface Decoded {
  readonly object: any
  readonly strict: readonly string[]
  readonly fatal: string | undefined
}

/** Ends the decoding of one object; never leaves this file. */
class WrongType extends Error {}

/**
 * Reads plain JSON into an object of a kind: unknown fields and nulls are dropped, quantities become canonical. Fields
 * are visited by name, as the server meets them in what kubectl sends.
 */
export function decode(fields: Fields, typeName: string, raw: unknown): Decoded {
  const strict: string[] = []
  try {
    return {
      object: decodeFields(fields, typeName, raw as Record<string, unknown>, '', '', strict),
      strict,
      fatal: undefined,
    }
  } catch (error) {
    if (error instanceof WrongType) return { object: undefined, strict, fatal: error.message }
    throw error
  }
}

function decodeFields(
  fields: Fields,
  owner: string,
  raw: Record<string, unknown>,
  path: string,
  goPath: string,
  strict: string[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(raw).sort((a, b) => (a < b ? -1 : 1))) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined
    const here = path === '' ? key : `${path}.${key}`
    if (!field) {
      strict.push(`unknown field "${here}"`)
      continue
    }
    const value = raw[key]
    if (value === null || value === undefined) continue
    const go = goPath === '' ? key : `${goPath}.${key}`
    result[key] = decodeValue(field, value, here, { owner, path: go }, strict)
  }
  return result
}

interface Place {
  /** The Go struct that has the field, and the path of fields to it, for the decoder's error texts. */
  readonly owner: string
  readonly path: string
}

function decodeValue(field: Field, value: unknown, path: string, place: Place, strict: string[]): unknown {
  switch (field.type) {
    case 'object':
      if (!isObject(value)) return wrong(value, place, goType(field))
      return decodeFields(field.fields, field.name, value, path, place.path, strict)
    case 'list': {
      if (!Array.isArray(value)) return wrong(value, place, goType(field))
      const items: unknown[] = []
      value.forEach((item, i) => {
        // a null item is an empty one
        const given = item ?? (field.items.type === 'object' ? {} : '')
        items.push(decodeValue(field.items, given, `${path}[${i}]`, place, strict))
      })
      return items
    }
    case 'map': {
      if (!isObject(value)) return wrong(value, place, goType(field))
      const entries: Record<string, unknown> = {}
      for (const key of Object.keys(value)) {
        const given = value[key] ?? (field.items.type === 'string' ? '' : undefined)
        if (given !== undefined) entries[key] = decodeValue(field.items, given, `${path}.${key}`, place, strict)
      }
      return entries
    }
    case 'string':
      return typeof value === 'string' ? value : wrong(value, place, 'string')
    case 'bytes': {
      if (typeof value !== 'string') return wrong(value, place, '[]uint8')
      const text = value.replace(/[\r\n]/g, '')
      const end = text.search(/[^A-Za-z0-9+/]|$/)
      if (text.length % 4 !== 0 || !/^={0,2}$/.test(text.slice(end)))
        throw new WrongType(`illegal base64 data at input byte ${Math.min(end, text.length - (text.length % 4))}`)
      return value
    }
    case 'boolean':
      return typeof value === 'boolean' ? value : wrong(value, place, 'bool')
    case 'int32':
    case 'int64':
      return decodeInteger(value, place, field.type)
    case 'number':
      return typeof value === 'number' ? value : wrong(value, place, 'float64')
    case 'quantity': {
      const quantity = typeof value === 'string' || typeof value === 'number' ? parseQuantity(String(value)) : undefined
      if (!quantity) throw new WrongType(value === '' ? 'unable to parse quantity' : NOT_A_QUANTITY)
      return printQuantity(quantity)
    }
    case 'int-or-string':
      return typeof value === 'string' ? value : decodeInteger(value, place, 'int32')
    case 'time':
      if (typeof value !== 'string') return wrong(value, place, 'string')
      if (parseRfc3339(value) === undefined) {
        throw new WrongType(
          `parsing time ${JSON.stringify(value)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(value)} as "2006"`,
        )
      }
      return value
    case 'any':
      return value
  }
}

function decodeInteger(value: unknown, place: Place, type: 'int32' | 'int64'): number {
  if (typeof value !== 'number') return wrong(value, place, type)
  const fits = type === 'int64' || (value >= -2147483648 && value <= 2147483647)
  if (!Number.isInteger(value) || !fits) return wrong(`number ${value}`, place, type, true)
  return value
}

function wrong(value: unknown, place: Place, want: string, told = false): never {
  throw new WrongType(
    `json: cannot unmarshal ${told ? value : jsonType(value)} into Go struct field ${place.owner}.${place.path} of type ${want}`,
  )
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return typeof value
}

function goType(field: Field): string {
  switch (field.type) {
    case 'object':
      return `v1.${field.name}`
    case 'list':
      return `[]${goType(field.items)}`
    case 'map':
      return field.items.type === 'quantity' ? 'v1.ResourceList' : `map[string]${goType(field.items)}`
    case 'boolean':
      return 'bool'
    case 'bytes':
      return '[]uint8'
    case 'quantity':
      return 'resource.Quantity'
    case 'int-or-string':
      return 'int32'
    case 'any':
      return 'interface {}'
    case 'time':
      return 'v1.Time'
    case 'number':
      return 'float64'
    default:
      return field.type
  }
}

/** Something accepted that is not, or not wholly, modelled: where, and what is left out. */
export interface FieldNotice {
  readonly path: string
  readonly label: 'simplified' | 'not modelled'
  readonly text: string
}

/** What of an object Drydock does not, or not wholly, model. Empty values and `false` ask for nothing and are left out. */
export function fieldNotices(fields: Fields, value: unknown, path = ''): FieldNotice[] {
  const found: FieldNotice[] = []
  if (!isObject(value)) return found
  for (const key of Object.keys(value)) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (field) found.push(...noticesOf(field, value[key], path === '' ? key : `${path}.${key}`))
  }
  return found
}

function noticesOf(field: Field, value: unknown, path: string): FieldNotice[] {
  if (asksNothing(value)) return []
  const found: FieldNotice[] = []
  if ((field.support === 'not modelled' || field.support === 'simplified') && concerns(field, value)) {
    const name = path.slice(path.lastIndexOf('.') + 1)
    const what = field.support === 'simplified' ? 'is simplified' : 'is accepted but not modelled'
    found.push({
      path,
      label: field.support,
      text: `${name} ${what}${field.note === undefined ? '' : `: ${field.note}`}`,
    })
    if (field.support === 'not modelled') return found
  }
  if (field.type === 'object') found.push(...fieldNotices(field.fields, value, path))
  else if (field.type === 'list' && Array.isArray(value)) {
    value.forEach((item, i) => {
      found.push(...noticesOf(field.items, item, `${path}[${i}]`))
    })
  }
  return found
}

const concerns = (field: Field, value: unknown): boolean =>
  (field.only === undefined || field.only.includes(String(value))) && !field.except?.includes(String(value))

function asksNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isObject(value) && Object.keys(value).length === 0
}

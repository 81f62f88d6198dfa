/**
 * The schema of a kind: a tree of fields with their types, what they mean, how lists merge, and how far Drydock goes with
 * each. Strict decoding, `kubectl explain`, strategic merge patches and manifest checking all read the same tree.
 */
export type Support = 'modelled' | 'simplified' | 'not modelled'

interface Common {
  readonly about: string
  /** Left out: modelled. */
  readonly support?: Support
  /** What exactly is simplified or left out. */
  readonly note?: string
  /** The label holds only for these values, or for all but these. */
  readonly only?: readonly string[]
  readonly except?: readonly string[]
  readonly required?: boolean
  /** How a strategic merge patch treats the field; lists are replaced unless they say `merge`. */
  readonly strategy?: 'merge' | 'replace' | 'retainKeys' | 'merge,retainKeys'
  /** Filled in by the server: `explain` shows it, a manifest may carry it. */
  readonly readOnly?: boolean
}

export interface Leaf extends Common {
  readonly type:
    | 'string'
    | 'int32'
    | 'int64'
    | 'number'
    | 'boolean'
    | 'quantity'
    | 'int-or-string'
    | 'time'
    | 'bytes'
    | 'any'
  readonly values?: readonly string[]
}
export interface ObjectField extends Common {
  readonly type: 'object'
  /** The type's name in the API: `PodSpec`. */
  readonly name: string
  readonly fields: Fields
}
export interface ListField extends Common {
  readonly type: 'list'
  readonly items: Field
  /** The field that tells the items apart when lists are merged. */
  readonly mergeKey?: string
}
export interface MapField extends Common {
  readonly type: 'map'
  readonly items: Field
}
export type Field = Leaf | ObjectField | ListField | MapField
export type Fields = Readonly<Record<string, Field>>
type More = Partial<Omit<Common, 'about'>>

const leaf =
  (type: Leaf['type']) =>
  (about: string, more: More = {}): Leaf => ({ type, about, ...more })

export const text = leaf('string')
export const int = leaf('int32')
export const long = leaf('int64')
export const bool = leaf('boolean')
export const quantity = leaf('quantity')
export const intOrText = leaf('int-or-string')
export const time = leaf('time')
export const bytes = leaf('bytes')
/** Any JSON at all. */
export const anything = leaf('any')

/** Text out of a fixed set. */
export const choice = (values: readonly string[], about: string, more: More = {}): Leaf => ({
  type: 'string',
  values,
  about,
  ...more,
})

export const object = (name: string, about: string, fields: Fields, more: More = {}): ObjectField => ({
  type: 'object',
  name,
  about,
  fields,
  ...more,
})

export const list = (items: Field, about: string, more: More & { mergeKey?: string } = {}): ListField => ({
  type: 'list',
  items,
  about,
  ...more,
  ...(more.mergeKey !== undefined && more.strategy === undefined && { strategy: 'merge' as const }),
})

export const map = (items: Field, about: string, more: More = {}): MapField => ({ type: 'map', items, about, ...more })

export const needed = <T extends Field>(field: T): T => ({ ...field, required: true })

/** Accepted, stored and shown, but nothing in Drydock follows from it. */
export const unmodelled = <T extends Field>(field: T, note?: string): T => ({
  ...field,
  support: 'not modelled',
  ...(note !== undefined && { note }),
})

export const simplified = <T extends Field>(
  field: T,
  note: string,
  values: Pick<Common, 'only' | 'except'> = {},
): T => ({
  ...field,
  support: 'simplified',
  note,
  ...values,
})

export const texts = (about: string, more: More = {}): ListField => list(text(''), about, more)
export const textMap = (about: string, more: More = {}): MapField => map(text(''), about, more)

/** As `kubectl explain` writes types: `<[]Container>`, `<map[string]string>`, `<integer>`. */
export function explainedType(field: Field): string {
  switch (field.type) {
    case 'string':
    case 'time':
    case 'bytes':
      return 'string'
    case 'int32':
    case 'int64':
      return 'integer'
    case 'number':
    case 'boolean':
      return field.type
    case 'quantity':
      return 'Quantity'
    case 'int-or-string':
      return 'IntOrString'
    case 'any':
      return 'Object'
    case 'object':
      return field.name
    case 'list':
      return `[]${explainedType(field.items)}`
    case 'map':
      return `map[string]${explainedType(field.items)}`
  }
}

/**
 * field.Error: what is wrong with one field of an object. Printed as `<path>: <type>[: <bad value>][: detail]`.
 * Values are printed as JSON, as since 1.34 (before, Go's own notation).
 */
export interface FieldError {
  readonly field: string
  readonly type: FieldErrorType
  /** The whole text after the path. */
  readonly text: string
}

export type FieldErrorType =
  | 'FieldValueInvalid'
  | 'FieldValueRequired'
  | 'FieldValueNotSupported'
  | 'FieldValueNotFound'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'

const quoted = (value: unknown): string => JSON.stringify(value) ?? 'null'
const withDetail = (text: string, detail: string | undefined) =>
  detail === undefined || detail === '' ? text : `${text}: ${detail}`

export const required = (field: string, detail = ''): FieldError => ({
  field,
  type: 'FieldValueRequired',
  text: withDetail('Required value', detail),
})

export const invalid = (field: string, value: unknown, detail: string): FieldError => ({
  field,
  type: 'FieldValueInvalid',
  text: withDetail(`Invalid value: ${quoted(value)}`, detail),
})

/** The supported values are told in the order given. */
export const unsupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  field,
  type: 'FieldValueNotSupported',
  text: `Unsupported value: ${quoted(value)}: supported values: ${supported.map(quoted).join(', ')}`,
})

export const notFoundField = (field: string, value: unknown): FieldError => ({
  field,
  type: 'FieldValueNotFound',
  text: `Not found: ${quoted(value)}`,
})

export const duplicate = (field: string, value: unknown): FieldError => ({
  field,
  type: 'FieldValueDuplicate',
  text: `Duplicate value: ${quoted(value)}`,
})

export const forbidden = (field: string, detail: string): FieldError => ({
  field,
  type: 'FieldValueForbidden',
  text: withDetail('Forbidden', detail),
})

export const printFieldError = (error: FieldError): string => `${error.field}: ${error.text}`

/** Several errors as one text: `[a, b]`, one alone without brackets. Equal ones are told once. */
export function aggregated(texts: readonly string[]): string {
  const once = texts.filter((text, i) => texts.indexOf(text) === i)
  return once.length === 1 ? once[0]! : `[${once.join(', ')}]`
}

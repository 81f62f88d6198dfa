/** What a value of a scenario file has to look like: it is read by this, and the JSON Schema for editors is made of it. */
export type Shape =
  | { readonly type: 'text'; readonly longest: number; readonly about: string }
  | { readonly type: 'name'; readonly about: string }
  | { readonly type: 'whole'; readonly least: number; readonly most: number; readonly about: string }
  | { readonly type: 'flag'; readonly about: string }
  | { readonly type: 'choice'; readonly of: readonly string[]; readonly about: string }
  | { readonly type: 'list'; readonly of: Shape; readonly most: number; readonly about: string }
  | ObjectShape

export interface ObjectShape {
  readonly type: 'object'
  readonly about: string
  readonly fields: Readonly<Record<string, Shape>>
  /** Fields that may be left out. */
  readonly optional: readonly string[]
  /** Exactly one of these optional fields is there. */
  readonly oneOf?: readonly string[]
}

/** Larger numbers are no numbers of things. */
export const MANY = 1_000_000_000

export const text = (longest: number, about: string): Shape => ({ type: 'text', longest, about })
export const name = (about: string): Shape => ({ type: 'name', about })
export const flag = (about: string): Shape => ({ type: 'flag', about })
export const whole = (least: number, most: number, about: string): Shape => ({ type: 'whole', least, most, about })
export const list = (of: Shape, most: number, about: string): Shape => ({ type: 'list', of, most, about })
export const object = (
  about: string,
  fields: Readonly<Record<string, Shape>>,
  optional: readonly string[] = [],
  oneOf?: readonly string[],
): ObjectShape => ({ type: 'object', about, fields, optional, ...(oneOf && { oneOf }) })

/** A value that does not have its shape; the message tells the place. */
export class Misread extends Error {}

const NAME = /^[a-z0-9]([-a-z0-9./]*[a-z0-9])?$/

/** The value as plain data of the shape, with nothing else in it. Throws Misread. */
export function read(shape: Shape, value: unknown, path: string): unknown {
  switch (shape.type) {
    case 'text':
      if (typeof value !== 'string' || value === '' || value.length > shape.longest)
        throw new Misread(`${path}: a text of at most ${shape.longest} characters is needed`)
      return value
    case 'name':
      if (typeof value !== 'string' || value.length > 253 || !NAME.test(value)) throw new Misread(`${path}: not a name`)
      return value
    case 'whole':
      if (typeof value !== 'number' || !Number.isInteger(value) || value < shape.least || value > shape.most)
        throw new Misread(`${path}: a whole number from ${shape.least} to ${shape.most} is needed`)
      return value
    case 'flag':
      if (typeof value !== 'boolean') throw new Misread(`${path}: true or false is needed`)
      return value
    case 'choice':
      if (!shape.of.includes(value as string)) throw new Misread(`${path}: one of ${shape.of.join(', ')} is needed`)
      return value
    case 'list':
      if (!Array.isArray(value) || value.length > shape.most)
        throw new Misread(`${path}: a list of at most ${shape.most} is needed`)
      return value.map((item, i) => read(shape.of, item, `${path}[${i}]`))
    case 'object':
      return readObject(shape, value, path)
  }
}

function readObject(shape: ObjectShape, value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Misread(`${path}: an object is needed`)
  const given = value as Record<string, unknown>
  for (const key of Object.keys(given))
    if (!Object.hasOwn(shape.fields, key)) throw new Misread(`${path}.${key}: unknown field`)
  const made: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(shape.fields)) {
    if (given[key] === undefined && shape.optional.includes(key)) continue
    made[key] = read(inner, given[key], `${path}.${key}`)
  }
  if (shape.oneOf && shape.oneOf.filter((key) => key in made).length !== 1)
    throw new Misread(`${path}: exactly one of ${shape.oneOf.join(', ')} is needed`)
  return made
}

/** The same as JSON Schema (draft 7). */
export function jsonSchemaOf(shape: Shape): Record<string, unknown> {
  const description = shape.about
  switch (shape.type) {
    case 'text':
      return { description, type: 'string', minLength: 1, maxLength: shape.longest }
    case 'name':
      return { description, type: 'string', pattern: NAME.source, maxLength: 253 }
    case 'whole':
      return { description, type: 'integer', minimum: shape.least, maximum: shape.most }
    case 'flag':
      return { description, type: 'boolean' }
    case 'choice':
      return { description, enum: shape.of }
    case 'list':
      return { description, type: 'array', maxItems: shape.most, items: jsonSchemaOf(shape.of) }
    case 'object':
      return {
        description,
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(Object.entries(shape.fields).map(([key, inner]) => [key, jsonSchemaOf(inner)])),
        required: Object.keys(shape.fields).filter((key) => !shape.optional.includes(key)),
        ...(shape.oneOf && { oneOf: shape.oneOf.map((key) => ({ required: [key] })) }),
      }
  }
}

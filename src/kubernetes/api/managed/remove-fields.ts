import type { Field } from '../../kinds/schema'
import { isMap, type JsonMap, type Value } from '../patch/json'
import { type FieldSet, fieldInside, isEmpty, stepTo } from './field-set'

/** A copy without these fields; what is empty because of it goes too. */
export function removeFields(value: Value, field: Field | undefined, set: FieldSet): Value | undefined {
  if (isEmpty(set)) return undefined
  if (isMap(value)) return fromMap(value, field, set)
  return Array.isArray(value) ? fromList(value, field, set) : value
}

function fromMap(value: JsonMap, field: Field | undefined, set: FieldSet): JsonMap | undefined {
  const result: JsonMap = {}
  for (const name of Object.keys(value)) {
    const inner = set[`f:${name}`]
    const kept = inner === undefined ? value[name]! : removeFields(value[name]!, fieldInside(field, name), inner)
    if (kept !== undefined) result[name] = kept
  }
  return Object.keys(result).length === 0 ? undefined : result
}

function fromList(value: Value[], field: Field | undefined, set: FieldSet): Value[] | undefined {
  const items = field?.type === 'list' ? field.items : undefined
  const result = value.flatMap((item) => {
    const step = stepTo(item, field)
    const inner = step === undefined ? undefined : set[step]
    if (inner === undefined) return [item]
    if (isEmpty(inner) || '.' in inner) return []
    const kept = removeFields(item, items, inner)
    return kept === undefined ? [] : [kept]
  })
  return result.length === 0 ? undefined : result
}

import { same } from '../../../engine/edit'
import type { OwnedFields } from '../../kinds/meta'
import { anything, type Field } from '../../kinds/schema'
import { isMap, type JsonMap, type Value } from '../patch/json'

/**
 * Which fields of an object: FieldsV1 of the API. `f:name` is a field, `k:{"name":"web"}` an item of a list whose items have a key, `v:"x"`
 * an item of a set; a field without any in it belongs to the set itself, and so does one with `.` in it.
 * After sigs.k8s.io/structured-merge-diff/fieldpath.
 */
export type FieldSet = OwnedFields

const SELF = '.'

/** Ports are told apart by their protocol too, which is TCP where it is left out. */
const PORT_KEYS: readonly string[] = ['containerPort', 'port']
/** Types and maps that have one owner as a whole. */
const ATOMIC_TYPES: readonly string[] = [
  'LabelSelector',
  'NodeSelector',
  'NodeSelectorTerm',
  'LocalObjectReference',
  'ObjectReference',
  'ObjectFieldSelector',
  'ResourceFieldSelector',
  'ConfigMapKeySelector',
  'SecretKeySelector',
]
const ATOMIC_MAPS: readonly string[] = ['selector', 'nodeSelector']
const ATOM = anything('')

/** The step to an item of a list, or undefined where the list is one value as a whole. */
export function stepTo(item: Value, field: Field | undefined): string | undefined {
  if (field?.type !== 'list' || !field.strategy?.startsWith('merge')) return undefined
  if (field.mergeKey === undefined) return `v:${JSON.stringify(item)}`
  if (!isMap(item) || item[field.mergeKey] === undefined) return undefined
  const keys: JsonMap = { [field.mergeKey]: item[field.mergeKey]! }
  if (PORT_KEYS.includes(field.mergeKey)) keys['protocol'] = item['protocol'] ?? 'TCP'
  return `k:${JSON.stringify(keys)}`
}

export function fieldInside(field: Field | undefined, name: string): Field | undefined {
  if (field?.type === 'object') {
    const inner = field.fields[name]
    const atomic =
      (inner?.type === 'object' && ATOMIC_TYPES.includes(inner.name)) ||
      (inner?.type === 'map' && ATOMIC_MAPS.includes(name))
    return atomic ? ATOM : inner
  }
  return field?.type === 'map' ? field.items : undefined
}

const itemsOf = (field: Field | undefined): Field | undefined => (field?.type === 'list' ? field.items : undefined)

/** All fields that a value has. */
export function fieldsOf(value: Value, field: Field | undefined): FieldSet {
  const set: FieldSet = {}
  if (field?.type === 'any') return set
  if (isMap(value)) {
    for (const name of Object.keys(value)) set[`f:${name}`] = fieldsOf(value[name]!, fieldInside(field, name))
  } else if (Array.isArray(value)) {
    for (const item of value) {
      const step = stepTo(item, field)
      if (step === undefined) return {}
      set[step] = step.startsWith('k:') ? { [SELF]: {}, ...fieldsOf(item, itemsOf(field)) } : {}
    }
  }
  return set
}

/** The fields that are new or have another value in `after`, and those that are there no longer. */
export function differences(
  before: Value | undefined,
  after: Value | undefined,
  field: Field | undefined,
): { readonly changed: FieldSet; readonly removed: FieldSet } {
  const changed: FieldSet = {}
  const removed: FieldSet = {}
  const [was, is] = [inSteps(before, field), inSteps(after, field)]
  for (const [step, { value, inner }] of is) {
    const old = was.get(step)
    if (!old) changed[step] = step.startsWith('k:') ? { [SELF]: {}, ...fieldsOf(value, inner) } : fieldsOf(value, inner)
    else if (isLeaf(value, inner) || isLeaf(old.value, inner)) {
      if (!same(old.value, value)) changed[step] = fieldsOf(value, inner)
    } else {
      const deeper = differences(old.value, value, inner)
      if (!isEmpty(deeper.changed)) changed[step] = deeper.changed
      if (!isEmpty(deeper.removed)) removed[step] = deeper.removed
    }
  }
  for (const [step, { value, inner }] of was)
    if (!is.has(step))
      removed[step] = step.startsWith('k:') ? { [SELF]: {}, ...fieldsOf(value, inner) } : fieldsOf(value, inner)
  return { changed, removed }
}

function inSteps(value: Value | undefined, field: Field | undefined) {
  const steps = new Map<string, { readonly value: Value; readonly inner: Field | undefined }>()
  if (isMap(value))
    for (const name of Object.keys(value))
      steps.set(`f:${name}`, { value: value[name]!, inner: fieldInside(field, name) })
  else if (Array.isArray(value))
    for (const item of value) {
      const step = stepTo(item, field)
      if (step !== undefined) steps.set(step, { value: item, inner: itemsOf(field) })
    }
  return steps
}

const isLeaf = (value: Value, field: Field | undefined): boolean => Object.keys(fieldsOf(value, field)).length === 0

export const isEmpty = (set: FieldSet): boolean => Object.keys(set).length === 0
const isMember = (set: FieldSet): boolean => isEmpty(set) || SELF in set

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const result: FieldSet = { ...a }
  for (const step of Object.keys(b)) {
    const own = a[step]
    if (own === undefined) result[step] = b[step]!
    else {
      const both = union(own, b[step]!)
      result[step] = isMember(own) !== isMember(b[step]!) && !isEmpty(both) ? { [SELF]: {}, ...both } : both
    }
  }
  return result
}

/** What is in `a` and not in `b`. */
export function without(a: FieldSet, b: FieldSet): FieldSet {
  const result: FieldSet = {}
  for (const step of Object.keys(a)) {
    const [own, other] = [a[step]!, b[step]]
    if (other === undefined) result[step] = own
    else if (!isEmpty(own)) {
      const rest = without(own, other)
      if (!isEmpty(rest)) result[step] = rest
    } else if (!isMember(other)) result[step] = own
  }
  return result
}

/** What is in both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const result: FieldSet = {}
  for (const step of Object.keys(a)) {
    const [own, other] = [a[step]!, b[step]]
    if (other === undefined) continue
    if (isEmpty(own) && isMember(other)) result[step] = {}
    else if (isEmpty(other) && isMember(own)) result[step] = {}
    else {
      const inner = intersection(own, other)
      if (!isEmpty(inner)) result[step] = inner
    }
  }
  return result
}

/** The steps to each member. */
export function members(set: FieldSet, before: readonly string[] = []): readonly (readonly string[])[] {
  return Object.keys(set).flatMap((step) => {
    if (step === SELF) return []
    const path = [...before, step]
    const inner = members(set[step]!, path)
    return isMember(set[step]!) ? [path, ...inner] : inner
  })
}

/** `.spec.template.spec.containers[name="web"].image` */
export function printPath(path: readonly string[]): string {
  return path
    .map((step) => {
      const rest = step.slice(2)
      if (step.startsWith('f:')) return `.${rest}`
      if (step.startsWith('v:')) return `[=${rest}]`
      const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>)
      return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`
    })
    .join('')
}

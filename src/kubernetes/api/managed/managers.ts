import { same } from '../../../engine/edit'
import type { ManagedFields, ObjectMeta } from '../../kinds/meta'
import type { ObjectField } from '../../kinds/schema'
import type { JsonMap } from '../patch/json'
import { differences, type FieldSet, fieldsOf, isEmpty, union, without } from './field-set'

/** Who writes, as an entry of managedFields tells it. */
export interface Manager {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string | undefined
  readonly time: string
}

/** What nobody owns: the server's own metadata, and what names the object. */
const NOT_OWNED: FieldSet = {
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    'f:name': {},
    'f:namespace': {},
    'f:uid': {},
    'f:creationTimestamp': {},
    'f:generation': {},
    'f:generateName': {},
    'f:resourceVersion': {},
    'f:selfLink': {},
    'f:managedFields': {},
    'f:deletionTimestamp': {},
    'f:deletionGracePeriodSeconds': {},
  },
}

/** The fields of an object that somebody can own. */
export function ownedFields(object: object, schema: ObjectField): FieldSet {
  return trimmed(without(fieldsOf(object as JsonMap, schema), NOT_OWNED))
}

/** `f:metadata` with nothing in it is no field of anybody. */
function trimmed(set: FieldSet): FieldSet {
  const { 'f:metadata': metadata, ...rest } = set
  return metadata === undefined || isEmpty(metadata) ? rest : { 'f:metadata': metadata, ...rest }
}

export const isOf = (entry: ManagedFields, who: Manager): boolean =>
  entry.manager === who.manager &&
  entry.operation === who.operation &&
  (entry.operation === 'Apply' || entry.apiVersion === who.apiVersion) &&
  entry.subresource === who.subresource

export function entryOf(who: Manager, fields: FieldSet): ManagedFields {
  const { subresource, ...rest } = who
  return { ...rest, fieldsType: 'FieldsV1', fieldsV1: fields, ...(subresource !== undefined && { subresource }) }
}

/**
 * The entries after an update or patch that turned `before` (undefined: there was nothing) into `after`: the writer owns what it changed, and
 * nobody owns what is gone. After apimachinery's managedfields.
 */
export function afterUpdate(
  before: { readonly metadata: ObjectMeta } | undefined,
  after: { readonly metadata: ObjectMeta },
  schema: ObjectField,
  who: Manager,
): readonly ManagedFields[] | undefined {
  const { changed, removed } = differences(
    before as unknown as JsonMap | undefined,
    after as unknown as JsonMap,
    schema,
  )
  const taken = trimmed(without(changed, NOT_OWNED))
  const entries = before?.metadata.managedFields ?? []
  const others = entries.filter((entry) => !isOf(entry, who)).map((entry) => shrunk(entry, union(taken, removed)))
  const own = entries.find((entry) => isOf(entry, who))
  const fields = union(without(own?.fieldsV1 ?? {}, removed), taken)
  const mine = isEmpty(fields) ? [] : [own && same(own.fieldsV1, fields) ? own : entryOf(who, fields)]
  return listed([...others.filter((entry) => !isEmpty(entry.fieldsV1)), ...mine])
}

export const shrunk = (entry: ManagedFields, by: FieldSet): ManagedFields => {
  const fields = without(entry.fieldsV1, by)
  return same(fields, entry.fieldsV1) ? entry : { ...entry, fieldsV1: fields }
}

/** Applied ones first, then by time and name. */
export function listed(entries: readonly ManagedFields[]): readonly ManagedFields[] | undefined {
  if (entries.length === 0) return undefined
  const rank = (entry: ManagedFields) =>
    `${entry.operation === 'Apply' ? 0 : 1} ${entry.operation === 'Apply' ? '' : entry.time} ${entry.manager}`
  return [...entries].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

import { same } from '../../engine/edit'
import { base64Length } from '../../platform/base64'
import { type FieldError, forbidden, invalid } from '../api/field-error'
import { configKey, subdomain } from '../api/name-rules'
import { ConfigMap, type Secret } from './configmap'
import { root } from './fields/meta-fields'
import { ageOf } from './pod-cells'
import { ALL_VERBS, type Resource } from './resource'
import { bool, bytes, map, textMap } from './schema'

/** Of all values together. */
export const MOST_BYTES = 1_048_576

export const configMapResource: Resource<ConfigMap> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  categories: [],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: [],
  store: ConfigMap,
  schema: root(
    'ConfigMap',
    'Settings by name. Pods get them as environment variables, which stay as they are, or as files, which follow a change within a minute or so.',
    {
      data: textMap('Texts by key. Keys consist of letters, digits, -, _ and dots.'),
      binaryData: map(bytes(''), 'Bytes by key, in base64; a key stands in one of the two only.'),
      immutable: bool('The data cannot be changed any more, nor can this be taken back.'),
    },
  ),
  nameRule: subdomain,
  counted: false,
  complete: (configMap) => configMap,
  validate,
  columns: [{ name: 'Name' }, { name: 'Data' }, { name: 'Age' }],
  cells: ({ metadata, data = {}, binaryData = {} }, { now }) => [
    metadata.name,
    Object.keys(data).length + Object.keys(binaryData).length,
    ageOf(metadata.creationTimestamp, now),
  ],
}

/** After ValidateConfigMap and ValidateConfigMapUpdate. */
function validate(configMap: ConfigMap, old: ConfigMap | undefined): FieldError[] {
  const { data = {}, binaryData = {} } = configMap
  const errors: FieldError[] = old ? validateImmutable(configMap, old, ['data', 'binaryData']) : []
  let size = 0
  for (const [key, value] of sorted(data)) {
    errors.push(...validateKey('data', key))
    if (key in binaryData) errors.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'))
    size += new TextEncoder().encode(value).length
  }
  for (const [key, value] of sorted(binaryData)) {
    errors.push(...validateKey('binaryData', key))
    if (key in data) errors.push(invalid(`binaryData[${key}]`, key, 'duplicate of key present in data'))
    size += base64Length(value)
  }
  if (size > MOST_BYTES) errors.push(tooLarge('[]'))
  return errors
}

export const sorted = (given: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1))

export const validateKey = (field: string, key: string): FieldError[] =>
  configKey(key).map((text) => invalid(`${field}[${key}]`, key, text))

export const tooLarge = (field: string): FieldError => ({
  field,
  type: 'FieldValueTooLong',
  text: `Too long: may not be more than ${MOST_BYTES} bytes`,
})

const FROZEN = 'field is immutable when `immutable` is set'

/** Once immutable, always immutable. */
export function validateImmutable<T extends ConfigMap | Secret>(
  object: T,
  old: T,
  fields: readonly (keyof T & string)[],
): FieldError[] {
  if (old.immutable !== true) return []
  const errors = object.immutable === true ? [] : [forbidden('immutable', FROZEN)]
  for (const field of fields) {
    if (!same(object[field] ?? {}, old[field] ?? {})) errors.push(forbidden(field, FROZEN))
  }
  return errors
}

import { duplicate, type FieldError, forbidden, invalid } from '../api/field-error'
import { qualifiedName, subdomain } from '../api/name-rules'
import { compareQuantities } from '../api/quantity'
import { root } from './fields/meta-fields'
import { LimitRange, type LimitRangeItem } from './limitrange'
import type { ResourceList } from './pod'
import { ALL_VERBS, type Resource } from './resource'
import { list, map, needed, object, quantity, simplified, text } from './schema'

const TYPES = ['Pod', 'Container', 'PersistentVolumeClaim']
const amounts = (about: string) => map(quantity(''), about)

export const limitRangeResource: Resource<LimitRange> = {
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  singular: 'limitrange',
  shortNames: ['limits'],
  categories: [],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: [],
  store: LimitRange,
  schema: root('LimitRange', 'What each container or pod of a namespace may ask for, and gets when it does not say.', {
    spec: object('LimitRangeSpec', 'The limits.', {
      limits: needed(
        list(
          object('LimitRangeItem', 'Limits for one sort of thing.', {
            type: needed(
              simplified(text('Container, Pod or PersistentVolumeClaim.'), 'claims are not held against it', {
                only: ['PersistentVolumeClaim'],
              }),
            ),
            max: amounts('No more than this.'),
            min: amounts('No less than this.'),
            default: amounts('The limit of a container that names none.'),
            defaultRequest: amounts('The request of a container that names none.'),
            maxLimitRequestRatio: amounts('How many times its request a limit may be.'),
          }),
          'One for each sort.',
        ),
      ),
    }),
  }),
  nameRule: subdomain,
  counted: false,
  complete: (range) => ({ ...range, spec: { ...range.spec, limits: (range.spec?.limits ?? []).map(withDefaults) } }),
  validate,
  columns: [{ name: 'Name' }, { name: 'Created At' }],
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp],
}

/** For containers: the limit is the maximum, the request the limit, then the minimum, where they are missing. */
function withDefaults(item: LimitRangeItem): LimitRangeItem {
  if (item.type !== 'Container') return item
  const standard = { ...item.max, ...item.default }
  const request = { ...item.min, ...standard, ...item.defaultRequest }
  return {
    ...item,
    ...(Object.keys(standard).length > 0 && { default: standard }),
    ...(Object.keys(request).length > 0 && { defaultRequest: request }),
  }
}

function validate({ spec }: LimitRange): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  spec.limits?.forEach((item, i) => {
    const path = `spec.limits[${i}]`
    errors.push(...typeErrors(item.type, `${path}.type`))
    if (seen.has(item.type)) errors.push(duplicate(`${path}.type`, item.type))
    seen.add(item.type)
    errors.push(...validateItem(item, path))
  })
  return errors
}

/** After validateLimitRangeTypeName. */
function typeErrors(type: string, path: string): FieldError[] {
  const wrong = qualifiedName(type).map((text) => invalid(path, type, text))
  if (wrong.length > 0 || type.includes('/') || TYPES.includes(type)) return wrong
  return [invalid(path, type, 'must be a standard limit type or fully qualified')]
}

function validateItem(item: LimitRangeItem, path: string): FieldError[] {
  const { min = {}, max = {}, maxLimitRequestRatio: ratio = {} } = item
  const errors: FieldError[] = []
  if (item.type === 'Pod') {
    if (Object.keys(item.default ?? {}).length > 0)
      errors.push(forbidden(`${path}.default`, "may not be specified when `type` is 'Pod'"))
    if (Object.keys(item.defaultRequest ?? {}).length > 0)
      errors.push(forbidden(`${path}.defaultRequest`, "may not be specified when `type` is 'Pod'"))
  }
  const standard = item.type === 'Pod' ? {} : (item.default ?? {})
  const request = item.type === 'Pod' ? {} : (item.defaultRequest ?? {})
  const names = new Set([min, max, standard, request, ratio].flatMap((one) => Object.keys(one)))
  const above = (low: ResourceList, high: ResourceList, name: string) =>
    low[name] !== undefined && high[name] !== undefined && compareQuantities(low[name], high[name]) > 0
  for (const name of names) {
    const clash = (field: string, value: string, what: string, limit: string, word: string) =>
      errors.push(invalid(`${path}.${field}[${name}]`, value, `${what} value ${value} is ${word} value ${limit}`))
    if (above(min, max, name)) clash('min', min[name]!, 'min', max[name]!, 'greater than max')
    if (above(min, request, name))
      clash('defaultRequest', request[name]!, 'min', request[name]!, 'greater than default request')
    if (above(request, max, name))
      clash('defaultRequest', request[name]!, 'default request', max[name]!, 'greater than max')
    if (above(request, standard, name))
      clash('defaultRequest', request[name]!, 'default request', standard[name]!, 'greater than default limit')
    if (above(min, standard, name)) clash('default', standard[name]!, 'min', standard[name]!, 'greater than default')
    if (above(standard, max, name)) clash('default', standard[name]!, 'default', max[name]!, 'greater than max')
    if (ratio[name] !== undefined && compareQuantities(ratio[name], '1') < 0)
      errors.push(invalid(`${path}.maxLimitRequestRatio[${name}]`, ratio[name], `ratio ${ratio[name]} is less than 1`))
  }
  return errors
}

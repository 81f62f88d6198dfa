import { same } from '../../engine/edit'
import { type FieldError, invalid, required, unsupported } from '../api/field-error'
import { qualifiedName, subdomain } from '../api/name-rules'
import { parseQuantity } from '../api/quantity'
import { root } from './fields/meta-fields'
import { ageOf } from './pod-cells'
import { ALL_VERBS, type Resource } from './resource'
import { ResourceQuota } from './resourcequota'
import { list, map, needed, object, quantity, simplified, text, texts } from './schema'

export const QUOTA_SCOPES = [
  'BestEffort',
  'CrossNamespacePodAffinity',
  'NotBestEffort',
  'NotTerminating',
  'PriorityClass',
  'Terminating',
  'VolumeAttributesClass',
]
const OPERATORS = ['DoesNotExist', 'Exists', 'In', 'NotIn']

export const resourceQuotaResource: Resource<ResourceQuota> = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  categories: [],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: ['status'],
  store: ResourceQuota,
  schema: root(
    'ResourceQuota',
    'How much all objects of a namespace together may ask for, and how many there may be.',
    {
      spec: object('ResourceQuotaSpec', 'What is allowed.', {
        hard: map(quantity(''), 'By resource: requests.cpu, limits.memory, pods, count/deployments.apps …'),
        scopes: list(
          simplified(text(''), 'claims have no such class: nothing is counted', { only: ['VolumeAttributesClass'] }),
          'Only pods of all these sorts are counted.',
        ),
        scopeSelector: object('ScopeSelector', 'The same, with more to say.', {
          matchExpressions: list(
            object('ScopedResourceSelectorRequirement', 'One sort of pods.', {
              scopeName: needed(text('Which: Terminating, NotTerminating, BestEffort, NotBestEffort, PriorityClass …')),
              operator: needed(text('In, NotIn, Exists or DoesNotExist.')),
              values: texts('Names of priority classes.'),
            }),
            'All must hold.',
          ),
        }),
      }),
      status: object('ResourceQuotaStatus', 'What is used.', {
        hard: map(quantity(''), 'What is held to be allowed.'),
        used: map(quantity(''), 'What there is.'),
      }),
    },
  ),
  nameRule: subdomain,
  counted: false,
  complete: (quota) => ({ ...quota, spec: quota.spec ?? {} }),
  freshStatus: () => ({}),
  validate,
  columns: [{ name: 'Name' }, { name: 'Request' }, { name: 'Limit' }, { name: 'Age' }],
  cells: ({ metadata, spec, status }, { now }) => {
    const told = (limits: boolean) =>
      Object.keys(status.hard ?? spec.hard ?? {})
        .filter((name) => name.startsWith('limits.') === limits)
        .sort((a, b) => (a < b ? -1 : 1))
        .map((name) => `${name}: ${status.used?.[name] ?? '0'}/${status.hard?.[name] ?? '0'}`)
        .join(', ')
    return [metadata.name, told(false), told(true), ageOf(metadata.creationTimestamp, now)]
  },
}

/** Names without a group that a quota may limit. */
const STANDARD = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
])

/** Of these there are whole ones only. */
const COUNTED = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
])

function validate({ spec }: ResourceQuota, old: ResourceQuota | undefined): FieldError[] {
  const errors: FieldError[] = []
  for (const [name, value] of Object.entries(spec.hard ?? {})) {
    const here = `spec.hard[${name}]`
    for (const text of qualifiedName(name)) errors.push(invalid(here, name, text))
    const known = name.includes('/') || STANDARD.has(name) || /^(requests\.)?hugepages-/.test(name)
    if (!known && qualifiedName(name).length === 0) {
      errors.push(invalid(here, name, 'must be a standard resource type or fully qualified'))
      errors.push(invalid(here, name, 'must be a standard resource for quota'))
    }
    const { nanos = 0n } = parseQuantity(value) ?? {}
    if (nanos < 0n) errors.push(invalid(here, value, 'must be greater than or equal to 0'))
    if (COUNTED.has(name) && nanos % 1_000_000_000n !== 0n) errors.push(invalid(here, value, 'must be an integer'))
  }
  spec.scopes?.forEach((scope, i) => {
    if (!QUOTA_SCOPES.includes(scope)) errors.push(invalid(`spec.scopes[${i}]`, spec.scopes, 'unsupported scope'))
  })
  spec.scopeSelector?.matchExpressions?.forEach(({ scopeName, operator, values = [] }, i) => {
    const here = `spec.scopeSelector.matchExpressions[${i}]`
    if (!QUOTA_SCOPES.includes(scopeName)) errors.push(invalid(`${here}.scopeName`, scopeName, 'unsupported scope'))
    if (!OPERATORS.includes(operator)) errors.push(unsupported(`${here}.operator`, operator, OPERATORS))
    else if ((operator === 'In' || operator === 'NotIn') && values.length === 0)
      errors.push(
        required(`${here}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"),
      )
    else if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0)
      errors.push(
        invalid(
          `${here}.values`,
          values,
          "must be no value when `operator` is 'Exists' or 'DoesNotExist' for scope selector",
        ),
      )
  })
  const contradiction = (a: string, b: string) => spec.scopes?.includes(a) && spec.scopes.includes(b)
  if (contradiction('BestEffort', 'NotBestEffort') || contradiction('Terminating', 'NotTerminating'))
    errors.push(invalid('spec.scopes', spec.scopes, 'conflicting scopes'))
  if (old && !same([...(spec.scopes ?? [])].sort(), [...(old.spec.scopes ?? [])].sort()))
    errors.push(invalid('spec.scopes', spec.scopes ?? [], 'field is immutable'))
  return errors
}

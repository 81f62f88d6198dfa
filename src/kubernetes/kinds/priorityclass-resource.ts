import { type FieldError, forbidden, invalid, unsupported } from '../api/field-error'
import { subdomain } from '../api/name-rules'
import { root } from './fields/meta-fields'
import { ageOf } from './pod-cells'
import { HIGHEST_USER_PRIORITY, PriorityClass, SYSTEM_PRIORITY_CLASSES } from './priorityclass'
import { ALL_VERBS, type Resource } from './resource'
import { bool, choice, int, needed, text } from './schema'

const POLICIES = ['PreemptLowerPriority', 'Never']

export const priorityClassResource: Resource<PriorityClass> = {
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  shortNames: ['pc'],
  categories: [],
  namespaced: false,
  verbs: ALL_VERBS,
  subresources: [],
  store: PriorityClass,
  schema: root('PriorityClass', 'A name for a priority. Pods that name it are scheduled before less important ones.', {
    value: needed(int('How important: the higher, the more. Pods get it when they are created.')),
    globalDefault: bool('Pods without a class get this one. Only one class may say so.'),
    description: text('For whom the class is.'),
    preemptionPolicy: choice(
      ['Never', 'PreemptLowerPriority'],
      'Whether such pods may have less important ones taken away to make room.',
    ),
  }),
  nameRule: subdomain,
  counted: true,
  complete: (given) => ({
    ...given,
    value: given.value ?? 0,
    preemptionPolicy: given.preemptionPolicy ?? 'PreemptLowerPriority',
  }),
  validate: (given, old) => (old ? validateChange(given, old) : validateNew(given)),
  columns: [
    { name: 'Name' },
    { name: 'Value' },
    { name: 'Global-Default' },
    { name: 'Age' },
    { name: 'PreemptionPolicy' },
  ],
  cells: ({ metadata, value, globalDefault, preemptionPolicy }, { now }) => [
    metadata.name,
    value,
    String(globalDefault ?? false),
    ageOf(metadata.creationTimestamp, now),
    preemptionPolicy ?? 'PreemptLowerPriority',
  ],
}

function validateNew({ metadata, value, preemptionPolicy, ...rest }: PriorityClass): FieldError[] {
  const errors: FieldError[] = []
  if (metadata.name?.startsWith('system-')) {
    const known = SYSTEM_PRIORITY_CLASSES.find(({ name }) => name === metadata.name)
    const why =
      known === undefined
        ? `${metadata.name} is not a known system priority class`
        : known.value !== value
          ? `value of ${metadata.name} PriorityClass must be ${known.value}`
          : known.description !== rest.description || rest.globalDefault
            ? `description and globalDefault of ${metadata.name} PriorityClass must be the system's`
            : undefined
    if (why !== undefined)
      errors.push(
        forbidden(
          'metadata.name',
          `priority class names with 'system-' prefix are reserved for system use only. error: ${why}`,
        ),
      )
  } else if (value > HIGHEST_USER_PRIORITY)
    errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`))
  if (preemptionPolicy !== undefined && !POLICIES.includes(preemptionPolicy))
    errors.push(unsupported('preemptionPolicy', preemptionPolicy, POLICIES))
  return errors
}

function validateChange(given: PriorityClass, old: PriorityClass): FieldError[] {
  const errors: FieldError[] = []
  if (given.value !== old.value) errors.push(forbidden('value', 'may not be changed in an update.'))
  if (given.preemptionPolicy !== old.preemptionPolicy)
    errors.push(invalid('preemptionPolicy', given.preemptionPolicy ?? '', 'field is immutable'))
  return errors
}

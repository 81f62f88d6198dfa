import { type FieldError, invalid } from '../api/field-error'
import { subdomain } from '../api/name-rules'
import { conditions, labelSelector, root } from './fields/meta-fields'
import { intOrPercent, oneOf, validateSelector } from './meta-validation'
import { ageOf } from './pod-cells'
import { PodDisruptionBudget } from './poddisruptionbudget'
import { ALL_VERBS, type Resource } from './resource'
import { choice, int, intOrText, long, map, needed, object, time } from './schema'

const POLICIES = ['AlwaysAllow', 'IfHealthyBudget']

export const podDisruptionBudgetResource: Resource<PodDisruptionBudget> = {
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  categories: [],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: ['status'],
  store: PodDisruptionBudget,
  schema: root(
    'PodDisruptionBudget',
    'Bounds how many of some pods may be evicted at the same time. It holds evictions back, as those of `kubectl drain`; plain deletions and crashes it does not.',
    {
      spec: object('PodDisruptionBudgetSpec', 'What must hold.', {
        minAvailable: intOrText('So many (or such a share, rounded up) must stay healthy.'),
        maxUnavailable: intOrText(
          'So many (or such a share, rounded up) may be missing. Not together with minAvailable.',
        ),
        selector: labelSelector(
          'Which pods it is about. An empty one means all pods of the namespace, none means none.',
        ),
        unhealthyPodEvictionPolicy: choice(
          POLICIES,
          'When pods that are not ready may be evicted: always, or only while enough others are healthy (the default).',
        ),
      }),
      status: object('PodDisruptionBudgetStatus', 'What is.', {
        observedGeneration: long('The generation that the controller has seen.'),
        disruptedPods: map(time(''), 'Pods whose eviction was granted a moment ago and that are not gone yet.'),
        disruptionsAllowed: needed(int('How many pods may be evicted now.')),
        currentHealthy: needed(int('Healthy pods.')),
        desiredHealthy: needed(int('How many must be healthy.')),
        expectedPods: needed(int('How many pods it counts with.')),
        conditions: conditions('Condition'),
      }),
    },
  ),
  nameRule: subdomain,
  counted: true,
  complete: (pdb) => ({ ...pdb, spec: pdb.spec ?? {} }),
  freshStatus: () => ({ currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 }),
  validate,
  columns: [
    { name: 'Name' },
    { name: 'Min Available' },
    { name: 'Max Unavailable' },
    { name: 'Allowed Disruptions' },
    { name: 'Age' },
  ],
  cells: ({ metadata, spec, status }, { now }) => [
    metadata.name,
    spec.minAvailable === undefined ? 'N/A' : String(spec.minAvailable),
    spec.maxUnavailable === undefined ? 'N/A' : String(spec.maxUnavailable),
    status.disruptionsAllowed,
    ageOf(metadata.creationTimestamp, now),
  ],
}

function validate({ spec }: PodDisruptionBudget): FieldError[] {
  const errors: FieldError[] = []
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined)
    errors.push(invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set'))
  for (const field of ['minAvailable', 'maxUnavailable'] as const)
    errors.push(...intOrPercent(spec[field], `spec.${field}`, true))
  errors.push(...validateSelector(spec.selector, 'spec.selector'))
  errors.push(...oneOf(spec.unhealthyPodEvictionPolicy, POLICIES, 'spec.unhealthyPodEvictionPolicy'))
  return errors
}

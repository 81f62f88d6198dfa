import { same } from '../../engine/edit'
import { type FieldError, invalid, required } from '../api/field-error'
import { scaledValue } from '../api/int-or-percent'
import { labelsMatch } from '../api/label-selector'
import { subdomain } from '../api/name-rules'
import { Deployment } from './deployment'
import { conditions, labelSelector, root } from './fields/meta-fields'
import { podTemplate } from './fields/pod-fields'
import { atLeastZero, intOrPercent, oneOf, validateSelectorAndTemplate } from './meta-validation'
import { ageOf } from './pod-cells'
import { defaultPodSpec } from './pod-defaults'
import { validatePodTemplate } from './pod-validation'
import { ALL_VERBS, type Resource } from './resource'
import { bool, choice, int, intOrText, long, needed, object } from './schema'
import { templateCells, templateColumns } from './workload-cells'

export const deploymentResource: Resource<Deployment> = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: ['status', 'scale'],
  store: Deployment,
  schema: root(
    'Deployment',
    'Wants so many equal pods, and replaces them step by step when their template changes. It works through ReplicaSets, one for each version.',
    {
      spec: object('DeploymentSpec', 'What is wanted.', {
        replicas: int('How many pods; 1 when left out.'),
        selector: needed(
          labelSelector('Which pods are its own. It must match the template’s labels and cannot be changed.'),
        ),
        template: needed(podTemplate),
        strategy: object(
          'DeploymentStrategy',
          'How old pods give way to new ones.',
          {
            type: choice(
              ['Recreate', 'RollingUpdate'],
              'Recreate: all old ones end first. RollingUpdate: a few at a time.',
            ),
            rollingUpdate: object('RollingUpdateDeployment', 'How many at a time.', {
              maxUnavailable: intOrText('So many (or such a share, rounded down) may be missing.'),
              maxSurge: intOrText('So many (or such a share, rounded up) may exist above the wanted number.'),
            }),
          },
          { strategy: 'retainKeys' },
        ),
        minReadySeconds: int('A pod counts as available when it has been ready this long.'),
        revisionHistoryLimit: int('How many old ReplicaSets are kept; 10 when left out.'),
        paused: bool('Nothing is rolled out while it is true.'),
        progressDeadlineSeconds: int('Without progress for this long, the rollout counts as stuck; 600 when left out.'),
      }),
      status: object('DeploymentStatus', 'What is.', {
        observedGeneration: long('The generation that the controller has seen.'),
        replicas: int('Pods, not counting those that are ending.'),
        updatedReplicas: int('Pods of the newest template.'),
        readyReplicas: int('Ready pods.'),
        availableReplicas: int('Pods that have been ready long enough.'),
        unavailableReplicas: int('Pods still missing.'),
        terminatingReplicas: int('Pods that are ending.'),
        conditions: conditions('DeploymentCondition'),
        collisionCount: int('How often two templates had the same hash.'),
      }),
    },
  ),
  nameRule: subdomain,
  counted: true,
  complete: (deployment) => ({ ...deployment, spec: completed(deployment.spec) }),
  freshStatus: () => ({}),
  validate,
  columns: [
    { name: 'Name' },
    { name: 'Ready' },
    { name: 'Up-to-date' },
    { name: 'Available' },
    { name: 'Age' },
    ...templateColumns,
  ],
  cells: ({ metadata, spec, status }, { now }) => [
    metadata.name,
    `${status.readyReplicas ?? 0}/${spec.replicas}`,
    status.updatedReplicas ?? 0,
    status.availableReplicas ?? 0,
    ageOf(metadata.creationTimestamp, now),
    ...templateCells(spec.template, spec.selector),
  ],
}

function completed(given: Partial<Deployment['spec']> | undefined): Deployment['spec'] {
  const spec = given ?? {}
  const type = spec.strategy?.type ?? 'RollingUpdate'
  return {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...spec,
    ...(spec.template && {
      template: { ...spec.template, spec: defaultPodSpec(spec.template.spec ?? { containers: [] }) },
    }),
    strategy:
      type === 'RollingUpdate'
        ? { type, rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%', ...spec.strategy?.rollingUpdate } }
        : { ...spec.strategy, type },
  } as Deployment['spec']
}

function validate(deployment: Deployment, old: Deployment | undefined): FieldError[] {
  const { spec } = deployment
  const errors: FieldError[] = [...atLeastZero(spec.replicas, 'spec.replicas')]
  const matched = labelsMatch(spec.selector, spec.template?.metadata?.labels)
  errors.push(...validateSelectorAndTemplate(spec, matched))
  errors.push(...validatePodTemplate(spec.template, 'spec.template'))
  if (spec.template?.spec?.restartPolicy !== 'Always') {
    errors.push(...oneOf(spec.template?.spec?.restartPolicy, ['Always'], 'spec.template.spec.restartPolicy'))
  }
  errors.push(...validateStrategy(spec.strategy))
  for (const field of ['minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds'] as const) {
    errors.push(...atLeastZero(spec[field], `spec.${field}`))
  }
  if (spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0)) {
    errors.push(
      invalid('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds, 'must be greater than minReadySeconds'),
    )
  }
  if (old && !same(spec.selector, old.spec.selector))
    errors.push(invalid('spec.selector', spec.selector, 'field is immutable'))
  return errors
}

function validateStrategy(strategy: Deployment['spec']['strategy']): FieldError[] {
  const errors: FieldError[] = oneOf(strategy.type, ['Recreate', 'RollingUpdate'], 'spec.strategy.type')
  const rolling = strategy.rollingUpdate
  if (strategy.type === 'Recreate' && rolling) {
    errors.push({
      field: 'spec.strategy.rollingUpdate',
      type: 'FieldValueForbidden',
      text: "Forbidden: may not be specified when strategy `type` is 'Recreate'",
    })
  }
  if (strategy.type !== 'RollingUpdate') return errors
  if (!rolling) return [...errors, required('spec.strategy.rollingUpdate', 'this should be defaulted and never be nil')]
  for (const field of ['maxUnavailable', 'maxSurge'] as const) {
    errors.push(
      ...intOrPercent(rolling[field] ?? 0, `spec.strategy.rollingUpdate.${field}`, field === 'maxUnavailable'),
    )
  }
  const zero = (value: number | string | undefined) => scaledValue(value ?? 0, 100, 'up') === 0
  if (errors.length === 0 && zero(rolling.maxUnavailable) && zero(rolling.maxSurge)) {
    errors.push(
      invalid(
        'spec.strategy.rollingUpdate.maxUnavailable',
        rolling.maxUnavailable,
        'may not be 0 when `maxSurge` is 0',
      ),
    )
  }
  return errors
}

import { same } from '../../engine/edit'
import { type FieldError, invalid } from '../api/field-error'
import { labelsMatch } from '../api/label-selector'
import { subdomain } from '../api/name-rules'
import { conditions, labelSelector, root } from './fields/meta-fields'
import { podTemplate } from './fields/pod-fields'
import { atLeastZero, oneOf, validateSelectorAndTemplate } from './meta-validation'
import { ageOf } from './pod-cells'
import { defaultPodSpec } from './pod-defaults'
import { validatePodTemplate } from './pod-validation'
import { ReplicaSet } from './replicaset'
import { ALL_VERBS, type Resource } from './resource'
import { int, long, needed, object } from './schema'
import { templateCells, templateColumns } from './workload-cells'

export const replicaSetResource: Resource<ReplicaSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: ['status', 'scale'],
  store: ReplicaSet,
  schema: root('ReplicaSet', 'Keeps so many pods of one template alive. Usually a Deployment makes and steers it.', {
    spec: object('ReplicaSetSpec', 'What is wanted.', {
      replicas: int('How many pods; 1 when left out.'),
      selector: needed(labelSelector('Which pods are its own. It cannot be changed.')),
      template: podTemplate,
      minReadySeconds: int('A pod counts as available when it has been ready this long.'),
    }),
    status: object('ReplicaSetStatus', 'What is.', {
      replicas: needed(int('Pods, not counting those that are ending.')),
      fullyLabeledReplicas: int('Pods with all the labels of the template.'),
      readyReplicas: int('Ready pods.'),
      availableReplicas: int('Pods that have been ready long enough.'),
      terminatingReplicas: int('Pods that are ending.'),
      observedGeneration: long('The generation that the controller has seen.'),
      conditions: conditions('ReplicaSetCondition'),
    }),
  }),
  nameRule: subdomain,
  counted: true,
  complete: (rs) => ({
    ...rs,
    metadata:
      rs.metadata.labels === undefined && rs.spec?.template?.metadata?.labels !== undefined
        ? { ...rs.metadata, labels: rs.spec.template.metadata.labels }
        : rs.metadata,
    spec: {
      ...rs.spec,
      replicas: rs.spec?.replicas ?? 1,
      ...(rs.spec?.template && {
        template: { ...rs.spec.template, spec: defaultPodSpec(rs.spec.template.spec ?? { containers: [] }) },
      }),
    },
  }),
  freshStatus: () => ({ replicas: 0 }),
  validate,
  columns: [
    { name: 'Name' },
    { name: 'Desired' },
    { name: 'Current' },
    { name: 'Ready' },
    { name: 'Age' },
    ...templateColumns,
  ],
  cells: ({ metadata, spec, status }, { now }) => [
    metadata.name,
    spec.replicas,
    status.replicas ?? 0,
    status.readyReplicas ?? 0,
    ageOf(metadata.creationTimestamp, now),
    ...templateCells(spec.template, spec.selector),
  ],
  selectable: ({ status }) => ({ 'status.replicas': String(status.replicas ?? 0) }),
}

function validate(rs: ReplicaSet, old: ReplicaSet | undefined): FieldError[] {
  const { spec } = rs
  const errors: FieldError[] = [
    ...atLeastZero(spec.replicas, 'spec.replicas'),
    ...atLeastZero(spec.minReadySeconds, 'spec.minReadySeconds'),
  ]
  errors.push(...validateSelectorAndTemplate(spec, labelsMatch(spec.selector, spec.template?.metadata?.labels)))
  errors.push(...validatePodTemplate(spec.template, 'spec.template'))
  errors.push(...oneOf(spec.template?.spec?.restartPolicy, ['Always'], 'spec.template.spec.restartPolicy'))
  if (old && !same(spec.selector, old.spec.selector))
    errors.push(invalid('spec.selector', spec.selector, 'field is immutable'))
  return errors
}

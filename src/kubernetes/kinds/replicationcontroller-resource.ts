import { type FieldError, invalid, required } from '../api/field-error'
import { subdomain } from '../api/name-rules'
import { conditions, root } from './fields/meta-fields'
import { podTemplate } from './fields/pod-fields'
import { atLeastZero, oneOf, validateLabels } from './meta-validation'
import { ageOf } from './pod-cells'
import { defaultPodSpec } from './pod-defaults'
import { validatePodTemplate } from './pod-validation'
import { ReplicationController } from './replicationcontroller'
import { ALL_VERBS, type Resource } from './resource'
import { int, long, needed, object, textMap } from './schema'
import { labelCells, templateColumns } from './workload-cells'

export const replicationControllerResource: Resource<ReplicationController> = {
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  singular: 'replicationcontroller',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: ['status', 'scale'],
  store: ReplicationController,
  schema: root('ReplicationController', 'Keeps so many pods of one template alive. ReplicaSets have taken its place.', {
    spec: object('ReplicationControllerSpec', 'What is wanted.', {
      replicas: int('How many pods; 1 when left out.'),
      minReadySeconds: int('A pod counts as available when it has been ready this long.'),
      selector: textMap('Which pods are its own: those with all of these labels. The template’s labels when left out.'),
      template: podTemplate,
    }),
    status: object('ReplicationControllerStatus', 'What is.', {
      replicas: needed(int('Pods, not counting those that are ending.')),
      fullyLabeledReplicas: int('Pods with all the labels of the template.'),
      readyReplicas: int('Ready pods.'),
      availableReplicas: int('Pods that have been ready long enough.'),
      observedGeneration: long('The generation that the controller has seen.'),
      conditions: conditions('ReplicationControllerCondition'),
    }),
  }),
  nameRule: subdomain,
  counted: true,
  complete: (rc) => {
    const labels = rc.spec?.template?.metadata?.labels
    const own = labels !== undefined && Object.keys(labels).length > 0
    return {
      ...rc,
      metadata: own && rc.metadata.labels === undefined ? { ...rc.metadata, labels } : rc.metadata,
      spec: {
        ...rc.spec,
        ...(own && Object.keys(rc.spec?.selector ?? {}).length === 0 ? { selector: labels } : {}),
        replicas: rc.spec?.replicas ?? 1,
        ...(rc.spec?.template && {
          template: { ...rc.spec.template, spec: defaultPodSpec(rc.spec.template.spec ?? { containers: [] }) },
        }),
      },
    }
  },
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
    ...labelCells(spec.template, spec.selector),
  ],
  selectable: ({ status }) => ({ 'status.replicas': String(status.replicas ?? 0) }),
}

function validate({ spec }: ReplicationController): FieldError[] {
  const selector = spec.selector ?? {}
  const keys = Object.keys(selector)
  const labels = spec.template?.metadata?.labels ?? {}
  const errors: FieldError[] = [
    ...atLeastZero(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...(keys.length === 0 ? [required('spec.selector')] : validateLabels(selector, 'spec.selector')),
    ...atLeastZero(spec.replicas, 'spec.replicas'),
  ]
  if (!spec.template) return [...errors, required('spec.template')]
  if (keys.some((key) => labels[key] !== selector[key]))
    errors.push(invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'))
  errors.push(...validatePodTemplate(spec.template, 'spec.template'))
  errors.push(...oneOf(spec.template.spec?.restartPolicy, ['Always'], 'spec.template.spec.restartPolicy'))
  return errors
}

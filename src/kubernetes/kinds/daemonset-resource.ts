import { same } from '../../engine/edit'
import { type FieldError, forbidden, invalid, required } from '../api/field-error'
import { parseIntOrPercent } from '../api/int-or-percent'
import { labelsMatch } from '../api/label-selector'
import { subdomain } from '../api/name-rules'
import { DaemonSet, TEMPLATE_GENERATION } from './daemonset'
import { conditions, labelSelector, root } from './fields/meta-fields'
import { podTemplate } from './fields/pod-fields'
import { atLeastZero, intOrPercent, oneOf, validateSelectorAndTemplate } from './meta-validation'
import { defaultPodSpec } from './pod-defaults'
import { validatePodTemplate } from './pod-validation'
import { ALL_VERBS, type Resource } from './resource'
import { choice, int, intOrText, long, needed, object } from './schema'
import { daemonSetCells, templateColumns } from './workload-cells'

const STRATEGIES = ['OnDelete', 'RollingUpdate']

export const daemonSetResource: Resource<DaemonSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  singular: 'daemonset',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: ['status'],
  store: DaemonSet,
  schema: root('DaemonSet', 'Keeps one pod of a template on every node, or on those that the template fits.', {
    spec: object('DaemonSetSpec', 'What is wanted.', {
      selector: needed(
        labelSelector('Which pods are its own. It must match the template’s labels and cannot be changed.'),
      ),
      template: needed(podTemplate),
      updateStrategy: object('DaemonSetUpdateStrategy', 'How old pods give way to new ones.', {
        type: choice(
          STRATEGIES,
          'RollingUpdate: some nodes at a time. OnDelete: only where somebody deletes the old pod.',
        ),
        rollingUpdate: object('RollingUpdateDaemonSet', 'How many nodes at a time.', {
          maxUnavailable: intOrText(
            'On so many nodes (or such a share, rounded up) the pod may be missing; 1 when left out.',
          ),
          maxSurge: intOrText(
            'On so many nodes (or such a share, rounded up) the new pod may start beside the old one.',
          ),
        }),
      }),
      minReadySeconds: int('A pod counts as available when it has been ready this long.'),
      revisionHistoryLimit: int('How many old ControllerRevisions are kept; 10 when left out.'),
    }),
    status: object('DaemonSetStatus', 'What is.', {
      currentNumberScheduled: needed(int('Nodes that have the pod and should.')),
      numberMisscheduled: needed(int('Nodes that have the pod and should not.')),
      desiredNumberScheduled: needed(int('Nodes that should have the pod.')),
      numberReady: needed(int('Nodes whose pod is ready.')),
      observedGeneration: long('The generation that the controller has seen.'),
      updatedNumberScheduled: int('Nodes whose pod is of the newest template.'),
      numberAvailable: int('Nodes whose pod has been ready long enough.'),
      numberUnavailable: int('Nodes whose pod is missing or not available.'),
      collisionCount: int('How often two templates had the same hash.'),
      conditions: conditions('DaemonSetCondition'),
    }),
  }),
  nameRule: subdomain,
  counted: true,
  complete: (ds) => ({
    ...ds,
    metadata: {
      ...ds.metadata,
      annotations: { ...ds.metadata.annotations, [TEMPLATE_GENERATION]: generationOf(ds) ?? '1' },
    },
    spec: completed(ds.spec),
  }),
  release: (ds, old) => {
    const before = Number(generationOf(old) ?? 0)
    const generation = same(ds.spec.template, old.spec.template) ? before : before + 1
    const annotations = { ...ds.metadata.annotations, [TEMPLATE_GENERATION]: String(generation) }
    return { ...ds, metadata: { ...ds.metadata, annotations } }
  },
  freshStatus: () => ({ currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 }),
  validate,
  columns: [
    { name: 'Name' },
    { name: 'Desired' },
    { name: 'Current' },
    { name: 'Ready' },
    { name: 'Up-to-date' },
    { name: 'Available' },
    { name: 'Node Selector' },
    { name: 'Age' },
    ...templateColumns,
  ],
  cells: daemonSetCells,
}

const generationOf = ({ metadata }: DaemonSet): string | undefined => metadata.annotations?.[TEMPLATE_GENERATION]

function completed(given: Partial<DaemonSet['spec']> | undefined): DaemonSet['spec'] {
  const spec = given ?? {}
  const type = spec.updateStrategy?.type ?? 'RollingUpdate'
  return {
    revisionHistoryLimit: 10,
    ...spec,
    ...(spec.template && {
      template: { ...spec.template, spec: defaultPodSpec(spec.template.spec ?? { containers: [] }) },
    }),
    updateStrategy:
      type === 'RollingUpdate'
        ? { type, rollingUpdate: { maxUnavailable: 1, maxSurge: 0, ...spec.updateStrategy?.rollingUpdate } }
        : { ...spec.updateStrategy, type },
  } as DaemonSet['spec']
}

function validate({ spec }: DaemonSet, old: DaemonSet | undefined): FieldError[] {
  const errors: FieldError[] = validateSelectorAndTemplate(
    spec,
    labelsMatch(spec.selector, spec.template?.metadata?.labels),
    'daemonset',
  )
  errors.push(...validatePodTemplate(spec.template, 'spec.template'))
  errors.push(...oneOf(spec.template?.spec?.restartPolicy, ['Always'], 'spec.template.spec.restartPolicy'))
  if (spec.template?.spec?.activeDeadlineSeconds !== undefined)
    errors.push(
      forbidden('spec.template.spec.activeDeadlineSeconds', 'activeDeadlineSeconds in DaemonSet is not Supported'),
    )
  errors.push(...atLeastZero(spec.minReadySeconds, 'spec.minReadySeconds'))
  errors.push(...validateStrategy(spec.updateStrategy, 'spec.updateStrategy'))
  errors.push(...atLeastZero(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'))
  if (old && !same(spec.selector, old.spec.selector))
    errors.push(invalid('spec.selector', spec.selector, 'field is immutable'))
  return errors
}

function validateStrategy({ type, rollingUpdate }: DaemonSet['spec']['updateStrategy'], path: string): FieldError[] {
  if (type !== 'RollingUpdate') return oneOf(type, STRATEGIES, `${path}.type`)
  if (!rollingUpdate) return [required(`${path}.rollingUpdate`)]
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate
  const here = `${path}.rollingUpdate`
  const errors = [
    ...intOrPercent(maxUnavailable, `${here}.maxUnavailable`, true),
    ...intOrPercent(maxSurge, `${here}.maxSurge`, true),
  ]
  const some = (value: number | string) => (parseIntOrPercent(value)?.value ?? 0) !== 0
  if (some(maxUnavailable) && some(maxSurge))
    errors.push(invalid(`${here}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'))
  else if (!some(maxUnavailable) && !some(maxSurge))
    errors.push(required(`${here}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
  return errors
}

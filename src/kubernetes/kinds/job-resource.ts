import { subdomain } from '../api/name-rules'
import { jobSpec, jobStatus } from './fields/job-fields'
import { root } from './fields/meta-fields'
import { Job, type JobSpec } from './job'
import { validateJob } from './job-validation'
import { defaultPodSpec } from './pod-defaults'
import { ALL_VERBS, type Resource } from './resource'
import { jobCells, templateColumns } from './workload-cells'

const MOST = 2_147_483_647

export const jobResource: Resource<Job> = {
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  shortNames: [],
  categories: ['all'],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: ['status'],
  store: Job,
  schema: root('Job', 'Runs pods until so many of them have ended well, and starts new ones for those that fail.', {
    spec: jobSpec,
    status: jobStatus,
  }),
  nameRule: subdomain,
  counted: true,
  complete,
  freshStatus: () => ({}),
  validate: validateJob,
  columns: [
    { name: 'Name' },
    { name: 'Status' },
    { name: 'Completions' },
    { name: 'Duration' },
    { name: 'Age' },
    ...templateColumns,
  ],
  cells: jobCells,
  selectable: ({ status }) => ({ 'status.successful': String(status.succeeded ?? 0) }),
}

/** A Job with its defaults; unless it says otherwise its selector is made from its uid, and its pods bear the labels for that. */
export function complete(job: Job): Job {
  const { uid, name } = job.metadata
  const spec: Partial<JobSpec> = job.spec ?? {}
  const generated: Readonly<Record<string, string>> =
    spec.manualSelector === true
      ? {}
      : {
          'batch.kubernetes.io/controller-uid': uid,
          'batch.kubernetes.io/job-name': name,
          'controller-uid': uid,
          'job-name': name,
        }
  const labels = { ...spec.template?.metadata?.labels, ...generated }
  const template = spec.template && {
    ...spec.template,
    metadata: { ...spec.template.metadata, ...(Object.keys(labels).length > 0 ? { labels } : {}) },
    spec: defaultPodSpec(spec.template.spec ?? { containers: [] }),
  }
  const single = spec.completions === undefined && spec.parallelism === undefined
  return {
    ...job,
    metadata:
      job.metadata.labels === undefined && Object.keys(labels).length > 0 ? { ...job.metadata, labels } : job.metadata,
    spec: {
      parallelism: 1,
      ...(single ? { completions: 1 } : {}),
      completionMode: 'NonIndexed',
      backoffLimit: spec.backoffLimitPerIndex === undefined ? 6 : MOST,
      suspend: false,
      manualSelector: false,
      podReplacementPolicy: spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed',
      ...(spec.manualSelector === true
        ? {}
        : { selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } } }),
      ...spec,
      ...(spec.podFailurePolicy ? { podFailurePolicy: withStatuses(spec.podFailurePolicy) } : {}),
      ...(template ? { template } : {}),
    } as JobSpec,
  }
}

const withStatuses = ({ rules = [] }: NonNullable<JobSpec['podFailurePolicy']>) => ({
  rules: rules.map((rule) =>
    rule.onPodConditions
      ? { ...rule, onPodConditions: rule.onPodConditions.map((one) => ({ status: 'True', ...one })) }
      : rule,
  ),
})

import { subdomain } from '../api/name-rules'
import { root } from './fields/meta-fields'
import { podSpec, podStatus } from './fields/pod-fields'
import { Pod } from './pod'
import { podCells, podColumns } from './pod-cells'
import { defaultPod, newPodStatus, withoutToken, withToken } from './pod-defaults'
import { validatePodSpec, validatePodUpdate } from './pod-validation'
import { ALL_VERBS, type Resource } from './resource'

export const podResource: Resource<Pod> = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: ['status', 'log', 'exec', 'binding', 'eviction'],
  store: Pod,
  schema: root(
    'Pod',
    'A group of containers that run together on one node and share one network address. It is created, runs, and ends; it never moves.',
    {
      spec: podSpec,
      status: podStatus,
    },
  ),
  nameRule: subdomain,
  counted: true,
  complete: (pod) => ({ ...pod, spec: defaultPod(pod.spec ?? { containers: [] }) }),
  freshStatus: (pod) => newPodStatus(pod.spec),
  validate: (pod, old) => (old ? validatePodUpdate(pod, old) : validatePodSpec(pod.spec, 'spec')),
  columns: podColumns,
  cells: podCells,
  selectable: ({ spec, status }) => ({
    'spec.nodeName': spec.nodeName ?? '',
    'spec.restartPolicy': spec.restartPolicy ?? '',
    'spec.schedulerName': spec.schedulerName ?? '',
    'spec.serviceAccountName': spec.serviceAccountName ?? '',
    'spec.hostNetwork': String(spec.hostNetwork ?? false),
    'status.phase': status.phase,
    'status.podIP': status.podIP ?? '',
    'status.podIPs': (status.podIPs ?? []).map(({ ip }) => ip).join(','),
    'status.nominatedNodeName': status.nominatedNodeName ?? '',
  }),
  present: withToken,
  absorb: withoutToken,
}

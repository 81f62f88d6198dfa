import { dnsLabel, subdomain } from '../api/name-rules'
import { conditions, localReference, objectReference, root } from './fields/meta-fields'
import { Namespace, ServiceAccount } from './namespace'
import { ageOf } from './pod-cells'
import { ALL_VERBS, type Resource } from './resource'
import { bool, choice, list, object, simplified, texts, unmodelled } from './schema'

export const namespaceResource: Resource<Namespace> = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  categories: [],
  namespaced: false,
  verbs: ALL_VERBS.filter((verb) => verb !== 'deletecollection'),
  subresources: ['status', 'finalize'],
  store: Namespace,
  schema: root(
    'Namespace',
    'A room for names: the same name may stand in two namespaces. Deleting it deletes all in it.',
    {
      spec: object('NamespaceSpec', 'What holds it.', { finalizers: texts('While any is left, it stays.') }),
      status: object('NamespaceStatus', 'What is.', {
        phase: choice(['Active', 'Terminating'], 'Whether it is being emptied.'),
        conditions: conditions('NamespaceCondition'),
      }),
    },
  ),
  nameRule: dnsLabel,
  counted: false,
  complete: (namespace) => ({
    ...namespace,
    metadata: {
      ...namespace.metadata,
      labels: { ...namespace.metadata.labels, 'kubernetes.io/metadata.name': namespace.metadata.name },
    },
    spec: { finalizers: ['kubernetes', ...(namespace.spec?.finalizers ?? []).filter((one) => one !== 'kubernetes')] },
  }),
  freshStatus: () => ({ phase: 'Active' }),
  validate: () => [],
  columns: [{ name: 'Name' }, { name: 'Status' }, { name: 'Age' }],
  cells: ({ metadata, status }, { now }) => [metadata.name, status.phase, ageOf(metadata.creationTimestamp, now)],
  selectable: ({ metadata, status }) => ({ 'status.phase': status.phase, name: metadata.name }),
}

export const serviceAccountResource: Resource<ServiceAccount> = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  singular: 'serviceaccount',
  shortNames: ['sa'],
  categories: [],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: [],
  store: ServiceAccount,
  schema: root('ServiceAccount', 'Who a pod is, when it talks to the API.', {
    automountServiceAccountToken: simplified(bool('Whether pods get a token.'), 'tokens are shown, not checked'),
    secrets: unmodelled(list(objectReference('A Secret.'), 'Old tokens.', { mergeKey: 'name' })),
    imagePullSecrets: unmodelled(
      list(localReference('A Secret.'), 'Credentials for registries.', { mergeKey: 'name' }),
    ),
  }),
  nameRule: subdomain,
  counted: false,
  complete: (account) => account,
  validate: () => [],
  columns: [{ name: 'Name' }, { name: 'Secrets' }, { name: 'Age' }],
  cells: (account, { now }) => [
    account.metadata.name,
    Array.isArray(account['secrets']) ? account['secrets'].length : 0,
    ageOf(account.metadata.creationTimestamp, now),
  ],
}

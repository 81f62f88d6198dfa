import { subdomain } from '../api/name-rules'
import { ControllerRevision } from './controllerrevision'
import { root } from './fields/meta-fields'
import { atLeastZero } from './meta-validation'
import { ageOf } from './pod-cells'
import { ALL_VERBS, type Resource } from './resource'
import { anything, long, needed } from './schema'

export const controllerRevisionResource: Resource<ControllerRevision> = {
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: [],
  store: ControllerRevision,
  schema: root('ControllerRevision', 'A state that a DaemonSet or StatefulSet had, so that it can go back to it.', {
    data: anything('The state, as a patch that brings it back.'),
    revision: needed(long('Its number; the highest is the newest.')),
  }),
  nameRule: subdomain,
  counted: false,
  complete: (one) => one,
  validate: ({ revision }) => atLeastZero(revision, 'revision'),
  columns: [{ name: 'Name' }, { name: 'Controller' }, { name: 'Revision' }, { name: 'Age' }],
  cells: ({ metadata, revision }, { now }) => {
    const owner = metadata.ownerReferences?.find((one) => one.controller)
    const group = owner?.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : ''
    return [
      metadata.name,
      owner ? `${owner.kind.toLowerCase()}${group}/${owner.name}` : '<none>',
      revision,
      ageOf(metadata.creationTimestamp, now),
    ]
  },
}

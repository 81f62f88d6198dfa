import { labelsMatch } from '../api/label-selector'
import { controllerUid } from '../kinds/meta'
import { ReplicaSet } from '../kinds/replicaset'
import { replicaManager } from './replicas'

export const replicaSetController = replicaManager<ReplicaSet>(
  'replicaset-controller',
  'makes and deletes pods until a ReplicaSet has as many as it wants',
  {
    kind: ReplicaSet,
    owner: 'ReplicaSet',
    selects: ({ spec }, labels) => labelsMatch(spec.selector, labels),
    siblings: (set, world) => world.list(ReplicaSet, { controller: controllerUid(set) ?? set.metadata.uid }),
  },
)

import { ReplicationController } from '../kinds/replicationcontroller'
import { replicaManager } from './replicas'

/** As for ReplicaSets: upstream too gives both kinds to one controller. After pkg/controller/replication. */
export const replicationController = replicaManager<ReplicationController>(
  'replication-controller',
  'makes and deletes pods until a ReplicationController has as many as it wants',
  {
    kind: ReplicationController,
    owner: 'ReplicationController',
    selects: ({ spec: { selector = {} } }, labels) => {
      const keys = Object.keys(selector)
      return keys.length > 0 && keys.every((key) => labels[key] === selector[key])
    },
    siblings: () => [],
  },
)

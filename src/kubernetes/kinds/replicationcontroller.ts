import { defineKind } from '../../engine/kind'
import { controllerUid, type KubeObject, ownerUids } from './meta'
import type { PodTemplateSpec } from './pod'
import type { ReplicaSet } from './replicaset'

export interface ReplicationController extends KubeObject {
  readonly spec: {
    readonly replicas: number
    readonly selector?: Readonly<Record<string, string>>
    readonly template: PodTemplateSpec
    readonly minReadySeconds?: number
  }
  readonly status: ReplicaSet['status']
}
export const ReplicationController = defineKind<ReplicationController>('kubernetes/ReplicationController', {
  about: 'keeps so many pods of one template alive; the elder of ReplicaSets',
  indexes: { controller: controllerUid, owner: ownerUids, uid: (rc) => rc.metadata.uid },
})

import { defineKind } from '../../engine/kind'
import { type Condition, controllerUid, type KubeObject, type LabelSelector, ownerUids } from './meta'
import type { PodTemplateSpec } from './pod'

export interface ReplicaSet extends KubeObject {
  readonly spec: {
    readonly replicas: number
    readonly selector: LabelSelector
    readonly template: PodTemplateSpec
    readonly minReadySeconds?: number
  }
  readonly status: {
    readonly replicas: number
    readonly fullyLabeledReplicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
    readonly terminatingReplicas?: number
    readonly observedGeneration?: number
    readonly conditions?: readonly Condition[]
  }
}
export const ReplicaSet = defineKind<ReplicaSet>('kubernetes/ReplicaSet', {
  about: 'keeps so many pods of one template alive',
  indexes: { controller: controllerUid, owner: ownerUids, uid: (rs) => rs.metadata.uid },
})

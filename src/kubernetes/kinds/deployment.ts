import { defineKind } from '../../engine/kind'
import { type Condition, type KubeObject, type LabelSelector, ownerUids } from './meta'
import type { PodTemplateSpec } from './pod'

export interface Deployment extends KubeObject {
  readonly spec: {
    readonly replicas: number
    readonly selector: LabelSelector
    readonly template: PodTemplateSpec
    readonly strategy: {
      readonly type: 'RollingUpdate' | 'Recreate'
      readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string }
    }
    readonly minReadySeconds?: number
    readonly revisionHistoryLimit: number
    readonly progressDeadlineSeconds: number
    readonly paused?: boolean
  }
  readonly status: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly updatedReplicas?: number
    readonly readyReplicas?: number
    readonly availableReplicas?: number
    readonly unavailableReplicas?: number
    readonly terminatingReplicas?: number
    readonly collisionCount?: number
    readonly conditions?: readonly Condition[]
  }
}
export const Deployment = defineKind<Deployment>('kubernetes/Deployment', {
  about: 'wants so many equal pods, and replaces them step by step when their template changes',
  indexes: { owner: ownerUids, uid: (d) => d.metadata.uid },
})

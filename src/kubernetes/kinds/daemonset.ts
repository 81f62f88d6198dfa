import { defineKind } from '../../engine/kind'
import { type Condition, type KubeObject, type LabelSelector, ownerUids } from './meta'
import type { PodTemplateSpec } from './pod'

export interface DaemonSet extends KubeObject {
  readonly spec: {
    readonly selector: LabelSelector
    readonly template: PodTemplateSpec
    readonly updateStrategy: {
      readonly type: 'RollingUpdate' | 'OnDelete'
      readonly rollingUpdate?: { readonly maxUnavailable?: number | string; readonly maxSurge?: number | string }
    }
    readonly minReadySeconds?: number
    readonly revisionHistoryLimit: number
  }
  readonly status: {
    readonly currentNumberScheduled: number
    readonly numberMisscheduled: number
    readonly desiredNumberScheduled: number
    readonly numberReady: number
    readonly observedGeneration?: number
    readonly updatedNumberScheduled?: number
    readonly numberAvailable?: number
    readonly numberUnavailable?: number
    readonly collisionCount?: number
    readonly conditions?: readonly Condition[]
  }
}
export const DaemonSet = defineKind<DaemonSet>('kubernetes/DaemonSet', {
  about: 'wants one pod on every node that its template fits',
  indexes: { owner: ownerUids, uid: (ds) => ds.metadata.uid },
})
/** How often the template has changed; in apps/v1 an annotation keeps it. */
export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation'

import { defineKind } from '../../engine/kind'
import { type Condition, type KubeObject, type LabelSelector, ownerUids } from './meta'

export interface PodDisruptionBudget extends KubeObject {
  readonly spec: {
    readonly minAvailable?: number | string
    readonly maxUnavailable?: number | string
    /** Without one the budget is about no pod; an empty one is about all of its namespace. */
    readonly selector?: LabelSelector
    readonly unhealthyPodEvictionPolicy?: 'IfHealthyBudget' | 'AlwaysAllow'
  }
  readonly status: {
    readonly observedGeneration?: number
    /** Pods whose eviction was granted and that are not seen to go yet: since when. */
    readonly disruptedPods?: Readonly<Record<string, string>>
    readonly disruptionsAllowed: number
    readonly currentHealthy: number
    readonly desiredHealthy: number
    readonly expectedPods: number
    readonly conditions?: readonly Condition[]
  }
}
export const PodDisruptionBudget = defineKind<PodDisruptionBudget>('kubernetes/PodDisruptionBudget', {
  about: 'says how many of some pods may be taken away on purpose at the same time',
  indexes: { owner: ownerUids, uid: (pdb) => pdb.metadata.uid },
})

import { defineKind } from '../../engine/kind'
import type { KubeObject } from './meta'

export interface PriorityClass extends KubeObject {
  readonly value: number
  readonly globalDefault?: boolean
  readonly description?: string
  readonly preemptionPolicy?: 'PreemptLowerPriority' | 'Never'
}
export const PriorityClass = defineKind<PriorityClass>('kubernetes/PriorityClass', {
  about: 'a name for how important pods are',
})

/** What a user may give at most; above it are the two classes of the system. */
export const HIGHEST_USER_PRIORITY = 1_000_000_000

/** The two that every cluster has. After pkg/apis/scheduling/v1/helpers.go. */
export const SYSTEM_PRIORITY_CLASSES: readonly {
  readonly name: string
  readonly value: number
  readonly description: string
}[] = [
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
]

import { defineKind } from '../../engine/kind'
import { type KubeObject, ownerUids } from './meta'
import type { ResourceList } from './pod'

export interface LimitRangeItem {
  readonly type: string
  readonly max?: ResourceList
  readonly min?: ResourceList
  readonly default?: ResourceList
  readonly defaultRequest?: ResourceList
  readonly maxLimitRequestRatio?: ResourceList
}
export interface LimitRange extends KubeObject {
  readonly spec: { readonly limits?: readonly LimitRangeItem[] }
}
export const LimitRange = defineKind<LimitRange>('kubernetes/LimitRange', {
  about: 'how much a container or a pod of a namespace may ask for',
  indexes: { owner: ownerUids },
})

import { defineKind } from '../../engine/kind'
import { type KubeObject, ownerUids } from './meta'
import type { ResourceList } from './pod'

export interface ScopeRequirement {
  readonly scopeName: string
  readonly operator: string
  readonly values?: readonly string[]
}
export interface ResourceQuota extends KubeObject {
  readonly spec: {
    readonly hard?: ResourceList
    readonly scopes?: readonly string[]
    readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRequirement[] }
  }
  readonly status: { readonly hard?: ResourceList; readonly used?: ResourceList }
}
export const ResourceQuota = defineKind<ResourceQuota>('kubernetes/ResourceQuota', {
  about: 'how much all of a namespace together may ask for',
  indexes: { owner: ownerUids },
})

import { defineKind } from '../../engine/kind'
import { type Condition, type KubeObject, ownerUids } from './meta'

export interface Namespace extends KubeObject {
  readonly spec: { readonly finalizers?: readonly string[] }
  readonly status: { readonly phase: 'Active' | 'Terminating'; readonly conditions?: readonly Condition[] }
}
export const Namespace = defineKind<Namespace>('kubernetes/Namespace', { about: 'a room for names' })

export interface ServiceAccount extends KubeObject {
  readonly automountServiceAccountToken?: boolean
  readonly [other: string]: unknown
}
export const ServiceAccount = defineKind<ServiceAccount>('kubernetes/ServiceAccount', {
  about: 'who a pod is, when it talks to the API',
  indexes: { owner: ownerUids },
})

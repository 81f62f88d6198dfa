import { defineKind } from '../../engine/kind'
import type { KubeObject } from './meta'
import type { ResourceList, Toleration } from './pod'

export interface RuntimeClass extends KubeObject {
  readonly handler: string
  readonly overhead?: { readonly podFixed?: ResourceList }
  readonly scheduling?: {
    readonly nodeSelector?: Readonly<Record<string, string>>
    readonly tolerations?: readonly Toleration[]
  }
}
export const RuntimeClass = defineKind<RuntimeClass>('kubernetes/RuntimeClass', {
  about: 'a way to run containers, and what it costs',
})

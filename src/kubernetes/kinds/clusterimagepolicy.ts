import { defineKind } from '../../engine/kind'
import type { KubeObject } from './meta'

export interface ImageAuthority {
  readonly name?: string
  readonly key?: { readonly data?: string; readonly secretRef?: { readonly name?: string } }
  readonly static?: { readonly action?: 'pass' | 'fail' }
  readonly keyless?: unknown
}

/** Of sigstore's policy-controller: which images have to be signed by whom. */
export interface ClusterImagePolicy extends KubeObject {
  readonly spec: {
    readonly images?: readonly { readonly glob?: string }[]
    readonly authorities?: readonly ImageAuthority[]
    readonly mode?: 'enforce' | 'warn'
  }
}
export const ClusterImagePolicy = defineKind<ClusterImagePolicy>('kubernetes/ClusterImagePolicy', {
  about: 'whose signature images must bear',
})

import { defineKind } from '../../engine/kind'
import type { Condition, KubeObject } from './meta'
import type { ResourceList, TaintEffect } from './pod'

export interface Taint {
  readonly key: string
  readonly value?: string
  readonly effect: TaintEffect
  readonly timeAdded?: string
}

/** scope: '', name: the machine's name. */
export interface Node extends KubeObject {
  readonly spec: {
    readonly podCIDR?: string
    readonly podCIDRs?: readonly string[]
    readonly providerID?: string
    readonly taints?: readonly Taint[]
    readonly unschedulable?: boolean
  }
  readonly status: {
    readonly capacity: ResourceList
    readonly allocatable: ResourceList
    readonly conditions: readonly Condition[]
    readonly addresses: readonly { readonly type: string; readonly address: string }[]
    readonly nodeInfo: Readonly<Record<string, string>>
    readonly images?: readonly { readonly names: readonly string[]; readonly sizeBytes: number }[]
  }
}
export const Node = defineKind<Node>('kubernetes/Node', { about: "Kubernetes' own record of a machine" })

/** scope: namespace (`kube-node-lease`), name: node. A node's renewTime is a function of time, computed when read. */
export interface Lease extends KubeObject {
  readonly spec: {
    readonly holderIdentity?: string
    readonly leaseDurationSeconds?: number
    readonly renewTime?: string
    readonly acquireTime?: string
    readonly leaseTransitions?: number
  }
}
export const Lease = defineKind<Lease>('kubernetes/Lease', { about: 'a sign of life with a date on it', quiet: true })

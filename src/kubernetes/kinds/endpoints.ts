import { defineKind } from '../../engine/kind'
import { type KubeObject, ownerUids } from './meta'
import type { Endpoint, EndpointSlice } from './service'

export interface Address {
  readonly ip: string
  readonly hostname?: string
  readonly nodeName?: string
  readonly targetRef?: Endpoint['targetRef']
}
export interface Subset {
  readonly addresses?: readonly Address[]
  readonly notReadyAddresses?: readonly Address[]
  readonly ports: EndpointSlice['ports']
}
export interface Endpoints extends KubeObject {
  readonly subsets?: readonly Subset[]
}

/** Stored are those that clients write, for services without a selector; the others are made from the slices when they are read. */
export const Endpoints = defineKind<Endpoints>('kubernetes/Endpoints', {
  about: 'the old form of EndpointSlices',
  indexes: { owner: ownerUids },
})

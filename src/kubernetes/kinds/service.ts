import type { Change } from '../../engine'
import { defineKind } from '../../engine/kind'
import { controllerUid, type KubeObject, ownerUids } from './meta'

export interface ServicePort {
  readonly name?: string
  readonly port: number
  readonly targetPort?: number | string
  readonly protocol: 'TCP' | 'UDP' | 'SCTP'
  readonly nodePort?: number
  readonly appProtocol?: string
}

export interface LoadBalancerIngress {
  readonly ip?: string
  readonly hostname?: string
  readonly ipMode?: string
}

export interface Service extends KubeObject {
  readonly spec: {
    readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'
    readonly selector?: Readonly<Record<string, string>>
    readonly ports?: readonly ServicePort[]
    readonly clusterIP?: string
    readonly clusterIPs?: readonly string[]
    readonly externalIPs?: readonly string[]
    readonly externalName?: string
    readonly sessionAffinity?: string
    readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } }
    readonly trafficDistribution?: string
    readonly loadBalancerIP?: string
    readonly loadBalancerClass?: string
    readonly externalTrafficPolicy?: string
    readonly internalTrafficPolicy?: string
    readonly ipFamilies?: readonly string[]
    readonly ipFamilyPolicy?: string
    readonly publishNotReadyAddresses?: boolean
    readonly [other: string]: unknown
  }
  readonly status: {
    readonly loadBalancer: { readonly ingress?: readonly LoadBalancerIngress[] }
    readonly [other: string]: unknown
  }
}
export const Service = defineKind<Service>('kubernetes/Service', {
  about: 'one stable name and address for a changing set of pods',
  indexes: {
    owner: ownerUids,
    type: (service) => service.spec.type,
    clusterIP: (service) => service.spec.clusterIPs,
    nodePort: (service) => service.spec.ports?.flatMap(({ nodePort }) => (nodePort ? [String(nodePort)] : [])),
  },
})

/** Says which Service an EndpointSlice belongs to. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name'

export interface Endpoint {
  readonly addresses: readonly string[]
  readonly conditions: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean }
  readonly hostname?: string
  readonly nodeName?: string
  readonly zone?: string
  readonly hints?: { readonly forZones?: readonly { readonly name: string }[] }
  readonly targetRef?: {
    readonly kind: string
    readonly namespace?: string
    readonly name: string
    readonly uid: string
  }
}

export interface EndpointSlice extends KubeObject {
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN'
  readonly endpoints: readonly Endpoint[]
  readonly ports: readonly {
    readonly name?: string
    readonly port?: number
    readonly protocol?: 'TCP' | 'UDP' | 'SCTP'
  }[]
}
export const EndpointSlice = defineKind<EndpointSlice>('kubernetes/EndpointSlice', {
  about: 'the addresses behind a service, and which of them are ready',
  indexes: {
    controller: controllerUid,
    owner: ownerUids,
    service: (slice) => {
      const name = slice.metadata.labels?.[SERVICE_NAME_LABEL]
      return name === undefined ? undefined : `${slice.metadata.namespace}/${name}`
    },
  },
})

/** The Service that a slice is of, or was of if it has just gone. */
export function serviceOfSlice({ value, previous }: Change<EndpointSlice>): string | undefined {
  const { namespace, labels }: EndpointSlice['metadata'] = (value ?? previous!.value).metadata
  const name = labels?.[SERVICE_NAME_LABEL]
  return name === undefined ? undefined : Service.key(namespace!, name)
}

import { defineKind } from '../../engine/kind'
import { type Condition, controllerUid, type KubeObject, type LabelSelector, ownerUids } from './meta'

export type ResourceList = Readonly<Record<string, string>>

export interface HttpGetAction {
  readonly path?: string
  readonly port: number | string
  readonly host?: string
  readonly scheme?: 'HTTP' | 'HTTPS'
  readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[]
}

export interface Probe {
  readonly httpGet?: HttpGetAction
  readonly tcpSocket?: { readonly port: number | string; readonly host?: string }
  readonly exec?: { readonly command?: readonly string[] }
  readonly grpc?: { readonly port: number; readonly service?: string }
  readonly initialDelaySeconds?: number
  readonly timeoutSeconds?: number
  readonly periodSeconds?: number
  readonly successThreshold?: number
  readonly failureThreshold?: number
  readonly terminationGracePeriodSeconds?: number
}

export interface EnvVar {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: {
    readonly fieldRef?: { readonly apiVersion?: string; readonly fieldPath: string }
    readonly resourceFieldRef?: {
      readonly containerName?: string
      readonly resource: string
      readonly divisor?: string
    }
    readonly configMapKeyRef?: { readonly name: string; readonly key: string; readonly optional?: boolean }
    readonly secretKeyRef?: { readonly name: string; readonly key: string; readonly optional?: boolean }
  }
}

export interface PodContainer {
  readonly name: string
  readonly image?: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly workingDir?: string
  readonly ports?: readonly {
    readonly name?: string
    readonly containerPort: number
    readonly hostPort?: number
    readonly hostIP?: string
    readonly protocol?: 'TCP' | 'UDP' | 'SCTP'
  }[]
  readonly env?: readonly EnvVar[]
  readonly envFrom?: readonly {
    readonly prefix?: string
    readonly configMapRef?: { readonly name: string; readonly optional?: boolean }
    readonly secretRef?: { readonly name: string; readonly optional?: boolean }
  }[]
  readonly resources?: {
    readonly limits?: ResourceList
    readonly requests?: ResourceList
    readonly claims?: readonly unknown[]
  }
  readonly volumeMounts?: readonly {
    readonly name: string
    readonly mountPath: string
    readonly readOnly?: boolean
    readonly subPath?: string
    readonly subPathExpr?: string
  }[]
  readonly livenessProbe?: Probe
  readonly readinessProbe?: Probe
  readonly startupProbe?: Probe
  readonly lifecycle?: { readonly preStop?: Handler; readonly postStart?: Handler; readonly stopSignal?: string }
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never'
  readonly restartPolicy?: 'Always'
  readonly securityContext?: Readonly<Record<string, unknown>>
  readonly terminationMessagePath?: string
  readonly terminationMessagePolicy?: string
  readonly stdin?: boolean
  readonly tty?: boolean
}

export interface Handler {
  readonly exec?: { readonly command?: readonly string[] }
  readonly httpGet?: HttpGetAction
  readonly sleep?: { readonly seconds: number }
}

export interface Toleration {
  readonly key?: string
  readonly operator?: 'Exists' | 'Equal'
  readonly value?: string
  readonly effect?: TaintEffect
  readonly tolerationSeconds?: number
}
export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'

export interface NodeSelectorRequirement {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}
export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeSelectorRequirement[]
  readonly matchFields?: readonly NodeSelectorRequirement[]
}
export interface PodAffinityTerm {
  readonly labelSelector?: LabelSelector
  readonly topologyKey: string
  readonly namespaces?: readonly string[]
  readonly namespaceSelector?: LabelSelector
  readonly matchLabelKeys?: readonly string[]
  readonly mismatchLabelKeys?: readonly string[]
}
export interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms?: readonly NodeSelectorTerm[]
    }
    readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
      readonly weight: number
      readonly preference: NodeSelectorTerm
    }[]
  }
  readonly podAffinity?: PodAffinity
  readonly podAntiAffinity?: PodAffinity
}
export interface PodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[]
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number
    readonly podAffinityTerm: PodAffinityTerm
  }[]
}
export interface TopologySpreadConstraint {
  readonly maxSkew: number
  readonly topologyKey: string
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway'
  readonly labelSelector?: LabelSelector
  readonly minDomains?: number
  readonly nodeAffinityPolicy?: 'Honor' | 'Ignore'
  readonly nodeTaintsPolicy?: 'Honor' | 'Ignore'
  readonly matchLabelKeys?: readonly string[]
}

export interface KeyToPath {
  readonly key: string
  readonly path: string
  readonly mode?: number
}
export interface ConfigMapSource {
  readonly name?: string
  readonly items?: readonly KeyToPath[]
  readonly optional?: boolean
}
export interface SecretSource {
  readonly secretName?: string
  readonly items?: readonly KeyToPath[]
  readonly optional?: boolean
}
export interface DownwardSource {
  readonly items?: readonly {
    readonly path: string
    readonly mode?: number
    readonly fieldRef?: { readonly fieldPath: string }
    readonly resourceFieldRef?: {
      readonly containerName?: string
      readonly resource: string
      readonly divisor?: string
    }
  }[]
}

export interface Volume {
  readonly name: string
  readonly emptyDir?: { readonly medium?: string; readonly sizeLimit?: string }
  readonly configMap?: ConfigMapSource & { readonly defaultMode?: number }
  readonly secret?: SecretSource & { readonly defaultMode?: number }
  readonly downwardAPI?: DownwardSource & { readonly defaultMode?: number }
  readonly projected?: {
    readonly defaultMode?: number
    readonly sources?: readonly {
      readonly configMap?: ConfigMapSource
      readonly secret?: Omit<SecretSource, 'secretName'> & { readonly name?: string }
      readonly downwardAPI?: DownwardSource
      readonly serviceAccountToken?: { readonly path: string }
    }[]
  }
  readonly hostPath?: { readonly path: string; readonly type?: string }
  readonly [source: string]: unknown
}

export interface PodSpec {
  readonly imagePullSecrets?: readonly { readonly name?: string }[]
  readonly containers: readonly PodContainer[]
  readonly initContainers?: readonly PodContainer[]
  readonly volumes?: readonly Volume[]
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never'
  readonly terminationGracePeriodSeconds?: number
  readonly activeDeadlineSeconds?: number
  readonly dnsPolicy?: string
  readonly nodeName?: string
  readonly nodeSelector?: Readonly<Record<string, string>>
  readonly affinity?: Affinity
  readonly tolerations?: readonly Toleration[]
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[]
  readonly schedulingGates?: readonly { readonly name: string }[]
  readonly schedulerName?: string
  readonly serviceAccountName?: string
  readonly hostNetwork?: boolean
  readonly hostname?: string
  readonly subdomain?: string
  readonly priority?: number
  readonly priorityClassName?: string
  readonly preemptionPolicy?: string
  readonly runtimeClassName?: string
  readonly enableServiceLinks?: boolean
  readonly readinessGates?: readonly { readonly conditionType: string }[]
  readonly overhead?: ResourceList
  readonly securityContext?: Readonly<Record<string, unknown>>
  readonly [other: string]: unknown
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string }
  readonly running?: { readonly startedAt: string }
  readonly terminated?: {
    readonly exitCode: number
    readonly signal?: number
    readonly reason?: string
    readonly message?: string
    readonly startedAt?: string
    readonly finishedAt?: string
    readonly containerID?: string
  }
}
export interface ContainerStatus {
  readonly name: string
  readonly state: ContainerState
  readonly lastState: ContainerState
  readonly ready: boolean
  readonly restartCount: number
  readonly image: string
  readonly imageID: string
  readonly containerID?: string
  readonly started?: boolean
}

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown'

export interface PodStatus {
  readonly phase: PodPhase
  readonly observedGeneration?: number
  readonly conditions?: readonly Condition[]
  readonly reason?: string
  readonly message?: string
  readonly hostIP?: string
  readonly hostIPs?: readonly { readonly ip: string }[]
  readonly podIP?: string
  readonly podIPs?: readonly { readonly ip: string }[]
  readonly startTime?: string
  readonly initContainerStatuses?: readonly ContainerStatus[]
  readonly containerStatuses?: readonly ContainerStatus[]
  readonly qosClass?: 'Guaranteed' | 'Burstable' | 'BestEffort'
  readonly nominatedNodeName?: string
}

export interface Pod extends KubeObject {
  readonly spec: PodSpec
  readonly status: PodStatus
}
export const Pod = defineKind<Pod>('kubernetes/Pod', {
  about: 'the smallest thing Kubernetes runs: containers that share a network address',
  indexes: {
    node: (pod) => pod.spec.nodeName,
    unbound: (pod) => (pod.spec.nodeName === undefined ? 'yes' : undefined),
    /** Unbound, and of a priority that is not 0. */
    urgent: (pod) => (pod.spec.nodeName === undefined && (pod.spec.priority ?? 0) !== 0 ? 'yes' : undefined),
    controller: controllerUid,
    orphan: (pod) => (controllerUid(pod) === undefined ? pod.metadata.namespace : undefined),
    owner: ownerUids,
  },
})

export interface PodTemplateSpec {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly [other: string]: unknown
  }
  readonly spec: PodSpec
}

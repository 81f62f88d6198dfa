import type { ContainerSpec, Mount } from '../../platform/container/container'
import { proportionalWeight, sharesOfRequest } from '../../platform/cpu/weight'
import { quantityMillis, quantityValue } from '../api/quantity'
import type { Pod, PodContainer } from '../kinds/pod'
import { qosClass } from '../kinds/qos'
import { expandVariables } from './environment'
import { securityOf } from './security'

/** The OOM score of a pod's containers. After qos/policy.go. */
export function oomScoreAdj(pod: Pod, container: PodContainer, capacityBytes: number): number {
  if ((pod.spec.priority ?? 0) >= 2_000_000_000) return -997
  const qos = qosClass(pod.spec)
  if (qos === 'Guaranteed') return -997
  if (qos === 'BestEffort') return 1000
  const request = quantityValue(container.resources?.requests?.['memory'] ?? container.resources?.limits?.['memory'])
  const score = 1000 - Math.floor((1000 * request) / capacityBytes)
  return score >= 1000 ? 999 : Math.max(3, score)
}

/** The slices of a pod: Guaranteed ones stand directly below kubepods, the other two classes in a slice each. After cgroup_manager_linux.go. */
function cgroupParent({ spec, metadata, status }: Pod): string {
  const qos = status.qosClass ?? qosClass(spec)
  const at = qos === 'Guaranteed' ? 'kubepods' : `kubepods-${qos.toLowerCase()}`
  const pod = `${at}-pod${metadata.uid.replaceAll('-', '_')}.slice`
  return qos === 'Guaranteed' ? `kubepods.slice/${pod}` : `kubepods.slice/${at}.slice/${pod}`
}

/** What the runtime is asked for, once variables and volumes are there. */
export function containerSpec(
  pod: Pod,
  container: PodContainer,
  given: {
    readonly capacityBytes: number
    readonly env: Readonly<Record<string, string>>
    readonly mounts: readonly Mount[]
    /** What the runtime knows it as. */
    readonly image: string
  },
): ContainerSpec {
  const { env, mounts } = given
  const limits = container.resources?.limits ?? {}
  const requests = container.resources?.requests ?? limits
  const cpuRequestMillis = quantityMillis(requests['cpu'])
  const optional = (text: string | undefined, of: (text: string) => number) =>
    text === undefined ? undefined : of(String(text))
  return {
    image: given.image,
    command: container.command?.map((word) => expandVariables(word, env)),
    args: container.args?.map((word) => expandVariables(word, env)),
    env,
    workingDir: container.workingDir,
    hostname: pod.spec.hostNetwork ? (pod.spec.nodeName ?? '') : (pod.spec.hostname ?? pod.metadata.name),
    ports: (container.ports ?? []).map((port) => ({
      port: port.containerPort,
      protocol: port.protocol ?? 'TCP',
      name: port.name,
    })),
    mounts,
    memoryLimitBytes: optional(limits['memory'], quantityValue),
    cpuLimitMillis: optional(limits['cpu'], quantityMillis),
    cpuRequestMillis,
    cpuWeight: proportionalWeight(sharesOfRequest(cpuRequestMillis)),
    cgroupParent: cgroupParent(pod),
    memoryRequestBytes: quantityValue(requests['memory']),
    oomScoreAdj: oomScoreAdj(pod, container, given.capacityBytes),
    oomGroup: true,
    stopSignal: container.lifecycle?.stopSignal,
    labels: {
      owner: pod.metadata.uid,
      pod: `${pod.metadata.namespace}/${pod.metadata.name}`,
      container: container.name,
    },
    ...securityOf(pod, container),
    ...(container.stdin ? { stdin: true } : {}),
    ...(container.tty ? { tty: true } : {}),
  }
}

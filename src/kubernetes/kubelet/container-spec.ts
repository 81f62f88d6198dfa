import type { ContainerSpec, Mount } from '../../platform/container/container'
import { quantityMillis, quantityValue } from '../api/quantity'
import type { Pod, PodContainer } from '../kinds/pod'
import { qosClass } from '../kinds/qos'

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

const FIELDS: Readonly<Record<string, (pod: Pod, address: string, host: string) => string>> = {
  'metadata.name': (pod) => pod.metadata.name,
  'metadata.namespace': (pod) => pod.metadata.namespace ?? '',
  'metadata.uid': (pod) => pod.metadata.uid,
  'spec.nodeName': (pod) => pod.spec.nodeName ?? '',
  'spec.serviceAccountName': (pod) => pod.spec.serviceAccountName ?? '',
  'status.podIP': (_pod, address) => address,
  'status.podIPs': (_pod, address) => address,
  'status.hostIP': (_pod, _address, host) => host,
  'status.hostIPs': (_pod, _address, host) => host,
}

function fieldValue(pod: Pod, path: string, address: string, host: string): string {
  const own = FIELDS[path]
  if (own) return own(pod, address, host)
  const keyed = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path)
  return keyed ? (pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2]!] ?? '') : ''
}

/** Replaces `$(NAME)` by variables already set; `$$(NAME)` stands for itself. */
export function expandVariables(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$(\$|\([A-Za-z_][A-Za-z0-9_.-]*\))/g, (whole, inner: string) => {
    if (inner === '$') return '$'
    const name = inner.slice(1, -1)
    return env[name] ?? whole
  })
}

/** What the runtime is asked for. `services`: the variables of the namespace's services. */
export function containerSpec(
  pod: Pod,
  container: PodContainer,
  given: {
    readonly address: string
    readonly hostAddress: string
    readonly capacityBytes: number
    readonly services: Readonly<Record<string, string>>
  },
): ContainerSpec {
  const env: Record<string, string> = { ...given.services }
  for (const variable of container.env ?? []) {
    const from = variable.valueFrom
    if (from?.fieldRef) env[variable.name] = fieldValue(pod, from.fieldRef.fieldPath, given.address, given.hostAddress)
    else if (from?.resourceFieldRef) env[variable.name] = resourceValue(container, from.resourceFieldRef.resource)
    else env[variable.name] = expandVariables(variable.value ?? '', env)
  }
  const limits = container.resources?.limits ?? {}
  const requests = container.resources?.requests ?? limits
  const optional = (text: string | undefined, of: (text: string) => number) =>
    text === undefined ? undefined : of(String(text))
  return {
    image: container.image ?? '',
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
    mounts: (container.volumeMounts ?? []).flatMap((mount): Mount[] => {
      const volume = pod.spec.volumes?.find((v) => v.name === mount.name)
      if (volume?.emptyDir === undefined) return []
      return [
        {
          source: { volume: `${pod.metadata.uid}.${mount.name}` },
          path: mount.mountPath,
          readOnly: mount.readOnly ?? false,
        },
      ]
    }),
    memoryLimitBytes: optional(limits['memory'], quantityValue),
    cpuLimitMillis: optional(limits['cpu'], quantityMillis),
    cpuRequestMillis: quantityMillis(requests['cpu']),
    memoryRequestBytes: quantityValue(requests['memory']),
    oomScoreAdj: oomScoreAdj(pod, container, given.capacityBytes),
    oomGroup: true,
    stopSignal: container.lifecycle?.stopSignal,
    labels: {
      owner: pod.metadata.uid,
      pod: `${pod.metadata.namespace}/${pod.metadata.name}`,
      container: container.name,
    },
    ...(container.stdin ? { stdin: true } : {}),
    ...(container.tty ? { tty: true } : {}),
  }
}

function resourceValue(container: PodContainer, resource: string): string {
  const [kind, name] = resource.split('.') as ['limits' | 'requests', string]
  const text = container.resources?.[kind]?.[name]
  if (text === undefined) return '0'
  return String(name === 'cpu' ? Math.ceil(quantityMillis(text) / 1000) : quantityValue(text))
}

import type { World } from '../../engine'
import { parseQuantity, quantityMillis, quantityValue } from '../api/quantity'
import { Node } from '../kinds/node'
import type { Pod, PodContainer } from '../kinds/pod'

/** Addresses that are known only once the pod is on its node. */
export interface Addresses {
  readonly pod: string
  readonly host: string
}

const FIELDS: Readonly<Record<string, (pod: Pod, addresses: Addresses) => string>> = {
  'metadata.name': (pod) => pod.metadata.name,
  'metadata.namespace': (pod) => pod.metadata.namespace ?? '',
  'metadata.uid': (pod) => pod.metadata.uid,
  'metadata.labels': (pod) => lines(pod.metadata.labels),
  'metadata.annotations': (pod) => lines(pod.metadata.annotations),
  'spec.nodeName': (pod) => pod.spec.nodeName ?? '',
  'spec.serviceAccountName': (pod) => pod.spec.serviceAccountName ?? '',
  'status.podIP': (_pod, { pod }) => pod,
  'status.podIPs': (_pod, { pod }) => pod,
  'status.hostIP': (_pod, { host }) => host,
  'status.hostIPs': (_pod, { host }) => host,
}

/** `key="value"`, one a line, by key. */
const lines = (map: Readonly<Record<string, string>> | undefined): string =>
  Object.keys(map ?? {})
    .sort((a, b) => (a < b ? -1 : 1))
    .map((key) => `${key}=${JSON.stringify(map![key])}`)
    .join('\n')

/** What a fieldRef stands for. After pkg/fieldpath. */
export function fieldValue(pod: Pod, path: string, addresses: Addresses): string {
  const own = FIELDS[path]
  if (own) return own(pod, addresses)
  const keyed = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path)
  return keyed ? (pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2]!] ?? '') : ''
}

export interface ResourceReference {
  readonly containerName?: string
  readonly resource: string
  readonly divisor?: string
}

/** What a resourceFieldRef stands for: rounded up to the divisor; a limit that is not set is what the node can give. After ExtractContainerResourceValue. */
export function resourceValue(world: World, pod: Pod, own: PodContainer, reference: ResourceReference): string {
  const container =
    reference.containerName === undefined || reference.containerName === ''
      ? own
      : [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find(
          ({ name }) => name === reference.containerName,
        )
  const dot = reference.resource.indexOf('.')
  const [part, name] = [reference.resource.slice(0, dot), reference.resource.slice(dot + 1)]
  let text = container?.resources?.[part as 'limits' | 'requests']?.[name]
  if (text === undefined && part === 'limits')
    text = world.get(Node.key('', pod.spec.nodeName ?? ''))?.status.allocatable?.[name]
  const divisor = parseQuantity(reference.divisor ?? '')?.nanos ? reference.divisor! : '1'
  return name === 'cpu'
    ? String(Math.ceil(quantityMillis(text) / quantityMillis(divisor)))
    : String(Math.ceil(quantityValue(text) / quantityValue(divisor)))
}

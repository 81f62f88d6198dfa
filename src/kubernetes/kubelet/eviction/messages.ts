import type { World } from '../../../engine'
import { filesBytes } from '../../../platform/limits/disk'
import { printQuantity, quantityValue } from '../../api/quantity'
import type { Pod } from '../../kinds/pod'
import { amountOf, SIGNALS, type Threshold } from './thresholds'
import { containersOf, type Observation } from './usage'

/** Bytes in powers of 1024 where they come out even: `51200Ki`. */
export const bytesText = (bytes: number): string =>
  printQuantity({ nanos: BigInt(Math.round(bytes)) * 1_000_000_000n, format: 'BinarySI' })

/** Memory comes in whole pages. */
const pages = (bytes: number): number => Math.ceil(bytes / 4096) * 4096

/** Why a pod had to go, as its status and the event say it. After evictionMessage. */
export function evictionMessage(
  world: World,
  pod: Pod,
  threshold: Threshold,
  { available, capacity }: Observation,
): string {
  const { resource } = SIGNALS[threshold.signal]
  const quantity =
    'quantity' in threshold.value ? threshold.value.quantity : bytesText(amountOf(threshold.value, capacity))
  let text = `The node was low on resource: ${resource}. Threshold quantity: ${quantity}, available: ${bytesText(resource === 'memory' ? pages(available) : available)}. `
  const specs = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
  for (const { name, value } of containersOf(world, pod)) {
    const request = specs.find((spec) => spec.name === name)?.resources?.requests?.[resource]
    const used = resource === 'memory' ? pages(value.memoryBytes) : filesBytes(world, value.id)
    if (used > quantityValue(request))
      text += `Container ${name} was using ${bytesText(used)}, request is ${request ?? '0'}, has larger consumption of ${resource}. `
  }
  return text
}

/** A volume or a container of the pod has more on disk than its limit; undefined: none. After localStorageEviction. */
export function localStorageProblem(
  world: World,
  pod: Pod,
  usage: { readonly diskBytes: number },
  scopeOf: (volume: string) => string,
): string | undefined {
  for (const { name, emptyDir } of pod.spec.volumes ?? []) {
    const limit = emptyDir?.sizeLimit
    if (limit !== undefined && quantityValue(limit) > 0 && filesBytes(world, scopeOf(name)) > quantityValue(limit))
      return `Usage of EmptyDir volume ${JSON.stringify(name)} exceeds the limit ${JSON.stringify(limit)}. `
  }
  const limits = pod.spec.containers.map((spec) => spec.resources?.limits?.['ephemeral-storage'])
  if (limits.every((limit) => limit === undefined)) return undefined
  const total = limits.reduce((sum, limit) => sum + quantityValue(limit), 0)
  if (limits.every((limit) => limit !== undefined) && usage.diskBytes > total)
    return `Pod ephemeral local storage usage exceeds the total limit of containers ${bytesText(total)}. `
  for (const { name, value } of containersOf(world, pod)) {
    const limit = pod.spec.containers.find((spec) => spec.name === name)?.resources?.limits?.['ephemeral-storage']
    if (limit !== undefined && filesBytes(world, value.id) > quantityValue(limit))
      return `Container ${name} exceeded its local ephemeral storage limit ${JSON.stringify(limit)}. `
  }
  return undefined
}

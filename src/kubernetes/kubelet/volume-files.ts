import { fromBase64, toBase64 } from '../../platform/base64'
import { aggregated } from '../api/field-error'
import { ConfigMap, Secret } from '../kinds/configmap'
import type { DownwardSource, KeyToPath, Volume } from '../kinds/pod'
import type { Pass } from './pass'
import { type Addresses, fieldValue, resourceValue } from './pod-fields'

const DEFAULT_MODE = 0o644

/** One file that the kubelet writes into a volume. */
export interface Written {
  readonly path: string
  readonly text: string
  readonly mode: number
}
type Content = { readonly files: readonly Written[] } | { readonly error: string }

/** Keys of the objects that a volume is made from. */
export function sourcesOfVolume(namespace: string, { configMap, secret, projected }: Volume): readonly string[] {
  const found: string[] = []
  const maps = [configMap, ...(projected?.sources ?? []).map((source) => source.configMap)]
  for (const one of maps) if (one) found.push(ConfigMap.key(namespace, one.name ?? ''))
  if (secret) found.push(Secret.key(namespace, secret.secretName ?? ''))
  for (const source of projected?.sources ?? [])
    if (source.secret) found.push(Secret.key(namespace, source.secret.name ?? ''))
  return found
}

/** Whether the kubelet writes the files of a volume itself: from objects, or from the pod's own fields. */
export const isWritten = ({ configMap, secret, projected, downwardAPI }: Volume): boolean =>
  (configMap ?? secret ?? projected ?? downwardAPI) !== undefined

/** What is in a volume that the kubelet writes, or why it cannot. After pkg/volume/{configmap,secret,projected,downwardapi}. */
export function contentOf(pass: Pass, volume: Volume, addresses: Addresses): Content {
  const { configMap, secret, downwardAPI, projected } = volume
  if (configMap) return fromConfigMap(pass, configMap, configMap.defaultMode)
  if (secret) return fromSecret(pass, { ...secret, name: secret.secretName }, secret.defaultMode)
  if (downwardAPI) return { files: fromPod(pass, downwardAPI, downwardAPI.defaultMode, addresses) }
  const files: Written[] = []
  const errors: string[] = []
  for (const source of projected?.sources ?? []) {
    const mode = projected!.defaultMode
    const part: Content = source.configMap
      ? fromConfigMap(pass, source.configMap, mode)
      : source.secret
        ? fromSecret(pass, source.secret, mode)
        : {
            files: [
              ...(source.downwardAPI ? fromPod(pass, source.downwardAPI, mode, addresses) : []),
              ...(source.serviceAccountToken
                ? [{ path: source.serviceAccountToken.path, text: tokenOf(pass), mode: mode ?? DEFAULT_MODE }]
                : []),
            ],
          }
    if ('error' in part) errors.push(part.error)
    else files.push(...part.files)
  }
  return errors.length > 0 ? { error: aggregated(errors) } : { files }
}

interface Source {
  readonly name?: string | undefined
  readonly items?: readonly KeyToPath[]
  readonly optional?: boolean
}

function fromConfigMap(pass: Pass, source: Source, mode: number | undefined): Content {
  const name = source.name ?? ''
  const found = pass.known(ConfigMap.key(pass.pod.metadata.namespace!, name))?.value
  if (!found && !source.optional) return { error: `configmap ${JSON.stringify(name)} not found` }
  const data = { ...found?.data, ...decoded(found?.binaryData) }
  return chosen(data, source, mode, 'configmap references non-existent config key')
}

function fromSecret(pass: Pass, source: Source, mode: number | undefined): Content {
  const name = source.name ?? ''
  const found = pass.known(Secret.key(pass.pod.metadata.namespace!, name))?.value
  if (!found && !source.optional) return { error: `secret ${JSON.stringify(name)} not found` }
  return chosen(decoded(found?.data), source, mode, 'references non-existent secret key')
}

const decoded = (data: Readonly<Record<string, string>> | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, fromBase64(value) ?? '']))

function chosen(
  data: Readonly<Record<string, string>>,
  { items, optional }: Source,
  mode = DEFAULT_MODE,
  missing: string,
): Content {
  if (!items?.length) return { files: Object.entries(data).map(([path, text]) => ({ path, text, mode })) }
  const files: Written[] = []
  for (const item of items) {
    const text = data[item.key]
    if (text !== undefined) files.push({ path: item.path, text, mode: item.mode ?? mode })
    else if (!optional) return { error: `${missing}: ${item.key}` }
  }
  return { files }
}

function fromPod(pass: Pass, source: DownwardSource, mode = DEFAULT_MODE, addresses: Addresses): Written[] {
  const { pod, world } = pass
  return (source.items ?? []).map((item) => ({
    path: item.path,
    text: item.fieldRef
      ? fieldValue(pod, item.fieldRef.fieldPath, addresses)
      : item.resourceFieldRef
        ? resourceValue(world, pod, pod.spec.containers[0]!, item.resourceFieldRef)
        : '',
    mode: item.mode ?? mode,
  }))
}

/** It looks like a token; nobody checks it. */
export function tokenOf({ pod }: Pass): string {
  const url = (value: object) => toBase64(JSON.stringify(value)).replaceAll('=', '')
  const { namespace } = pod.metadata
  const subject = `system:serviceaccount:${namespace}:${pod.spec.serviceAccountName ?? 'default'}`
  return `${url({ alg: 'RS256' })}.${url({ iss: 'https://kubernetes.default.svc.cluster.local', sub: subject })}.c2lnbmF0dXJl`
}

import type { Change, World } from '../../engine'
import { Container } from '../../platform/container/container'
import { ConfigMap } from '../kinds/configmap'
import { parseYamlText } from '../manifest-text'

export type ProxyMode = 'iptables' | 'ipvs'

/** Where kubeadm keeps kube-proxy's settings. */
export const PROXY_SETTINGS = ConfigMap.key('kube-system', 'kube-proxy')

/** What kubeadm writes: no mode, which means iptables. */
export const PROXY_CONFIGURATION = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clusterCIDR: 10.244.0.0/16
mode: ""
ipvs:
  scheduler: ""
metricsBindAddress: ""
`

export const isProxyContainer = ({ spec }: Container): boolean => spec.labels['container'] === 'kube-proxy'

/**
 * How kube-proxy balances: as its settings were when the one that has run longest was started, as it reads them only then. Simplified:
 * one mode for all machines; nftables works like iptables; of IPVS' schedulers there is rr alone.
 */
export function proxyMode(world: World): ProxyMode {
  let version: Change<ConfigMap> | undefined = world.head(PROXY_SETTINGS)
  if (version === undefined || version.previous === undefined) return modeOf(version?.value)
  const oldest = startOfOldest(world)
  while (version.previous && version.at > oldest) version = version.previous
  return modeOf(version.value)
}

function startOfOldest(world: World): number {
  let oldest = Number.POSITIVE_INFINITY
  for (const { value } of world.list(Container))
    if (isProxyContainer(value) && value.state === 'running') oldest = Math.min(oldest, value.startedAt ?? 0)
  return oldest
}

const modes = new WeakMap<ConfigMap, ProxyMode>()

function modeOf(settings: ConfigMap | undefined): ProxyMode {
  if (!settings) return 'iptables'
  let mode = modes.get(settings)
  if (!mode) {
    const read = parseYamlText(settings.data?.['config.conf'] ?? '')
    const wanted = 'error' in read ? undefined : (read.value as { mode?: unknown } | undefined)?.mode
    mode = wanted === 'ipvs' ? 'ipvs' : 'iptables'
    modes.set(settings, mode)
  }
  return mode
}

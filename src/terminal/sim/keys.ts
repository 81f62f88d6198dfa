import { type Key, kindIdOf, kindOf, type World } from '../../engine'
import { Container } from '../../platform/container/container'
import { Fault, Link, Machine } from '../../platform/machine/machine'
import { DnsServer, Forward } from '../../platform/network/forward'
import { Ledger } from '../../platform/network/ledger'

/** Short names of Kubernetes' kinds, as kubectl has them. Kinds that are not modelled yet find nothing. */
const kubernetesKinds: Readonly<Record<string, string>> = {
  po: 'Pod',
  no: 'Node',
  deploy: 'Deployment',
  rs: 'ReplicaSet',
  svc: 'Service',
  ep: 'EndpointSlice',
  ns: 'Namespace',
  ds: 'DaemonSet',
  sts: 'StatefulSet',
  cj: 'CronJob',
  cm: 'ConfigMap',
  ev: 'Event',
  hpa: 'HorizontalPodAutoscaler',
  pvc: 'PersistentVolumeClaim',
  pv: 'PersistentVolume',
  ing: 'Ingress',
  pdb: 'PodDisruptionBudget',
  sa: 'ServiceAccount',
  replicaset: 'ReplicaSet',
  endpointslice: 'EndpointSlice',
  daemonset: 'DaemonSet',
  statefulset: 'StatefulSet',
  cronjob: 'CronJob',
  configmap: 'ConfigMap',
  horizontalpodautoscaler: 'HorizontalPodAutoscaler',
  persistentvolumeclaim: 'PersistentVolumeClaim',
  persistentvolume: 'PersistentVolume',
  poddisruptionbudget: 'PodDisruptionBudget',
  serviceaccount: 'ServiceAccount',
}
const clusterWide: ReadonlySet<string> = new Set(['Node', 'Namespace', 'PersistentVolume'])

/**
 * The object that a short form means: `pod/web-1`, `pod/kube-system/coredns-x`, `node/worker-2`, `container/db`, `machine/worker-1`,
 * or a full key. undefined: there is none, and never has been.
 */
export function resolveKey(world: World, text: string): Key | undefined {
  if (/^[a-z]+\/[A-Z][A-Za-z]*\/[^/]*\/./.test(text)) return exists(world, text) ? text : undefined
  const slash = text.indexOf('/')
  if (slash <= 0)
    return (
      resolveKey(world, `pod/${text}`) ?? resolveKey(world, `machine/${text}`) ?? resolveKey(world, `container/${text}`)
    )
  const word = text.slice(0, slash).toLowerCase()
  const name = text.slice(slash + 1)
  switch (word) {
    case 'machine':
      return existing(world, Machine.key('', name))
    case 'container':
      return containerKeyOf(world, name)
    case 'link':
      return world.list(Link).find(({ key }) => key === Link.key('', name) || key === Link.key('', `${name}:*`))?.key
    case 'fault':
      return world.list(Fault).find(({ value }) => name === value.name || name === `${value.name}:${value.target}`)?.key
    case 'load':
      return existing(world, Ledger.key('', name))
    case 'dns':
      return existing(world, DnsServer.key('', name))
    case 'forward':
      return world.list(Forward).find(({ value }) => value.label === name || value.service === name)?.key
    default:
      return kubernetesKey(world, word, name)
  }
}

function kubernetesKey(world: World, word: string, name: string): Key | undefined {
  const single = word.endsWith('s') && !word.endsWith('ss') && word.length > 3 ? word.slice(0, -1) : word
  const kind = kubernetesKinds[word] ?? kubernetesKinds[single] ?? single.slice(0, 1).toUpperCase() + single.slice(1)
  const found = kindOf(`kubernetes/${kind}`) ?? kindOf(`swarm/${kind}`) ?? kindOf(`docker/${kind}`)
  if (!found) return undefined
  const slash = name.indexOf('/')
  const scope = clusterWide.has(kind) ? '' : slash > 0 ? name.slice(0, slash) : 'default'
  const key = existing(world, found.key(scope, slash > 0 ? name.slice(slash + 1) : name))
  return key ?? (kind === 'Node' ? existing(world, Machine.key('', name)) : undefined)
}

/** By its own name, that in its pod, its id, or its pod; the newest of several. */
function containerKeyOf(world: World, name: string): Key | undefined {
  const found = world.list(Container).filter(({ value }) => {
    const { pod, container } = value.spec.labels
    const inPod = pod === undefined ? undefined : pod.slice(pod.indexOf('/') + 1)
    return (
      value.name === name ||
      container === name ||
      value.id.startsWith(name) ||
      `${inPod}/${container}` === name ||
      inPod === name
    )
  })
  return found[found.length - 1]?.key
}

/** The key, if an object is or was under it. */
const existing = <T>(world: World, key: Key<T>): Key<T> | undefined => (exists(world, key) ? key : undefined)

function exists(world: World, key: Key): boolean {
  if (world.head(key) !== undefined) return true
  const { latest } = world as { latest?: (key: Key) => unknown }
  return latest !== undefined && latest.call(world, key) !== undefined
}

const shortKinds: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(kubernetesKinds).map(([, kind]) => [kind, kind.toLowerCase()]),
)

/** `pod/web-1`: how an object is called in what sim prints. */
export function shortForm(key: Key): string {
  const kind = kindIdOf(key).split('/')[1]!
  const [scope = '', ...name] = key.slice(kindIdOf(key).length + 1).split('/')
  const word = shortKinds[kind] ?? kind.toLowerCase()
  const where = scope === '' || scope === 'default' || kind === 'Container' ? '' : `${scope}/`
  return `${word}/${where}${kind === 'Container' ? name.join('/').slice(0, 12) : name.join('/')}`
}

/** Names that may stand where a KEY is wanted. */
export function keysBegun(world: World, begun: string): readonly string[] {
  const slash = begun.indexOf('/')
  const words = ['pod', 'node', 'deployment', 'replicaset', 'service', 'container', 'machine']
  if (slash < 0) return words.filter((word) => word.startsWith(begun)).map((word) => `${word}/`)
  const word = begun.slice(0, slash)
  if (word === 'container')
    return world
      .list(Container)
      .map(({ value }) => `container/${value.name}`)
      .filter((one) => one.startsWith(begun))
  if (word === 'machine')
    return world
      .list(Machine)
      .map(({ value }) => `machine/${value.name}`)
      .filter((one) => one.startsWith(begun))
  const kind = kindOf(`kubernetes/${kubernetesKinds[word] ?? word.slice(0, 1).toUpperCase() + word.slice(1)}`)
  return kind
    ? world
        .list(kind)
        .map(({ key }) => `${word}${shortForm(key).slice(shortForm(key).indexOf('/'))}`)
        .filter((one) => one.startsWith(begun))
    : []
}

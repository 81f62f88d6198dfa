import { LAB_EPOCH, type Millis, rfc3339, uuid, type Wish } from '../engine'
import type { Machine } from '../platform/machine/machine'
import { DnsServer } from '../platform/network/forward'
import { File } from '../platform/shell/file'
import {
  apiService,
  CONTROL_PLANE_TAINT,
  containerOf,
  corednsDeployment,
  dnsService,
  KUBERNETES_VERSION,
  kubeProxyDaemonSet,
} from './genesis-addons'
import { DaemonSet } from './kinds/daemonset'
import { Deployment } from './kinds/deployment'
import type { KubeObject, ObjectMeta } from './kinds/meta'
import { Namespace, ServiceAccount } from './kinds/namespace'
import { Lease, Node } from './kinds/node'
import { Pod, type PodSpec } from './kinds/pod'
import { PriorityClass, SYSTEM_PRIORITY_CLASSES } from './kinds/priorityclass'
import { qosClass } from './kinds/qos'
import { EndpointSlice, SERVICE_NAME_LABEL, Service } from './kinds/service'
import { nodeConditions } from './kubelet/eviction/pressure'
import { bootId } from './kubelet/node-status'
import { SERVER, ZONE } from './network/cluster-dns'
import { AddressPool } from './network/load-balancer'
import { PROXY_CONFIGURATION, PROXY_SETTINGS } from './network/proxy-mode'
import { CONFIGURATION_PATH, DEFAULT_TEXT } from './scheduler/configuration'

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system']
const RESERVED_MEMORY_BYTES = 100 * 1024 * 1024

interface Given {
  readonly machines: readonly Machine[]
  readonly seed: number
  readonly at: Millis
  /** Addresses for Services of type LoadBalancer; without them they stay <pending>. */
  readonly pool?: AddressPool | undefined
}

/** What kubeadm leaves behind: namespaces, nodes, the control plane's static pods, kube-proxy on every node, CoreDNS, and the two first services. */
export function kubernetesGenesis(given: Given): Wish[] {
  const { machines, at } = given
  const members = machines.filter((machine) => machine.role !== 'outside')
  const wishes: Wish[] = []
  const put = <T extends KubeObject>(key: Wish<T>['key'], value: T, what: string) =>
    void wishes.push({ key, value, because: { id: 'kubernetes/installed', values: { what } }, quiet: true })
  const meta = (
    key: string,
    name: string,
    namespace: string | undefined,
    more: Partial<ObjectMeta> = {},
  ): ObjectMeta => ({
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: uuid(given.seed, key, '', at),
    creationTimestamp: rfc3339(LAB_EPOCH + at),
    ...more,
  })
  for (const name of NAMESPACES) {
    const key = Namespace.key('', name)
    put(
      key,
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: meta(key, name, undefined, { labels: { 'kubernetes.io/metadata.name': name } }),
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      },
      `namespace ${name}`,
    )
  }
  for (const { name, value, description } of SYSTEM_PRIORITY_CLASSES) {
    const key = PriorityClass.key('', name)
    put(
      key,
      {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: meta(key, name, undefined, { generation: 1 }),
        value,
        description,
        preemptionPolicy: 'PreemptLowerPriority',
      },
      `priority class ${name}`,
    )
  }
  for (const machine of members) {
    const key = Node.key('', machine.name)
    put(
      key,
      nodeOf(
        machine,
        meta(key, machine.name, undefined, {
          labels: nodeLabels(machine),
          annotations: {
            'node.alpha.kubernetes.io/ttl': '0',
            'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
          },
        }),
        at,
      ),
      `node ${machine.name}`,
    )
    const lease = Lease.key('kube-node-lease', machine.name)
    put(
      lease,
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: meta(lease, machine.name, 'kube-node-lease'),
        spec: { holderIdentity: machine.name, leaseDurationSeconds: 40 },
      },
      `the lease of ${machine.name}`,
    )
  }
  for (const [key, pod, what] of staticPods(members, meta)) put(key, pod, what)
  for (const machine of members.filter(({ role }) => role === 'control-plane')) {
    const file = (path: string, what: File['what'], text: string) =>
      wishes.push({
        key: File.key(`machine-${machine.name}`, path),
        value: { what, text, mode: what === 'folder' ? 0o755 : 0o600, modifiedAt: at },
        because: { id: 'kubernetes/installed', values: { what: path } },
        quiet: true,
      })
    file('/etc/kubernetes', 'folder', '')
    file(CONFIGURATION_PATH, 'file', DEFAULT_TEXT)
  }
  const kubernetes = Service.key('default', 'kubernetes')
  put(
    kubernetes,
    apiService(
      meta(kubernetes, 'kubernetes', 'default', { labels: { component: 'apiserver', provider: 'kubernetes' } }),
    ),
    'service kubernetes',
  )
  const slice = EndpointSlice.key('default', 'kubernetes')
  const servers = members.filter((machine) => machine.role === 'control-plane')
  put(
    slice,
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: meta(slice, 'kubernetes', 'default', {
        generation: 1,
        labels: { [SERVICE_NAME_LABEL]: 'kubernetes' },
      }),
      addressType: 'IPv4',
      endpoints: servers.map((machine) => ({
        addresses: [machine.address],
        conditions: { ready: true },
        nodeName: machine.name,
      })),
      ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
    },
    'the endpoints of service kubernetes',
  )
  const dns = Service.key('kube-system', 'kube-dns')
  put(
    dns,
    dnsService(
      meta(dns, 'kube-dns', 'kube-system', {
        labels: { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
      }),
    ),
    'service kube-dns',
  )
  for (const name of ['coredns', 'kube-proxy']) {
    const account = ServiceAccount.key('kube-system', name)
    const metadata = meta(account, name, 'kube-system')
    put(account, { apiVersion: 'v1', kind: 'ServiceAccount', metadata }, `the service account ${name}`)
  }
  const coredns = Deployment.key('kube-system', 'coredns')
  put(
    coredns,
    corednsDeployment(meta(coredns, 'coredns', 'kube-system', { generation: 1, labels: { 'k8s-app': 'kube-dns' } })),
    'CoreDNS',
  )
  put(
    PROXY_SETTINGS,
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: meta(PROXY_SETTINGS, 'kube-proxy', 'kube-system', { labels: { app: 'kube-proxy' } }),
      data: { 'config.conf': PROXY_CONFIGURATION },
    },
    'the settings of kube-proxy',
  )
  const proxy = DaemonSet.key('kube-system', 'kube-proxy')
  put(
    proxy,
    kubeProxyDaemonSet(
      meta(proxy, 'kube-proxy', 'kube-system', { generation: 1, labels: { 'k8s-app': 'kube-proxy' } }),
    ),
    'kube-proxy',
  )
  wishes.push({
    key: DnsServer.key('', SERVER),
    value: { name: SERVER, address: '10.96.0.10', down: false, zone: ZONE },
    because: { id: 'kubernetes/installed', values: { what: 'the cluster DNS' } },
    quiet: true,
  })
  if (given.pool)
    wishes.push({
      key: AddressPool.key('', 'default'),
      value: given.pool,
      because: { id: 'kubernetes/installed', values: { what: 'the load balancer' } },
      quiet: true,
    })
  return wishes
}

function nodeLabels(machine: Machine): Record<string, string> {
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': machine.name,
    'kubernetes.io/os': 'linux',
    ...(machine.role === 'control-plane'
      ? { [CONTROL_PLANE_TAINT]: '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' }
      : {}),
    ...(machine.zone === undefined ? {} : { 'topology.kubernetes.io/zone': machine.zone }),
    ...machine.labels,
  }
}

/** The Node object that the machine's kubelet registers. */
export function nodeOf(machine: Machine, metadata: ObjectMeta, at: Millis): Node {
  const time = rfc3339(LAB_EPOCH + at)
  const kibibytes = Math.floor(machine.memoryBytes / 1024)
  const disk = Math.floor(machine.diskBytes / 1024)
  const capacity = {
    cpu: String(machine.cpuMillis / 1000),
    'ephemeral-storage': `${disk}Ki`,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${kibibytes}Ki`,
    pods: '110',
  }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata,
    spec: {
      ...(machine.podCidr === undefined ? {} : { podCIDR: machine.podCidr, podCIDRs: [machine.podCidr] }),
      ...(machine.role === 'control-plane'
        ? { taints: [{ key: CONTROL_PLANE_TAINT, effect: 'NoSchedule' as const }] }
        : {}),
    },
    status: {
      capacity,
      allocatable: {
        ...capacity,
        'ephemeral-storage': String(Math.floor(disk * 1024 * 0.9)),
        memory: `${kibibytes - RESERVED_MEMORY_BYTES / 1024}Ki`,
      },
      conditions: nodeConditions([]).map((condition) => ({
        ...condition,
        lastHeartbeatTime: time,
        lastTransitionTime: time,
      })),
      addresses: [
        { type: 'InternalIP', address: machine.address },
        { type: 'Hostname', address: machine.name },
      ],
      nodeInfo: {
        machineID: '0123456789abcdef0123456789abcdef',
        systemUUID: '01234567-89ab-cdef-0123-456789abcdef',
        bootID: bootId(machine),
        kernelVersion: '6.1.0-38-amd64',
        osImage: 'Debian GNU/Linux 12 (bookworm)',
        containerRuntimeVersion: 'containerd://2.1.3',
        kubeletVersion: KUBERNETES_VERSION,
        kubeProxyVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
    },
  }
}

type MakeMeta = (key: string, name: string, namespace: string | undefined, more?: Partial<ObjectMeta>) => ObjectMeta

const COMPONENTS: readonly {
  readonly name: string
  readonly image: string
  readonly cpu: string
  readonly memory?: string
}[] = [
  { name: 'etcd', image: 'registry.k8s.io/etcd:3.6.4-0', cpu: '100m', memory: '100Mi' },
  { name: 'kube-apiserver', image: `registry.k8s.io/kube-apiserver:${KUBERNETES_VERSION}`, cpu: '250m' },
  {
    name: 'kube-controller-manager',
    image: `registry.k8s.io/kube-controller-manager:${KUBERNETES_VERSION}`,
    cpu: '200m',
  },
  { name: 'kube-scheduler', image: `registry.k8s.io/kube-scheduler:${KUBERNETES_VERSION}`, cpu: '100m' },
]

/** The control plane's static pods. */
function staticPods(machines: readonly Machine[], meta: MakeMeta): [ReturnType<typeof Pod.key>, Pod, string][] {
  const pods: [ReturnType<typeof Pod.key>, Pod, string][] = []
  for (const machine of machines) {
    const own = machine.role === 'control-plane' ? COMPONENTS : []
    for (const component of own) {
      const spec: PodSpec = {
        ...common(machine.name),
        priority: 2_000_001_000,
        preemptionPolicy: 'PreemptLowerPriority',
        priorityClassName: 'system-node-critical',
        tolerations: [{ operator: 'Exists', effect: 'NoExecute' }],
        containers: [
          {
            ...containerOf(component.name, component.image),
            resources: { requests: { cpu: component.cpu, ...(component.memory ? { memory: component.memory } : {}) } },
          },
        ],
      }
      pods.push(
        made(
          `${component.name}-${machine.name}`,
          { component: component.name, tier: 'control-plane' },
          spec,
          meta,
          machine.name,
        ),
      )
    }
  }
  return pods
}

const common = (nodeName: string) => ({
  nodeName,
  hostNetwork: true,
  restartPolicy: 'Always' as const,
  dnsPolicy: 'ClusterFirst',
  terminationGracePeriodSeconds: 30,
  schedulerName: 'default-scheduler',
  enableServiceLinks: true,
  securityContext: {},
})

function made(
  name: string,
  labels: Record<string, string>,
  spec: PodSpec,
  meta: MakeMeta,
  node: string,
): [ReturnType<typeof Pod.key>, Pod, string] {
  const key = Pod.key('kube-system', name)
  const annotations = { 'kubernetes.io/config.source': 'file' }
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta(key, name, 'kube-system', { generation: 1, labels, annotations }),
    spec,
    status: { phase: 'Pending', qosClass: qosClass(spec) },
  }
  return [key, pod, `${name} on ${node}`]
}

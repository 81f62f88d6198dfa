import {
  ageOf,
  nodeRoles,
  parseQuantity,
  podLimits,
  podRequests,
  printQuantity,
  sumQuantities,
} from '../../../kubernetes'
import type { Run } from '../command'
import { eventsAbout, writeEvents } from './events'
import { rfc1123, Writer, writeAnnotations, writeLabels, writeMany } from './writer'

export function describeNode(run: Run, node: any): string {
  const w = new Writer()
  const { metadata, spec, status } = node
  const now = run.call.now
  w.write(0, `Name:\t${metadata.name}`)
  const roles = nodeRoles(node)
  w.write(0, `Roles:\t${roles.length > 0 ? roles.join(',') : '<none>'}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.write(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`)
  writeMany(w, 'Taints', taints(spec.taints))
  w.write(0, `Unschedulable:\t${spec.unschedulable === true}`)
  lease(w, run, metadata.name)
  conditions(w, status.conditions)
  w.write(0, 'Addresses:')
  for (const { type, address } of status.addresses ?? []) w.write(1, `${type}:\t${address}`)
  resources(w, 'Capacity', status.capacity)
  resources(w, 'Allocatable', status.allocatable)
  const info = status.nodeInfo ?? {}
  w.write(0, 'System Info:')
  for (const [heading, field] of INFO) w.write(0, `  ${heading}:\t${info[field] ?? ''}`)
  if (spec.podCIDR) w.write(0, `PodCIDR:\t${spec.podCIDR}`)
  if (spec.podCIDRs?.length) w.write(0, `PodCIDRs:\t${spec.podCIDRs.join(',')}`)
  if (spec.providerID) w.write(0, `ProviderID:\t${spec.providerID}`)
  pods(w, run, node)
  // a Node's events refer to it by name
  const events = [
    ...eventsAbout(run, node),
    ...(metadata.uid === metadata.name ? [] : eventsAbout(run, node, metadata.name)),
  ]
  writeEvents(w, events, now)
  return w.aligned
}

const INFO: readonly (readonly [string, string])[] = [
  ['Machine ID', 'machineID'],
  ['System UUID', 'systemUUID'],
  ['Boot ID', 'bootID'],
  ['Kernel Version', 'kernelVersion'],
  ['OS Image', 'osImage'],
  ['Operating System', 'operatingSystem'],
  ['Architecture', 'architecture'],
  ['Container Runtime Version', 'containerRuntimeVersion'],
  ['Kubelet Version', 'kubeletVersion'],
  ['Kube-Proxy Version', 'kubeProxyVersion'],
]

/** By effect, then by key. */
function taints(list: readonly any[] | undefined): readonly string[] {
  const sorted = [...(list ?? [])].sort((a, b) =>
    a.effect !== b.effect ? (a.effect < b.effect ? -1 : 1) : a.key < b.key ? -1 : a.key > b.key ? 1 : 0,
  )
  return sorted.map(({ key, value, effect }) => (value ? `${key}=${value}:${effect}` : `${key}:${effect}`))
}

function lease(w: Writer, run: Run, name: string): void {
  const reply = run.client.try({
    verb: 'get',
    resource: { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' },
    namespace: 'kube-node-lease',
    name,
  })
  if (!reply.ok) {
    w.write(0, `Lease:\tFailed to get lease: ${reply.status.message ?? ''}`)
    return
  }
  const { spec } = reply.body
  w.write(0, 'Lease:')
  w.write(1, `HolderIdentity:\t${spec.holderIdentity ?? '<unset>'}`)
  w.write(1, `AcquireTime:\t${spec.acquireTime ? rfc1123(spec.acquireTime) : '<unset>'}`)
  w.write(1, `RenewTime:\t${spec.renewTime ? rfc1123(spec.renewTime) : '<unset>'}`)
}

function conditions(w: Writer, list: readonly any[] | undefined): void {
  if (!list?.length) return
  w.write(0, 'Conditions:')
  w.write(1, 'Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage')
  w.write(1, '----\t------\t-----------------\t------------------\t------\t-------')
  for (const c of list)
    w.write(
      1,
      `${c.type} \t${c.status} \t${rfc1123(c.lastHeartbeatTime)} \t${rfc1123(c.lastTransitionTime)} \t${c.reason} \t${c.message}`,
    )
}

function resources(w: Writer, heading: string, list: Readonly<Record<string, string>> | undefined): void {
  w.write(0, `${heading}:`)
  for (const name of Object.keys(list ?? {}).sort((a, b) => (a < b ? -1 : 1))) w.write(1, `${name}:\t${list![name]}`)
}

/** `100m (5%)`: the share of what can be allocated, cut to whole per cents. */
function share(amount: string | undefined, allocatable: string | undefined): string {
  const [a, b] = [parseQuantity(amount ?? '0')?.nanos ?? 0n, parseQuantity(allocatable ?? '0')?.nanos ?? 0n]
  return `${amount ?? '0'} (${b === 0n ? 0 : (a * 100n) / b}%)`
}

function pods(w: Writer, run: Run, node: any): void {
  const list = run.client.ask({
    verb: 'list',
    resource: { group: '', version: 'v1', resource: 'pods' },
    fieldSelector: `spec.nodeName=${node.metadata.name},status.phase!=Succeeded,status.phase!=Failed`,
  })
  const items: readonly any[] = list.items
  const { allocatable } = node.status
  w.write(0, `Non-terminated Pods:\t(${items.length} in total)`)
  w.write(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge')
  w.write(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---')
  for (const { metadata, spec } of items) {
    const [asked, limited] = [podRequests(spec), podLimits(spec)]
    const cells = [
      share(asked['cpu'], allocatable.cpu),
      share(limited['cpu'], allocatable.cpu),
      share(asked['memory'], allocatable.memory),
      share(limited['memory'], allocatable.memory),
    ]
    w.write(
      1,
      `${metadata.namespace}\t${metadata.name}\t\t${cells.join('\t')}\t${ageOf(metadata.creationTimestamp, run.call.now)}`,
    )
  }
  w.write(0, 'Allocated resources:')
  w.write(1, '(Total limits may be over 100 percent, i.e., overcommitted.)')
  w.write(1, 'Resource\tRequests\tLimits')
  w.write(1, '--------\t--------\t------')
  const asked = items.map(({ spec }) => podRequests(spec))
  const limited = items.map(({ spec }) => podLimits(spec))
  for (const name of [
    'cpu',
    'memory',
    'ephemeral-storage',
    ...Object.keys(allocatable)
      .filter((key) => key.startsWith('hugepages-'))
      .sort(),
  ]) {
    w.write(
      1,
      `${name}\t${share(total(asked, name), allocatable[name])}\t${share(total(limited, name), allocatable[name])}`,
    )
  }
  const others = Object.keys(allocatable).filter(
    (name) => !['cpu', 'memory', 'ephemeral-storage', 'pods'].includes(name) && !name.startsWith('hugepages-'),
  )
  for (const name of others.sort()) w.write(1, `${name}\t${total(asked, name)}\t${total(limited, name)}`)
}

function total(lists: readonly Readonly<Record<string, string>>[], name: string): string {
  const sum = parseQuantity(sumQuantities(lists.map((list) => list[name])))
  return sum ? printQuantity(sum) : '0'
}

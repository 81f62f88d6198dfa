import type { Cache, Change, World } from '../../engine'
import { LocalImage } from '../../platform/image/image'
import { Node } from '../kinds/node'
import { Pod } from '../kinds/pod'
import { keepsAway, saysOfOthers } from './affinity-terms'
import { type Amounts, allocatableOf, podRequests } from './requests'

/** A node with what is on it: the scheduler's view of one machine. */
export interface NodeInfo {
  readonly name: string
  node: Node
  allocatable: Amounts
  readonly requested: Record<string, number>
  scoredCpuMillis: number
  scoredMemoryBytes: number
  /** By uid. */
  readonly pods: Map<string, Pod>
  /** Of these, the pods that say anything of others, and those that keep others away for certain. */
  readonly affine: Map<string, Pod>
  readonly repelling: Map<string, Pod>
}

interface Counted {
  readonly matches: (pod: Pod) => boolean
  readonly byNode: Map<string, number>
}

const MOST_COUNTED = 1_000

/** The scheduler's cache: nodes, what their pods ask for, and how many pods match the selectors that spreading asks about. */
export class NodeInfos {
  readonly byName = new Map<string, NodeInfo>()
  /** Which machines have an image, by its name there, and its size in bytes. */
  readonly images = new Map<string, Map<string, number>>()
  /** The nodes that have pods with affinity of any kind, and with required anti-affinity. */
  readonly affine = new Map<string, NodeInfo>()
  readonly repelling = new Map<string, NodeInfo>()
  /** Pods for which a node is being cleared, by that node's name, then by uid. */
  readonly nominated = new Map<string, Map<string, Pod>>()
  readonly #counted = new Map<string, Counted>()
  #order: NodeInfo[] | undefined

  /** Nodes in the order in which they are searched: zone by zone, one of each in turn. After node_tree.go. */
  get order(): readonly NodeInfo[] {
    if (!this.#order) {
      const zones = new Map<string, NodeInfo[]>()
      for (const info of this.byName.values()) {
        const labels = info.node.metadata.labels ?? {}
        const zone = `${labels['topology.kubernetes.io/region'] ?? ''}:${labels['topology.kubernetes.io/zone'] ?? ''}`
        const row = zones.get(zone)
        if (row) row.push(info)
        else zones.set(zone, [info])
      }
      const rows = [...zones.values()]
      this.#order = []
      for (let i = 0; this.#order.length < this.byName.size; i++) {
        for (const row of rows) if (row[i]) this.#order.push(row[i]!)
      }
    }
    return this.#order
  }

  /** Pods on each node that match; `name` must stand for the matcher exactly. Terminating pods do not count. */
  count(name: string, matches: (pod: Pod) => boolean): ReadonlyMap<string, number> {
    let counted = this.#counted.get(name)
    if (!counted) {
      if (this.#counted.size >= MOST_COUNTED) this.#counted.clear()
      counted = { matches, byNode: new Map() }
      for (const info of this.byName.values()) {
        let n = 0
        for (const pod of info.pods.values()) if (counts(pod) && matches(pod)) n++
        if (n > 0) counted.byNode.set(info.name, n)
      }
      this.#counted.set(name, counted)
    }
    return counted.byNode
  }

  setNode(node: Node): void {
    const info = this.byName.get(node.metadata.name)
    if (info) {
      if (info.node.metadata.labels !== node.metadata.labels) this.#order = undefined
      info.node = node
      info.allocatable = allocatableOf(node.status.allocatable)
      return
    }
    this.#order = undefined
    this.byName.set(node.metadata.name, {
      name: node.metadata.name,
      node,
      allocatable: allocatableOf(node.status.allocatable),
      requested: {},
      scoredCpuMillis: 0,
      scoredMemoryBytes: 0,
      pods: new Map(),
      affine: new Map(),
      repelling: new Map(),
    })
  }

  setImage(reference: string, machine: string, sizeBytes: number | undefined): void {
    let holders = this.images.get(reference)
    if (!holders) {
      holders = new Map()
      this.images.set(reference, holders)
    }
    if (sizeBytes === undefined) holders.delete(machine)
    else holders.set(machine, sizeBytes)
  }

  dropNode(name: string): void {
    this.byName.delete(name)
    this.affine.delete(name)
    this.repelling.delete(name)
    // its pods are counted anew should a node of this name come back
    for (const counted of this.#counted.values()) counted.byNode.delete(name)
    this.#order = undefined
  }

  #turn(info: NodeInfo, pod: Pod, by: 1 | -1): void {
    turnPod(info, pod, by)
    if (saysOfOthers(pod)) {
      settle(this.affine, info, info.affine.size)
      settle(this.repelling, info, info.repelling.size)
    }
    this.#recount(info, pod, by)
  }

  #recount(info: NodeInfo, pod: Pod, by: 1 | -1): void {
    if (!counts(pod)) return
    for (const counted of this.#counted.values()) {
      if (counted.matches(pod)) counted.byNode.set(info.name, (counted.byNode.get(info.name) ?? 0) + by)
    }
  }

  #nominate(pod: Pod, by: 1 | -1): void {
    const node = pod.status.nominatedNodeName
    if (node === undefined || pod.spec.nodeName !== undefined) return
    const present = this.nominated.get(node) ?? new Map<string, Pod>()
    if (by === 1) present.set(pod.metadata.uid, pod)
    else present.delete(pod.metadata.uid)
    if (present.size === 0) this.nominated.delete(node)
    else this.nominated.set(node, present)
  }

  setPod(before: Pod | undefined, after: Pod | undefined): void {
    const uid = (after ?? before)!.metadata.uid
    if (before?.status.nominatedNodeName !== undefined) this.#nominate(before, -1)
    if (after?.status.nominatedNodeName !== undefined) this.#nominate(after, 1)
    const was = before?.spec.nodeName === undefined ? undefined : this.byName.get(before.spec.nodeName)
    const known = was?.pods.get(uid)
    const holds = after !== undefined && after.spec.nodeName !== undefined && !finished(after)
    if (
      known &&
      holds &&
      known.spec === after.spec &&
      known.metadata.labels === after.metadata.labels &&
      counts(known) === counts(after)
    ) {
      was!.pods.set(uid, after)
      if (was!.affine.has(uid)) was!.affine.set(uid, after)
      if (was!.repelling.has(uid)) was!.repelling.set(uid, after)
      return
    }
    if (known) this.#turn(was!, known, -1)
    const is = holds ? this.byName.get(after.spec.nodeName!) : undefined
    if (is) this.#turn(is, after!, 1)
  }
}

/** Puts a pod on a node or takes it off; `by` is 1 or −1. */
export function turnPod(info: NodeInfo, pod: Pod, by: 1 | -1): void {
  const requests = podRequests(pod.spec)
  for (const name in requests.total) info.requested[name] = (info.requested[name] ?? 0) + by * requests.total[name]!
  info.scoredCpuMillis += by * requests.scoredCpuMillis
  info.scoredMemoryBytes += by * requests.scoredMemoryBytes
  const { uid } = pod.metadata
  if (by === 1) info.pods.set(uid, pod)
  else info.pods.delete(uid)
  if (!saysOfOthers(pod)) return
  if (by === -1) {
    info.affine.delete(uid)
    info.repelling.delete(uid)
    return
  }
  info.affine.set(uid, pod)
  if (keepsAway(pod)) info.repelling.set(uid, pod)
}

/** A node to try things on. */
export const copyOf = (info: NodeInfo): NodeInfo => ({
  ...info,
  requested: { ...info.requested },
  pods: new Map(info.pods),
  affine: new Map(info.affine),
  repelling: new Map(info.repelling),
})

function settle(nodes: Map<string, NodeInfo>, info: NodeInfo, pods: number): void {
  if (pods === 0) nodes.delete(info.name)
  else nodes.set(info.name, info)
}

const finished = (pod: Pod) => pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
const counts = (pod: Pod) => pod.metadata.deletionTimestamp === undefined

export const nodeInfos: Cache<NodeInfos> = {
  name: 'scheduler nodes',
  kinds: [Pod, Node, LocalImage],
  build: buildNodeInfos,
  hear(view, change: Change, world) {
    if (change.kind === Pod.id) view.setPod(change.previous?.value, change.value)
    else if (change.kind === LocalImage.id) {
      const image: LocalImage = change.value ?? change.previous!.value
      view.setImage(image.reference, image.machine, change.value?.sizeBytes)
    } else if (change.kind === Node.id) {
      if (change.value === undefined) view.dropNode(change.previous!.value.metadata.name)
      else {
        const fresh = !view.byName.has(change.value.metadata.name)
        view.setNode(change.value)
        if (fresh)
          for (const pod of world.list(Pod, { node: change.value.metadata.name })) view.setPod(undefined, pod.value)
      }
    }
  },
}

/** The view of any world, a past one too. */
export function buildNodeInfos(world: World): NodeInfos {
  const view = new NodeInfos()
  for (const node of world.list(Node)) view.setNode(node.value)
  for (const { value } of world.list(LocalImage)) view.setImage(value.reference, value.machine, value.sizeBytes)
  for (const { value: pod } of world.list(Pod))
    if (pod.spec.nodeName !== undefined || pod.status.nominatedNodeName !== undefined) view.setPod(undefined, pod)
  return view
}

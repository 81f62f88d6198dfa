import type { World } from '../../engine'
import { labelsMatch } from '../api/label-selector'
import { quantityMillis, quantityValue } from '../api/quantity'
import { Node } from '../kinds/node'
import { Pod } from '../kinds/pod'
import { podRequests } from '../kinds/pod-resources'
import { qosClass } from '../kinds/qos'
import { pressureRefusal } from './eviction/manager'
import type { Pass } from './pass'

export interface Rejection {
  readonly reason: string
  readonly message: string
}

/**
 * Whether a kubelet takes a pod that it has not seen before. A pod that the scheduler placed has been measured already; one that
 * names its node itself is measured here. After lifecycle/predicate.go; left out: ports, and the node affinity of such a pod.
 */
export function rejection(pass: Pass): Rejection | undefined {
  const { pod, world, machine } = pass
  const pressure = pressureRefusal(world, machine, pod, qosClass(pod.spec) === 'BestEffort')
  if (pressure !== undefined) return { reason: 'Evicted', message: pressure }
  if (pass.bound() !== firstVersion(pass)) return undefined
  return misfit(world, pod, machine.name)
}

/** The change that made the pod. */
function firstVersion({ head }: Pass): number {
  let change = head
  while (change.previous && change.previous.uid === change.uid) change = change.previous
  return change.revision
}

const amount = (resource: string, text: string | undefined): number =>
  resource === 'cpu' ? quantityMillis(text) : quantityValue(text)

function misfit(world: World, pod: Pod, machine: string): Rejection | undefined {
  const node = world.get(Node.key('', machine))
  if (!node || pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return undefined
  const { nodeSelector } = pod.spec
  if (nodeSelector && !labelsMatch({ matchLabels: nodeSelector }, node.metadata.labels))
    return {
      reason: 'NodeAffinity',
      message: "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    }
  const others = world
    .list(Pod, { node: machine })
    .map(({ value }) => value)
    .filter(
      ({ metadata, status }) =>
        metadata.uid !== pod.metadata.uid && status.phase !== 'Succeeded' && status.phase !== 'Failed',
    )
  const short = (resource: string, requested: number, used: number, capacity: number): Rejection => ({
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  })
  const pods = quantityValue(node.status.allocatable?.['pods'])
  if (others.length + 1 > pods) return short('pods', 1, others.length, pods)
  const wanted = podRequests(pod.spec)
  for (const resource in wanted) {
    const requested = amount(resource, wanted[resource])
    if (requested === 0) continue
    const used = others.reduce((sum, other) => sum + amount(resource, podRequests(other.spec)[resource]), 0)
    const capacity = amount(resource, node.status.allocatable?.[resource])
    if (used + requested > capacity) return short(resource, requested, used, capacity)
  }
  return undefined
}

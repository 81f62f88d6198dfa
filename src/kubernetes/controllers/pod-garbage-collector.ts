import { type Change, type Controller, millisOf, type Plan, type Reason, type Wish, type World } from '../../engine'
import { Node } from '../kinds/node'
import { Pod } from '../kinds/pod'

const NAME = 'pod-garbage-collector'
const PASS_MILLIS = 20_000
/** A node must have been gone this long. */
const QUARANTINE_MILLIS = 40_000
const MOST_FINISHED = 12_500
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service'

/** Removes pods that nobody else will: of nodes that are gone or out of service, finished ones beyond 12,500. After pkg/controller/podgc. */
export const podGarbageCollector: Controller = {
  name: NAME,
  about: 'removes pods whose node is gone for good',
  watches: [
    {
      kind: Node,
      wake: (change: Change<Node>) => (change.value === undefined || outOfService(change.value) ? 'pass' : undefined),
    },
    {
      kind: Pod,
      wake: (change: Change<Pod>, world) =>
        change.value?.spec.nodeName !== undefined && !world.get(Node.key('', change.value.spec.nodeName))
          ? 'pass'
          : undefined,
    },
  ],
  reconcile(_about, world) {
    const early = PASS_MILLIS - (((world.now % PASS_MILLIS) + PASS_MILLIS) % PASS_MILLIS)
    return early < PASS_MILLIS ? { again: early } : pass(world)
  },
}

const outOfService = (node: Node) => (node.spec.taints ?? []).some((taint) => taint.key === OUT_OF_SERVICE)

/** When the node was deleted; undefined: it never was, or history does not know. */
function goneSince(world: World, name: string): number | undefined {
  const latest = (world as { latest?: (key: string) => Change | undefined }).latest?.(Node.key('', name))
  return latest?.value === undefined ? latest?.at : undefined
}

function pass(world: World): Plan {
  const changes: Wish[] = []
  let again = false
  const finished: Change<Pod>[] = []
  for (const pod of world.list(Pod)) {
    const { nodeName } = pod.value.spec
    if (pod.value.status.phase === 'Succeeded' || pod.value.status.phase === 'Failed') finished.push(pod)
    if (nodeName === undefined) continue
    const node = world.get(Node.key('', nodeName))
    if (node) {
      const ready = node.status.conditions.find((condition) => condition.type === 'Ready')?.status === 'True'
      if (!ready && outOfService(node) && pod.value.metadata.deletionTimestamp !== undefined)
        changes.push(remove(pod, 'kubernetes/gc-out-of-service', nodeName))
      continue
    }
    const since = goneSince(world, nodeName) ?? millisOf(pod.value.metadata.creationTimestamp) ?? world.now
    if (world.now - since >= QUARANTINE_MILLIS) changes.push(remove(pod, 'kubernetes/gc-node-gone', nodeName))
    else again = true
  }
  const surplus = finished.length - MOST_FINISHED
  for (const pod of finished.slice(0, Math.max(0, surplus))) changes.push(remove(pod, 'kubernetes/gc-finished', ''))
  return again ? { changes, again: PASS_MILLIS } : { changes }
}

function remove(pod: Change<Pod>, id: string, node: string): Wish {
  const because: Reason = { id, values: { pod: pod.value.metadata.name, node } }
  return { key: pod.key, value: undefined, because }
}

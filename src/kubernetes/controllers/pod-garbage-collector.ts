import {
  type Change,
  type Controller,
  millisOf,
  type Plan,
  type Reason,
  stamp,
  type Wish,
  type World,
} from '../../engine'
import type { Condition } from '../kinds/meta'
import { Node } from '../kinds/node'
import { Pod } from '../kinds/pod'
import { withCondition } from './pods'

const NAME = 'pod-garbage-collector'
const PASS_MILLIS = 20_000
/** A node must have been gone this long. */
const QUARANTINE_MILLIS = 40_000
const MOST_FINISHED = 12_500
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service'

/**
 * Removes pods that nobody else will: of nodes that are gone or out of service, those that are to go and never had a node, finished ones
 * beyond 12,500. What has not ended has failed; where a finalizer holds it, its owner can see that. After pkg/controller/podgc.
 */
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
      wake: ({ value: pod }: Change<Pod>, world) => {
        if (pod === undefined) return undefined
        const { nodeName } = pod.spec
        return nodeName === undefined ? neverPlaced(pod) : world.get(Node.key('', nodeName)) ? undefined : 'pass'
      },
    },
  ],
  reconcile(_about, world) {
    const early = PASS_MILLIS - (((world.now % PASS_MILLIS) + PASS_MILLIS) % PASS_MILLIS)
    return early < PASS_MILLIS ? { again: early } : pass(world)
  },
}

/** It is to go, never had a node, and something holds it. */
const neverPlaced = (pod: Pod) => (pod.metadata.deletionTimestamp !== undefined && !finished(pod) ? 'pass' : undefined)
const finished = ({ status }: Pod) => status.phase === 'Succeeded' || status.phase === 'Failed'

const outOfService = (node: Node) => (node.spec.taints ?? []).some((taint) => taint.key === OUT_OF_SERVICE)

/** When the node was deleted; undefined: it never was, or history does not know. */
function goneSince(world: World, name: string): number | undefined {
  const latest = (world as { latest?: (key: string) => Change | undefined }).latest?.(Node.key('', name))
  return latest?.value === undefined ? latest?.at : undefined
}

function pass(world: World): Plan {
  const changes: Wish[] = []
  let again = false
  const over: Change<Pod>[] = []
  for (const pod of world.list(Pod)) {
    const { nodeName } = pod.value.spec
    if (finished(pod.value)) over.push(pod)
    if (nodeName === undefined) {
      if (neverPlaced(pod.value)) changes.push(...remove(pod, world, 'kubernetes/gc-never-placed', ''))
      continue
    }
    const node = world.get(Node.key('', nodeName))
    if (node) {
      const ready = node.status.conditions.find((condition) => condition.type === 'Ready')?.status === 'True'
      if (!ready && outOfService(node) && pod.value.metadata.deletionTimestamp !== undefined)
        changes.push(...remove(pod, world, 'kubernetes/gc-out-of-service', nodeName))
      continue
    }
    const since = goneSince(world, nodeName) ?? millisOf(pod.value.metadata.creationTimestamp) ?? world.now
    if (world.now - since >= QUARANTINE_MILLIS) changes.push(...remove(pod, world, 'kubernetes/gc-node-gone', nodeName))
    else again = true
  }
  const surplus = over.length - MOST_FINISHED
  for (const pod of over.slice(0, Math.max(0, surplus)))
    changes.push(...remove(pod, world, 'kubernetes/gc-finished', ''))
  return again ? { changes, again: PASS_MILLIS } : { changes }
}

/** Why it is disturbed, as its condition tells. */
const DISTURBED: Readonly<Record<string, string>> = {
  'kubernetes/gc-out-of-service': 'PodGC: node has been marked as out of service',
  'kubernetes/gc-node-gone': 'PodGC: node no longer exists',
}

/** Fails it, if it has not ended, and deletes it: at once, or when its last finalizer goes. After markFailedAndDeletePodWithCondition. */
function remove(pod: Change<Pod>, world: World, id: string, node: string): readonly Wish[] {
  const { metadata, status } = pod.value
  const because: Reason = { id, values: { pod: metadata.name, node } }
  if (!metadata.finalizers?.length) return [{ key: pod.key, value: undefined, because }]
  if (finished(pod.value) && metadata.deletionTimestamp !== undefined) return []
  const message = DISTURBED[id]
  const time = stamp(world.now)
  const condition: Condition | undefined =
    message === undefined || finished(pod.value)
      ? undefined
      : { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC', message, lastTransitionTime: time }
  const value: Pod = {
    ...pod.value,
    metadata: { ...metadata, deletionTimestamp: metadata.deletionTimestamp ?? time, deletionGracePeriodSeconds: 0 },
    status: finished(pod.value)
      ? status
      : {
          ...status,
          phase: 'Failed',
          ...(condition && { conditions: withCondition(status.conditions, condition, world.now) }),
        },
  }
  return [{ key: pod.key, value, because }]
}

import {
  type Change,
  type Controller,
  edit,
  type Key,
  type Plan,
  type Reason,
  stamp,
  type Tools,
  type Wish,
  type World,
} from '../../engine'
import { eventWish } from '../api/events'
import { active, conditionOf } from '../controllers/pods'
import type { Condition } from '../kinds/meta'
import { Node } from '../kinds/node'
import { Pod } from '../kinds/pod'
import { type Outcome, schedule } from './algorithm'
import { fitError, preemptionText } from './fit-error'
import { nodeInfos } from './node-infos'
import { defaultPlugins } from './plugins'
import { backoff, CLUSTER_EVENTS, QueuedPod, SchedulerCursor } from './queue'

const NAME = 'kube-scheduler'
/** What the real one writes as the source of its events. */
const EVENT_SOURCE = 'default-scheduler'
/** 4 pods every 5 ms: 800 a second, what the real one reaches in its performance tests. */
const PODS_PER_TURN = 4
const TURN_MILLIS = 5
/** Pods that nothing has brought back are tried again after this. */
const FLUSH_MILLIS = 300_000
const cursorKey = SchedulerCursor.key('', 'default')

/**
 * Gives each pod a node: filter, score, bind, one pod after the other. After pkg/scheduler. Simplified: binding takes no time of its
 * own; preemption is not modelled (its texts are). Left out: volumes, inter-pod affinity, dynamic resources.
 */
export const scheduler: Controller = {
  name: NAME,
  about: 'chooses a node for each pod that has none',
  watches: [
    { kind: Pod, wake: podWake, after: 1 },
    { kind: Node, wake: nodeWake, after: 1 },
    { kind: QueuedPod, wake: (change) => (change.value?.state === 'backoff' ? 'queue' : undefined) },
    {
      kind: QueuedPod,
      wake: (change) => (change.value?.state === 'unschedulable' ? `flush ${change.key}` : undefined),
      after: FLUSH_MILLIS,
    },
  ],
  reconcile(about, world, tools) {
    if (about === 'queue') return takeTurn(world, tools)
    if (about.startsWith('flush ')) return flush(about.slice(6) as Key<QueuedPod>, world)
    if (about.startsWith('forget ')) return forget(about.slice(7) as Key<QueuedPod>, world)
    return moveQueued(about, world)
  },
}

function podWake(change: Change<Pod>): string | readonly string[] | undefined {
  const before: Pod | undefined = change.previous?.value
  const after: Pod | undefined = change.value
  if (after && after.spec.nodeName === undefined) {
    if (!before) return 'queue'
    if (before.spec !== after.spec || before.metadata.labels !== after.metadata.labels)
      return ['queue', `retry ${QueuedPod.key(after.metadata.namespace!, after.metadata.name)}`]
    return undefined
  }
  if (!after && before?.spec.nodeName === undefined)
    return `forget ${QueuedPod.key(before!.metadata.namespace!, before!.metadata.name)}`
  if (
    before &&
    active(before) &&
    before.spec.nodeName !== undefined &&
    !(after && after.status.phase !== 'Succeeded' && after.status.phase !== 'Failed')
  )
    return 'pod-gone'
  if (after && before && before.spec.nodeName === undefined) return 'pod-bound'
  return !after ? 'pod-gone' : undefined
}

function nodeWake(change: Change<Node>): string | undefined {
  const before: Node | undefined = change.previous?.value
  const after: Node | undefined = change.value
  if (!after) return undefined
  const differs =
    !before ||
    before.spec !== after.spec ||
    before.metadata.labels !== after.metadata.labels ||
    before.status.allocatable !== after.status.allocatable
  return differs ? 'node' : undefined
}

/** Something happened that may let waiting pods in: those that it concerns go to the back-off queue. */
function moveQueued(event: string, world: World): Plan | undefined {
  const retried = event.startsWith('retry ') ? event.slice(6) : undefined
  const helped = CLUSTER_EVENTS[event] ?? []
  const changes: Wish[] = []
  for (const queued of world.list(QueuedPod)) {
    const { state, plugins } = queued.value
    if (state !== 'unschedulable') continue
    if (retried === undefined ? plugins.some((plugin) => helped.includes(plugin)) : queued.key === retried)
      changes.push(moved(queued, event))
  }
  return { changes }
}

const moved = (queued: Change<QueuedPod>, event: string): Wish => ({
  key: queued.key,
  value: { ...queued.value, state: 'backoff' },
  because: { id: 'kubernetes/queue-moved', values: { event } },
  quiet: true,
})

function flush(key: Key<QueuedPod>, world: World): Plan | undefined {
  const queued = world.head(key)
  if (queued?.value.state !== 'unschedulable') return undefined
  const left = queued.value.failedAt + FLUSH_MILLIS - world.now
  return left > 0 ? { again: left } : { changes: [moved(queued, 'flush')] }
}

function forget(key: Key<QueuedPod>, world: World): Plan | undefined {
  return (
    world.get(key) && { changes: [{ key, value: undefined, because: { id: 'kubernetes/queue-left' }, quiet: true }] }
  )
}

function waits(pod: Pod): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    (pod.spec.schedulerName ?? 'default-scheduler') === 'default-scheduler' &&
    (pod.spec.schedulingGates ?? []).length === 0 &&
    pod.status.phase === 'Pending'
  )
}

/** The next pods: by priority, then by how long they wait; those that have failed before come after those that have not. */
function next(world: World, count: number): Change<Pod>[] {
  const fresh: Change<Pod>[] = []
  const failed: Change<Pod>[] = []
  const anyQueued = world.list(QueuedPod).length > 0
  const anyUrgent = world.list(Pod, { urgent: 'yes' }).length > 0
  for (const head of world.list(Pod, { unbound: 'yes' })) {
    if (!waits(head.value)) continue
    const queued = anyQueued
      ? world.get(QueuedPod.key(head.value.metadata.namespace!, head.value.metadata.name))
      : undefined
    if (!queued || queued.uid !== head.uid) {
      fresh.push(head)
      // in order of age: without priorities, the first are the next
      if (!anyUrgent && fresh.length >= count) break
    } else if (queued.state === 'backoff') failed.push(head)
  }
  const priority = (pod: Change<Pod>) => pod.value.spec.priority ?? 0
  if (fresh.some((pod) => priority(pod) !== 0)) fresh.sort((a, b) => priority(b) - priority(a) || a.born - b.born)
  return [...fresh, ...failed].slice(0, count)
}

function takeTurn(world: World, tools: Tools): Plan | undefined {
  const pods = next(world, PODS_PER_TURN + 1)
  if (pods.length === 0) return undefined
  const view = tools.cache(nodeInfos)
  let { start } = world.get(cursorKey) ?? { start: 0 }
  const changes: Wish[] = []
  const assumed: Pod[] = []
  for (const head of pods.slice(0, PODS_PER_TURN)) {
    const outcome = schedule(defaultPlugins, { pod: head.value, world, nodes: view, start }, (n) =>
      tools.draw(head.uid, 'tie', n),
    )
    if (view.order.length > 0) start = (start + outcome.examined) % view.order.length
    if (outcome.chosen === undefined) changes.push(...refused(head, outcome, view.byName.size, world, tools))
    else {
      const bound = bind(head, outcome, view.byName.size, world, tools)
      changes.push(...bound.changes)
      // assumed at once, so that the next pod of this turn sees it; the store's own change comes to the same
      view.setPod(undefined, bound.pod)
      assumed.push(bound.pod)
    }
  }
  for (const pod of assumed) view.setPod(pod, undefined)
  if (view.order.length >= 100)
    changes.push({ key: cursorKey, value: { start }, because: { id: 'kubernetes/queue-moved' }, quiet: true })
  return { changes, ...(pods.length > PODS_PER_TURN ? { again: TURN_MILLIS } : {}) }
}

function bind(
  head: Change<Pod>,
  outcome: Outcome,
  nodes: number,
  world: World,
  tools: Tools,
): { changes: Wish[]; pod: Pod } {
  const { name, namespace } = head.value.metadata
  const node = outcome.chosen!
  const because: Reason = { id: 'kubernetes/bound', values: { pod: name, ...told(outcome, nodes) }, of: [head.born] }
  const pod: Pod = {
    ...head.value,
    spec: boundSpec(head.value, node),
    status: {
      ...head.value.status,
      conditions: scheduled(head.value, { type: 'PodScheduled', status: 'True' }, world),
    },
  }
  const changes: Wish[] = [
    { key: head.key, value: pod, because },
    eventWish(world, tools, {
      about: pod,
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${namespace}/${name} to ${node}`,
      component: EVENT_SOURCE,
      because,
    }),
  ]
  const queued = QueuedPod.key(namespace!, name)
  if (world.get(queued)) changes.push({ key: queued, value: undefined, because, quiet: true })
  return { changes, pod }
}

const bounds = new WeakMap<object, Map<string, Pod['spec']>>()
/** One spec object for all pods of a template on a node: what is computed of it is computed once. */
function boundSpec(pod: Pod, node: string): Pod['spec'] {
  let byNode = bounds.get(pod.spec)
  if (!byNode) {
    byNode = new Map()
    bounds.set(pod.spec, byNode)
  }
  let spec = byNode.get(node)
  if (!spec) {
    spec = { ...pod.spec, nodeName: node }
    byNode.set(node, spec)
  }
  return spec
}

/** What a learner is told of a choice: the winner's points, the next best, and how many were refused for what. */
function told(outcome: Outcome, nodes: number) {
  const scored = outcome.verdicts.filter((verdict) => verdict.score !== undefined)
  const winner = scored.find((verdict) => verdict.node === outcome.chosen)
  let second: (typeof scored)[number] | undefined
  for (const one of scored) if (one !== winner && (!second || one.score! > second.score!)) second = one
  return {
    node: outcome.chosen ?? '',
    nodes,
    refused: outcome.verdicts.filter((verdict) => verdict.refusal).length,
    ...(winner ? { score: winner.score } : {}),
    ...(second ? { second: second.node, secondScore: second.score } : {}),
  }
}

function scheduled(pod: Pod, condition: Condition, world: World): readonly Condition[] {
  const others = (pod.status.conditions ?? []).filter((c) => c.type !== 'PodScheduled')
  const present = conditionOf(pod, 'PodScheduled')
  const lastTransitionTime = present?.status === condition.status ? present.lastTransitionTime : stamp(world.now)
  return [...others, { ...condition, lastProbeTime: null, lastTransitionTime }]
}

function refused(head: Change<Pod>, outcome: Outcome, nodes: number, world: World, tools: Tools): Wish[] {
  const pod = head.value
  const { name, namespace } = pod.metadata
  const reasons = outcome.verdicts.flatMap((verdict) => verdict.refusal?.reasons ?? [])
  const message = fitError({
    nodes,
    preFilterMessage: outcome.refusedAll ?? '',
    reasons,
    postFilterMessage: nodes === 0 ? '' : preemptionText(nodes, outcome.verdicts, pod.spec.preemptionPolicy),
  })
  const because: Reason = { id: 'kubernetes/unschedulable', values: { pod: name, nodes, message }, of: [head.born] }
  const changes: Wish[] = []
  const condition = conditionOf(pod, 'PodScheduled')
  if (condition?.status !== 'False' || condition.message !== message) {
    const conditions = scheduled(
      pod,
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message },
      world,
    )
    changes.push({ key: head.key, value: edit(pod, (p) => void (p.status.conditions = conditions as never)), because })
  }
  changes.push(
    eventWish(world, tools, {
      about: pod,
      type: 'Warning',
      reason: 'FailedScheduling',
      message,
      component: EVENT_SOURCE,
      because,
    }),
  )
  const key = QueuedPod.key(namespace!, name)
  const before = world.get(key)
  const attempts = before?.uid === head.uid ? before.attempts + 1 : 1
  const plugins = [...new Set(outcome.verdicts.map((verdict) => verdict.plugin ?? ''))].sort()
  const queued: QueuedPod = {
    uid: head.uid,
    attempts,
    failedAt: world.now,
    backoffUntil: world.now + backoff(attempts),
    plugins,
    state: 'unschedulable',
  }
  changes.push({ key, value: queued, because, quiet: true })
  return changes
}

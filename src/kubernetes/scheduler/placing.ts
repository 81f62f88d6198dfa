import { type Change, edit, type Plan, type Reason, stamp, type Tools, type Wish, type World } from '../../engine'
import { eventWish } from '../api/events'
import { conditionOf, deletePod } from '../controllers/pods'
import type { Condition } from '../kinds/meta'
import { Pod } from '../kinds/pod'
import { type Outcome, schedule } from './algorithm'
import { type Configuration, configurationOf } from './configuration'
import { priorityOf } from './filtering'
import { fitError } from './fit-error'
import { type NodeInfos, nodeInfos } from './node-infos'
import { type Preemption, preempt } from './preemption'
import type { Profile } from './profiles'
import { backoff, nextPods, QueuedPod, SchedulerCursor } from './queue'

/** 4 pods every 5 ms: 800 a second, what the real one reaches in its performance tests. */
const PODS_PER_TURN = 4
const TURN_MILLIS = 5
const cursorKey = SchedulerCursor.key('', 'default')

interface Scene {
  readonly world: World
  readonly tools: Tools
  readonly configuration: Configuration
  readonly view: NodeInfos
}

/** Places the next few pods. */
export function takeTurn(world: World, tools: Tools): Plan | undefined {
  const configuration = configurationOf(world)
  if ('error' in configuration) return undefined
  const pods = nextPods(world, PODS_PER_TURN + 1, configuration)
  if (pods.length === 0) return undefined
  const view = tools.cache(nodeInfos)
  const scene: Scene = { world, tools, configuration, view }
  const first = world.get(cursorKey)?.start ?? 0
  let start = first
  const changes: Wish[] = []
  const assumed: Pod[] = []
  let more = pods.length > PODS_PER_TURN
  for (const head of pods.slice(0, PODS_PER_TURN)) {
    const profile = configuration.profiles.get(head.value.spec.schedulerName ?? 'default-scheduler')!
    const outcome = schedule(
      profile.plugins,
      { pod: head.value, world, nodes: view, start, percentage: profile.percentage },
      () => tools.draw(head.uid, 'tie', tools.message.at),
    )
    const next = view.order.length === 0 ? 0 : (start + outcome.examined) % view.order.length
    if (outcome.chosen !== undefined) {
      const bound = bind(head, outcome, profile, scene)
      changes.push(...bound.changes)
      // assumed at once, so that the next pod of this turn sees it; the store's own change comes to the same
      view.setPod(undefined, bound.pod)
      assumed.push(bound.pod)
    } else {
      const preemption = outcome.examined === 0 ? undefined : clear(head, outcome, profile, scene)
      if (preemption?.chosen && changes.length > 0) {
        // whom to take away is decided with all that was written so far in the store
        more = true
        break
      }
      changes.push(...refuse(head, outcome, profile, preemption, scene))
      if (preemption?.chosen) {
        more = true
        start = next
        break
      }
    }
    start = next
  }
  for (const pod of assumed) view.setPod(pod, undefined)
  if (view.order.length >= 100 && start !== first)
    changes.push({ key: cursorKey, value: { start }, because: { id: 'kubernetes/queue-moved' }, quiet: true })
  return { changes, ...(more ? { again: TURN_MILLIS } : {}) }
}

/** Looks for less important pods to take away, where the profile does. */
function clear(head: Change<Pod>, outcome: Outcome, profile: Profile, { tools, view }: Scene): Preemption | undefined {
  if (!profile.preempts) return undefined
  const offset = Math.floor(tools.draw(head.uid, 'preemption', tools.message.at) * view.order.length)
  return preempt({
    cycle: outcome.cycle,
    filters: outcome.filters,
    refusals: refusalsOf(outcome),
    offset,
    args: profile.preemption,
  })
}

export const refusalsOf = ({ verdicts }: Outcome) =>
  new Map(verdicts.flatMap(({ node, refusal }) => (refusal ? [[node, refusal] as const] : [])))

function bind(
  head: Change<Pod>,
  outcome: Outcome,
  profile: Profile,
  { world, tools, view }: Scene,
): { changes: Wish[]; pod: Pod } {
  const { name, namespace } = head.value.metadata
  const node = outcome.chosen!
  const because: Reason = outcome.nominated
    ? { id: 'kubernetes/bound-where-cleared', values: { pod: name, node }, of: [head.born] }
    : { id: 'kubernetes/bound', values: { pod: name, ...told(outcome, view.byName.size) }, of: [head.born] }
  const { nominatedNodeName: _, ...status } = head.value.status
  const pod: Pod = {
    ...head.value,
    spec: boundSpec(head.value, node),
    status: { ...status, conditions: scheduled(head.value, { type: 'PodScheduled', status: 'True' }, world) },
  }
  const changes: Wish[] = [
    { key: head.key, value: pod, because },
    eventWish(world, tools, {
      about: pod,
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${namespace}/${name} to ${node}`,
      component: profile.name,
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
  return {
    node: outcome.chosen ?? '',
    nodes,
    refused: outcome.verdicts.length,
    ...outcome.won,
  }
}

function scheduled(pod: Pod, condition: Condition, world: World): readonly Condition[] {
  const others = (pod.status.conditions ?? []).filter((c) => c.type !== 'PodScheduled')
  const present = conditionOf(pod, 'PodScheduled')
  const lastTransitionTime = present?.status === condition.status ? present.lastTransitionTime : stamp(world.now)
  return [...others, { ...condition, lastProbeTime: null, lastTransitionTime }]
}

function refuse(
  head: Change<Pod>,
  outcome: Outcome,
  profile: Profile,
  preemption: Preemption | undefined,
  scene: Scene,
): Wish[] {
  const { world, tools, view } = scene
  const pod = head.value
  const { name } = pod.metadata
  const nodes = view.byName.size
  const message = fitError({
    nodes,
    preFilterMessage: outcome.refusedAll ?? '',
    reasons: outcome.verdicts.flatMap((verdict) => verdict.refusal?.reasons ?? []),
    postFilterMessage: preemption?.text ?? '',
  })
  const because: Reason = preemption?.chosen
    ? {
        id: 'kubernetes/clearing',
        values: {
          pod: name,
          node: preemption.chosen.node,
          victims: preemption.chosen.victims.map((victim) => victim.metadata.name).join(', '),
          message,
        },
        of: [head.born],
      }
    : { id: 'kubernetes/unschedulable', values: { pod: name, nodes, message }, of: [head.born] }
  const changes: Wish[] = []
  const noted = note(head, message, preemption, world)
  if (noted !== pod) changes.push({ key: head.key, value: noted, because })
  changes.push(
    eventWish(world, tools, {
      about: pod,
      type: 'Warning',
      reason: 'FailedScheduling',
      message,
      component: profile.name,
      because,
    }),
  )
  changes.push(queuedAgain(head, outcome, because, scene))
  if (preemption?.chosen) changes.push(...takeAway(head, preemption.chosen, profile, scene))
  return changes
}

/** The pod with what is now known of it: its condition, and the node that is being cleared for it. */
function note(head: Change<Pod>, message: string, preemption: Preemption | undefined, world: World): Pod {
  const pod = head.value
  const condition = conditionOf(pod, 'PodScheduled')
  const nominated = preemption?.tried ? preemption.chosen?.node : pod.status.nominatedNodeName
  if (
    condition?.status === 'False' &&
    condition.message === message &&
    condition.reason === 'Unschedulable' &&
    nominated === pod.status.nominatedNodeName
  )
    return pod
  const conditions = scheduled(pod, { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }, world)
  return edit(pod, (p) => {
    p.status.conditions = conditions as never
    if (nominated === undefined) delete p.status.nominatedNodeName
    else p.status.nominatedNodeName = nominated
  })
}

function queuedAgain(
  head: Change<Pod>,
  { verdicts, refusedAllBy }: Outcome,
  because: Reason,
  { world, configuration }: Scene,
): Wish {
  const { name, namespace } = head.value.metadata
  const key = QueuedPod.key(namespace!, name)
  const before = world.get(key)
  const attempts = before?.uid === head.uid ? before.attempts + 1 : 1
  const plugins = refusedAllBy === undefined ? verdicts.flatMap(({ plugin }) => plugin ?? []) : [refusedAllBy]
  const value: QueuedPod = {
    uid: head.uid,
    attempts,
    failedAt: world.now,
    backoffUntil: world.now + backoff(attempts, configuration),
    // without any node, whatever node comes may help
    plugins: plugins.length === 0 ? ['NodeResourcesFit'] : [...new Set(plugins)].sort(),
    state: 'unschedulable',
  }
  return { key, value, because, quiet: true }
}

/** Preemption: the victims are deleted with their own grace periods; less important pods lose their claim to that node. */
function takeAway(
  head: Change<Pod>,
  { node, victims }: NonNullable<Preemption['chosen']>,
  profile: Profile,
  { world, tools, view }: Scene,
): Wish[] {
  const pod = head.value
  const changes: Wish[] = []
  for (const victim of victims) {
    const there = world.head(Pod.key(victim.metadata.namespace!, victim.metadata.name))
    if (!there) continue
    const because: Reason = {
      id: 'kubernetes/preempted',
      values: {
        pod: pod.metadata.name,
        priority: priorityOf(pod),
        victim: victim.metadata.name,
        least: priorityOf(victim),
        node,
      },
      of: [head.born],
    }
    const target: Condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: `${profile.name}: preempting to accommodate a higher priority pod`,
      lastTransitionTime: stamp(world.now),
    }
    const { status } = there.value
    const others = (status.conditions ?? []).filter(({ type }) => type !== target.type)
    // one that is ending already only has to be waited for
    const wish = deletePod(there, world, because, { ...status, conditions: [target, ...others] })
    if (!wish) continue
    changes.push(
      wish,
      eventWish(world, tools, {
        about: victim,
        type: 'Normal',
        reason: 'Preempted',
        message: `Preempted by pod ${pod.metadata.uid} on node ${node}`,
        component: profile.name,
        because,
      }),
    )
  }
  for (const other of view.nominated.get(node)?.values() ?? []) {
    if (other.metadata.uid === pod.metadata.uid || priorityOf(other) >= priorityOf(pod)) continue
    const key = Pod.key(other.metadata.namespace!, other.metadata.name)
    const present = world.get(key)
    if (!present) continue
    const { nominatedNodeName: _, ...status } = present.status
    changes.push({
      key,
      value: { ...present, status },
      because: { id: 'kubernetes/claim-lost', values: { node, pod: pod.metadata.name }, of: [head.born] },
    })
  }
  return changes
}

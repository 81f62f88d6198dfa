import {
  type Change,
  type Controller,
  type Key,
  type Millis,
  millisOf,
  type Plan,
  type Reason,
  stamp,
  type Tools,
  type Wish,
  type World,
} from '../../engine'
import { Link, Machine } from '../../platform/machine/machine'
import { eventWish } from '../api/events'
import { workingSince } from '../control-plane'
import { leaseRenewedAt } from '../kinds/lease-renewal'
import type { Condition } from '../kinds/meta'
import { Node, type Taint } from '../kinds/node'
import { Pod } from '../kinds/pod'
import { conditionOf, withCondition } from './pods'

const NAME = 'node-lifecycle-controller'
/** What the real one writes as the source of its events. */
const EVENT_SOURCE = 'node-controller'
const PASS_MILLIS = 5_000
/** --node-monitor-grace-period since 1.32 */
const GRACE_MILLIS = 50_000
/** 0.1 nodes a second per zone. */
const EVICTION_SPACING_MILLIS = 10_000
const LARGE_ZONE = 50
const UNHEALTHY_SHARE = 0.55

export const UNREACHABLE = 'node.kubernetes.io/unreachable'
export const NOT_READY = 'node.kubernetes.io/not-ready'
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable'
const OUT_OF_SERVICE_IGNORED: readonly string[] = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready']
const REPORTED = ['MemoryPressure', 'DiskPressure', 'PIDPressure']
const PRESSURE_TAINTS: Readonly<Record<string, string>> = {
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
}

/**
 * Gives up nodes that show no sign of life, taints them, and takes the taints back. After pkg/controller/nodelifecycle. Passes stand on a grid of
 * five seconds; while every node is well none is needed, so none is made.
 */
export const nodeLifecycle: Controller = {
  name: NAME,
  about: 'marks nodes that stop renewing their lease, and taints them',
  watches: [
    {
      kind: Node,
      wake: (change) =>
        change.value?.spec !== change.previous?.value?.spec ||
        change.value?.status.conditions !== change.previous?.value?.status.conditions
          ? ['monitor', `taint ${change.key}`]
          : undefined,
      after: 5,
    },
    { kind: Machine, wake: () => 'monitor' },
    { kind: Link, wake: () => 'monitor' },
    { kind: Pod, wake: boundToUnready, after: 5 },
  ],
  reconcile(about, world, tools) {
    if (about.startsWith('taint ')) return conditionTaints(about.slice(6) as Key<Node>, world)
    if (about.startsWith('pods ')) return podsUnready(about.slice(5), world, tools)
    const early = untilPass(world.now)
    return early > 0 ? { again: early } : monitor(world, tools)
  },
}

/** How long until the next pass; 0 when it is now. */
const untilPass = (now: Millis): Millis =>
  (PASS_MILLIS - (((now % PASS_MILLIS) + PASS_MILLIS) % PASS_MILLIS)) % PASS_MILLIS

const readyOf = (node: Node): Condition | undefined =>
  node.status.conditions.find((condition) => condition.type === 'Ready')

function boundToUnready(change: Change<Pod>, world: World): string | undefined {
  const node = change.value?.spec.nodeName
  if (node === undefined || change.previous?.value?.spec.nodeName !== undefined) return undefined
  const ready = world.get(Node.key('', node))
  return ready && readyOf(ready)?.status !== 'True' ? `pods ${node}` : undefined
}

interface Health {
  readonly head: Change<Node>
  /** The pass that first saw the last sign of life, or any at all: a controller that has just started gives everybody the whole grace. */
  readonly seenAt: Millis
  readonly renewedAt: Millis
  readonly status: 'True' | 'False' | 'Unknown'
}

function monitor(world: World, tools: Tools): Plan {
  const since = workingSince(world, 'kube-controller-manager')
  const healths = world.list(Node).map((head): Health => {
    const renewedAt = leaseRenewedAt(world, head.value.metadata.name, world.now) ?? head.at
    return {
      head,
      renewedAt,
      seenAt: Math.max(renewedAt + untilPass(renewedAt), since),
      status: readyOf(head.value)?.status ?? 'Unknown',
    }
  })
  const changes: Wish[] = []
  let watching = false
  const states = zoneStates(healths)
  for (const health of healths) {
    const silent = world.now - health.seenAt
    if (silent >= PASS_MILLIS) watching = true
    if (silent >= GRACE_MILLIS && health.status !== 'Unknown') {
      changes.push(...giveUp(health, world, tools))
      watching = true
    } else {
      const wish = eviction(health, states, healths, world)
      if (wish) changes.push(wish)
      if (health.status !== 'True' || hasEvictionTaint(health.head.value)) watching = true
    }
  }
  return watching ? { changes, again: PASS_MILLIS } : { changes }
}

const hasEvictionTaint = (node: Node) =>
  (node.spec.taints ?? []).some(
    (taint) => (taint.key === UNREACHABLE || taint.key === NOT_READY) && taint.effect === 'NoExecute',
  )

/** No sign of life for the grace period: all that the kubelet reports becomes Unknown, and its pods count as not ready. */
function giveUp(health: Health, world: World, tools: Tools): Wish[] {
  const node = health.head.value
  const { name } = node.metadata
  const because: Reason = {
    id: 'kubernetes/node-lost',
    values: {
      node: name,
      renewedAt: health.renewedAt,
      silentSeconds: Math.round((world.now - health.renewedAt) / 1000),
      graceSeconds: GRACE_MILLIS / 1000,
    },
    of: [silencedBy(name, world) ?? health.head.revision],
  }
  let conditions: readonly Condition[] = node.status.conditions
  for (const type of OUT_OF_SERVICE_IGNORED) {
    const present = conditions.find((condition) => condition.type === type)
    if (present?.status === 'Unknown') continue
    const reason = present ? 'NodeStatusUnknown' : 'NodeStatusNeverUpdated'
    const message = present ? 'Kubelet stopped posting node status.' : 'Kubelet never posted node status.'
    conditions = withCondition(conditions, { ...present, type, status: 'Unknown', reason, message }, world.now)
  }
  const next: Node = withTaint(
    { ...node, status: { ...node.status, conditions } },
    { key: UNREACHABLE, effect: 'NoSchedule' },
    world,
  )
  const changes: Wish[] = [{ key: health.head.key, value: next, because }]
  changes.push(
    eventWish(world, tools, {
      about: node,
      type: 'Normal',
      reason: 'NodeNotReady',
      message: `Node ${name} status is now: NodeNotReady`,
      component: EVENT_SOURCE,
      because,
    }),
  )
  for (const pod of world.list(Pod, { node: name })) changes.push(...podUnready(pod, because, world, tools))
  return changes
}

/** What really silenced the node: the learner is told, though the controller cannot know. */
function silencedBy(name: string, world: World): number | undefined {
  const machine = world.head(Machine.key('', name))
  const suspects = [
    machine && (machine.value.power !== 'on' || machine.value.daemons['kubelet'] !== 'running') ? machine.revision : 0,
  ]
  for (const link of world.list(Link))
    if (link.value.cut && (link.value.a === name || link.value.b === name)) suspects.push(link.revision)
  const newest = Math.max(...suspects)
  return newest > 0 ? newest : undefined
}

function podUnready(pod: Change<Pod>, because: Reason, world: World, tools: Tools): Wish[] {
  const ready = conditionOf(pod.value, 'Ready')
  if (ready?.status !== 'True') return []
  const conditions = pod.value.status.conditions!.map(
    (condition): Condition =>
      condition.type === 'Ready' ? { ...condition, status: 'False', lastTransitionTime: stamp(world.now) } : condition,
  )
  const value: Pod = { ...pod.value, status: { ...pod.value.status, conditions } }
  const told: Reason = {
    ...because,
    id: 'kubernetes/pod-on-lost-node',
    values: { ...because.values, pod: pod.value.metadata.name },
  }
  const event = eventWish(world, tools, {
    about: pod.value,
    type: 'Warning',
    reason: 'NodeNotReady',
    message: 'Node is not ready',
    component: EVENT_SOURCE,
    because: told,
  })
  return [{ key: pod.key, value, because: told }, event]
}

function podsUnready(node: string, world: World, tools: Tools): Plan {
  const because: Reason = { id: 'kubernetes/node-lost', values: { node } }
  return { changes: world.list(Pod, { node }).flatMap((pod) => podUnready(pod, because, world, tools)) }
}

function withTaint(node: Node, taint: Taint, world: World): Node {
  const taints = node.spec.taints ?? []
  if (taints.some((one) => one.key === taint.key && one.effect === taint.effect)) return node
  return { ...node, spec: { ...node.spec, taints: [...taints, { ...taint, timeAdded: stamp(world.now) }] } }
}

function withoutTaints(node: Node, drop: (taint: Taint) => boolean): Node {
  const taints = (node.spec.taints ?? []).filter((taint) => !drop(taint))
  if (taints.length === (node.spec.taints ?? []).length) return node
  const { taints: _taints, ...spec } = node.spec
  return { ...node, spec: taints.length === 0 ? spec : { ...spec, taints } }
}

/** NoSchedule taints follow the conditions at once. */
function conditionTaints(key: Key<Node>, world: World): Plan | undefined {
  const head = world.head(key)
  if (!head) return undefined
  const wanted: string[] = []
  for (const type of REPORTED)
    if (head.value.status.conditions.find((c) => c.type === type)?.status === 'True')
      wanted.push(PRESSURE_TAINTS[type]!)
  const ready = readyOf(head.value)?.status
  if (ready === 'False') wanted.push(NOT_READY)
  if (ready === 'Unknown' || ready === undefined) wanted.push(UNREACHABLE)
  if (head.value.spec.unschedulable) wanted.push(UNSCHEDULABLE)
  const own = [...Object.values(PRESSURE_TAINTS), NOT_READY, UNREACHABLE, UNSCHEDULABLE]
  let node = withoutTaints(
    head.value,
    (taint) => taint.effect === 'NoSchedule' && own.includes(taint.key) && !wanted.includes(taint.key),
  )
  for (const taint of wanted) node = withTaint(node, { key: taint, effect: 'NoSchedule' }, world)
  if (node === head.value) return undefined
  return {
    changes: [
      {
        key,
        value: node,
        because: {
          id: 'kubernetes/condition-taints',
          values: { node: node.metadata.name, taints: wanted.join(', ') },
          of: [head.revision],
        },
      },
    ],
  }
}

type ZoneState = 'Normal' | 'Partial' | 'Full'
const zoneOf = (node: Node) =>
  `${node.metadata.labels?.['topology.kubernetes.io/region'] ?? ''}:${node.metadata.labels?.['topology.kubernetes.io/zone'] ?? ''}`

/** How much of each zone is down: full when no node is ready, partial when more than two and at least 55 % are not. */
function zoneStates(healths: readonly Health[]): ReadonlyMap<string, { state: ZoneState; size: number }> {
  const zones = new Map<string, { ready: number; lost: number }>()
  for (const { head, status } of healths) {
    if (head.value.metadata.labels?.['node.kubernetes.io/exclude-disruption'] !== undefined) continue
    const zone = zones.get(zoneOf(head.value)) ?? { ready: 0, lost: 0 }
    if (status === 'True') zone.ready++
    else zone.lost++
    zones.set(zoneOf(head.value), zone)
  }
  return new Map(
    [...zones].map(([name, { ready, lost }]) => {
      const state: ZoneState =
        ready === 0 && lost > 0 ? 'Full' : lost > 2 && lost / (ready + lost) >= UNHEALTHY_SHARE ? 'Partial' : 'Normal'
      return [name, { state, size: ready + lost }]
    }),
  )
}

/** The NoExecute taint of a node that was found unwell by an earlier pass; taken away when it is well again. */
function eviction(
  health: Health,
  states: ReadonlyMap<string, { state: ZoneState; size: number }>,
  healths: readonly Health[],
  world: World,
): Wish | undefined {
  const node = health.head.value
  const evicting = (taint: Taint) =>
    taint.effect === 'NoExecute' && (taint.key === UNREACHABLE || taint.key === NOT_READY)
  const allFull = [...states.values()].every(({ state }) => state === 'Full')
  if (health.status === 'True' || allFull) {
    const well = withoutTaints(
      node,
      (taint) =>
        evicting(taint) || (health.status === 'True' && (taint.key === UNREACHABLE || taint.key === NOT_READY)),
    )
    if (well === node) return undefined
    return {
      key: health.head.key,
      value: well,
      because: {
        id: allFull ? 'kubernetes/all-lost' : 'kubernetes/node-back',
        values: { node: node.metadata.name },
        of: [health.head.revision],
      },
    }
  }
  const key = health.status === 'Unknown' ? UNREACHABLE : NOT_READY
  if ((node.spec.taints ?? []).some((taint) => taint.key === key && taint.effect === 'NoExecute')) return undefined
  const since = millisOf(readyOf(node)?.lastTransitionTime) ?? world.now
  if (world.now - since < PASS_MILLIS - 1_000) return undefined
  const zone = states.get(zoneOf(node))
  if (zone?.state === 'Partial' && zone.size <= LARGE_ZONE) return undefined
  const spacing = zone?.state === 'Partial' ? EVICTION_SPACING_MILLIS * 10 : EVICTION_SPACING_MILLIS
  const lastInZone = Math.max(
    Number.NEGATIVE_INFINITY,
    ...healths
      .filter((other) => other !== health && zoneOf(other.head.value) === zoneOf(node))
      .flatMap((other) =>
        (other.head.value.spec.taints ?? []).filter(evicting).map((taint) => millisOf(taint.timeAdded) ?? 0),
      ),
  )
  if (world.now - lastInZone < spacing) return undefined
  const clean = withoutTaints(node, evicting)
  const because: Reason = {
    id: 'kubernetes/node-tainted',
    values: { node: node.metadata.name, taint: key, renewedAt: health.renewedAt, graceSeconds: GRACE_MILLIS / 1000 },
    of: [silencedBy(node.metadata.name, world) ?? health.head.revision],
  }
  return { key: health.head.key, value: withTaint(clean, { key, effect: 'NoExecute' }, world), because }
}

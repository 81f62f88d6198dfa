import {
  type Change,
  type Controller,
  edit,
  type Key,
  type Plan,
  type Reason,
  same,
  type Tools,
  type Wish,
  type World,
} from '../../engine'
import { PodAdmission } from '../api/admission-plugins/pod'
import { eventWish } from '../api/events'
import { labelsMatch } from '../api/label-selector'
import { controllerReference, newMeta } from '../api/meta'
import { generatedName } from '../api/names'
import { podSpecOf } from '../api/pod-defaults'
import { controllerUid } from '../kinds/meta'
import { Pod } from '../kinds/pod'
import { qosClass } from '../kinds/qos'
import { ReplicaSet } from '../kinds/replicaset'
import { lastSpecChange, telling } from './causes'
import { compareDeletionRanks, deletionRank } from './pod-ranking'
import { podTallies, type Tally, tallyOf } from './pod-tally'
import { active, deletePod, namespaceEnds, podAvailable, readySince } from './pods'

const NAME = 'replicaset-controller'
/** At most so many pods are made or deleted in one pass. */
const BURST = 500
/** Between two passes over one set: the work queue and the API calls of the pass before. */
const PASS_MILLIS = 5

/**
 * Keeps the number of a ReplicaSet's active pods at spec.replicas. After pkg/controller/replicaset/replica_set.go.
 * Simplified: the slow start's batches (1, 2, 4, 8 …) are not drawn out in time, because no creation fails half-way.
 */
export const replicaSetController: Controller = {
  name: NAME,
  about: 'makes and deletes pods until a ReplicaSet has as many as it wants',
  watches: [
    { kind: ReplicaSet, after: PASS_MILLIS },
    { kind: Pod, wake: owners, after: PASS_MILLIS },
  ],
  reconcile(about, world, tools) {
    const head = world.head(about as Key<ReplicaSet>)
    if (!head) return undefined
    return sync(head, world, tools)
  },
}

/** The set that a changed pod belongs or belonged to; for an orphan, every set that would take it. */
function owners(change: Change<Pod>, world: World): readonly string[] | string | undefined {
  const pod = change.value ?? change.previous?.value
  const { namespace } = pod.metadata
  const owner = (p: Pod) =>
    p.metadata.ownerReferences?.find((reference) => reference.controller && reference.kind === 'ReplicaSet')?.name
  const now = owner(pod)
  const was = change.previous?.value && owner(change.previous.value)
  if (now === undefined && was === undefined) {
    if (pod.metadata.labels === undefined || controllerUid(pod)) return undefined
    const takers = world
      .list(ReplicaSet, { scope: namespace! })
      .filter((rs) => labelsMatch(rs.value.spec.selector, pod.metadata.labels ?? {}))
    return takers.map((rs) => rs.key)
  }
  return [now, was]
    .filter((name, i, all) => name !== undefined && all.indexOf(name) === i)
    .map((name) => ReplicaSet.key(namespace!, name!))
}

function sync(head: Change<ReplicaSet>, world: World, tools: Tools): Plan | undefined {
  const rs = head.value
  const deleting = rs.metadata.deletionTimestamp !== undefined
  const tally = tallyOf(tools.cache(podTallies), rs.metadata.uid)
  const claims = deleting ? [] : claim(head, tally, world)
  if (claims.length > 0) return { changes: claims, again: 1 }
  const difference = tally.active - rs.spec.replicas
  const minReady = rs.spec.minReadySeconds ?? 0
  const living = () => world.list(Pod, { controller: rs.metadata.uid }).filter((pod) => active(pod.value))
  let changes: Wish[] = []
  // the API server would refuse to create anything in a namespace that is being emptied
  if (!deleting && difference < 0 && !namespaceEnds(rs.metadata.namespace!, world))
    changes = create(head, Math.min(-difference, BURST), tally.active, world, tools)
  else if (!deleting && difference > 0) changes = remove(head, living(), Math.min(difference, BURST), world, tools)
  const available =
    minReady === 0 ? tally.ready : living().filter((pod) => podAvailable(pod.value, minReady, world.now)).length
  const made = status(head, tally, available)
  if (made) changes.push(made)
  const wait = minReady === 0 ? undefined : untilAvailable(rs, living(), world)
  return { changes, ...(wait === undefined ? {} : { again: wait }) }
}

/** Adopts orphans that match the selector and lets go of pods that no longer do. */
function claim(head: Change<ReplicaSet>, tally: Tally, world: World): Wish[] {
  const rs = head.value
  const wishes: Wish[] = []
  const strays = [...tally.labels.keys()].filter(
    (labels) => !labelsMatch(rs.spec.selector, labels as Record<string, string>),
  )
  if (strays.length > 0) {
    for (const pod of world.list(Pod, { controller: rs.metadata.uid })) {
      if (labelsMatch(rs.spec.selector, pod.value.metadata.labels ?? {})) continue
      const value = edit(pod.value, (p) => {
        p.metadata.ownerReferences = (p.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== rs.metadata.uid)
      })
      wishes.push({
        key: pod.key,
        value,
        because: { id: 'kubernetes/released', values: { owner: rs.metadata.name }, of: [pod.revision] },
      })
    }
  }
  for (const pod of world.list(Pod, { orphan: rs.metadata.namespace! })) {
    if (!active(pod.value) || !labelsMatch(rs.spec.selector, pod.value.metadata.labels ?? {})) continue
    const value = edit(pod.value, (p) => {
      p.metadata.ownerReferences = [...(p.metadata.ownerReferences ?? []), controllerReference(rs)]
    })
    wishes.push({
      key: pod.key,
      value,
      because: { id: 'kubernetes/adopted', values: { owner: rs.metadata.name }, of: [head.revision] },
    })
  }
  return wishes
}

function create(head: Change<ReplicaSet>, count: number, present: number, world: World, tools: Tools): Wish[] {
  const rs = head.value
  const { name, namespace } = rs.metadata
  const lost = telling(
    tools,
    world,
    (change) => change.key.startsWith('kubernetes/Pod/') && (change.value === undefined || !active(change.value)),
  )
  const because: Reason = {
    id: lost === undefined ? 'kubernetes/replicas-wanted' : 'kubernetes/replicas-missing',
    values: { owner: name, wanted: rs.spec.replicas, counted: present },
    of: [lost ?? lastSpecChange(head), head.revision],
  }
  const changes: Wish[] = []
  const taken = new Set<string>()
  const admission = new PodAdmission(world, namespace!)
  for (let i = 0; i < count; i++) {
    let podName = ''
    for (let attempt = 0; ; attempt++) {
      podName = generatedName(`${name}-`, tools.draw(rs.metadata.uid, `pod/${world.now}/${attempt}`, i))
      if (!taken.has(podName) && world.get(Pod.key(namespace!, podName)) === undefined) break
    }
    taken.add(podName)
    const pod = admission.admit(podFrom(rs, podName, world, tools))
    if ('refused' in pod) {
      const message = `Error creating: pods "${podName}" is forbidden: ${pod.refused}`
      changes.push(
        eventWish(world, tools, {
          about: rs,
          type: 'Warning',
          reason: 'FailedCreate',
          message,
          component: NAME,
          because,
        }),
      )
      break
    }
    changes.push({ key: Pod.key(namespace!, podName), value: pod, because })
    changes.push(
      eventWish(world, tools, {
        about: rs,
        type: 'Normal',
        reason: 'SuccessfulCreate',
        message: `Created pod: ${podName}`,
        component: NAME,
        because,
      }),
    )
  }
  changes.push(...admission.wishes())
  return changes
}

function podFrom(rs: ReplicaSet, name: string, world: World, tools: Tools): Pod {
  const { template } = rs.spec
  const key = Pod.key(rs.metadata.namespace!, name)
  const spec = podSpecOf(template)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: newMeta(tools, key, world.now, {
      generateName: `${rs.metadata.name}-`,
      generation: 1,
      ...(template.metadata?.labels ? { labels: template.metadata.labels } : {}),
      ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      ownerReferences: [ownerOf(rs)],
    }),
    spec,
    status: { phase: 'Pending', qosClass: qosClass(spec) },
  }
}

const references = new WeakMap<object, ReturnType<typeof controllerReference>>()
/** One reference object for all pods of a set. */
function ownerOf(rs: ReplicaSet): ReturnType<typeof controllerReference> {
  let reference = references.get(rs.spec)
  if (!reference) {
    reference = controllerReference(rs)
    references.set(rs.spec, reference)
  }
  return reference
}

function remove(
  head: Change<ReplicaSet>,
  living: readonly Change<Pod>[],
  count: number,
  world: World,
  tools: Tools,
): Wish[] {
  const rs = head.value
  const because: Reason = {
    id: 'kubernetes/replicas-surplus',
    values: { owner: rs.metadata.name, wanted: rs.spec.replicas, counted: living.length },
    of: [lastSpecChange(head)],
  }
  const siblings = world.list(ReplicaSet, { controller: controllerUid(rs) ?? rs.metadata.uid })
  const perNode = new Map<string, number>()
  const related =
    siblings.length === 0 ? living : siblings.flatMap((one) => world.list(Pod, { controller: one.value.metadata.uid }))
  for (const pod of related) {
    const node = pod.value.spec.nodeName
    if (node !== undefined && active(pod.value)) perNode.set(node, (perNode.get(node) ?? 0) + 1)
  }
  const ranked = living.map((pod) => ({ pod, rank: deletionRank(pod.value, perNode) }))
  ranked.sort((a, b) => compareDeletionRanks(a.rank, b.rank, world.now))
  return ranked.slice(0, count).flatMap(({ pod }) => {
    const wish = deletePod(pod, world, because)
    if (!wish) return []
    const message = `Deleted pod: ${pod.value.metadata.name}`
    return [
      wish,
      eventWish(world, tools, {
        about: rs,
        type: 'Normal',
        reason: 'SuccessfulDelete',
        message,
        component: NAME,
        because,
      }),
    ]
  })
}

function status(head: Change<ReplicaSet>, tally: Tally, available: number): Wish<ReplicaSet> | undefined {
  const rs = head.value
  const { ready } = tally
  const positive = (name: string, n: number) => (n > 0 ? { [name]: n } : {})
  const next: ReplicaSet['status'] = {
    replicas: tally.active,
    ...positive('fullyLabeledReplicas', tally.active),
    ...positive('readyReplicas', ready),
    ...positive('availableReplicas', available),
    ...positive('terminatingReplicas', tally.terminating),
    ...(rs.metadata.generation === undefined ? {} : { observedGeneration: rs.metadata.generation }),
    ...(rs.status.conditions ? { conditions: rs.status.conditions } : {}),
  }
  if (same(next, rs.status)) return undefined
  const because: Reason = {
    id: 'kubernetes/replicas-counted',
    values: { name: rs.metadata.name, replicas: tally.active, ready, available },
  }
  return { key: head.key, value: { ...rs, status: next }, because, quiet: true }
}

/** With minReadySeconds: when the next ready pod becomes available. */
function untilAvailable(rs: ReplicaSet, living: readonly Change<Pod>[], world: World): number | undefined {
  const minReady = (rs.spec.minReadySeconds ?? 0) * 1000
  if (minReady === 0) return undefined
  let soonest: number | undefined
  for (const { value: pod } of living) {
    const since = readySince(pod)
    if (since === undefined || since + minReady <= world.now) continue
    soonest = Math.min(soonest ?? Number.POSITIVE_INFINITY, since + minReady - world.now)
  }
  return soonest
}

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
import { eventWish } from '../api/events'
import { labelsMatch } from '../api/label-selector'
import { controllerReference, newMeta } from '../api/meta'
import { podTemplateHash, sortedText } from '../api/names'
import { Deployment } from '../kinds/deployment'
import { controllerUid } from '../kinds/meta'
import { Pod, type PodTemplateSpec } from '../kinds/pod'
import { ReplicaSet } from '../kinds/replicaset'
import { lastSpecChange } from './causes'
import {
  type Fenceposts,
  fenceposts,
  newSetSize,
  type SetSize,
  scaledDownOld,
  scaledSizes,
  trimmed,
} from './deployment-rolling'
import { deploymentStatus, progressDue } from './deployment-status'
import { active, namespaceEnds } from './pods'

const NAME = 'deployment-controller'
const PASS_MILLIS = 5
export const REVISION = 'deployment.kubernetes.io/revision'
const DESIRED = 'deployment.kubernetes.io/desired-replicas'
const MAXIMUM = 'deployment.kubernetes.io/max-replicas'
const HISTORY = 'deployment.kubernetes.io/revision-history'
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
const HASH = 'pod-template-hash'

type Owned = Change<ReplicaSet>

/**
 * Moves a Deployment's ReplicaSets towards its spec; each pass does at most one thing. After pkg/controller/deployment
 * (rolling.go, recreate.go, sync.go). Left out: adoption of orphaned ReplicaSets.
 */
export const deploymentController: Controller = {
  name: NAME,
  about: "makes a ReplicaSet for each version of a Deployment's template and moves the replicas over, step by step",
  watches: [
    { kind: Deployment, after: PASS_MILLIS },
    { kind: ReplicaSet, wake: (change) => ownerOf(change.value ?? change.previous?.value), after: PASS_MILLIS },
    {
      kind: Pod,
      wake: (change, world) => (change.value === undefined ? recreating(change.previous?.value, world) : undefined),
      after: PASS_MILLIS,
    },
  ],
  reconcile(about, world, tools) {
    const head = world.head(about as Key<Deployment>)
    if (!head || head.value.metadata.deletionTimestamp !== undefined) return undefined
    return sync(head, world, tools)
  },
}

function ownerOf(rs: ReplicaSet | undefined): string | undefined {
  const owner = rs?.metadata.ownerReferences?.find(
    (reference) => reference.controller && reference.kind === 'Deployment',
  )
  return owner && Deployment.key(rs!.metadata.namespace!, owner.name)
}

/** A deleted pod matters to a Deployment that waits for the last old pod to go. */
function recreating(pod: Pod | undefined, world: World): string | undefined {
  const owner = pod?.metadata.ownerReferences?.find(
    (reference) => reference.controller && reference.kind === 'ReplicaSet',
  )
  if (!owner) return undefined
  const key = ownerOf(world.get(ReplicaSet.key(pod!.metadata.namespace!, owner.name)))
  const deployment = key === undefined ? undefined : world.get(key as Key<Deployment>)
  return deployment?.spec.strategy.type === 'Recreate' ? key : undefined
}

/** Equal but for the hash label that the controller itself adds. */
export function sameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return templateText(a) === templateText(b)
}

const texts = new WeakMap<object, string>()
function templateText(template: PodTemplateSpec): string {
  let text = texts.get(template)
  if (text === undefined) {
    const { [HASH]: _hash, ...labels } = template.metadata?.labels ?? {}
    text = sortedText({ ...template, metadata: { ...template.metadata, labels } })
    texts.set(template, text)
  }
  return text
}

const revisionOf = (object: { metadata: { annotations?: Readonly<Record<string, string>> } }) =>
  Number(object.metadata.annotations?.[REVISION] ?? 0)

function sync(head: Change<Deployment>, world: World, tools: Tools): Plan | undefined {
  const deployment = head.value
  const adopted = adopt(head, world)
  if (adopted.length > 0) return { changes: adopted, again: 1 }
  const owned = world
    .list(ReplicaSet, { controller: deployment.metadata.uid })
    .filter((rs) => rs.value.metadata.deletionTimestamp === undefined)
  const current = owned.find((rs) => sameTemplate(rs.value.spec.template, deployment.spec.template))
  const old = owned.filter((rs) => rs !== current)
  const posts = fenceposts(
    deployment.spec.replicas,
    deployment.spec.strategy.rollingUpdate?.maxSurge,
    deployment.spec.strategy.rollingUpdate?.maxUnavailable,
  )
  const pass: Pass = {
    head,
    deployment,
    current,
    old,
    posts: deployment.spec.strategy.type === 'Recreate' ? { surge: 0, unavailable: 0 } : posts,
    world,
    tools,
    changes: [],
  }
  const scaling = owned.some(
    (rs) =>
      rs.value.spec.replicas > 0 &&
      Number(rs.value.metadata.annotations?.[DESIRED] ?? deployment.spec.replicas) !== deployment.spec.replicas,
  )
  let note: string | undefined
  if (deployment.spec.paused || scaling) {
    if (!deployment.spec.paused) note = prepareCurrent(pass)
    if (pass.changes.length === 0) proportional(pass)
  } else if (deployment.spec.strategy.type === 'Recreate') note = recreate(pass)
  else note = roll(pass)
  if (pass.changes.length === 0) cleanUp(pass)
  const status = deploymentStatus(
    head,
    current?.value,
    old.map((rs) => rs.value),
    note,
    posts.unavailable,
    world,
  )
  const present = pass.annotated ?? deployment
  if (status || pass.annotated || pass.collisions !== undefined) {
    const collided = pass.collisions === undefined ? {} : { collisionCount: pass.collisions }
    const value: Deployment = { ...present, status: { ...(status ?? present.status), ...collided } }
    const because: Reason = {
      id: 'kubernetes/deployment-counted',
      values: { name: deployment.metadata.name, ...counts(value) },
    }
    pass.changes.push({ key: head.key, value, because, quiet: true })
  }
  const due = progressDue(status ? { ...deployment, status } : deployment, world.now)
  return { changes: pass.changes, ...(due === undefined ? {} : { again: due }) }
}

/** ReplicaSets that nobody controls and that the selector means become its own. After the ReplicaSet controller ref manager. */
function adopt(head: Change<Deployment>, world: World): Wish[] {
  const deployment = head.value
  return world
    .list(ReplicaSet, { scope: deployment.metadata.namespace! })
    .filter(
      ({ value: rs }) =>
        controllerUid(rs) === undefined &&
        rs.metadata.deletionTimestamp === undefined &&
        labelsMatch(deployment.spec.selector, rs.metadata.labels ?? {}),
    )
    .map((rs): Wish => {
      const value = edit(rs.value, (r) => {
        r.metadata.ownerReferences = [...(r.metadata.ownerReferences ?? []), controllerReference(deployment)]
      })
      return {
        key: rs.key,
        value,
        because: { id: 'kubernetes/adopted', values: { owner: deployment.metadata.name }, of: [head.revision] },
      }
    })
}

interface Pass {
  readonly head: Change<Deployment>
  readonly deployment: Deployment
  readonly current: Owned | undefined
  readonly old: readonly Owned[]
  readonly posts: Fenceposts
  readonly world: World
  readonly tools: Tools
  readonly changes: Wish[]
  /** A hash was taken: how often that has happened now. */
  collisions?: number
  /** The deployment with its revision annotation moved on. */
  annotated?: Deployment
}

const counts = (d: Deployment) => ({
  updated: d.status.updatedReplicas ?? 0,
  ready: d.status.readyReplicas ?? 0,
  available: d.status.availableReplicas ?? 0,
  wanted: d.spec.replicas,
})

const sizeOf = (rs: Owned): SetSize => ({
  name: rs.value.metadata.name,
  replicas: rs.value.spec.replicas,
  available: rs.value.status.availableReplicas ?? 0,
  age: rs.born,
  maxReplicas:
    rs.value.metadata.annotations?.[MAXIMUM] === undefined ? undefined : Number(rs.value.metadata.annotations[MAXIMUM]),
})

function roll(pass: Pass): string | undefined {
  const { deployment, current, old, posts } = pass
  const note = prepareCurrent(pass)
  if (pass.changes.length > 0 || !current) return note
  const { replicas } = deployment.spec
  const now = current.value.spec.replicas
  const wanted = newSetSize(replicas, posts.surge, now, [...old, current].map(sizeOf))
  if (wanted !== now) {
    scale(pass, current, wanted, 'kubernetes/scaled-up-new')
    return note
  }
  const { sizes, unhealthy } = scaledDownOld(replicas, posts.unavailable, sizeOf(current), old.map(sizeOf))
  for (const rs of old) {
    const size = sizes.get(rs.value.metadata.name)!
    if (size !== rs.value.spec.replicas)
      scale(pass, rs, size, unhealthy > 0 ? 'kubernetes/scaled-down-unhealthy' : 'kubernetes/scaled-down-old')
  }
  return note
}

function recreate(pass: Pass): string | undefined {
  const { deployment, current, old, world } = pass
  for (const rs of old) if (rs.value.spec.replicas > 0) scale(pass, rs, 0, 'kubernetes/scaled-down-old')
  if (pass.changes.length > 0) return undefined
  const left = old.some((rs) =>
    world
      .list(Pod, { controller: rs.value.metadata.uid })
      .some((pod) => active(pod.value) || pod.value.metadata.deletionTimestamp !== undefined),
  )
  if (left) return undefined
  const note = prepareCurrent(pass)
  if (pass.changes.length === 0 && current && current.value.spec.replicas !== deployment.spec.replicas)
    scale(pass, current, deployment.spec.replicas, 'kubernetes/scaled-up-new')
  return note
}

/** Makes the ReplicaSet of the present template, or gives the one that exists the newest revision number. */
function prepareCurrent(pass: Pass): string | undefined {
  const { deployment, current, old, posts, world, tools } = pass
  const newest = Math.max(0, ...old.map((rs) => revisionOf(rs.value)))
  if (current) {
    const revision = Math.max(newest + 1, revisionOf(current.value))
    const annotations = annotationsFor(deployment, current.value, revision, posts)
    if (!same(annotations, current.value.metadata.annotations)) {
      const because: Reason = {
        id: 'kubernetes/revision-reused',
        values: { name: current.value.metadata.name, revision },
        of: [lastSpecChange(pass.head)],
      }
      const value = { ...current.value, metadata: { ...current.value.metadata, annotations } }
      pass.changes.push({ key: current.key, value, because, quiet: revision === revisionOf(current.value) })
    }
    number(pass, revision)
    return deployment.status.conditions?.some((c) => c.type === 'Progressing')
      ? undefined
      : `Found new replica set "${current.value.metadata.name}"`
  }
  if (namespaceEnds(deployment.metadata.namespace!, world)) return undefined
  const revision = newest + 1
  const hash = podTemplateHash(deployment.spec.template, deployment.status.collisionCount)
  const name = `${deployment.metadata.name}-${hash}`
  const key = ReplicaSet.key(deployment.metadata.namespace!, name)
  const present = world.get(key)
  if (present) {
    const own = controllerUid(present) === deployment.metadata.uid
    // another template, or somebody else's ReplicaSet, has this hash: the next count gives another
    if (!own || !sameTemplate(present.spec.template, deployment.spec.template))
      pass.collisions = (deployment.status.collisionCount ?? 0) + 1
    return undefined
  }
  const labels = { ...deployment.spec.template.metadata?.labels, [HASH]: hash }
  const replicas =
    deployment.spec.strategy.type === 'Recreate'
      ? deployment.spec.replicas
      : newSetSize(deployment.spec.replicas, posts.surge, 0, old.map(sizeOf))
  const because: Reason = {
    id: 'kubernetes/replicaset-made',
    values: { name, replicas, revision, first: old.length === 0 },
    of: [lastSpecChange(pass.head)],
  }
  const rs: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: newMeta(tools, key, world.now, {
      generation: 1,
      labels,
      annotations: annotationsFor(deployment, undefined, revision, posts),
      ownerReferences: [controllerReference(deployment)],
    }),
    spec: {
      replicas,
      selector: { ...deployment.spec.selector, matchLabels: { ...deployment.spec.selector.matchLabels, [HASH]: hash } },
      template: { ...deployment.spec.template, metadata: { ...deployment.spec.template.metadata, labels } },
      ...(deployment.spec.minReadySeconds ? { minReadySeconds: deployment.spec.minReadySeconds } : {}),
    },
    status: { replicas: 0 },
  }
  pass.changes.push({ key, value: rs, because })
  if (replicas > 0) pass.changes.push(scalingEvent(pass, name, 0, replicas, because))
  number(pass, revision)
  return `Created new replica set "${name}"`
}

function number(pass: Pass, revision: number): void {
  const { deployment } = pass
  if (revisionOf(deployment) === revision) return
  pass.annotated = edit(deployment, (d) => {
    d.metadata.annotations = { ...d.metadata.annotations, [REVISION]: String(revision) }
  })
}

function annotationsFor(
  deployment: Deployment,
  rs: ReplicaSet | undefined,
  revision: number,
  posts: Fenceposts,
): Record<string, string> {
  const own = rs?.metadata.annotations ?? {}
  const annotations: Record<string, string> = { ...own }
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (key !== LAST_APPLIED && key !== REVISION && key !== HISTORY && key !== DESIRED && key !== MAXIMUM)
      annotations[key] = value
  }
  const before = own[REVISION]
  if (before !== undefined && Number(before) < revision)
    annotations[HISTORY] = own[HISTORY] === undefined ? before : `${own[HISTORY]},${before}`
  annotations[REVISION] = String(revision)
  if (!rs) Object.assign(annotations, sizeAnnotations(deployment, posts))
  return annotations
}

const sizeAnnotations = (deployment: Deployment, posts: Fenceposts) => ({
  [DESIRED]: String(deployment.spec.replicas),
  [MAXIMUM]: String(deployment.spec.replicas + posts.surge),
})

function scale(pass: Pass, rs: Owned, replicas: number, reason: string): void {
  const { deployment, posts } = pass
  const { name } = rs.value.metadata
  const from = rs.value.spec.replicas
  const because: Reason = {
    id: reason,
    values: { name, from, to: replicas, wanted: deployment.spec.replicas, ...posts },
    of: [lastSpecChange(pass.head)],
  }
  const value = edit(rs.value, (draft) => {
    draft.metadata.annotations ??= {}
    Object.assign(draft.metadata.annotations, sizeAnnotations(deployment, posts))
    if (from !== replicas) {
      draft.spec.replicas = replicas
      draft.metadata.generation = (draft.metadata.generation ?? 1) + 1
    }
  })
  if (value === rs.value) return
  pass.changes.push({ key: rs.key, value, because, quiet: from === replicas })
  if (from !== replicas) pass.changes.push(scalingEvent(pass, name, from, replicas, because))
}

function scalingEvent(pass: Pass, name: string, from: number, to: number, because: Reason): Wish {
  const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${name} from ${from} to ${to}`
  return eventWish(pass.world, pass.tools, {
    about: pass.deployment,
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message,
    component: NAME,
    because,
  })
}

/** spec.replicas has changed, or the rollout is paused: every active set keeps its share. */
function proportional(pass: Pass): void {
  const { deployment, current, old, posts } = pass
  const sizes = scaledSizes(deployment.spec.replicas, posts.surge, current && sizeOf(current), old.map(sizeOf))
  const alone = sizes.size <= 1 && !old.some((rs) => rs.value.spec.replicas > 0 && !sizes.has(rs.value.metadata.name))
  const whole = current !== undefined && !sizes.has(current.value.metadata.name)
  const reason = alone
    ? 'kubernetes/scaled-to-wanted'
    : whole
      ? 'kubernetes/scaled-down-old'
      : 'kubernetes/scaled-in-proportion'
  for (const rs of current ? [...old, current] : old) {
    const size = sizes.get(rs.value.metadata.name)
    if (size !== undefined) scale(pass, rs, size, reason)
  }
}

/** Drops old, empty ReplicaSets beyond the history limit once the rollout is complete. */
function cleanUp(pass: Pass): void {
  const { deployment, old } = pass
  const { status, spec } = deployment
  const complete =
    status.updatedReplicas === spec.replicas &&
    status.replicas === spec.replicas &&
    (status.availableReplicas ?? 0) >= spec.replicas
  if (!complete) return
  const sets = old.map((rs) => ({
    rs,
    wanted: rs.value.spec.replicas,
    present: rs.value.status.replicas,
    revision: revisionOf(rs.value),
    age: rs.born,
  }))
  for (const { rs } of trimmed(sets, spec.revisionHistoryLimit)) {
    const because: Reason = {
      id: 'kubernetes/history-trimmed',
      values: { name: rs.value.metadata.name, limit: spec.revisionHistoryLimit },
    }
    pass.changes.push({ key: rs.key, value: undefined, because })
  }
}

import {
  type Change,
  type Controller,
  type Key,
  type Kind,
  millisOf,
  type Plan,
  type Reason,
  same,
  type Tools,
  type Wish,
  type World,
} from '../../engine'
import { type Condition, controllerOf, type KubeObject } from '../kinds/meta'
import { Pod } from '../kinds/pod'
import type { ReplicaSet } from '../kinds/replicaset'
import { lastSpecChange, telling } from './causes'
import { adopted, released } from './claim-pods'
import { positive } from './counts'
import { deletePods, type Maker, makePods, mayCreate } from './pod-control'
import { inDeletionOrder } from './pod-ranking'
import { podTallies, type Tally, tallyOf } from './pod-tally'
import { active, podAvailable, readySince, withCondition } from './pods'

/** At most so many pods are made or deleted in one pass. */
const BURST = 500
/** Between two passes over one set: the work queue and the API calls of the pass before. */
const PASS_MILLIS = 5
/** After a refused creation: the work queue waits twice as long each time. */
const LEAST_RETRY_MILLIS = 5
const MOST_RETRY_MILLIS = 1_000_000

/** What ReplicaSets and ReplicationControllers have in common: so many pods of one template. */
export interface Replicated extends KubeObject {
  readonly spec: {
    readonly replicas: number
    readonly template: ReplicaSet['spec']['template']
    readonly minReadySeconds?: number
  }
  readonly status: ReplicaSet['status']
}

export interface ReplicaKind<T extends Replicated> {
  readonly kind: Kind<T>
  /** `ReplicaSet`, as owner references have it. */
  readonly owner: string
  readonly selects: (object: T, labels: Readonly<Record<string, string>>) => boolean
  /** Those that share a node with its pods count when it has to choose which to delete. */
  readonly siblings: (object: T, world: World) => readonly Change<T>[]
}

/** Keeps the number of an owner's active pods at spec.replicas. After pkg/controller/replicaset/replica_set.go. */
export function replicaManager<T extends Replicated>(
  name: string,
  about: string,
  replicated: ReplicaKind<T>,
): Controller {
  const { kind } = replicated
  return {
    name,
    about,
    watches: [
      { kind, after: PASS_MILLIS },
      { kind: Pod, wake: (change, world) => owners(change, world, replicated), after: PASS_MILLIS },
    ],
    reconcile(key, world, tools) {
      const head = world.head(key as Key<T>)
      return head && new Manager(name, replicated, head, world, tools).sync()
    },
  }
}

/** The set that a changed pod belongs or belonged to; for an orphan, every set that would take it. */
function owners<T extends Replicated>(
  change: Change<Pod>,
  world: World,
  { kind, owner, selects }: ReplicaKind<T>,
): readonly string[] | string | undefined {
  const pod: Pod = change.value ?? change.previous?.value
  const { namespace } = pod.metadata
  const reference = controllerOf(pod)
  const before = change.previous?.value && controllerOf(change.previous.value)
  const now = reference?.kind === owner ? reference.name : undefined
  const was = before?.kind === owner ? before.name : undefined
  if (now === undefined && was === undefined) {
    if (reference) return undefined
    const { labels } = pod.metadata
    if (labels === undefined) return undefined
    const takers = world.list(kind, { scope: namespace! }).filter((one) => selects(one.value, labels))
    return takers.map((one) => one.key)
  }
  if (was === undefined || was === now) return kind.key(namespace!, now!)
  return (now === undefined ? [was] : [now, was]).map((name) => kind.key(namespace!, name))
}

/** One pass over one set. */
class Manager<T extends Replicated> {
  readonly #name: string
  readonly #replicated: ReplicaKind<T>
  readonly #head: Change<T>
  readonly #owner: T
  readonly #world: World
  readonly #tools: Tools

  constructor(name: string, replicated: ReplicaKind<T>, head: Change<T>, world: World, tools: Tools) {
    this.#name = name
    this.#replicated = replicated
    this.#head = head
    this.#owner = head.value
    this.#world = world
    this.#tools = tools
  }

  sync(): Plan | undefined {
    const [owner, world] = [this.#owner, this.#world]
    const { replicas, minReadySeconds: minReady = 0 } = owner.spec
    const deleting = owner.metadata.deletionTimestamp !== undefined
    const tally = tallyOf(this.#tools.cache(podTallies), owner.metadata.uid)
    const claims = deleting ? [] : this.#claim(tally)
    if (claims.length > 0) return { changes: claims, again: 1 }
    const difference = tally.active - replicas
    let changes: Wish[] = []
    let refusal: string | undefined
    if (!deleting && difference < 0 && mayCreate(owner, world)) {
      if (this.#mayTry()) {
        const made = makePods(this.#maker(this.#wanting(tally)), owner.spec.template, Math.min(-difference, BURST))
        changes = made.changes
        refusal = made.refusal
      } else refusal = this.#failure()?.message
    } else if (!deleting && difference > 0) changes = this.#remove(Math.min(difference, BURST))
    const available =
      minReady === 0 ? tally.ready : this.#living().filter((pod) => podAvailable(pod.value, minReady, world.now)).length
    const counted = this.#status(tally, available, refusal)
    if (counted) changes.push(counted)
    const ready = this.#untilAvailable(minReady)
    const retry = refusal === undefined ? undefined : this.#untilRetry(world.now)
    const wait = ready !== undefined && retry !== undefined ? Math.min(ready, retry) : (ready ?? retry)
    return { changes, ...(wait === undefined ? {} : { again: wait }) }
  }

  #maker(because: Reason): Maker {
    return { owner: this.#owner, component: this.#name, because, world: this.#world, tools: this.#tools }
  }

  #living(): readonly Change<Pod>[] {
    return this.#world.list(Pod, { controller: this.#owner.metadata.uid }).filter((pod) => active(pod.value))
  }

  #failure(): Condition | undefined {
    return this.#owner.status.conditions?.find(({ type }) => type === 'ReplicaFailure')
  }

  /** A refused creation is tried again when somebody else has changed something, or when its time has come. */
  #mayTry(): boolean {
    if (!this.#failure()) return true
    const others = this.#tools.message.causes.some((one) => this.#world.change(one)?.by !== this.#name)
    return others || this.#untilRetry(this.#world.now - 1) === 1
  }

  /** How long after a time the next try is: 5 ms after the first refusal, then twice as long after it each time. */
  #untilRetry(now: number): number {
    const since = millisOf(this.#failure()?.lastTransitionTime) ?? now
    let gap = LEAST_RETRY_MILLIS
    while (since + gap <= now) gap = gap < MOST_RETRY_MILLIS ? gap * 2 : gap + MOST_RETRY_MILLIS
    return since + gap - now
  }

  #wanting({ active: counted }: Tally): Reason {
    const lost = telling(
      this.#tools,
      this.#world,
      (change) => change.key.startsWith('kubernetes/Pod/') && (change.value === undefined || !active(change.value)),
    )
    return {
      id: lost === undefined ? 'kubernetes/replicas-wanted' : 'kubernetes/replicas-missing',
      values: { owner: this.#owner.metadata.name, wanted: this.#owner.spec.replicas, counted },
      of: [lost ?? lastSpecChange(this.#head), this.#head.revision],
    }
  }

  /** Adopts orphans that match the selector and lets go of pods that no longer do. */
  #claim(tally: Tally): Wish[] {
    const [owner, world, { selects }] = [this.#owner, this.#world, this.#replicated]
    const chosen = (labels: Readonly<Record<string, string>>) => selects(owner, labels)
    // pods share their labels: each distinct set is looked at once
    const strays = [...tally.labels.keys()].some((labels) => !chosen(labels as Record<string, string>))
    return [...(strays ? released(this.#head, chosen, world) : []), ...adopted(this.#head, chosen, world)]
  }

  #remove(count: number): Wish[] {
    const [owner, world] = [this.#owner, this.#world]
    const living = this.#living()
    const because: Reason = {
      id: 'kubernetes/replicas-surplus',
      values: { owner: owner.metadata.name, wanted: owner.spec.replicas, counted: living.length },
      of: [lastSpecChange(this.#head)],
    }
    const siblings = this.#replicated.siblings(owner, world)
    const perNode = new Map<string, number>()
    const related =
      siblings.length === 0
        ? living
        : siblings.flatMap((one) => world.list(Pod, { controller: one.value.metadata.uid }))
    for (const pod of related) {
      const node = pod.value.spec.nodeName
      if (node !== undefined && active(pod.value)) perNode.set(node, (perNode.get(node) ?? 0) + 1)
    }
    return deletePods(this.#maker(because), inDeletionOrder(living, perNode, world.now).slice(0, count))
  }

  #status(tally: Tally, available: number, refusal: string | undefined): Wish<T> | undefined {
    const owner = this.#owner
    const { ready } = tally
    const conditions = this.#conditions(refusal)
    const next: Replicated['status'] = {
      replicas: tally.active,
      ...positive({
        fullyLabeledReplicas: tally.active,
        readyReplicas: ready,
        availableReplicas: available,
        terminatingReplicas: tally.terminating,
      }),
      ...(owner.metadata.generation === undefined ? {} : { observedGeneration: owner.metadata.generation }),
      ...(conditions.length > 0 ? { conditions } : {}),
    }
    if (same(next, owner.status)) return undefined
    const because: Reason = {
      id: 'kubernetes/replicas-counted',
      values: { name: owner.metadata.name, replicas: tally.active, ready, available },
    }
    return { key: this.#head.key, value: { ...owner, status: next }, because, quiet: true }
  }

  /** ReplicaFailure while creations are refused. After replica_set_utils.go. */
  #conditions(refusal: string | undefined): readonly Condition[] {
    const present = this.#owner.status.conditions ?? []
    if (refusal === undefined)
      return this.#failure() ? present.filter(({ type }) => type !== 'ReplicaFailure') : present
    if (this.#failure()) return present
    const failed: Condition = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: refusal }
    return withCondition(present, failed, this.#world.now)
  }

  /** With minReadySeconds: when the next ready pod becomes available. */
  #untilAvailable(minReadySeconds: number): number | undefined {
    if (minReadySeconds === 0) return undefined
    const { now } = this.#world
    let soonest: number | undefined
    for (const { value: pod } of this.#living()) {
      const left = (readySince(pod) ?? Number.NEGATIVE_INFINITY) + minReadySeconds * 1000 - now
      if (left > 0) soonest = Math.min(soonest ?? Number.POSITIVE_INFINITY, left)
    }
    return soonest
  }
}

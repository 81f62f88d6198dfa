import {
  type Change,
  type Controller,
  type Key,
  millisOf,
  type Plan,
  type Reason,
  same,
  type Tools,
  type Wish,
  type World,
} from '../../engine'
import { eventWish } from '../api/events'
import { labelsMatch } from '../api/label-selector'
import { podSpecOf } from '../api/pod-defaults'
import { DaemonSet, TEMPLATE_GENERATION } from '../kinds/daemonset'
import { Event } from '../kinds/event'
import { controllerOf } from '../kinds/meta'
import { Node } from '../kinds/node'
import { Pod } from '../kinds/pod'
import { lastSpecChange, telling } from './causes'
import { claimPods } from './claim-pods'
import { type History, historyOf, REVISION_HASH, trimmedHistory } from './controller-history'
import { positive } from './counts'
import { daemonPodSpec, nodeShouldRun, targetNode } from './daemon-pods'
import { type DaemonNode, type DaemonPod, daemonLimits, daemonStep } from './daemon-update'
import { deletePods, type Maker, makePods, mayCreate } from './pod-control'
import { podAvailable, podReady } from './pods'

const NAME = 'daemonset-controller'
const PASS_MILLIS = 5
/** At most so many pods are made or deleted in one pass. */
const BURST = 250
/** Between two replacements of failed pods on one node: 1 s, then twice as long each time. */
const LEAST_BACKOFF_MILLIS = 1_000
const MOST_BACKOFF_MILLIS = 15 * 60_000

/** Keeps one pod of a DaemonSet on every node that it fits, and renews them when its template changes. After pkg/controller/daemon. */
export const daemonSetController: Controller = {
  name: NAME,
  about: 'keeps one pod of a DaemonSet on every node that it fits',
  watches: [
    { kind: DaemonSet, after: PASS_MILLIS },
    { kind: Pod, wake: ownerOf, after: PASS_MILLIS },
    { kind: Node, wake: concerned, after: PASS_MILLIS },
  ],
  reconcile(about, world, tools) {
    const head = world.head(about as Key<DaemonSet>)
    if (!head || head.value.metadata.deletionTimestamp !== undefined) return undefined
    return sync(head, world, tools)
  },
}

function ownerOf(change: Change<Pod>, world: World): readonly string[] | string | undefined {
  const pod: Pod = change.value ?? change.previous?.value
  const { namespace, labels } = pod.metadata
  const owner = controllerOf(pod)
  if (owner) return owner.kind === 'DaemonSet' ? DaemonSet.key(namespace!, owner.name) : undefined
  if (labels === undefined) return undefined
  const sets = world.list(DaemonSet, { scope: namespace! })
  return sets.filter(({ value }) => labelsMatch(value.spec.selector, labels)).map(({ key }) => key)
}

/** A node that came, went, or has other labels or taints. */
function concerned(change: Change<Node>, world: World): readonly string[] | undefined {
  const [now, before]: (Node | undefined)[] = [change.value, change.previous?.value]
  const alike =
    now && before && now.spec.taints === before.spec.taints && same(now.metadata.labels, before.metadata.labels)
  return alike ? undefined : world.list(DaemonSet).map(({ key }) => key)
}

interface Daemon extends DaemonPod {
  readonly head: Change<Pod>
}

function sync(head: Change<DaemonSet>, world: World, tools: Tools): Plan {
  const ds = head.value
  const claims = claimPods(head, (labels) => labelsMatch(ds.spec.selector, labels), world)
  if (claims.length > 0) return { changes: claims, again: 1 }
  const because = (id: string, values: object): Reason => ({
    id,
    values: values as Reason['values'],
    of: [lastSpecChange(head)],
  })
  const history = historyOf(ds, because, world, tools)
  const pass = new Pass(head, history, world, tools)
  const changes: Wish[] = [...history.changes, ...pass.manage()]
  if (changes.length === history.changes.length) changes.push(...pass.update())
  const living = new Set(pass.pods.map(({ value }) => value.metadata.labels?.[REVISION_HASH] ?? ''))
  const limit = ds.spec.revisionHistoryLimit
  if (changes.length === 0)
    changes.push(
      ...trimmedHistory(history, limit, living, (name) => because('kubernetes/history-trimmed', { name, limit })),
    )
  const counted = pass.status()
  if (counted) changes.push(counted)
  return { changes, ...(pass.again === undefined ? {} : { again: pass.again }) }
}

/** One pass over one DaemonSet. */
class Pass {
  readonly pods: readonly Change<Pod>[]
  again: number | undefined
  readonly #head: Change<DaemonSet>
  readonly #ds: DaemonSet
  readonly #history: History
  readonly #world: World
  readonly #tools: Tools
  readonly #nodes: readonly { readonly node: Node; readonly run: boolean; readonly stay: boolean }[]
  readonly #on = new Map<string, Change<Pod>[]>()

  constructor(head: Change<DaemonSet>, history: History, world: World, tools: Tools) {
    this.#head = head
    this.#ds = head.value
    this.#history = history
    this.#world = world
    this.#tools = tools
    this.pods = world.list(Pod, { controller: head.value.metadata.uid })
    this.#nodes = world.list(Node).map(({ value: node }) => ({ node, ...nodeShouldRun(head.value, node) }))
    for (const pod of this.pods) {
      const node = targetNode(pod.value) ?? ''
      const there = this.#on.get(node)
      if (there) there.push(pod)
      else this.#on.set(node, [pod])
    }
  }

  #wait(millis: number): void {
    this.again = Math.min(this.again ?? millis, millis)
  }

  #because(id: string, values: Readonly<Record<string, string | number>>, of?: readonly number[]): Reason {
    return { id, values: { owner: this.#ds.metadata.name, ...values }, of: [...(of ?? []), lastSpecChange(this.#head)] }
  }

  #maker(because: Reason): Maker {
    return { owner: this.#ds, component: NAME, because, world: this.#world, tools: this.#tools }
  }

  #daemon = (head: Change<Pod>): Daemon => ({
    head,
    updated: head.value.metadata.labels?.[REVISION_HASH] === this.#history.hash,
    available: podAvailable(head.value, this.#ds.spec.minReadySeconds ?? 0, this.#world.now),
    deleting: head.value.metadata.deletionTimestamp !== undefined,
  })

  /** Pods where they are missing, none where they should not be, one of each where there are more. After manage and podsShouldBeOnNode. */
  manage(): Wish[] {
    const missing: string[] = []
    const surplus: Change<Pod>[] = []
    const misplaced: Change<Pod>[] = []
    const wishes: Wish[] = []
    for (const { node, run, stay } of this.#nodes) {
      const there = this.#on.get(node.metadata.name) ?? []
      if (run && there.length === 0) missing.push(node.metadata.name)
      else if (stay) surplus.push(...this.#surplusOn(node, there, wishes))
      else misplaced.push(...there)
    }
    const known = new Set(this.#nodes.map(({ node }) => node.metadata.name))
    for (const [node, there] of this.#on)
      if (!known.has(node)) misplaced.push(...there.filter(({ value }) => value.spec.nodeName === undefined))
    return [
      ...wishes,
      ...deletePods(this.#maker(this.#because('kubernetes/daemon-surplus', {})), surplus),
      ...deletePods(this.#maker(this.#because('kubernetes/daemon-misplaced', {})), misplaced),
      ...this.#create(missing, 'kubernetes/daemon-missing'),
    ]
  }

  #surplusOn(node: Node, there: readonly Change<Pod>[], wishes: Wish[]): Change<Pod>[] {
    const living: Daemon[] = []
    const ended: Change<Pod>[] = []
    for (const pod of there) {
      if (pod.value.metadata.deletionTimestamp !== undefined) continue
      const { phase } = pod.value.status
      if (phase === 'Failed') {
        const left = this.#backoff(node.metadata.name)
        if (left > 0) this.#wait(left)
        else ended.push(pod)
      } else if (phase === 'Succeeded') ended.push(pod)
      else living.push(this.#daemon(pod))
    }
    for (const pod of ended) wishes.push(this.#endedEvent(pod, node.metadata.name))
    if (living.length <= 1) return ended
    const surging = daemonLimits(this.#ds.spec.updateStrategy.rollingUpdate, 1).surge > 0
    if (!surging) return [...ended, ...living.slice(1).map(({ head }) => head)]
    const fresh = living.filter(({ updated }) => updated)
    const old = living.filter(({ updated }) => !updated)
    const rest = [...fresh.slice(1), ...old.slice(1)]
    if (fresh[0] && old[0] && (!podReady(old[0].head.value) || fresh[0].available)) rest.push(old[0])
    return [...ended, ...rest.map(({ head }) => head)]
  }

  #endedEvent(pod: Change<Pod>, node: string): Wish {
    const { name, namespace } = pod.value.metadata
    const failed = pod.value.status.phase === 'Failed'
    return eventWish(this.#world, this.#tools, {
      about: this.#ds,
      type: failed ? 'Warning' : 'Normal',
      reason: failed ? 'FailedDaemonPod' : 'SucceededDaemonPod',
      message: failed
        ? `Found failed daemon pod ${namespace}/${name} on node ${node}, will try to kill it`
        : `Found succeeded daemon pod ${namespace}/${name} on node ${node}, will try to delete it`,
      component: NAME,
      because: this.#because('kubernetes/daemon-surplus', {}, [pod.revision]),
    })
  }

  /** How long a failed pod stays before it is replaced: its node's earlier failures, told by their events, decide. */
  #backoff(node: string): number {
    const { now } = this.#world
    const times = this.#world
      .list(Event, { scope: this.#ds.metadata.namespace! })
      .filter(
        ({ value }) =>
          value.reason === 'FailedDaemonPod' &&
          value.involvedObject.uid === this.#ds.metadata.uid &&
          value.message.includes(` on node ${node}, `),
      )
      .map(({ at }) => at)
      .filter((at) => now - at < 2 * MOST_BACKOFF_MILLIS)
    if (times.length === 0) return 0
    const gap = Math.min(MOST_BACKOFF_MILLIS, LEAST_BACKOFF_MILLIS * 2 ** Math.min(times.length - 1, 20))
    return Math.max(...times) + gap - now
  }

  /** The next step towards the newest template. */
  update(): Wish[] {
    const { updateStrategy } = this.#ds.spec
    if (updateStrategy.type !== 'RollingUpdate') return []
    const desired = this.#nodes.filter(({ run }) => run).length
    const limits = daemonLimits(updateStrategy.rollingUpdate, desired)
    const nodes: DaemonNode<Daemon>[] = [...this.#on].map(([name, pods]) => ({ name, pods: pods.map(this.#daemon) }))
    const { remove, create } = daemonStep(nodes, limits)
    const values = { revision: this.#history.revision, ...limits }
    return [
      ...deletePods(
        this.#maker(this.#because('kubernetes/daemon-outdated', values)),
        remove.slice(0, BURST).map(({ head }) => head),
      ),
      ...this.#create(create, 'kubernetes/daemon-surged'),
    ]
  }

  #create(nodes: readonly string[], id: string): Wish[] {
    if (nodes.length === 0 || !mayCreate(this.#ds, this.#world)) return []
    const { template } = this.#ds.spec
    const spec = podSpecOf(template)
    const generation = this.#ds.metadata.annotations?.[TEMPLATE_GENERATION]
    const labels = {
      [REVISION_HASH]: this.#history.hash,
      ...(generation === undefined ? {} : { 'pod-template-generation': generation }),
    }
    const gone = telling(
      this.#tools,
      this.#world,
      ({ key, value }) => value === undefined && key.startsWith('kubernetes/Pod/'),
    )
    const because = this.#because(id, { nodes: nodes.length }, gone === undefined ? [] : [gone])
    const made = makePods(this.#maker(because), template, Math.min(nodes.length, BURST), (i) => ({
      labels,
      spec: daemonPodSpec(spec, nodes[i]!),
    }))
    if (made.refusal !== undefined) this.#wait(LEAST_BACKOFF_MILLIS)
    return made.changes
  }

  /** After updateDaemonSetStatus. */
  status(): Wish<DaemonSet> | undefined {
    const ds = this.#ds
    let [desired, current, misplaced, ready, updated, available] = [0, 0, 0, 0, 0, 0]
    for (const { node, run } of this.#nodes) {
      const there = this.#on.get(node.metadata.name)
      if (!run) misplaced += there ? 1 : 0
      else {
        desired++
        if (!there) continue
        current++
        const daemon = this.#daemon(there[0]!)
        if (daemon.updated) updated++
        if (daemon.available) available++
        if (podReady(daemon.head.value)) ready++
      }
    }
    if (available < ready) this.#untilAvailable()
    const next: DaemonSet['status'] = {
      currentNumberScheduled: current,
      desiredNumberScheduled: desired,
      numberMisscheduled: misplaced,
      numberReady: ready,
      observedGeneration: ds.metadata.generation ?? 1,
      ...positive({
        updatedNumberScheduled: updated,
        numberAvailable: available,
        numberUnavailable: desired - available,
      }),
      ...(ds.status.collisionCount === undefined ? {} : { collisionCount: ds.status.collisionCount }),
    }
    if (same(next, ds.status)) return undefined
    const because: Reason = {
      id: 'kubernetes/daemon-counted',
      values: { name: ds.metadata.name, desired, ready, updated },
    }
    return { key: this.#head.key, value: { ...ds, status: next }, because, quiet: true }
  }

  #untilAvailable(): void {
    const millis = (this.#ds.spec.minReadySeconds ?? 0) * 1000
    for (const { value } of this.pods) {
      const ready = value.status.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True')
      const left = (millisOf(ready?.lastTransitionTime) ?? Number.NEGATIVE_INFINITY) + millis - this.#world.now
      if (left > 0) this.#wait(left)
    }
  }
}

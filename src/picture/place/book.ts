import { type Change, kindIdOf, type World } from '../../engine'
import type { Hue } from '../scenes/scene'

interface Owned {
  readonly metadata: {
    readonly uid?: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly ownerReferences?: readonly { readonly controller?: boolean; readonly kind: string; readonly uid: string }[]
  }
  readonly spec?: { readonly nodeName?: string }
  readonly machine?: string
}

const workloadKinds = new Set([
  'kubernetes/Deployment',
  'kubernetes/StatefulSet',
  'kubernetes/DaemonSet',
  'kubernetes/ReplicaSet',
  'kubernetes/ReplicationController',
  'kubernetes/Job',
  'kubernetes/CronJob',
])

/**
 * Where each pod stands on its machine, and which hue each workload has: given at birth and kept for life. A place is a
 * pure function of the log up to that birth (the lowest slot that was free then), so that scrubbing back shows
 * everything where it was, and nothing ever moves because of a neighbour.
 *
 * The book is such a function kept up to date: it reads on from where it stopped, and from the beginning again when the
 * log has become another one (a branch).
 */
export class Book {
  #revision = 0
  #last: Change | undefined
  #slots = new Map<string, number>()
  #hues = new Map<string, Hue>()
  /** Per machine, who stands in which slot now. */
  #taken = new Map<string, (string | undefined)[]>()
  #machineOf = new Map<string, string>()
  #hueUse = [0, 0, 0, 0, 0, 0, 0]
  #orchestrated = new Set<string>()

  /** Reads the log up to the world's revision. Give it the present world: the past is part of it. */
  follow(world: World): this {
    if (this.#last && this.#isAnotherLog(world, this.#last)) this.#forget()
    for (let revision = this.#revision + 1; revision <= world.revision; revision++) {
      const change = world.change(revision)
      this.#revision = revision
      if (!change) continue
      this.#last = change
      this.#hear(change)
    }
    return this
  }

  slotOf(uid: string): number | undefined {
    return this.#slots.get(uid)
  }

  hueOf(uid: string): Hue {
    return this.#hues.get(uid) ?? 6
  }

  /** Compaction drops old changes, which is no matter; a branch has others, or fewer. */
  #isAnotherLog(world: World, last: Change): boolean {
    const there = world.change(last.revision)
    return world.revision < this.#revision || (there !== undefined && there !== last)
  }

  #forget(): void {
    this.#revision = 0
    this.#last = undefined
    this.#slots.clear()
    this.#hues.clear()
    this.#taken.clear()
    this.#machineOf.clear()
    this.#orchestrated.clear()
    this.#hueUse.fill(0)
  }

  #hear(change: Change): void {
    const kind = kindIdOf(change.key)
    if (kind === 'kubernetes/Pod') this.#hearPod(change)
    else if (workloadKinds.has(kind)) this.#hearWorkload(change)
    else if (kind === 'kubernetes/Node') this.#orchestrated.add(change.key.slice('kubernetes/Node//'.length))
    else if (kind === 'platform/Container') this.#hearContainer(change)
  }

  #hearPod(change: Change<Owned>): void {
    const pod = change.value
    if (pod === undefined) {
      this.#leave(change.uid)
      return
    }
    if (!controllerOf(pod)) this.#giveHue(change.uid, pod)
    if (pod.spec?.nodeName !== undefined && !isMachineDaemon(pod)) this.#stand(change.uid, pod.spec.nodeName)
  }

  #hearContainer(change: Change<Owned>): void {
    if (change.value === undefined) {
      this.#leave(change.uid)
      return
    }
    const machine = change.value.machine
    if (machine === undefined || this.#orchestrated.has(machine)) return
    if (!this.#hues.has(change.uid)) this.#hues.set(change.uid, this.#leastUsed())
    this.#stand(change.uid, machine)
  }

  #hearWorkload(change: Change<Owned>): void {
    if (change.value === undefined) this.#freeHue(change.uid)
    else if (!controllerOf(change.value)) this.#giveHue(change.uid, change.value)
  }

  #stand(uid: string, machine: string): void {
    if (this.#slots.has(uid)) return
    let row = this.#taken.get(machine)
    if (!row) {
      row = []
      this.#taken.set(machine, row)
    }
    let slot = row.indexOf(undefined)
    if (slot < 0) slot = row.length
    row[slot] = uid
    this.#slots.set(uid, slot)
    this.#machineOf.set(uid, machine)
  }

  #leave(uid: string): void {
    this.#freeHue(uid)
    const machine = this.#machineOf.get(uid)
    const slot = this.#slots.get(uid)
    if (machine === undefined || slot === undefined) return
    this.#machineOf.delete(uid)
    const row = this.#taken.get(machine)!
    row[slot] = undefined
    while (row.length > 0 && row[row.length - 1] === undefined) row.pop()
  }

  #giveHue(uid: string, object: Owned): void {
    if (this.#hues.has(uid)) return
    const hue = object.metadata.namespace === 'kube-system' ? 6 : this.#leastUsed()
    this.#hues.set(uid, hue)
    // Owner references name an object by the uid in its metadata.
    if (object.metadata.uid !== undefined) this.#hues.set(object.metadata.uid, hue)
  }

  /** The hue that the fewest living workloads have; of several the first. */
  #leastUsed(): Hue {
    let best: Hue = 1
    for (const hue of [2, 3, 4, 5] as const) if (this.#hueUse[hue]! < this.#hueUse[best]!) best = hue
    this.#hueUse[best]!++
    return best
  }

  #freeHue(uid: string): void {
    const hue = this.#hues.get(uid)
    if (hue !== undefined && hue !== 6) this.#hueUse[hue]!--
  }
}

function controllerOf(object: Owned) {
  return object.metadata.ownerReferences?.find((owner) => owner.controller)
}

/** kube-proxy and the like: one on every machine, part of its furniture. */
export function isMachineDaemon(pod: Owned): boolean {
  if (pod.metadata.namespace !== 'kube-system') return false
  return controllerOf(pod)?.kind === 'DaemonSet' || pod.metadata.labels?.['k8s-app'] === 'kube-proxy'
}

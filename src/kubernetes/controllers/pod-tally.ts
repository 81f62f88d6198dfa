import type { Cache, Change, World } from '../../engine'
import { controllerUid } from '../kinds/meta'
import { Pod } from '../kinds/pod'
import { active, podReady } from './pods'

/** The pods of one owner, counted; each distinct set of labels with how many bear it. */
export interface Tally {
  active: number
  ready: number
  terminating: number
  readonly labels: Map<object, number>
}

const none: Tally = { active: 0, ready: 0, terminating: 0, labels: new Map() }
const NO_LABELS = {}

function turn(tallies: Map<string, Tally>, pod: Pod, by: 1 | -1): void {
  const owner = controllerUid(pod)
  if (owner === undefined) return
  let tally = tallies.get(owner)
  if (!tally) {
    tally = { active: 0, ready: 0, terminating: 0, labels: new Map() }
    tallies.set(owner, tally)
  }
  if (active(pod)) {
    tally.active += by
    if (podReady(pod)) tally.ready += by
  } else if (pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed') tally.terminating += by
  const labels = pod.metadata.labels ?? NO_LABELS
  const bearers = (tally.labels.get(labels) ?? 0) + by
  if (bearers === 0) tally.labels.delete(labels)
  else tally.labels.set(labels, bearers)
}

/** Pods by owner, kept by hearing every change: a set of a thousand is not counted anew for each of its pods. */
export const podTallies: Cache<Map<string, Tally>> = {
  name: 'pods by owner',
  kinds: [Pod],
  build(world: World) {
    const tallies = new Map<string, Tally>()
    for (const pod of world.list(Pod)) turn(tallies, pod.value, 1)
    return tallies
  },
  hear(tallies, change: Change) {
    if (change.previous?.value) turn(tallies, change.previous.value, -1)
    if (change.value) turn(tallies, change.value, 1)
  },
}

export const tallyOf = (tallies: ReadonlyMap<string, Tally>, uid: string): Tally => tallies.get(uid) ?? none

import type { Change, World } from '../../engine'
import { Pod } from '../kinds/pod'
import { schedule, type Verdict } from './algorithm'
import { buildNodeInfos } from './node-infos'
import { defaultPlugins } from './plugins'

/** The scheduler's whole table for a pod, best first, then the refused ones; and which node it chose, if it did. */
export interface Verdicts {
  readonly chosen: string | undefined
  readonly rows: readonly Verdict[]
}

/**
 * Computed again from the world just before the decision (`past(revision)` gives it): the same answer, for scheduling is pure. Nothing of this
 * is stored.
 */
export function verdictsFor(pod: Change<Pod>, past: (revision: number) => World): Verdicts {
  let decision: Change<Pod> = pod
  while (
    decision.previous &&
    decision.previous.value !== undefined &&
    decision.previous.value.spec.nodeName === decision.value.spec.nodeName &&
    decision.previous.uid === pod.uid
  ) {
    if (decision.value.spec.nodeName === undefined && decision.because.id === 'kubernetes/unschedulable') break
    decision = decision.previous
  }
  const world = past(decision.revision - 1)
  const before = world.get(Pod.key(pod.value.metadata.namespace!, pod.value.metadata.name)) ?? {
    ...decision.value,
    spec: { ...decision.value.spec, nodeName: undefined },
  }
  const { verdicts } = schedule(
    defaultPlugins,
    { pod: before, world, nodes: buildNodeInfos(world), start: 0, all: true },
    () => 0,
  )
  const rows = verdicts.slice().sort((a, b) => (b.score ?? -1) - (a.score ?? -1) || (a.node < b.node ? -1 : 1))
  return { chosen: decision.value.spec.nodeName, rows }
}

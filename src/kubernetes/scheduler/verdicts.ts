import type { Change, World } from '../../engine'
import { Pod } from '../kinds/pod'
import { schedule, type Verdict } from './algorithm'
import { configurationOf } from './configuration'
import { buildNodeInfos } from './node-infos'
import { refusalsOf } from './placing'
import { preempt } from './preemption'
import { defaultProfile } from './profiles'

/** What taking less important pods away from a node would have done. */
export type Clearing =
  | { readonly victims: readonly string[]; readonly violations: number }
  | { readonly reasons: readonly string[] }

export interface VerdictRow extends Verdict {
  /** Only where no node had room. */
  readonly clearing?: Clearing
}

/** A rule of the profile that decided, in the order in which nodes are asked. */
export interface Rule {
  readonly name: string
  readonly about: string
  readonly note?: string
  readonly filters: boolean
  readonly scores: boolean
  readonly weight: number
}

/** The scheduler's whole table for a pod, best first, then the refused ones; and which node it chose, if it did. */
export interface Verdicts {
  readonly chosen: string | undefined
  /** The node that is being cleared for it. */
  readonly nominated: string | undefined
  readonly rows: readonly VerdictRow[]
  readonly rules: readonly Rule[]
}

const UNDECIDED = ['kubernetes/unschedulable', 'kubernetes/clearing']

/** The change that was the scheduler's last decision about a pod. */
function decisionOf(pod: Change<Pod>): Change<Pod> {
  let decision = pod
  while (
    decision.previous &&
    decision.previous.value !== undefined &&
    decision.previous.value.spec.nodeName === decision.value.spec.nodeName &&
    decision.previous.uid === pod.uid
  ) {
    if (decision.value.spec.nodeName === undefined && UNDECIDED.includes(decision.because.id)) break
    decision = decision.previous
  }
  return decision
}

/**
 * Computed again from the world just before the decision (`past(revision)` gives it): the same answer, for scheduling is pure. Nothing of this
 * is stored.
 */
export function verdictsFor(pod: Change<Pod>, past: (revision: number) => World): Verdicts {
  const decision = decisionOf(pod)
  const world = past(decision.revision - 1)
  const before = world.get(Pod.key(pod.value.metadata.namespace!, pod.value.metadata.name)) ?? {
    ...decision.value,
    spec: { ...decision.value.spec, nodeName: undefined },
  }
  const configuration = configurationOf(world)
  const profile =
    ('error' in configuration ? undefined : configuration.profiles.get(before.spec.schedulerName ?? '')) ??
    defaultProfile
  const nodes = buildNodeInfos(world)
  const outcome = schedule(profile.plugins, { pod: before, world, nodes, start: 0, all: true }, () => 0)
  const chosen = decision.value.spec.nodeName
  const clearing = new Map<string, Clearing>()
  if (chosen === undefined && outcome.chosen === undefined && profile.preempts) {
    const { candidates, reasons } = preempt({
      cycle: outcome.cycle,
      filters: outcome.filters,
      refusals: refusalsOf(outcome),
      offset: 0,
    })
    for (const { node, victims, violations } of candidates)
      clearing.set(node, { victims: victims.map(({ metadata }) => metadata.name), violations })
    for (const [node, why] of reasons) clearing.set(node, { reasons: why })
  }
  const refusedAll =
    outcome.refusedAll === undefined
      ? []
      : nodes.order.map(
          ({ name }): Verdict => ({
            node: name,
            plugin: outcome.refusedAllBy!,
            refusal: { reasons: [outcome.refusedAll!], unresolvable: true },
          }),
        )
  const rows = [...outcome.verdicts, ...refusedAll]
    .sort((a, b) => (b.score ?? -1) - (a.score ?? -1) || (a.node < b.node ? -1 : 1))
    .map((row): VerdictRow => {
      const cleared = clearing.get(row.node)
      return cleared ? { ...row, clearing: cleared } : row
    })
  const rules = profile.plugins.map(
    ({ name, about, note, filter, score, weight }): Rule => ({
      name,
      about,
      ...(note !== undefined && { note }),
      filters: filter !== undefined,
      scores: score !== undefined,
      weight,
    }),
  )
  return { chosen, nominated: decision.value.status.nominatedNodeName, rows, rules }
}

/** `there is room without web-1 and web-2`, or why clearing the node would not help. */
export function clearingText(clearing: Clearing): string {
  if ('reasons' in clearing) return clearing.reasons.join(', ')
  const { victims, violations } = clearing
  const names = victims.length < 2 ? victims.join('') : `${victims.slice(0, -1).join(', ')} and ${victims.at(-1)}`
  return `there is room without ${names}${violations > 0 ? `, against ${violations} disruption ${violations === 1 ? 'budget' : 'budgets'}` : ''}`
}

import type { Millis } from '../../engine'
import { millisOf, stamp } from '../../engine/time'
import { type IntOrPercent, scaledValue } from '../api/int-or-percent'
import { labelsMatch } from '../api/label-selector'
import type { Condition } from '../kinds/meta'
import type { Pod } from '../kinds/pod'
import type { PodDisruptionBudget } from '../kinds/poddisruptionbudget'
import { podReady } from './pods'

/** A pod whose eviction was granted counts as gone for so long, whatever happens to it. */
export const DISRUPTION_MILLIS = 120_000

/** Whether a budget is about a pod. */
export const covers = ({ metadata, spec }: PodDisruptionBudget, pod: Pod): boolean =>
  metadata.namespace === pod.metadata.namespace &&
  spec.selector !== undefined &&
  labelsMatch(spec.selector, pod.metadata.labels ?? {})

/** How many pods there should be, and how many of them must be healthy. `scale`: what the owners of the pods want together. */
export function wantedHealthy(
  { minAvailable, maxUnavailable }: PodDisruptionBudget['spec'],
  present: number,
  scale: number,
): { readonly expected: number; readonly desired: number } {
  const of = (value: IntOrPercent, total: number) => scaledValue(value, total, 'up') ?? 0
  if (maxUnavailable !== undefined) return { expected: scale, desired: Math.max(0, scale - of(maxUnavailable, scale)) }
  if (typeof minAvailable === 'number') return { expected: present, desired: minAvailable }
  return minAvailable === undefined
    ? { expected: 0, desired: 0 }
    : { expected: scale, desired: of(minAvailable, scale) }
}

/** Ready pods that nobody is taking away. After countHealthyPods. */
export function healthyPods(pods: readonly Pod[], disrupted: Readonly<Record<string, string>>, now: Millis): number {
  let count = 0
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined || !podReady(pod)) continue
    const since = millisOf(disrupted[pod.metadata.name])
    if (since !== undefined && since + DISRUPTION_MILLIS > now) continue
    count++
  }
  return count
}

/** The granted evictions that are still under way, which of them never came about, and when to look again. After buildDisruptedPodMap. */
export function underWay(
  pdb: PodDisruptionBudget,
  pods: readonly Pod[],
  now: Millis,
): {
  readonly disrupted: Readonly<Record<string, string>>
  readonly missed: readonly Pod[]
  readonly recheck?: Millis
} {
  const disrupted: Record<string, string> = {}
  const missed: Pod[] = []
  let recheck: Millis | undefined
  for (const pod of pods) {
    const { name, deletionTimestamp } = pod.metadata
    const time = pdb.status.disruptedPods?.[name]
    const since = millisOf(time)
    if (time === undefined || since === undefined || deletionTimestamp !== undefined) continue
    const left = since + DISRUPTION_MILLIS - now
    if (left <= 0) missed.push(pod)
    else {
      disrupted[name] = time
      recheck = Math.min(recheck ?? left, left)
    }
  }
  return { disrupted, missed, ...(recheck === undefined ? {} : { recheck }) }
}

/** The condition DisruptionAllowed, which follows the number. After pkg/api/v1/poddisruptionbudget. */
export function withAllowance(
  conditions: readonly Condition[] | undefined,
  allowed: number,
  generation: number | undefined,
  now: Millis,
  failure?: string,
): readonly Condition[] {
  const list = conditions ?? []
  const present = list.find(({ type }) => type === 'DisruptionAllowed')
  const status = allowed > 0 && failure === undefined ? 'True' : 'False'
  const reason = failure !== undefined ? 'SyncFailed' : allowed > 0 ? 'SufficientPods' : 'InsufficientPods'
  const condition: Condition = {
    type: 'DisruptionAllowed',
    status,
    reason,
    message: failure ?? '',
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    lastTransitionTime: (present?.status === status ? present.lastTransitionTime : undefined) ?? stamp(now),
  }
  return present ? list.map((one) => (one === present ? condition : one)) : [...list, condition]
}

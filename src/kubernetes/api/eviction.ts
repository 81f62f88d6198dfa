import type { Change } from '../../engine/change'
import type { Wish } from '../../engine/plan'
import { stamp } from '../../engine/time'
import { covers, withAllowance } from '../controllers/disruption-budget'
import { podReady } from '../controllers/pods'
import type { Pod } from '../kinds/pod'
import { PodDisruptionBudget } from '../kinds/poddisruptionbudget'
import { type Answer, asked, type Call, ok, refused } from './call'
import { afterDeletion } from './deleting'
import type { Status } from './request'
import { forbiddenStatus, internalFailure, success, tooManyRequests } from './status'

const REFUSAL = "Cannot evict pod as it would violate the pod's disruption budget."
const TWO_BUDGETS = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.'
const MOST_DISRUPTED = 2000

/**
 * A deletion that a disruption budget may refuse. After pkg/registry/core/pod/storage/eviction.go. Left out: the retries of a budget
 * that somebody else writes at the same moment.
 */
export function evict(call: Call, head: Change<Pod>): Answer {
  const { request, world } = call
  const options = (request.body as { deleteOptions?: { gracePeriodSeconds?: number } })?.deleteOptions
  const gracePeriodSeconds = options?.gracePeriodSeconds ?? request.gracePeriodSeconds
  const asking = { ...call, request: { ...request, ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }) } }
  const charged = charge(call, head)
  if ('status' in charged) return refused(charged.status)
  const after = afterDeletion(asking, head) as Pod | undefined
  if (after === head.value || request.dryRun) return ok(success(), 201)
  const why = {
    type: 'DisruptionTarget',
    status: 'True' as const,
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    lastTransitionTime: stamp(world.now),
  }
  const value = after && {
    ...after,
    status: { ...after.status, conditions: [why, ...(after.status.conditions ?? [])] },
  }
  const because = asked('evicted', call, head.value.metadata.name, head)
  return { ...ok(success(), 201), plan: { changes: [{ key: head.key, value, because }, ...charged.changes] } }
}

/** What the pod's budget has to say, and what its status becomes. */
function charge(call: Call, head: Change<Pod>): { readonly changes: readonly Wish[] } | { readonly status: Status } {
  const { world } = call
  const pod = head.value
  const { phase } = pod.status
  const free =
    phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending' || pod.metadata.deletionTimestamp !== undefined
  if (free) return { changes: [] }
  const budgets = world
    .list(PodDisruptionBudget, { scope: pod.metadata.namespace ?? '' })
    .filter((budget) => covers(budget.value, pod))
  const [budget, second] = budgets
  if (second) return { status: internalFailure(TWO_BUDGETS) }
  if (!budget) return { changes: [] }
  const { metadata, spec, status } = budget.value
  if (!podReady(pod)) {
    const enough = status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0
    if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' || enough) return { changes: [] }
  }
  const { name, generation = 0 } = metadata
  const no = (message: string, retryAfterSeconds?: number) => ({
    status: tooManyRequests(REFUSAL, { reason: 'DisruptionBudget', message, field: '' }, retryAfterSeconds),
  })
  if ((status.observedGeneration ?? 0) < generation)
    return no(`The disruption budget ${name} is still being processed by the server.`, 10)
  if (Object.keys(status.disruptedPods ?? {}).length > MOST_DISRUPTED) {
    const why = 'DisruptedPods map too big - too many evictions not confirmed by PDB controller'
    return { status: forbiddenStatus({ resource: 'poddisruptionbudget', group: 'policy' }, name, why) }
  }
  if (status.disruptionsAllowed === 0) {
    const failed = status.conditions?.find(({ reason }) => reason === 'SyncFailed')
    return no(
      failed
        ? `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${failed.message}`
        : `The disruption budget ${name} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`,
    )
  }
  const left = status.disruptionsAllowed - 1
  const conditions = left === 0 ? withAllowance(status.conditions, 0, generation, world.now) : status.conditions
  const value: PodDisruptionBudget = {
    ...budget.value,
    status: {
      ...status,
      ...(conditions && { conditions }),
      disruptionsAllowed: left,
      disruptedPods: { ...status.disruptedPods, [pod.metadata.name]: stamp(world.now) },
    },
  }
  const because = { id: 'kubernetes/budget-charged', values: { name, left, pod: pod.metadata.name } }
  return { changes: [{ key: budget.key, value, because }] }
}

import { type Change, type Millis, millisOf, same, stamp, type World } from '../../engine'
import type { Deployment } from '../kinds/deployment'
import type { Condition } from '../kinds/meta'
import type { ReplicaSet } from '../kinds/replicaset'
import { positive } from './counts'

const sum = (sets: readonly ReplicaSet[], of: (rs: ReplicaSet) => number | undefined) =>
  sets.reduce((n, rs) => n + (of(rs) ?? 0), 0)

/** Rolled out: every replica is of the new template and available, none of an old one is left. */
export function complete(deployment: Deployment, status: Deployment['status'] = deployment.status): boolean {
  const wanted = deployment.spec.replicas
  return (
    (status.updatedReplicas ?? 0) === wanted &&
    (status.replicas ?? 0) === wanted &&
    (status.availableReplicas ?? 0) === wanted &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  )
}

/** Something moved forward between two counts. After DeploymentProgressing. */
export function progressed(before: Deployment['status'], after: Deployment['status']): boolean {
  const old = (status: Deployment['status']) => (status.replicas ?? 0) - (status.updatedReplicas ?? 0)
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  )
}

/** The status as it should be now; undefined: as it is. `note`: a ReplicaSet was made or found. After sync.go and progress.go. */
export function deploymentStatus(
  head: Change<Deployment>,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
  note: string | undefined,
  maxUnavailable: number,
  world: World,
): Deployment['status'] | undefined {
  const deployment = head.value
  const all = current ? [...old, current] : old
  const replicas = sum(all, (rs) => rs.status.replicas)
  const available = sum(all, (rs) => rs.status.availableReplicas)
  const unavailable = Math.max(0, sum(all, (rs) => rs.spec.replicas) - available)
  const counted: Deployment['status'] = {
    ...(deployment.metadata.generation === undefined ? {} : { observedGeneration: deployment.metadata.generation }),
    ...positive({
      replicas,
      updatedReplicas: current?.status.replicas ?? 0,
      readyReplicas: sum(all, (rs) => rs.status.readyReplicas),
      availableReplicas: available,
      unavailableReplicas: unavailable,
      terminatingReplicas: sum(all, (rs) => rs.status.terminatingReplicas),
    }),
    ...(deployment.status.collisionCount === undefined ? {} : { collisionCount: deployment.status.collisionCount }),
  }
  const enough = available >= deployment.spec.replicas - maxUnavailable
  let conditions = put(
    deployment.status.conditions ?? [],
    {
      type: 'Available',
      status: enough ? 'True' : 'False',
      reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: `Deployment ${enough ? 'has' : 'does not have'} minimum availability.`,
    },
    world.now,
  )
  conditions = progress(deployment, counted, current, note, conditions, world.now)
  const failure = (current ? [current, ...old] : old)
    .flatMap((rs) => rs.status.conditions ?? [])
    .find(({ type }) => type === 'ReplicaFailure')
  conditions = failure
    ? put(conditions, failure, world.now)
    : conditions.filter(({ type }) => type !== 'ReplicaFailure')
  const next: Deployment['status'] = { ...counted, ...(conditions.length > 0 ? { conditions } : {}) }
  return same(next, deployment.status) ? undefined : next
}

function progress(
  deployment: Deployment,
  counted: Deployment['status'],
  current: ReplicaSet | undefined,
  note: string | undefined,
  conditions: readonly Condition[],
  now: Millis,
): readonly Condition[] {
  const about = current ? `ReplicaSet "${current.metadata.name}"` : `Deployment "${deployment.metadata.name}"`
  const present = conditions.find((c) => c.type === 'Progressing')
  const set = (status: Condition['status'], reason: string, message: string, force = false) =>
    put(conditions, { type: 'Progressing', status, reason, message }, now, force)
  if (deployment.spec.paused) {
    return present?.reason === 'DeploymentPaused'
      ? conditions
      : set('Unknown', 'DeploymentPaused', 'Deployment is paused')
  }
  if (present?.reason === 'DeploymentPaused') return set('Unknown', 'DeploymentResumed', 'Deployment is resumed')
  if (note?.startsWith('Created')) return set('True', 'NewReplicaSetCreated', note)
  const settled =
    present?.reason === 'NewReplicaSetAvailable' && (counted.replicas ?? 0) === (counted.updatedReplicas ?? 0)
  if (settled) return conditions
  if (complete(deployment, counted))
    return set('True', 'NewReplicaSetAvailable', `${about} has successfully progressed.`)
  if (progressed(deployment.status, counted)) return set('True', 'ReplicaSetUpdated', `${about} is progressing.`, true)
  if (timedOut(deployment, present, now))
    return set('False', 'ProgressDeadlineExceeded', `${about} has timed out progressing.`)
  if (!present && note) return set('True', 'FoundNewReplicaSet', note)
  return conditions
}

const NEVER = 2_147_483_647

/** No progress for progressDeadlineSeconds. */
export function timedOut(deployment: Deployment, condition: Condition | undefined, now: Millis): boolean {
  const { progressDeadlineSeconds } = deployment.spec
  if (!condition || progressDeadlineSeconds >= NEVER || condition.reason === 'NewReplicaSetAvailable') return false
  if (condition.reason === 'ProgressDeadlineExceeded') return true
  const since = millisOf(condition.lastUpdateTime ?? condition.lastTransitionTime) ?? now
  return now >= since + progressDeadlineSeconds * 1000
}

/** When the deadline has to be looked at again: a second after it, as the controller does. */
export function progressDue(deployment: Deployment, now: Millis): Millis | undefined {
  const condition = deployment.status.conditions?.find((c) => c.type === 'Progressing')
  if (
    !condition ||
    deployment.spec.paused ||
    condition.reason === 'NewReplicaSetAvailable' ||
    condition.reason === 'ProgressDeadlineExceeded'
  )
    return undefined
  if (deployment.spec.progressDeadlineSeconds >= NEVER) return undefined
  const since = millisOf(condition.lastUpdateTime ?? condition.lastTransitionTime) ?? now
  return Math.max(1000, since + deployment.spec.progressDeadlineSeconds * 1000 + 1000 - now)
}

/** A condition of equal status and reason is left alone, unless forced; one whose status is equal keeps its transition time. Others move to the end. */
function put(conditions: readonly Condition[], next: Condition, now: Millis, force = false): readonly Condition[] {
  const present = conditions.find((c) => c.type === next.type)
  if (present && present.status === next.status && present.reason === next.reason && !force) return conditions
  const time = stamp(now)
  const transition = present?.status === next.status ? present.lastTransitionTime : time
  return [
    ...conditions.filter((c) => c.type !== next.type),
    { ...next, lastUpdateTime: time, lastTransitionTime: transition },
  ]
}

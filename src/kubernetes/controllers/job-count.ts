import type { Change, Millis } from '../../engine'
import { indexesBelow } from '../api/index-ranges'
import { COMPLETION_INDEX, type Job } from '../kinds/job'
import type { Pod } from '../kinds/pod'
import { type FailureRow, failureRow, finishedAt } from './job-backoff'
import { judgeFailure } from './job-policy'
import { active, podReady } from './pods'

export const TRACKING = 'batch.kubernetes.io/job-tracking'
export const INDEX_FAILURES = 'batch.kubernetes.io/job-index-failure-count'
export const INDEX_IGNORED = 'batch.kubernetes.io/job-index-ignored-failure-count'

/** What a Job's pods come to. */
export interface Count {
  readonly active: readonly Change<Pod>[]
  readonly ready: number
  readonly terminating: number
  /** Pods that have ended and are not in the status yet. */
  readonly fresh: readonly Change<Pod>[]
  readonly succeeded: number
  readonly failed: number
  /** Only where the Job is indexed. */
  readonly done: ReadonlySet<number>
  readonly givenUp: ReadonlySet<number>
  /** The reason that a rule of its podFailurePolicy gives for the Job to fail. */
  readonly failure?: string
  readonly row: FailureRow
}

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed'

export function indexOf({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[COMPLETION_INDEX]
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

export const tracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(TRACKING) ?? false

/** A pod that is being deleted counts as failed, unless only ended ones are to be replaced. After isPodFailed. */
export function isFailed({ spec }: Job, { status, metadata }: Pod): boolean {
  if (status.phase === 'Failed') return true
  if (spec.podReplacementPolicy === 'Failed') return false
  return metadata.deletionTimestamp !== undefined && status.phase !== 'Succeeded'
}

const terminating = ({ status, metadata }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined && status.phase !== 'Succeeded' && status.phase !== 'Failed'

/** After syncJob and trackJobStatusAndRemoveFinalizers. */
export function countPods(job: Job, pods: readonly Change<Pod>[]): Count {
  const { spec, status } = job
  const indexed = isIndexed(job)
  const within = (pod: Pod) => !indexed || (indexOf(pod) ?? Number.POSITIVE_INFINITY) < (spec.completions ?? 0)
  const done = indexesBelow(status.completedIndexes, spec.completions ?? 0)
  const givenUp = indexesBelow(status.failedIndexes, spec.completions ?? 0)
  const fresh: Change<Pod>[] = []
  const times = { succeeded: [] as Millis[], failed: [] as Millis[] }
  let [succeeded, failed] = [status.succeeded ?? 0, status.failed ?? 0]
  let failure: string | undefined
  for (const pod of pods) {
    const ended = pod.value.status.phase === 'Succeeded'
    const broken = !ended && isFailed(job, pod.value)
    if (!ended && !broken) continue
    const isNew = tracked(pod.value)
    const judgement = broken ? judgeFailure(job, pod.value) : undefined
    if (ended) times.succeeded.push(finishedAt(pod.value))
    else if (judgement?.action !== 'Ignore') times.failed.push(finishedAt(pod.value))
    if (!isNew) continue
    fresh.push(pod)
    if (!within(pod.value)) continue
    if (ended) {
      succeeded++
      if (indexed) done.add(indexOf(pod.value)!)
    } else if (judgement?.action === 'FailJob') {
      failure ??= judgement.message
      failed++
    } else if (judgement?.action !== 'Ignore') failed++
    if (broken && indexed && spec.backoffLimitPerIndex !== undefined && spentIndex(job, pod.value))
      givenUp.add(indexOf(pod.value)!)
  }
  for (const index of done) givenUp.delete(index)
  const living = pods.filter(({ value }) => active(value))
  return {
    active: living,
    ready: living.filter(({ value }) => podReady(value)).length,
    terminating: pods.filter(({ value }) => terminating(value)).length,
    fresh,
    succeeded: indexed ? done.size : succeeded,
    failed,
    done,
    givenUp,
    ...(failure === undefined ? {} : { failure }),
    row: failureRow(times.succeeded, times.failed),
  }
}

/** Whether a failed pod was its index's last chance. */
function spentIndex(job: Job, pod: Pod): boolean {
  if (judgeFailure(job, pod).action === 'FailIndex') return true
  return indexFailures(job, pod).counted > job.spec.backoffLimitPerIndex!
}

/** How often an index has failed, a failed pod of it included: each pod bears the count of those before it. */
export function indexFailures(job: Job, pod: Pod): { readonly counted: number; readonly ignored: number } {
  const before = (key: string) => Number(pod.metadata.annotations?.[key] ?? 0) || 0
  const ignored = judgeFailure(job, pod).action === 'Ignore'
  return { counted: before(INDEX_FAILURES) + (ignored ? 0 : 1), ignored: before(INDEX_IGNORED) + (ignored ? 1 : 0) }
}

/** Containers that start again by themselves count too: with restartPolicy OnFailure the sum of their restarts. After pastBackoffLimitOnFailure. */
export function restartedTooOften({ spec }: Job, pods: readonly Change<Pod>[]): boolean {
  if (spec.template.spec.restartPolicy !== 'OnFailure') return false
  let restarts = 0
  for (const { value } of pods) {
    const { phase, initContainerStatuses = [], containerStatuses = [] } = value.status
    if (phase !== 'Running' && phase !== 'Pending') continue
    for (const { restartCount } of [...initContainerStatuses, ...containerStatuses]) restarts += restartCount
  }
  return spec.backoffLimit === 0 ? restarts > 0 : restarts >= spec.backoffLimit
}

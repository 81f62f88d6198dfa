import { parseRfc3339 } from '../../../engine/time'
import { humanDuration, printLabelSelector } from '../../../kubernetes'
import type { Run } from '../command'
import { eventsAbout, writeEvents } from './events'
import { writeTemplate } from './template'
import { controllerOf, rfc1123, title, Writer, writeAnnotations, writeLabels } from './writer'

const LONGEST_INDEXES = 50

export function describeJob(run: Run, job: any): string {
  const w = new Writer()
  const { metadata, spec, status = {} } = job
  w.write(0, `Name:\t${metadata.name}`)
  w.write(0, `Namespace:\t${metadata.namespace}`)
  w.write(0, `Selector:\t${printLabelSelector(spec.selector)}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  const controller = controllerOf(metadata)
  if (controller) w.write(0, `Controlled By:\t${controller}`)
  if (spec.parallelism !== undefined) w.write(0, `Parallelism:\t${spec.parallelism}`)
  w.write(0, `Completions:\t${spec.completions ?? '<unset>'}`)
  if (spec.completionMode !== undefined) w.write(0, `Completion Mode:\t${spec.completionMode}`)
  if (spec.suspend !== undefined) w.write(0, `Suspend:\t${spec.suspend}`)
  if (spec.backoffLimit !== undefined) w.write(0, `Backoff Limit:\t${spec.backoffLimit}`)
  if (spec.ttlSecondsAfterFinished !== undefined)
    w.write(0, `TTL Seconds After Finished:\t${spec.ttlSecondsAfterFinished}`)
  if (status.startTime) w.write(0, `Start Time:\t${rfc1123(status.startTime)}`)
  if (status.completionTime) w.write(0, `Completed At:\t${rfc1123(status.completionTime)}`)
  if (status.startTime && status.completionTime)
    w.write(0, `Duration:\t${humanDuration(parseRfc3339(status.completionTime)! - parseRfc3339(status.startTime)!)}`)
  if (spec.activeDeadlineSeconds !== undefined) w.write(0, `Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`)
  const ready = status.ready === undefined ? '' : ` (${status.ready} Ready)`
  w.write(
    0,
    `Pods Statuses:\t${status.active ?? 0} Active${ready} / ${status.succeeded ?? 0} Succeeded / ${status.failed ?? 0} Failed`,
  )
  if (spec.completionMode === 'Indexed')
    w.write(0, `Completed Indexes:\t${shortIndexes(status.completedIndexes ?? '')}`)
  writeTemplate(w, spec.template)
  writeEvents(w, eventsAbout(run, job), run.call.now)
  return w.aligned
}

/** At most fifty characters of `0-2,5,…`, cut at a comma. */
function shortIndexes(indexes: string): string {
  if (indexes === '') return '<none>'
  if (indexes.length <= LONGEST_INDEXES) return indexes
  const cut = indexes.slice(0, LONGEST_INDEXES + 1).lastIndexOf(',')
  return `${indexes.slice(0, cut < 0 ? LONGEST_INDEXES : cut)},...`
}

export function describeCronJob(run: Run, cron: any): string {
  const w = new Writer()
  const { metadata, spec, status = {} } = cron
  const or = (value: unknown, unit = '') => (value === undefined ? '<unset>' : `${String(value)}${unit}`)
  w.write(0, `Name:\t${metadata.name}`)
  w.write(0, `Namespace:\t${metadata.namespace}`)
  writeLabels(w, 'Labels', metadata.labels)
  writeAnnotations(w, 'Annotations', metadata.annotations)
  w.write(0, `Schedule:\t${spec.schedule}`)
  w.write(0, `Concurrency Policy:\t${spec.concurrencyPolicy}`)
  w.write(0, `Suspend:\t${title(spec.suspend)}`)
  w.write(0, `Successful Job History Limit:\t${or(spec.successfulJobsHistoryLimit)}`)
  w.write(0, `Failed Job History Limit:\t${or(spec.failedJobsHistoryLimit)}`)
  w.write(0, `Starting Deadline Seconds:\t${or(spec.startingDeadlineSeconds, 's')}`)
  const job = spec.jobTemplate?.spec ?? {}
  w.write(0, `Selector:\t${job.selector ? printLabelSelector(job.selector) : '<unset>'}`)
  w.write(0, `Parallelism:\t${or(job.parallelism)}`)
  w.write(0, `Completions:\t${or(job.completions)}`)
  if (job.activeDeadlineSeconds !== undefined) w.write(0, `Active Deadline Seconds:\t${job.activeDeadlineSeconds}s`)
  writeTemplate(w, job.template)
  w.write(0, `Last Schedule Time:\t${status.lastScheduleTime ? rfc1123(status.lastScheduleTime) : '<unset>'}`)
  const active: readonly { readonly name: string }[] = status.active ?? []
  w.write(0, `Active Jobs:\t${active.length === 0 ? '<none>' : active.map(({ name }) => name).join(', ')}`)
  writeEvents(w, eventsAbout(run, cron), run.call.now)
  return w.aligned
}

import { LAB_EPOCH, parseRfc3339, rfc3339 } from '../../../src/engine/time'
import { parseSchedule } from '../../../src/kubernetes/api/cron'
import { type CronState, cronDecision, mostRecent, untilNext } from '../../../src/kubernetes/controllers/cron-times'
import { failureRow, finishedAt, remainingBackoff } from '../../../src/kubernetes/controllers/job-backoff'
import { type Adapter, type Case, differs } from '../adapter'

const epoch = (time: string | null | undefined) => (time ? parseRfc3339(time) : undefined)
const written = (time: number | undefined) => (time === undefined ? null : rfc3339(time))

const stateOf = (row: Case): CronState => ({
  created: epoch(row['creationTimestamp'])!,
  last: epoch(row['lastScheduleTime']),
  now: epoch(row['now'])!,
  active: row['jobStillActive'] ? 1 : 0,
  deadlineSeconds: row['startingDeadlineSeconds'] ?? undefined,
})

function schedule(row: Case): string | undefined {
  const parsed = parseSchedule(row['schedule'], undefined)
  if ('error' in parsed) return parsed.error
  const state = stateOf(row)
  if (row.op === 'nextScheduleTimeDuration')
    return differs(untilNext(state, parsed.schedule), row['expectSeconds'] * 1000 + row['plusDeltaMilliseconds'])
  if (row.op !== 'mostRecentScheduleTime') return `unknown op ${row.op}`
  const { earliest, time, missed } = mostRecent(state, parsed.schedule, row['includeStartingDeadline'])
  return differs(
    { recent: written(time), earliest: written(earliest), missed },
    { recent: row['expectMostRecent'], earliest: row['expectEarliest'], missed: row['expectMissed'] },
  )
}

function cronSync(row: Case): string | undefined {
  const { concurrencyPolicy, suspend, schedule: text, timeZone } = row as any
  const state = stateOf(row)
  const { events, start, replace, again } = cronDecision(
    { concurrencyPolicy, suspend, schedule: text, timeZone: timeZone ?? undefined } as any,
    state,
  )
  const create = start !== undefined
  return differs(
    {
      create,
      replace,
      active: (replace ? 0 : state.active) + (create ? 1 : 0),
      warnings: events.filter(([type]) => type === 'Warning').length,
      again: again !== undefined,
    },
    {
      create: row['expectCreate'],
      replace: row['expectDeleteActive'],
      active: row['expectActive'],
      warnings: row['expectWarnings'],
      again: row['expectRequeueAtNextRun'],
    },
  )
}

/** An instant in the middle of time: rows are relative to it. */
const NOW = 1_000_000_000
const at = (seconds: number) => rfc3339(LAB_EPOCH + NOW + seconds * 1000)

function backoff(row: Case): string | undefined {
  switch (row.op) {
    case 'failures-after-last-success': {
      const before = { failures: row['previousCount'] as number }
      const { failures, last } = failureRow(row['succeededAtMs'], row['failedAtMs'], before)
      return differs([failures, last ?? null], [row['expectCount'], row['expectLastFailureMs']])
    }
    case 'remaining-backoff': {
      const since = row['secondsSinceLastFailure']
      const state = { failures: row['failures'], ...(since === null ? {} : { last: NOW - since * 1000 }) }
      const millis = remainingBackoff(state, NOW, row['defaultBackoffSeconds'] * 1000, row['maxBackoffSeconds'] * 1000)
      return differs(millis, row['expectSeconds'] * 1000)
    }
    case 'pod-finish-time': {
      const statuses = row['containers'].map(({ terminatedAt, running }: any) => ({
        state: running
          ? { running: {} }
          : { terminated: terminatedAt === null ? {} : { finishedAt: at(terminatedAt) } },
      }))
      const ready = row['readyCondition']
      const pod: any = {
        metadata: row['deletionTimestamp'] === undefined ? {} : { deletionTimestamp: at(row['deletionTimestamp']) },
        status: {
          containerStatuses: statuses,
          conditions: ready
            ? [{ type: 'Ready', status: ready.status, lastTransitionTime: at(ready.lastTransitionTime) }]
            : [],
        },
      }
      return differs(finishedAt(pod) - NOW, row['expect'] * 1000)
    }
  }
  return `unknown op ${row.op}`
}

export const batchTables: readonly Adapter[] = [
  { table: '14-cronjob-schedule', judge: schedule },
  { table: '29-job-backoff', judge: backoff },
  { table: '36-cronjob-sync', judge: cronSync },
]

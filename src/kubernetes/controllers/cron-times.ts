import { dateParts } from '../../engine/time'
import type { Schedule } from '../api/cron'
import { parseSchedule, zoneExists } from '../api/cron'
import type { CronJob } from '../kinds/cronjob'

/** A little after the time itself, so that it has surely come. */
const DELTA_MILLIS = 100
const MANY = 100
const MOST_STEPS = 10_000

/** Times are milliseconds since 1970. */
export interface CronState {
  readonly created: number
  readonly last?: number | undefined
  readonly now: number
  /** Jobs that run. */
  readonly active: number
  readonly deadlineSeconds?: number | undefined
}

export interface Recent {
  /** From when on starts are looked for. */
  readonly earliest: number
  /** The newest time that has come since. */
  readonly time?: number
  readonly missed: 'none' | 'few' | 'many'
  readonly error?: string
}

/** The newest start that is due, and how many were missed on the way to it. After mostRecentScheduleTime in cronjob/utils.go. */
export function mostRecent(state: CronState, schedule: Schedule, withDeadline: boolean): Recent {
  const { created, last, now, deadlineSeconds } = state
  const since = last ?? created
  const earliest = withDeadline && deadlineSeconds !== undefined ? Math.max(since, now - deadlineSeconds * 1000) : since
  const first = schedule.next(earliest)
  const second = first === undefined ? undefined : schedule.next(first)
  if (first === undefined || second === undefined)
    return { earliest, missed: 'none', error: 'time difference between two schedules is less than 1 second' }
  if (now < first) return { earliest, missed: 'none' }
  if (now < second) return { earliest, time: first, missed: 'none' }
  const gap = Math.round((second - first) / 1000)
  const count = Math.floor((now - first) / 1000 / gap) + 1
  let time: number | undefined
  // the gap may vary: from one gap before the last by the first gap, step by step
  let at = schedule.next(first + (count - 2) * gap * 1000)
  for (let i = 0; i < MOST_STEPS && at !== undefined && at <= now; i++) {
    time = at
    at = schedule.next(at)
  }
  const missed = count > MANY ? 'many' : 'few'
  return { earliest, missed, ...(time === undefined ? {} : { time }) }
}

/** How long until the next start may be due; undefined: it never is. After nextScheduleTimeDuration. */
export function untilNext(state: CronState, schedule: Schedule): number | undefined {
  const { earliest, time, missed, error } = mostRecent(state, schedule, false)
  const from = error !== undefined ? state.now : (time ?? (missed === 'none' ? earliest : state.now))
  const next = schedule.next(from)
  return next === undefined ? undefined : Math.max(0, next + DELTA_MILLIS - state.now)
}

export interface CronDecision {
  readonly events: readonly (readonly [type: 'Normal' | 'Warning', reason: string, message: string])[]
  /** A Job is to be started for this time. */
  readonly start?: number
  /** The Jobs that run are to be deleted first. */
  readonly replace: boolean
  /** When to look again. */
  readonly again?: number | undefined
}

/** What is to be done for a CronJob now. `known`: whether the Job of a time is there already. After syncCronJob. */
export function cronDecision(
  { schedule: text, timeZone, suspend, concurrencyPolicy }: CronJob['spec'],
  state: CronState,
  known: (time: number) => boolean = () => false,
): CronDecision {
  const warn = (reason: string, message: string): CronDecision => ({
    events: [['Warning', reason, message]],
    replace: false,
  })
  if (timeZone !== undefined && !zoneExists(timeZone))
    return warn('UnknownTimeZone', `invalid timeZone: ${JSON.stringify(timeZone)}: unknown time zone ${timeZone}`)
  if (suspend) return { events: [], replace: false }
  const parsed = parseSchedule(text, timeZone)
  if ('error' in parsed)
    return warn('UnparseableSchedule', `unparseable schedule: ${JSON.stringify(text)} : ${parsed.error}`)
  const { schedule } = parsed
  const { time, missed, error } = mostRecent(state, schedule, true)
  const again = untilNext(state, schedule)
  if (error !== undefined) return { ...warn('InvalidSchedule', `invalid schedule schedule: ${text} : ${error}`), again }
  if (time === undefined) return { events: [], replace: false, again }
  const events: [type: 'Normal' | 'Warning', reason: string, message: string][] = []
  if (missed === 'many')
    events.push([
      'Warning',
      'TooManyMissedTimes',
      'too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew',
    ])
  const { deadlineSeconds, now, last, active } = state
  if (deadlineSeconds !== undefined && time + deadlineSeconds * 1000 < now) {
    events.push(['Warning', 'MissSchedule', `Missed scheduled time to start a job: ${rfc1123z(time)}`])
    return { events, replace: false, again }
  }
  if (known(time) || last === time) return { events, replace: false, again }
  if (concurrencyPolicy === 'Forbid' && active > 0) {
    events.push([
      'Normal',
      'JobAlreadyActive',
      'Not starting job because prior execution is running and concurrency policy is Forbid',
    ])
    return { events, replace: false, again }
  }
  // what follows is counted from this start on
  const after = untilNext({ ...state, last: time }, schedule)
  return { events, start: time, replace: concurrencyPolicy === 'Replace' && active > 0, again: after }
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Thu, 19 May 2016 10:00:00 +0000` */
function rfc1123z(epoch: number): string {
  const { year, month, day, hour, minute, second, weekday } = dateParts(epoch)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${DAYS[weekday]}, ${two(day)} ${MONTHS[month - 1]} ${year} ${two(hour)}:${two(minute)}:${two(second)} +0000`
}

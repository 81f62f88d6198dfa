import type { Millis } from './json'

/** Simulated time 0 is this instant: 2025-01-15T09:00:00Z, in milliseconds since 1970. */
export const LAB_EPOCH = 1_736_931_600_000

const pad = (n: number, width = 2) => String(n).padStart(width, '0')

/** Days since 1970-01-01 → [year, month 1–12, day 1–31] in the Gregorian calendar (after Hinnant's civil_from_days). */
function civil(days: number): [year: number, month: number, day: number] {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * ofYear + 2) / 153)
  const day = ofYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day]
}

function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const ofEra = shifted - era * 400
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

export interface DateParts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millis: number
  /** 0 is Sunday. */
  readonly weekday: number
}

/** UTC calendar parts of milliseconds since 1970. */
export function dateParts(epoch: number): DateParts {
  const days = Math.floor(epoch / 86_400_000)
  const ofDay = epoch - days * 86_400_000
  const [year, month, day] = civil(days)
  return {
    year,
    month,
    day,
    hour: Math.floor(ofDay / 3_600_000),
    minute: Math.floor(ofDay / 60_000) % 60,
    second: Math.floor(ofDay / 1000) % 60,
    millis: ofDay % 1000,
    weekday: (((days + 4) % 7) + 7) % 7,
  }
}

/** Milliseconds since 1970 of UTC calendar parts. */
export function epochOfDate(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  millis = 0,
): number {
  return daysOf(year, month, day) * 86_400_000 + hour * 3_600_000 + minute * 60_000 + second * 1000 + millis
}

/** `2025-01-15T09:00:07Z`: whole seconds, as the Kubernetes API writes times. */
export function rfc3339(epoch: number): string {
  const second = Math.floor(epoch / 1000)
  let text = writtenSeconds.get(second)
  if (text === undefined) {
    if (writtenSeconds.size >= MOST_REMEMBERED) writtenSeconds.clear()
    text = written(epoch)
    writtenSeconds.set(second, text)
  }
  return text
}

/** Seconds that have been written: most calls ask for one of them again. */
const writtenSeconds = new Map<number, string>()
const MOST_REMEMBERED = 500

function written(epoch: number): string {
  const d = dateParts(epoch)
  return `${pad(d.year, 4)}-${pad(d.month)}-${pad(d.day)}T${pad(d.hour)}:${pad(d.minute)}:${pad(d.second)}Z`
}

/** `2025-01-15T09:00:07.120000Z`, as Kubernetes' MicroTime. */
export function rfc3339Micro(epoch: number): string {
  return `${rfc3339(epoch).slice(0, -1)}.${pad(dateParts(epoch).millis, 3)}000Z`
}

/** Milliseconds since 1970 of an RFC 3339 time, or undefined where it is none. */
export function parseRfc3339(text: string): number | undefined {
  if (text !== lastParsed) {
    lastEpoch = parsed(text)
    lastParsed = text
  }
  return lastEpoch
}

/** The text read last: most calls ask for it again. */
let lastParsed = ''
let lastEpoch: number | undefined

function parsed(text: string): number | undefined {
  const m = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/.exec(text)
  if (!m) return undefined
  const [, year, month, day, hour, minute, second, fraction, sign, offsetHour, offsetMinute] = m
  const millis = fraction === undefined ? 0 : Number(`${fraction}000`.slice(0, 3))
  const base = epochOfDate(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    millis,
  )
  const offset = sign === undefined ? 0 : (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000
  return sign === '-' ? base + offset : base - offset
}

/** The UTC time now, as the API writes it. */
export const stamp = (now: Millis): string => rfc3339(LAB_EPOCH + now)

/** The simulated millisecond of an API time; undefined where there is none. */
export function millisOf(time: string | undefined): Millis | undefined {
  const epoch = time === undefined ? undefined : parseRfc3339(time)
  return epoch === undefined ? undefined : epoch - LAB_EPOCH
}

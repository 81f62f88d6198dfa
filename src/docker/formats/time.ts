import { dateParts, hash32, LAB_EPOCH, type Millis, parseRfc3339, rfc3339 } from '../../engine'
import { parseGoDuration } from './duration'

/** Simulated time is whole milliseconds; the digits below them come from what the time is of, and its number among those of an instant. */
function fraction(at: Millis, of: string, n: number | undefined): string {
  const millis = String(dateParts(LAB_EPOCH + at).millis).padStart(3, '0')
  const below = hash32(`${of} ${at}`) % 1_000_000
  const digits = n === undefined ? below : (n % 1000) * 1000 + (below % 1000)
  return `${millis}${String(digits).padStart(6, '0')}`
}

/** `2025-01-15T09:00:07.120003417Z`: nine digits, as logs and events have them. */
export const nanoTime = (at: Millis, of: string, n?: number): string =>
  `${rfc3339(LAB_EPOCH + at).slice(0, -1)}.${fraction(at, of, n)}Z`

/** As the API has it: no zeros at the end. */
export const apiTime = (at: Millis | undefined, of: string): string =>
  at === undefined ? '0001-01-01T00:00:00Z' : nanoTime(at, of).replace(/\.?0+Z$/, 'Z')

/** Seconds since 1970. */
export const unixTime = (at: Millis): number => Math.floor((LAB_EPOCH + at) / 1000)

/** `2025-01-15 09:00:07 +0000 UTC` */
export const goTime = (at: Millis): string =>
  `${rfc3339(LAB_EPOCH + at)
    .replace('T', ' ')
    .replace('Z', '')} +0000 UTC`

/** `--since`: a time, seconds since 1970, or so long ago; undefined: none of these. */
export function momentOf(text: string, now: Millis): Millis | undefined {
  const ago = parseGoDuration(text)
  if (ago !== undefined && !/^\d+$/.test(text)) return now - ago
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000 - LAB_EPOCH
  const full = /^\d{4}-\d\d-\d\d$/.test(text)
    ? `${text}T00:00:00Z`
    : /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?$/.test(text)
      ? `${text.length === 16 ? `${text}:00` : text}Z`
      : text
  const epoch = parseRfc3339(full)
  return epoch === undefined ? undefined : epoch - LAB_EPOCH
}

import type { Millis } from '../../engine'

const UNITS: Readonly<Record<string, number>> = { ms: 1, '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of `60s`, `5m`, `1m30s`, `500ms` or a bare number of seconds; undefined: it is no duration. */
export function durationMillis(text: string): Millis | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d)?)+$/.test(text)) return undefined
  let millis = 0
  for (const [, number, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)?/g))
    millis += Number(number) * UNITS[unit]!
  return Math.round(millis)
}

const pad = (n: number): string => String(n).padStart(2, '0')

/** `6:05.9`, `1:02:03.0`: time since the lab was handed over; its past has a minus. */
export function clockOf(millis: Millis): string {
  const tenths = Math.floor(Math.abs(millis) / 100)
  const seconds = Math.floor(tenths / 10)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const rest = `${pad(seconds % 60)}.${tenths % 10}`
  return `${millis < 0 ? '-' : ''}${hours > 0 ? `${hours}:${pad(minutes)}` : minutes}:${rest}`
}

/** `3.2 s`, `1 min 05 s`: how long something took. */
export function tookOf(millis: Millis): string {
  if (millis < 1000) return `${millis} ms`
  if (millis < 60_000) return `${(millis / 1000).toFixed(1)} s`
  return `${Math.floor(millis / 60_000)} min ${pad(Math.floor(millis / 1000) % 60)} s`
}

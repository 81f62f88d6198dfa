/** How long something lasted, in the words of kubectl's AGE column (duration.HumanDuration). */
export function humanDuration(millis: number): string {
  const seconds = Math.trunc(millis / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.trunc(seconds / 60)
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.trunc(minutes / 60)
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  if (hours < 192) return withRest(Math.trunc(hours / 24), 'd', hours % 24, 'h')
  const days = Math.trunc(hours / 24)
  if (days < 730) return `${days}d`
  const years = Math.trunc(days / 365)
  if (years < 8) return withRest(years, 'y', days % 365, 'd')
  return `${years}y`
}

const withRest = (whole: number, unit: string, rest: number, smaller: string) =>
  rest === 0 ? `${whole}${unit}` : `${whole}${unit}${rest}${smaller}`

/** One unit only (duration.ShortHumanDuration). */
export function shortHumanDuration(millis: number): string {
  const seconds = Math.trunc(millis / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return `${Math.trunc(seconds / 60)}m`
  if (seconds < 86_400) return `${Math.trunc(seconds / 3600)}h`
  if (seconds < 31_536_000) return `${Math.trunc(seconds / 86_400)}d`
  return `${Math.trunc(seconds / 31_536_000)}y`
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** Milliseconds of a Go duration (`1h30m`, `1.5s`, `0`), or undefined. */
export function parseDuration(text: string): number | undefined {
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+|0)$/.exec(text)
  if (!match) return undefined
  let millis = 0
  for (const [, number, unit] of match[2]!.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)) {
    millis += Number(number) * UNITS[unit!]!
  }
  return match[1] === '-' ? -millis : millis
}

/** Go's time.Duration.String(): `1m30s`, `1h0m0s`, `500ms`. */
export function printDuration(millis: number): string {
  if (millis === 0) return '0s'
  const sign = millis < 0 ? '-' : ''
  const size = millis < 0 ? -millis : millis
  if (size < 1000) return size < 1 ? `${sign}${trimmed(size * 1000)}µs` : `${sign}${trimmed(size)}ms`
  const hours = Math.floor(size / 3_600_000)
  const minutes = Math.floor(size / 60_000) % 60
  const seconds = trimmed((size % 60_000) / 1000)
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}s`
  return minutes > 0 ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`
}

const trimmed = (n: number) => String(Math.round(n * 1e6) / 1e6)

import type { Millis } from '../../engine'

/** A health check as the engine keeps it: times in milliseconds, 0 for the default. */
export interface Healthcheck {
  /** `['CMD', …]`, `['CMD-SHELL', text]`, `['NONE']` */
  readonly Test: readonly string[]
  readonly Interval: Millis
  readonly Timeout: Millis
  readonly StartPeriod: Millis
  readonly StartInterval: Millis
  readonly Retries: number
}

export interface HealthResult {
  readonly start: Millis
  readonly end: Millis
  readonly exitCode: number
  readonly output: string
}

export interface Health {
  readonly status: 'starting' | 'healthy' | 'unhealthy'
  readonly failingStreak: number
  readonly log: readonly HealthResult[]
}

const DEFAULTS = { Interval: 30_000, Timeout: 30_000, StartPeriod: 0, StartInterval: 5_000, Retries: 3 } as const
const MOST_RESULTS = 5
const LONGEST_OUTPUT = 4096

/** The check with its defaults filled in. */
export const timesOf = (check: Healthcheck) => ({
  interval: check.Interval || DEFAULTS.Interval,
  timeout: check.Timeout || DEFAULTS.Timeout,
  startPeriod: check.StartPeriod || DEFAULTS.StartPeriod,
  startInterval: check.StartInterval || DEFAULTS.StartInterval,
  retries: check.Retries || DEFAULTS.Retries,
})

export const freshHealth: Health = { status: 'starting', failingStreak: 0, log: [] }

/** From the end of a probe (or the start of the container) to the next one: shorter within the start period. */
export function nextProbeAfter(check: Healthcheck, health: Health, startedAt: Millis, now: Millis): Millis {
  const { interval, startPeriod, startInterval } = timesOf(check)
  const isBeginning = health.status === 'starting' && startPeriod > 0 && now - startedAt < startPeriod
  return isBeginning ? startInterval : interval
}

/** The health after one more result. After handleProbeResult in moby's daemon/health.go. */
export function withResult(check: Healthcheck, health: Health, result: HealthResult, startedAt: Millis): Health {
  const { retries, startPeriod } = timesOf(check)
  const cut = result.output.length > LONGEST_OUTPUT ? `${result.output.slice(0, LONGEST_OUTPUT)}...` : result.output
  const log = [...health.log, { ...result, output: cut }].slice(-MOST_RESULTS)
  if (result.exitCode === 0) return { status: 'healthy', failingStreak: 0, log }
  const isGrace = health.status === 'starting' && result.start - startedAt < startPeriod
  if (isGrace) return { ...health, log }
  const failingStreak = health.failingStreak + 1
  return { status: failingStreak >= retries ? 'unhealthy' : health.status, failingStreak, log }
}

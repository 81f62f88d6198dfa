import { flagsOf } from './flags'
import { DockerfileError, quoted } from './problem'
import { cutOnce, execForm } from './words'

/** What the image says of its health; times of 0 mean the daemon's default. */
export interface HealthTest {
  /** `['NONE']`, `['CMD', …]` or `['CMD-SHELL', text]`. */
  readonly test: readonly string[]
  readonly intervalMillis: number
  readonly timeoutMillis: number
  readonly startPeriodMillis: number
  readonly startIntervalMillis: number
  readonly retries: number
}

const NANOS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}

/** Go's ParseDuration, in nanoseconds. */
function nanoseconds(text: string): number {
  const invalid = new DockerfileError(`time: invalid duration ${quoted(text)}`)
  const negative = text.startsWith('-')
  let rest = text.replace(/^[+-]/, '')
  if (rest === '0') return 0
  if (rest === '') throw invalid
  let sum = 0
  while (rest !== '') {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0]
    if (number === undefined) throw invalid
    rest = rest.slice(number.length)
    const unit = /^[^.\d]*/.exec(rest)![0]
    if (unit === '') throw new DockerfileError(`time: missing unit in duration ${quoted(text)}`)
    if (!Object.hasOwn(NANOS, unit))
      throw new DockerfileError(`time: unknown unit ${quoted(unit)} in duration ${quoted(text)}`)
    sum += Number(number) * NANOS[unit]!
    rest = rest.slice(unit.length)
  }
  if (sum >= 2 ** 63) throw invalid
  return negative ? -sum : sum
}

function millis(name: string, value: string | undefined): number {
  if (value === undefined) return 0
  const nanos = nanoseconds(value)
  if (nanos !== 0 && nanos < 1e6) throw new DockerfileError(`Interval ${quoted(name)} cannot be less than 1ms`)
  return nanos / 1e6
}

function retriesOf(value: string | undefined): number {
  if (value === undefined) return 0
  if (!/^[+-]?\d+$/.test(value)) throw new DockerfileError(`strconv.ParseInt: parsing ${quoted(value)}: invalid syntax`)
  const retries = Number(value)
  if (Math.abs(retries) > 2 ** 31 - 1)
    throw new DockerfileError(`strconv.ParseInt: parsing ${quoted(value)}: value out of range`)
  if (retries < 0) throw new DockerfileError(`--retries cannot be negative (${retries})`)
  return retries
}

/** Reads HEALTHCHECK's flags and arguments [instructions/parse.go parseHealthcheck]. */
export function healthTest(given: readonly string[], rest: string): HealthTest {
  if (rest === '') throw new DockerfileError('HEALTHCHECK requires at least one argument')
  const [word, command = ''] = cutOnce(rest)
  const type = word.toUpperCase()
  if (type === 'NONE') {
    if (command !== '') throw new DockerfileError('HEALTHCHECK NONE takes no arguments')
    return {
      test: ['NONE'],
      intervalMillis: 0,
      timeoutMillis: 0,
      startPeriodMillis: 0,
      startIntervalMillis: 0,
      retries: 0,
    }
  }
  const flags = flagsOf(given, {
    interval: 'text',
    timeout: 'text',
    'start-period': 'text',
    'start-interval': 'text',
    retries: 'text',
  })
  if (type !== 'CMD') throw new DockerfileError(`Unknown type ${quoted(type)} in HEALTHCHECK (try CMD)`)
  const words = execForm(command)
  if (words === 'mixed' || words?.length === 0 || command === '')
    throw new DockerfileError('Missing command after HEALTHCHECK CMD')
  return {
    test: words === undefined ? ['CMD-SHELL', command] : ['CMD', ...words],
    intervalMillis: millis('interval', flags.text('interval')),
    timeoutMillis: millis('timeout', flags.text('timeout')),
    startPeriodMillis: millis('start-period', flags.text('start-period')),
    startIntervalMillis: millis('start-interval', flags.text('start-interval')),
    retries: retriesOf(flags.text('retries')),
  }
}

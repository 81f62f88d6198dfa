import type { BuildView, StepView } from '../../../docker/build/view'

/** What has been shown of a step. */
interface Shown {
  readonly number: number
  /** Statuses by their place: begun, or over. */
  readonly statuses: Readonly<Record<string, 'begun' | 'over'>>
  readonly lines: number
  readonly ended: boolean
  readonly at: number
}

/** What the printer remembers from one look to the next; plain data. */
export interface Plain {
  /** The step that was printed last and is not over; -1: none. */
  readonly current: number
  readonly shown: Readonly<Record<string, Shown>>
  readonly next: number
  readonly notFirst: boolean
}

export const freshPlain: Plain = { current: -1, shown: {}, next: 1, notFirst: true }

/** The real one looks every so often: what begins and ends in between is told once. */
export const TICK_MILLIS = 150
/** A step that has had nothing shown for so long gets its turn, though another still runs. */
const HIDDEN_MILLIS = 10_000
/** As many lines of a failed step are told again at the end. */
const MOST_AGAIN = 10

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** `1.21kB`, two decimals above bytes [tonistiigi/units]. */
export function bytesText(bytes: number): string {
  let n = bytes
  let unit = 0
  while (n >= 1000 && unit < UNITS.length - 1) {
    n /= 1000
    unit++
  }
  return unit === 0 ? `${n}B` : `${n.toFixed(2)}${UNITS[unit]}`
}

/** Of what is sent to or from the client only the bytes are told that have gone. */
export const isCounted = (text: string): boolean => /(:| files| tarball)$/.test(text)

const NOTHING: Omit<Shown, 'number'> = { statuses: {}, lines: 0, ended: false, at: 0 }

/** The seconds since a step's beginning, with as many decimals as there is room for. */
function secondsText(millis: number): string {
  const seconds = millis / 1000
  return seconds.toFixed(seconds < 10 ? 3 : seconds < 100 ? 2 : 1)
}

/** The lines that a step has printed, each with when it began; one without an end waits for it, unless the step is over. */
export function linesOf(step: StepView): readonly string[] {
  const lines: string[] = []
  let open = ''
  let since = 0
  for (const { at, text, notice } of step.logs) {
    if (notice) continue
    for (const [i, part] of text.split('\n').entries()) {
      if (i > 0) {
        lines.push(`${secondsText(since - step.startedAt)} ${open}`)
        open = ''
      }
      if (open === '') since = at
      open += part
    }
  }
  if (open !== '' && step.state !== 'running') lines.push(`${secondsText(since - step.startedAt)} ${open}`)
  return lines
}

/** Writes what is new in a build, as BuildKit's printer for files and pipes does. Models textMux of util/progress/progressui. */
export function printPlain(before: Plain, view: BuildView, print: (text: string) => void): Plain {
  let { current, next, notFirst } = before
  const shown: Record<string, Shown> = { ...before.shown }

  const isNew = (step: StepView): boolean => {
    const known = shown[step.n]
    if (!known) return true
    if (known.ended) return false
    return step.state !== 'running' || linesOf(step).length > known.lines || statusLines(step, known).lines.length > 0
  }

  const statusLines = (step: StepView, known: Omit<Shown, 'number'>) => {
    const lines: string[] = []
    const statuses: Record<string, 'begun' | 'over'> = { ...known.statuses }
    for (const [i, { text, total, startedAt, endsAt }] of step.statuses.entries()) {
      const over = step.state !== 'running' || view.now >= endsAt
      if (statuses[i] === 'over' || (!over && (statuses[i] === 'begun' || view.now < startedAt + TICK_MILLIS))) continue
      if (step.state === 'canceled' || (step.state === 'failed' && view.now < endsAt)) continue
      statuses[i] = over ? 'over' : 'begun'
      const sum = total === undefined ? '' : bytesText(total)
      const share = over ? 1 : Math.max(0, (view.now - startedAt) / Math.max(1, endsAt - startedAt))
      const size = sum === '' ? '' : isCounted(text) ? ` ${sum}` : ` ${bytesText(Math.round(total! * share))} / ${sum}`
      const millis = (over ? endsAt : view.now) - startedAt
      lines.push(`${text}${size}${millis > 10 ? ` ${(millis / 1000).toFixed(1)}s` : ''}${over ? ' done' : ''}`)
    }
    return { lines, statuses }
  }

  const show = (step: StepView) => {
    let known = shown[step.n]
    if (!known) {
      known = { ...NOTHING, number: next++ }
    }
    const { number } = known
    const say = (text: string) => print(`#${number} ${text}\n`)
    if (step.n !== current) {
      if (current >= 0) print(`#${shown[current]!.number} ...\n`)
      if (notFirst) print('\n')
      notFirst = true
      say(step.name)
    }
    const { lines, statuses } = statusLines(step, known)
    for (const line of lines) say(line)
    const printed = linesOf(step)
    for (const line of printed.slice(known.lines)) say(line)
    current = step.n
    const ended = step.state !== 'running'
    if (ended) {
      current = -1
      if (step.state === 'canceled') say('CANCELED')
      else if (step.error !== undefined) say(`ERROR: ${step.error}`)
      else if (step.cached) say('CACHED')
      else say(`DONE ${(((step.endsAt ?? step.startedAt) - step.startedAt) / 1000).toFixed(1)}s`)
    }
    shown[step.n] = { number, statuses, lines: printed.length, ended, at: view.now }
  }

  const fresh = view.steps.filter(isNew)
  const ended = fresh
    .filter(({ state }) => state !== 'running')
    .sort((a, b) => (a.n === current ? -1 : b.n === current ? 1 : (a.endsAt ?? 0) - (b.endsAt ?? 0)))
  for (const step of ended) show(step)
  const open = fresh.filter(
    ({ state, n, startedAt }) => state === 'running' && (shown[n] !== undefined || view.now - startedAt >= TICK_MILLIS),
  )
  const own = open.find(({ n }) => n === current)
  if (own) show(own)
  else if (current < 0 && open[0]) show(open[0])
  const hidden = open.find(
    ({ n, startedAt }) => n !== current && view.now - (shown[n]?.at ?? startedAt) > HIDDEN_MILLIS,
  )
  if (hidden) show(hidden)
  return { current, shown, next, notFirst }
}

/** Whether a step runs that has not been told of yet. */
export const isBehind = ({ shown }: Plain, view: BuildView): boolean =>
  view.steps.some(({ n, state }) => state === 'running' && shown[n] === undefined)

/** What follows the steps of a build that has failed: the failed steps again with the end of what they printed, and the error. */
export function failureTail(view: BuildView): string {
  const failed = view.steps.filter(({ state, error }) => state === 'failed' && error !== undefined)
  const again = failed.map((step) => {
    const lines = linesOf(step).slice(-MOST_AGAIN)
    return `------\n > ${step.name}:\n${lines.map((line) => `${line}\n`).join('')}------\n`
  })
  return `${again.join('')}${view.problem ?? 'ERROR: failed to build: failed to solve: Canceled: context canceled'}\n`
}

/** The build checks that found something, as the client tells them at its end. */
export function warningsTail({ warnings }: BuildView): string {
  if (warnings.length === 0) return ''
  const lines = warnings.map(({ rule, text, start }) => ` - ${rule}: ${text} (line ${start})\n`)
  return `\n ${warnings.length} warning${warnings.length === 1 ? '' : 's'} found (use docker --debug to expand):\n${lines.join('')}`
}

import type { BuildView, StepView } from '../../../docker/build/view'
import { bytesText, isCounted, linesOf } from './plain'

const BLUE = '\x1b[34m'
const RED = '\x1b[31m'
const YELLOW = '\x1b[33m'
const PLAIN = '\x1b[0m'
/** Of what a running step prints, so many lines are shown. */
const MOST_LINES = 6

const aligned = (left: string, right: string, width: number): string =>
  `${left.padEnd(Math.max(0, width - right.length - 1))} ${right}`

const seconds = (millis: number): string => `${((millis < 50 ? 0 : millis) / 1000).toFixed(1)}s`

function stepLines(step: StepView, now: number, width: number): string[] {
  const prefix =
    step.state === 'canceled' ? 'CANCELED ' : step.error !== undefined ? 'ERROR ' : step.cached ? 'CACHED ' : ''
  const color =
    step.state === 'running' ? '' : step.state === 'canceled' ? YELLOW : step.error !== undefined ? RED : BLUE
  const line = (name: string, status: string, millis: number, tint: string) => {
    const time = seconds(millis)
    const room = width - time.length - 6 - (status === '' ? 0 : status.length + 1)
    const left = ` => ${name.replaceAll('\t', ' ').slice(0, Math.max(12, room))}${status === '' ? '' : ` ${status}`}`
    const text = aligned(left, time, width)
    return tint === '' ? text : `${tint}${text}${PLAIN}`
  }
  const until = (endsAt: number | undefined, over: boolean) => (over ? (endsAt ?? now) : now)
  const over = step.state !== 'running'
  const own = line(`${prefix}${step.name}`, '', until(step.endsAt, over) - step.startedAt, color)
  const statuses = step.statuses
    .filter(
      ({ startedAt, endsAt }) => (over && step.error === undefined) || (now >= startedAt && (!over || endsAt <= now)),
    )
    .map(({ text, total, startedAt, endsAt }) => {
      const done = over || now >= endsAt
      const share = done ? 1 : (now - startedAt) / Math.max(1, endsAt - startedAt)
      const size = total === undefined ? '' : bytesText(total)
      const status = size === '' ? '' : isCounted(text) ? size : `${bytesText(Math.round(total! * share))} / ${size}`
      return line(`=> ${text}`, status, until(endsAt, done) - startedAt, done ? BLUE : '')
    })
  const printed = over ? [] : linesOf(step).slice(-MOST_LINES)
  return [own, ...statuses, ...printed.map((one) => ` => => # ${one.slice(one.indexOf(' ') + 1)}`.slice(0, width))]
}

/** The whole build as it stands, a line a step: what a terminal shows, drawn anew each time. Models ttyDisplay of util/progress/progressui. */
export function screenOf(view: BuildView, width: number): readonly string[] {
  const done = view.steps.filter(({ state }) => state === 'done').length
  const isOver = view.state !== 'running'
  const last = Math.max(view.startedAt, ...view.steps.map(({ endsAt = 0 }) => Math.min(endsAt, view.now)))
  const millis = (isOver ? last : view.now) - view.startedAt
  const head = `[+] Building ${(millis / 1000).toFixed(1)}s (${done}/${view.total})${isOver && done === view.total ? ' FINISHED' : ''}`
  return [aligned(head, 'docker:default', width), ...view.steps.flatMap((step) => stepLines(step, view.now, width))]
}

/** Draws over what was drawn before. */
export function redrawn(lines: readonly string[], before: number): string {
  const up = before > 0 ? `\x1b[${before}A\r` : ''
  return `${up}${lines.map((line) => `${line}\x1b[K\n`).join('')}`
}

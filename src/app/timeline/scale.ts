import type { Millis } from '../../engine'
import { words } from '../words'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const steps: readonly Millis[] = [
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  3 * MINUTE,
  5 * MINUTE,
  8 * MINUTE,
  12 * MINUTE,
  20 * MINUTE,
  30 * MINUTE,
  45 * MINUTE,
  HOUR,
  1.5 * HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
  24 * HOUR,
]

/** How much time the line shows: the next round span that leaves the present some room ahead. */
export function spanFor(now: Millis): Millis {
  const wanted = now / 0.86
  const found = steps.find((step) => step >= wanted)
  if (found !== undefined) return found
  const days = Math.ceil(wanted / (24 * HOUR))
  return days * 24 * HOUR
}

/** A time as a screen reader should say it. */
export function spokenTime(millis: Millis): string {
  const hours = Math.floor(millis / HOUR)
  const minutes = Math.floor((millis % HOUR) / MINUTE)
  const seconds = Math.floor((millis % MINUTE) / 100) / 10
  const parts: string[] = []
  const { timeline } = words
  if (hours > 0) parts.push(timeline.hours(hours))
  if (hours > 0 || minutes > 0) parts.push(timeline.minutes(minutes))
  parts.push(timeline.seconds(seconds))
  return parts.join(' ')
}

export interface WantedLabel {
  readonly x: number
  readonly width: number
  /** Of two that would overlap, the weightier is shown; of equal ones the later. */
  readonly weight: number
}

export interface PlacedLabel {
  readonly index: number
  readonly left: number
}

/** Which labels have room, in their order along the line. Pixels. */
export function fitLabels(labels: readonly WantedLabel[], right: number): PlacedLabel[] {
  const order = labels
    .map((label, index) => ({ ...label, index }))
    .sort((a, b) => b.weight - a.weight || b.index - a.index)
  const placed: (PlacedLabel & { readonly end: number })[] = []
  for (const { x, width, index } of order) {
    const left = Math.max(0, Math.min(x - 4, right - width))
    const end = left + width
    if (placed.every((other) => end + 10 <= other.left || other.end + 10 <= left)) placed.push({ index, left, end })
  }
  return placed.sort((a, b) => a.left - b.left).map(({ index, left }) => ({ index, left }))
}

import type { Millis } from '../../engine'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const steps: readonly Millis[] = [
  30 * SECOND, MINUTE, 2 * MINUTE, 3 * MINUTE, 5 * MINUTE, 8 * MINUTE, 12 * MINUTE, 20 * MINUTE, 30 * MINUTE, 45 * MINUTE,
  HOUR, 1.5 * HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 24 * HOUR,
]

/** How much time the line shows: the next round span that leaves the present some room ahead. */
export function spanFor(now: Millis): Millis {
  const wanted = now / 0.86
  const found = steps.find((step) => step >= wanted)
  if (found !== undefined) return found
  const days = Math.ceil(wanted / (24 * HOUR))
  return days * 24 * HOUR
}

/** Reads a typed time: `65` and `1:05.5` are seconds and minutes, `1:02:05` has hours, `2m30s` units. Milliseconds, or undefined. */
export function readTime(text: string): Millis | undefined {
  const words = text.trim().toLowerCase()
  const units = /^(?:(\d+(?:\.\d+)?)d)?\s*(?:(\d+(?:\.\d+)?)h)?\s*(?:(\d+(?:\.\d+)?)m)?\s*(?:(\d+(?:\.\d+)?)s)?$/.exec(words)
  if (words !== '' && units && units.slice(1).some((part) => part !== undefined)) {
    const [d, h, m, s] = units.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number]
    return Math.round((((d * 24 + h) * 60 + m) * 60 + s) * SECOND)
  }
  const parts = words.split(':')
  if (parts.length > 3 || !parts.every((part) => /^\d+(\.\d+)?$/.test(part))) return undefined
  return Math.round(parts.reduce((sum, part) => sum * 60 + Number(part), 0) * SECOND)
}

/** A time as a screen reader should say it. */
export function spokenTime(millis: Millis): string {
  const hours = Math.floor(millis / HOUR)
  const minutes = Math.floor((millis % HOUR) / MINUTE)
  const seconds = Math.floor((millis % MINUTE) / 100) / 10
  const parts: string[] = []
  const several = (n: number, unit: string) => `${n} ${unit}${n === 1 ? '' : 's'}`
  if (hours > 0) parts.push(several(hours, 'hour'))
  if (hours > 0 || minutes > 0) parts.push(several(minutes, 'minute'))
  parts.push(several(seconds, 'second'))
  return parts.join(' ')
}

export interface PlacedLabel {
  readonly index: number
  readonly left: number
  readonly shown: boolean
}

/** Which labels have room, the newest first: an older one that would run into it is left out. Pixels. */
export function fitLabels(marks: readonly { readonly x: number; readonly width: number }[], right: number): PlacedLabel[] {
  let limit = right
  const placed: PlacedLabel[] = []
  for (let index = marks.length - 1; index >= 0; index--) {
    const { x, width } = marks[index]!
    const left = Math.min(x - 4, right - width)
    const shown = left + width <= limit && left >= 0
    if (shown) limit = left - 10
    placed.unshift({ index, left, shown })
  }
  return placed
}

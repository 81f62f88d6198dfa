import type { Millis } from '../engine'

const SECOND = 1000

/** Reads a typed time: `65` and `1:05.5` are seconds and minutes, `1:02:05` has hours, `2m30s` units. Milliseconds, or undefined. */
export function readTime(text: string): Millis | undefined {
  const words = text.trim().toLowerCase()
  const units = /^(?:(\d+(?:\.\d+)?)d)?\s*(?:(\d+(?:\.\d+)?)h)?\s*(?:(\d+(?:\.\d+)?)m)?\s*(?:(\d+(?:\.\d+)?)s)?$/.exec(
    words,
  )
  if (words !== '' && units && units.slice(1).some((part) => part !== undefined)) {
    const [d, h, m, s] = units.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number]
    return Math.round((((d * 24 + h) * 60 + m) * 60 + s) * SECOND)
  }
  const parts = words.split(':')
  if (parts.length > 3 || !parts.every((part) => /^\d+(\.\d+)?$/.test(part))) return undefined
  return Math.round(parts.reduce((sum, part) => sum * 60 + Number(part), 0) * SECOND)
}

/** The same for an address or an option, where digits alone are milliseconds. */
export function readMoment(text: string): Millis | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : readTime(text)
}

import type { Millis } from '../../engine/json'

/** When each of several transfers begins and ends, in milliseconds from now. */
export interface Slot {
  readonly startsAt: Millis
  readonly endsAt: Millis
}

/**
 * Transfers of so many bytes over one line, `lanes` of them at a time in their order; those that are under way share it evenly. Three layers of
 * 10, 10 and 20 MB over 10 MB/s in two lanes: 0–2 s, 0–2 s, 2–4 s.
 */
export function schedule(bytes: readonly number[], lanes: number, bytesPerSecond: number): readonly Slot[] {
  const left = [...bytes]
  const starts: number[] = []
  const ends: number[] = bytes.map(() => 0)
  const active: number[] = []
  let now = 0
  let next = 0
  while (next < bytes.length || active.length > 0) {
    while (active.length < lanes && next < bytes.length) {
      starts[next] = now
      active.push(next++)
    }
    const rate = bytesPerSecond / active.length / 1000
    const first = active.reduce((a, b) => (left[b]! < left[a]! ? b : a))
    const millis = left[first]! / rate
    now += millis
    for (const one of active) left[one]! -= millis * rate
    ends[first] = now
    active.splice(active.indexOf(first), 1)
  }
  return bytes.map((_, i) => ({ startsAt: Math.round(starts[i]!), endsAt: Math.round(ends[i]!) }))
}

import type { Millis } from '../../engine/json'
import { defineKind, type Key } from '../../engine/kind'
import type { Hold } from './task'

/** cpu.max's period where nobody says otherwise, in microseconds. */
export const PERIOD_MICROS = 100_000

/**
 * The processor time of a container that has ever wanted a noticeable part of a CPU: the counters stand at `at` and grow by the
 * rates since. It goes with the container's end, as the kernel's group does.
 */
export interface Cgroup {
  readonly machine: string
  /** The container's id. */
  readonly container: string
  readonly at: Millis
  /** Microseconds used until `at`. */
  readonly used: number
  /** Thousandths of a CPU that it gets, and those that its threads could use. */
  readonly rate: number
  readonly wants: number
  readonly held?: Hold
  /** cpu.stat until `at`; the two numbers of periods with their fractions. */
  readonly periods: number
  readonly throttled: number
  readonly throttledMicros: number
  /** Milliseconds of a period; 0: there is no quota, or nothing to count. */
  readonly periodMillis: number
  /** Microseconds a millisecond that its CPUs stand still for want of quota. */
  readonly standing: number
  /** What requests ask of its program, in thousandths of a CPU, what they get, and the work that waits, in microseconds at `at`. */
  readonly requests?: { readonly wants: number; readonly rate: number; readonly waiting: number }
}
export const Cgroup = defineKind<Cgroup>('platform/Cgroup', {
  about: "a container's share of the processor",
  quiet: true,
})
export const cgroupKey = (machine: string, container: string): Key<Cgroup> => Cgroup.key(machine, container)

/** A program does not take more requests than would keep it busy for so long; the others find its queue full. */
const MOST_WAITING_MILLIS = 30_000

/** Work that has come with requests and not been done yet, in microseconds. */
export function waitingMicros({ requests, at }: Cgroup, now: Millis): number {
  if (!requests) return 0
  const waiting = requests.waiting + (requests.wants - requests.rate) * (now - at)
  return Math.max(0, Math.min(waiting, Math.max(1, requests.rate) * MOST_WAITING_MILLIS))
}

/** The counters as they stand now. */
export function countedUntil(group: Cgroup, now: Millis): Cgroup {
  const millis = now - group.at
  if (millis === 0) return group
  const { requests, periodMillis, standing } = group
  const periods = periodMillis === 0 ? 0 : millis / periodMillis
  return {
    ...group,
    at: now,
    used: group.used + group.rate * millis,
    periods: group.periods + periods,
    throttled: group.throttled + (standing > 0 ? periods : 0),
    throttledMicros: group.throttledMicros + standing * millis,
    ...(requests && { requests: { ...requests, waiting: waitingMicros(group, now) } }),
  }
}

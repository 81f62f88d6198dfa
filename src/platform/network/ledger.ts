import type { Millis } from '../../engine/json'
import { defineKind } from '../../engine/kind'
import type { Caller, Hop, Request } from './request'

/** Somebody sends requests, so many a second, for a time. */
export interface Load {
  readonly name: string
  readonly from: Caller
  readonly protocol: Request['protocol']
  readonly host: string
  readonly port: number
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMillis: Millis
  readonly requestsPerSecond: number
  readonly since: Millis
  readonly until: Millis
}
export const Load = defineKind<Load>('platform/Load', { about: 'requests sent at a steady rate' })
export const loadKey = (name: string) => Load.key('', name)

/** One request of a load, kept for the picture. */
export interface Sample {
  readonly n: number
  readonly at: Millis
  readonly millis: Millis
  /** `200`, or why it failed. */
  readonly result: string
  readonly ok: boolean
  readonly because: string
  readonly hops: readonly Hop[]
}

/** Requests that failed for one reason. */
export interface Failures {
  readonly count: number
  readonly first: Millis
  readonly last: Millis
  /** How the first of them was explained. */
  readonly because: string
}

/** What became of a load's requests so far. Same name as its Load; it stays when the Load has ended. */
export interface Ledger {
  readonly name: string
  readonly since: Millis
  /** Up to when requests are counted. */
  readonly at: Millis
  readonly ended: boolean
  readonly sent: number
  readonly ok: number
  readonly failed: number
  /** By reason: `connection refused`, `timed out`, `HTTP 500` … */
  readonly failures: Readonly<Record<string, Failures>>
  /** Milliseconds of those that were answered. */
  readonly meanMillis: number
  readonly mostMillis: number
  /** Requests a second that each container served of late, by the container's key. */
  readonly served: Readonly<Record<string, number>>
  /** The newest ones looked at closely, oldest first. */
  readonly samples: readonly Sample[]
  /** Above 1,000 a second each request that is really sent stands for several (simplified). */
  readonly weight: number
}
export const Ledger = defineKind<Ledger>('platform/Ledger', { about: 'what became of sent requests', quiet: true })
export const ledgerKey = (name: string) => Ledger.key('', name)

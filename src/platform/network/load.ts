import { edit } from '../../engine/edit'
import type { Json, Millis } from '../../engine/json'
import { type Key, partsOf, type World } from '../../engine/kind'
import type { Controller, Plan, Tools, Wish } from '../../engine/plan'
import type { Container } from '../container/container'
import { Effects } from './effects'
import { type Failures, type Ledger, Load, ledgerKey, type Sample } from './ledger'
import type { Outcome, Request } from './request'
import { send } from './send'

/** Up to this rate each request is sent for itself. */
const MOST_REAL = 1000
const FLUSH_MILLIS = 250
const SAMPLES = 24
/** Rates above this leave no lines in the programs' logs (simplified: the ring would hold nothing else). */
const MOST_LOGGED = 20
/** An answer that takes longer is looked at again when it is due: its container may have died meanwhile. */
const LONG_MILLIS = 5
const MOST_IN_FLIGHT = 200

/** A request that was answered, and is not back yet. */
interface Flight {
  readonly due: Millis
  readonly served: string
  readonly startedAt: Millis | undefined
}

/** The running sums: they travel in the body of the message, and reach the Ledger four times a second. */
interface Sums {
  readonly n: number
  readonly sent: number
  readonly ok: number
  readonly failures: Readonly<Record<string, Failures>>
  readonly millis: number
  readonly answered: number
  readonly mostMillis: number
  readonly windowSince: Millis
  readonly window: Readonly<Record<string, number>>
  readonly rates: Readonly<Record<string, number>>
  readonly samples: readonly Sample[]
  readonly flights: readonly Flight[]
  readonly flushAt: Millis
}

/** Sends the requests of each Load, one message for each, and keeps their Ledger. */
export const load: Controller = {
  name: 'load',
  about: 'sends requests at a steady rate and counts what becomes of them',
  watches: [{ kind: Load, wake: ({ key, value, previous }) => (value && !previous?.value ? key : undefined) }],
  reconcile(about, world, tools): Plan | undefined {
    const key = about as Key<Load>
    const wanted = world.get(key)
    const sums = tools.message.body as unknown as Sums | undefined
    if (!wanted) return sums ? finishEarly(world, about, sums) : undefined
    if (sums === undefined) return begin(world, key, wanted)
    return next(world, tools, key, wanted, sums)
  },
}

const weightOf = (wanted: Load): number => Math.max(1, wanted.requestsPerSecond / MOST_REAL)
/** When the n-th message is due. */
const dueAt = (wanted: Load, n: number): Millis =>
  wanted.since + Math.floor((n * 1000 * weightOf(wanted)) / wanted.requestsPerSecond)

function begin(world: World, key: Key<Load>, wanted: Load): Plan {
  const sums: Sums = {
    n: 0,
    sent: 0,
    ok: 0,
    failures: {},
    millis: 0,
    answered: 0,
    mostMillis: 0,
    windowSince: world.now,
    window: {},
    rates: {},
    samples: [],
    flights: [],
    flushAt: world.now + FLUSH_MILLIS,
  }
  return {
    changes: [write(world, wanted, sums, false)],
    post: [{ to: load.name, about: key, body: sums as unknown as Json, after: Math.max(0, wanted.since - world.now) }],
  }
}

function next(world: World, tools: Tools, key: Key<Load>, wanted: Load, before: Sums): Plan {
  const landed = land(world, before)
  if (world.now >= wanted.until) {
    const [flight] = landed.flights
    // all is sent, not all is back
    if (flight)
      return {
        post: [
          { to: load.name, about: key, body: landed as unknown as Json, after: Math.max(1, flight.due - world.now) },
        ],
      }
    return end(world, key, wanted, landed)
  }
  const request = requestOf(wanted, landed.n)
  const effects = new Effects(world)
  const outcome = send(world, tools, request, effects)
  const weight = weightOf(wanted)
  const count = Math.floor((landed.n + 1) * weight) - Math.floor(landed.n * weight)
  let sums = tally(world, landed, outcome, count)
  const isNew = Object.keys(sums.failures).length > Object.keys(landed.failures).length
  const changes: Wish[] = effects.wishes(undefined, wanted.requestsPerSecond <= MOST_LOGGED)
  if (isNew || world.now >= sums.flushAt) {
    sums = rated({ ...sums, flushAt: world.now + FLUSH_MILLIS }, world.now)
    changes.push(write(world, wanted, sums, false))
  }
  const due = Math.min(dueAt(wanted, sums.n), wanted.until)
  return {
    changes,
    post: [{ to: load.name, about: key, body: sums as unknown as Json, after: Math.max(0, due - world.now) }],
  }
}

function requestOf(wanted: Load, n: number): Request {
  const { from, protocol, host, port, method, path, headers, body, timeoutMillis, name } = wanted
  const unlogged = wanted.requestsPerSecond > MOST_LOGGED
  return {
    from,
    protocol,
    host,
    port,
    method,
    path,
    headers,
    body,
    timeoutMillis,
    id: `${name} ${n}`,
    depth: 0,
    unlogged,
  }
}

/** `HTTP 500`, `connection refused` …; undefined: it went well. */
export function reasonOf(outcome: Pick<Outcome, 'end' | 'status'>): string | undefined {
  switch (outcome.end) {
    case 'answered':
      return outcome.status >= 400 ? `HTTP ${outcome.status}` : undefined
    case 'refused':
      return 'connection refused'
    case 'timed-out':
      return 'timed out'
    case 'cut-off':
      return 'connection cut off'
    case 'reset':
      return 'connection reset'
    case 'unresolved':
      return 'name not known'
    case 'no-dns':
      return 'no answer from DNS'
    default:
      return 'no route to host'
  }
}

function tally(world: World, sums: Sums, outcome: Outcome, count: number): Sums {
  const reason = reasonOf(outcome)
  const { served } = outcome
  const isAnswer = outcome.end === 'answered'
  const isLong =
    reason === undefined && served !== undefined && outcome.millis > LONG_MILLIS && sums.flights.length < MOST_IN_FLIGHT
  const startedAt = isLong ? world.get(served as Key<Container>)?.startedAt : undefined
  const sample: Sample = {
    n: sums.n,
    at: world.now,
    millis: outcome.millis,
    result: reason ?? String(outcome.status),
    ok: reason === undefined,
    because: outcome.because,
    hops: outcome.hops,
  }
  return {
    ...sums,
    n: sums.n + 1,
    sent: sums.sent + count,
    ok: sums.ok + (reason === undefined ? count : 0),
    failures: reason === undefined ? sums.failures : failed(sums.failures, reason, count, world.now, outcome.because),
    millis: sums.millis + (isAnswer ? outcome.millis : 0),
    answered: sums.answered + (isAnswer ? 1 : 0),
    mostMillis: isAnswer ? Math.max(sums.mostMillis, outcome.millis) : sums.mostMillis,
    window: served === undefined ? sums.window : { ...sums.window, [served]: (sums.window[served] ?? 0) + count },
    samples: [...(sums.samples.length >= SAMPLES ? sums.samples.slice(1) : sums.samples), sample],
    flights: isLong ? [...sums.flights, { due: world.now + outcome.millis, served: served!, startedAt }] : sums.flights,
  }
}

function failed(
  failures: Sums['failures'],
  reason: string,
  count: number,
  at: Millis,
  because: string,
): Sums['failures'] {
  const known = failures[reason]
  return {
    ...failures,
    [reason]: known ? { ...known, count: known.count + count, last: at } : { count, first: at, last: at, because },
  }
}

/** Answers that were due meanwhile: those whose container ended before are cut off after all. */
function land(world: World, sums: Sums): Sums {
  if (sums.flights.length === 0) return sums
  let { ok, failures } = sums
  const flights: Flight[] = []
  for (const flight of sums.flights) {
    const container = world.get(flight.served as Key<Container>)
    const isSame = container !== undefined && container.startedAt === flight.startedAt
    const lived = isSame && (container.state === 'running' || (container.finishedAt ?? 0) >= flight.due)
    if (!lived) {
      ok -= 1
      failures = failed(failures, 'connection cut off', 1, world.now, 'the container ended while it was answering')
    } else if (flight.due > world.now) flights.push(flight)
  }
  return { ...sums, ok, failures, flights }
}

/** Requests a second by container, over the last second or so. */
function rated(sums: Sums, now: Millis): Sums {
  const span = now - sums.windowSince
  if (span < 1000) return sums
  const rates: Record<string, number> = {}
  for (const [key, count] of Object.entries(sums.window)) rates[key] = (count * 1000) / span
  return { ...sums, rates, window: {}, windowSince: now }
}

function write(world: World, wanted: Load, sums: Sums, ended: boolean): Wish<Ledger> {
  const bad = Object.values(sums.failures).reduce((sum, { count }) => sum + count, 0)
  const value: Ledger = {
    name: wanted.name,
    since: wanted.since,
    at: world.now,
    ended,
    sent: sums.sent,
    ok: sums.ok,
    failed: bad,
    failures: sums.failures,
    meanMillis: sums.answered === 0 ? 0 : Math.round(sums.millis / sums.answered),
    mostMillis: sums.mostMillis,
    served: ended ? {} : sums.rates,
    samples: sums.samples,
    weight: weightOf(wanted),
  }
  return {
    key: ledgerKey(wanted.name),
    value,
    because: { id: 'platform/counted', values: { sent: sums.sent, failed: bad } },
  }
}

/** The time is over: the Ledger stays, the Load goes. */
function end(world: World, key: Key<Load>, wanted: Load, sums: Sums): Plan {
  const because = { id: 'platform/load-ended', values: { sent: sums.sent, failed: sums.sent - sums.ok } }
  return { changes: [write(world, wanted, sums, true), { key, value: undefined, because }] }
}

/** Somebody took the Load away. */
function finishEarly(world: World, about: string, sums: Sums): Plan | undefined {
  const ledger = world.get(ledgerKey(partsOf(about).name))
  if (!ledger || ledger.ended) return undefined
  const value = edit(ledger, (l) => {
    l.ended = true
    l.served = {}
    l.sent = sums.sent
    l.ok = sums.ok
    l.failed = sums.sent - sums.ok
  })
  return {
    changes: [
      {
        key: ledgerKey(ledger.name),
        value,
        because: { id: 'platform/load-ended', values: { sent: sums.sent, failed: value.failed } },
      },
    ],
  }
}

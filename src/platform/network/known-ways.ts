import type { Change } from '../../engine/change'
import type { World } from '../../engine/kind'
import type { Chance, Outcome, Request } from './request'

/** One of several was picked by a draw: `floor(draw × count)`. */
export interface Pick {
  /** What the draw was for. */
  readonly purpose: string
  readonly index: number
  readonly count: number
}

interface Way {
  readonly request: Request
  readonly picks: readonly Pick[]
  /** What came out for each combination of picks. */
  readonly outcomes: (Outcome | undefined)[]
  /** Its picks are not always the same ones. */
  forked: boolean
}

const MOST_WAYS = 16

/**
 * What became of requests of late. As long as nothing at all has changed in the world and the second is the same, an equal
 * request that picks the same target comes out the same: it is not walked again. Only requests of which nobody keeps a line are
 * kept here, to programs that answer `steadily`. The newest Change stands for the whole world: another course has another.
 */
let world: World | undefined
let newest: Change | undefined
let second = -1
let ways: Way[] = []

const secondOf = (now: number): number => Math.floor(now / 1000)

function isOfNow(asked: World): boolean {
  return asked === world && secondOf(asked.now) === second && asked.change(asked.revision) === newest
}

function isLike(a: Request, b: Request): boolean {
  return (
    a.path === b.path &&
    a.host === b.host &&
    a.port === b.port &&
    a.from.machine === b.from.machine &&
    a.from.sandbox === b.from.sandbox &&
    a.method === b.method &&
    a.protocol === b.protocol &&
    a.body === b.body &&
    a.timeoutMillis === b.timeoutMillis &&
    (a.headers === b.headers || (isEmpty(a.headers) && isEmpty(b.headers)))
  )
}

function isEmpty(headers: Request['headers']): boolean {
  for (const _ in headers) return false
  return true
}

/** What became of a request like this one that went the same way; undefined: none is known. */
export function knownOutcome(asked: World, chance: Chance, request: Request): Outcome | undefined {
  if (request.unlogged !== true || request.depth > 0 || !isOfNow(asked)) return undefined
  for (let i = 0; i < ways.length; i++) {
    const way = ways[i]!
    if (!isLike(way.request, request)) continue
    if (way.forked) return undefined
    const { picks } = way
    let at = 0
    for (let p = 0; p < picks.length; p++) {
      const { purpose, count } = picks[p]!
      at = at * count + Math.floor(chance.draw(request.id, purpose, 0) * count)
    }
    return way.outcomes[at]
  }
  return undefined
}

/** Keeps what became of a request that others like it are bound to repeat, if they pick the same. */
export function keepOutcome(asked: World, request: Request, outcome: Outcome, picks: readonly Pick[]): void {
  if (request.unlogged !== true || request.depth > 0) return
  if (!isOfNow(asked)) {
    world = asked
    newest = asked.change(asked.revision)
    second = secondOf(asked.now)
    ways = []
  }
  if (newest === undefined) return
  let way = ways.find((one) => isLike(one.request, request))
  if (!way) {
    if (ways.length >= MOST_WAYS) return
    way = { request, picks, outcomes: [], forked: false }
    ways.push(way)
  }
  const isSame =
    way.picks.length === picks.length &&
    picks.every(({ purpose, count }, i) => way.picks[i]!.purpose === purpose && way.picks[i]!.count === count)
  if (!isSame) way.forked = true
  else way.outcomes[picks.reduce((at, { index, count }) => at * count + index, 0)] = outcome
}

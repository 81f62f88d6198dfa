import type { Key, World } from '../../engine/kind'
import type { Machine } from '../machine/machine'
import type { Pick } from './known-ways'
import { lossBetween, reaches, roundTripMillis } from './reach'
import type { Chance, End, Hop, Request } from './request'

/** A request on its way: the time that has passed, and the hops so far. Lives for one call of `send`. */
export interface Walk {
  readonly world: World
  readonly chance: Chance
  readonly request: Request
  after: number
  /** What the name turned out to be. */
  address?: string
  /** The address that a machine on the way put in the client's place (SNAT), so that answers come back through it. */
  source?: string | undefined
  readonly hops: Hop[]
  /** Who has taken the connection already, on behalf of what lies behind. */
  proxy?: string
  /** What was picked by draws so far. */
  picks?: Pick[]
  /** Another request of the same kind may come out otherwise, although the world is the same. */
  unlike?: boolean
}

/** Why a walk came to its end before a program answered. */
export interface Stop {
  readonly end: Exclude<End, 'answered'>
  readonly because: string
}

export function hop(walk: Walk, at: string, because: string, key?: Key | string): void {
  walk.hops.push({ after: walk.after, at, because, key })
}

/** The index of one of so many, by keyed chance. */
export function pickOne(walk: Walk, purpose: string, count: number): number {
  const full = `${purpose} ${walk.request.depth}`
  const index = Math.floor(walk.chance.draw(walk.request.id, full, 0) * count)
  walk.picks ??= []
  walk.picks.push({ purpose: full, index, count })
  return index
}

/** Packets that vanish: the sender waits until it gives up. */
export function vanish(walk: Walk, because: string): Stop {
  walk.after = Math.max(walk.after, walk.request.timeoutMillis)
  return { end: 'timed-out', because }
}

/** Retransmissions of a SYN wait 1, 2, 4 … seconds, those of data 200 ms and doubled. */
const RETRY_MILLIS = { connect: 1000, data: 200 }
const MOST_RETRIES = 6

/** One round trip between machines: reachability, latency and lost packets. undefined: it got through. */
export function cross(walk: Walk, from: string, to: string, what: 'connect' | 'data'): Stop | undefined {
  if (from === to) return undefined
  const reach = reaches(walk.world, from, to)
  if (!reach.ok) {
    hop(walk, from, reach.because, `platform/Machine//${to}` as Key<Machine>)
    return reach.silent ? vanish(walk, reach.because) : { end: 'unreachable', because: reach.because }
  }
  walk.after += roundTripMillis(walk.world, from, to)
  const loss = lossBetween(walk.world, from, to)
  if (loss === 0) return undefined
  walk.unlike = true
  for (
    let n = 0;
    walk.chance.draw(walk.request.id, `loss ${what} ${walk.request.depth} ${from} ${to}`, n) < loss;
    n++
  ) {
    if (n === MOST_RETRIES) return vanish(walk, `${MOST_RETRIES} retransmissions between ${from} and ${to} were lost`)
    walk.after += RETRY_MILLIS[what] * 2 ** n
    hop(walk, from, `a packet to ${to} was lost and sent again`)
  }
  return undefined
}

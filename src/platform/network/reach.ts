import type { World } from '../../engine/kind'
import { Link, linkKey, machineKey } from '../machine/machine'

export type Reach = { readonly ok: true } | { readonly ok: false; readonly because: string; readonly silent: boolean }

const reached: Reach = { ok: true }

/** A round trip between two machines of a lab, in milliseconds, where nothing is disturbed. */
export const ROUND_TRIP_MILLIS = 1

/** Name of the world outside the lab: registries and the rest of the internet. */
export const INTERNET = '*'

/**
 * Whether packets get from one machine to another, both given by name; `INTERNET` stands for everything outside. Only
 * power and links count here, not what runs on the machines. `silent`: the packets vanish and the sender waits until
 * it gives up; otherwise it learns at once.
 */
export function reaches(world: World, from: string, to: string): Reach {
  const here = from === INTERNET ? undefined : world.get(machineKey(from))
  if (from !== INTERNET && !here) return { ok: false, because: `there is no machine ${from}`, silent: false }
  if (here && here.power !== 'on') return { ok: false, because: `${from} has no power`, silent: false }
  if (from === to) return reached
  if (to !== INTERNET) {
    const there = world.get(machineKey(to))
    if (!there) return { ok: false, because: `there is no machine ${to}`, silent: true }
    if (there.power === 'booting') return { ok: false, because: `${to} is still booting`, silent: true }
    if (there.power === 'off') return { ok: false, because: `${to} has no power`, silent: true }
  }
  const cut = cutBetween(world, from, to)
  return cut === undefined ? reached : { ok: false, because: cut, silent: true }
}

function cutBetween(world: World, from: string, to: string): string | undefined {
  if (world.list(Link).length === 0) return undefined
  if (world.get(linkKey(from, INTERNET))?.cut) return `${from} is cut off from the network`
  if (world.get(linkKey(to, INTERNET))?.cut) return `${to} is cut off from the network`
  if (world.get(linkKey(from, to))?.cut) return `the link between ${from} and ${to} is cut`
  return undefined
}

/** The disturbed links that packets between two machines cross. */
function linksBetween(world: World, from: string, to: string): readonly Link[] {
  if (from === to || world.list(Link).length === 0) return []
  const found: Link[] = []
  for (const key of [linkKey(from, INTERNET), linkKey(to, INTERNET), linkKey(from, to)]) {
    const link = world.get(key)
    if (link) found.push(link)
  }
  return found
}

/** The round trip between two machines: 0 on the same one, else a millisecond and what slow links add (once a trip). */
export function roundTripMillis(world: World, from: string, to: string): number {
  if (from === to) return 0
  let millis = ROUND_TRIP_MILLIS
  for (const link of linksBetween(world, from, to)) millis += link.addedLatencyMillis
  return millis
}

/** Chance that a packet between two machines is lost, 0…1. */
export function lossBetween(world: World, from: string, to: string): number {
  let through = 1
  for (const link of linksBetween(world, from, to)) through *= 1 - link.loss
  return 1 - through
}

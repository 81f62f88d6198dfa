import type { Change } from '../../engine/change'
import { hash32 } from '../../engine/hash'
import type { Millis } from '../../engine/json'
import type { World } from '../../engine/kind'
import { millisOf } from '../../engine/time'
import { Link, linkKey, Machine, machineKey } from '../../platform/machine/machine'
import { servesApi } from '../control-plane'
import { Node } from './node'

/** A kubelet renews its Lease this often: a quarter of the lease's 40 s. */
export const RENEW_EVERY_MILLIS = 10_000
/** It posts an unchanged status this often. */
export const POST_EVERY_MILLIS = 300_000

/** A stretch of time: from its first millisecond up to, not including, `to`. */
interface Stretch {
  readonly from: Millis
  readonly to: Millis
}

/**
 * When the kubelet of a node last renewed its Lease; where it never did, when the Node was made. Nothing is written for a renewal:
 * it is a function of time, of the machines' power and daemons, and of the links between them. Every 10 s, at a phase
 * that the node's name gives, while the machine is on, its kubelet runs, and a control-plane machine that answers for the API can be
 * reached. Simplified: what a link was before its present state is not looked at.
 */
export function leaseRenewedAt(world: World, nodeName: string, now: Millis): Millis {
  return (
    newest(world, nodeName, now, RENEW_EVERY_MILLIS, hash32(nodeName) % RENEW_EVERY_MILLIS) ?? madeAt(world, nodeName)
  )
}

const madeAt = (world: World, nodeName: string): Millis =>
  millisOf(world.get(Node.key('', nodeName))?.metadata.creationTimestamp) ?? 0

/** When the kubelet last posted an unchanged status (the heartbeat of the node's conditions): every 5 minutes. */
export function statusPostedAt(world: World, nodeName: string, now: Millis): Millis | undefined {
  return newest(world, nodeName, now, POST_EVERY_MILLIS, hash32(`${nodeName} status`) % POST_EVERY_MILLIS)
}

const kubeletRuns = (machine: Machine) => machine.power === 'on' && machine.daemons['kubelet'] === 'running'

function newest(world: World, nodeName: string, now: Millis, period: Millis, phase: Millis): Millis | undefined {
  const own = world.head(machineKey(nodeName))
  if (!own) return undefined
  let best: Millis | undefined
  for (const server of world.list(Machine, { role: 'control-plane' })) {
    const cutAt = cutSince(world, nodeName, server.value.name)
    const until = Math.min(now + 1, cutAt ?? now + 1)
    const at = lastTick(stretches(own, kubeletRuns, until), stretches(server, servesApi, until), period, phase)
    if (at !== undefined && (best === undefined || at > best)) best = at
  }
  return best
}

/** Since when the way between a node and a control-plane machine has been cut. */
function cutSince(world: World, node: string, server: string): Millis | undefined {
  if (node === server || world.list(Link).length === 0) return undefined
  let since: Millis | undefined
  for (const key of [linkKey(node, '*'), linkKey(server, '*'), linkKey(node, server)]) {
    const link = world.get(key)
    if (link?.cut && (since === undefined || link.since < since)) since = link.since
  }
  return since
}

/** The stretches before `until` in which a machine was as `good` asks, the newest first. */
function* stretches(head: Change<Machine>, good: (machine: Machine) => boolean, until: Millis): Generator<Stretch> {
  let to = until
  let open: Millis | undefined
  let change: Change<Machine> | undefined = head
  while (change) {
    const fits = change.value !== undefined && good(change.value)
    if (!fits && open !== undefined) {
      yield { from: open, to }
      open = undefined
    }
    if (fits && change.at < to) open = change.at
    else if (!fits) to = Math.min(to, change.at)
    change = change.previous
  }
  if (open !== undefined) yield { from: open, to }
}

/** The newest tick of the period that lies in a stretch of both. */
function lastTick(a: Generator<Stretch>, b: Generator<Stretch>, period: Millis, phase: Millis): Millis | undefined {
  let x = a.next().value as Stretch | undefined
  let y = b.next().value as Stretch | undefined
  while (x && y) {
    const from = Math.max(x.from, y.from)
    const to = Math.min(x.to, y.to)
    const tick = Math.floor((to - 1 - phase) / period) * period + phase
    if (tick >= from && tick < to) return tick
    if (x.from >= y.from) x = a.next().value as Stretch | undefined
    else y = b.next().value as Stretch | undefined
  }
  return undefined
}

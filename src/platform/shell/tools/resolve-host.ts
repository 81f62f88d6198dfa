import type { Millis } from '../../../engine/json'
import { lookup } from '../../network/dns'
import { get } from '../../network/request'
import type { Walk } from '../../network/walk'
import type { ToolCall } from '../tool'
import { chanceOf } from './tool-request'

export type Found =
  | { readonly name: string; readonly addresses: readonly string[]; readonly millis: Millis }
  | { readonly missing: 'unresolved' | 'no-dns'; readonly millis: Millis }

/** Asks the DNS as the tool's place does, without a request behind it. */
export function resolveHost(call: ToolCall, host: string): Found {
  const request = get(call.from, host, 0, '', `${call.argv[0]} ${call.now}`)
  const walk: Walk = { world: call.world, chance: chanceOf(call), request, after: 0, hops: [] }
  const found = lookup(walk, host)
  if ('end' in found) return { missing: found.end === 'no-dns' ? 'no-dns' : 'unresolved', millis: walk.after }
  return { ...found, millis: walk.after }
}

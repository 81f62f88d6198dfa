import type { Reason } from '../../engine/change'
import { edit } from '../../engine/edit'
import type { World } from '../../engine/kind'
import type { Wish } from '../../engine/plan'
import { DnsServer } from '../network/forward'
import { type FaultKind, noTarget } from './fault'
import { began, faultObject, healed } from './object'

const heads = (world: World, target: string) =>
  world.list(DnsServer).filter(({ value }) => target === '' || value.name === target)

const set = (world: World, target: string, down: boolean, because: Reason): Wish[] =>
  heads(world, target).map(({ key, value }) => ({
    key,
    value: edit(value, (d) => {
      d.down = down
    }),
    because,
  }))

/** Queries are not answered, wherever the server runs. */
export const dnsDown: FaultKind = {
  name: 'dns-down',
  about: 'a DNS server (all of them, if none is named) does not answer any more',
  targets: (world) => world.list(DnsServer).map(({ key, value }) => ({ key, name: value.name })),
  begin(world, how) {
    if (heads(world, how.target).length === 0)
      return noTarget('dns-down', 'DNS server', how.target === '' ? 'yet' : how.target)
    return [faultObject(world, 'dns-down', how), ...set(world, how.target, true, began('dns-down', how.target))]
  },
  heal: (world, fault) => set(world, fault.target, false, healed(world, fault)),
}

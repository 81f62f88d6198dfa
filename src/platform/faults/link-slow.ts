import type { FaultKind } from './fault'
import { changeLink, endsOf, linkTargets } from './links'
import { began, faultObject, healed } from './object'

const DEFAULT_MILLIS = 200

/** Every round trip takes longer. */
export const linkSlow: FaultKind = {
  name: 'link-slow',
  about: `round trips over a link take ${DEFAULT_MILLIS} ms longer, or as many as you say`,
  measure: 'millis',
  targets: linkTargets,
  begin(world, how) {
    const ends = endsOf(world, 'link-slow', how.target)
    if ('text' in ends) return ends
    const change = { addedLatencyMillis: how.amount ?? DEFAULT_MILLIS, since: world.now }
    return [faultObject(world, 'link-slow', how), changeLink(world, ends, change, began('link-slow', how.target))]
  },
  heal(world, fault) {
    const ends = endsOf(world, 'link-slow', fault.target)
    return 'text' in ends ? [] : [changeLink(world, ends, { addedLatencyMillis: 0 }, healed(world, fault))]
  },
}

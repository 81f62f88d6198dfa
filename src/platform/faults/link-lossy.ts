import type { FaultKind } from './fault'
import { changeLink, endsOf, linkTargets } from './links'
import { began, faultObject, healed } from './object'

const DEFAULT_LOSS = 0.3

/** Some packets are lost: they are sent again, which costs time. */
export const linkLossy: FaultKind = {
  name: 'link-lossy',
  about: `${DEFAULT_LOSS * 100} % of the packets over a link are lost, or the share that you say`,
  measure: 'share',
  targets: linkTargets,
  begin(world, how) {
    const ends = endsOf(world, 'link-lossy', how.target)
    if ('text' in ends) return ends
    const loss = how.amount ?? DEFAULT_LOSS
    if (!(loss > 0 && loss <= 1))
      return { text: `a loss of ${loss} is no share: give a number above 0 and up to 1`, exit: 1 }
    return [
      faultObject(world, 'link-lossy', how),
      changeLink(world, ends, { loss, since: world.now }, began('link-lossy', how.target)),
    ]
  },
  heal(world, fault) {
    const ends = endsOf(world, 'link-lossy', fault.target)
    return 'text' in ends ? [] : [changeLink(world, ends, { loss: 0 }, healed(world, fault))]
  },
}

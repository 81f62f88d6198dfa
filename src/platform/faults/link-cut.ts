import type { FaultKind } from './fault'
import { changeLink, endsOf, linkTargets } from './links'
import { began, faultObject, healed } from './object'

/** Packets vanish in both directions; both ends go on running. */
export const linkCut: FaultKind = {
  name: 'link-cut',
  about: 'a machine is cut off from the network, or two machines from each other (a:b); packets vanish',
  targets: linkTargets,
  begin(world, how) {
    const ends = endsOf(world, 'link-cut', how.target)
    if ('text' in ends) return ends
    return [
      faultObject(world, 'link-cut', how),
      changeLink(world, ends, { cut: true, since: world.now }, began('link-cut', how.target)),
    ]
  },
  heal(world, fault) {
    const ends = endsOf(world, 'link-cut', fault.target)
    return 'text' in ends ? [] : [changeLink(world, ends, { cut: false }, healed(world, fault))]
  },
}

import { DEFAULT_SLOW_START_MILLIS } from '../container/disturbance'
import { imageMeant, imageTargets } from './containers'
import { type FaultKind, noTarget } from './fault'
import { faultObject } from './object'

const LONGEST_MILLIS = 3_600_000

/** For what starts from now on: a running program has its start behind it. */
export const slowStart: FaultKind = {
  name: 'slow-start',
  about: `programs of an image take ${DEFAULT_SLOW_START_MILLIS / 1000} s longer until they listen, or as long as you say, when they start from now on`,
  measure: 'millis',
  targets: imageTargets,
  begin(world, how) {
    if (how.amount !== undefined && !(how.amount > 0 && how.amount <= LONGEST_MILLIS))
      return { text: 'slow-start takes a time up to one hour: 30s', exit: 2 }
    if (imageMeant(how.target) === undefined) return noTarget('slow-start', 'image', how.target)
    return [faultObject(world, 'slow-start', how)]
  },
  heal: () => [],
}

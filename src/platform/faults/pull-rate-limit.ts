import type { FaultKind } from './fault'
import { faultObject } from './object'

/** What is pulled is not counted here: the fault stands for the moment at which the count is full. */
export const pullRateLimit: FaultKind = {
  name: 'pull-rate-limit',
  about: 'Docker Hub has had enough of this address: it refuses pulls without a login (429, toomanyrequests)',
  targets: () => [],
  begin: (world, how) => [faultObject(world, 'pull-rate-limit', { ...how, target: '' })],
  heal: () => [],
}

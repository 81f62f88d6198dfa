import { type FaultKind, noTarget } from './fault'
import { faultObject } from './object'
import { isRegistryName, registryTargets } from './registry'

const DEFAULT_TIMES = 10

/** What comes from a registry, or goes to it, takes so many times as long. */
export const registrySlow: FaultKind = {
  name: 'registry-slow',
  about: `a registry (docker.io; all of them, if none is named) is ${DEFAULT_TIMES} times as slow, or as many as you say`,
  measure: 'times',
  targets: registryTargets,
  begin(world, how) {
    if (!isRegistryName(how.target)) return noTarget('registry-slow', 'registry', how.target)
    return [faultObject(world, 'registry-slow', { ...how, amount: how.amount ?? DEFAULT_TIMES })]
  },
  heal: () => [],
}

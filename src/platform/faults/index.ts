/** What can be broken on purpose: one file each, and this list. */
import type { World } from '../../engine/kind'
import type { Controller, Plan, Problem, Wish } from '../../engine/plan'
import { Fault, faultKey } from '../machine/machine'
import { containerKill } from './container-kill'
import { apiServerDown, controllersDown, etcdDown, kubeletStop, kubeProxyStop, schedulerDown } from './daemon-stop'
import { dnsDown } from './dns-down'
import type { Begin, FaultKind } from './fault'
import { diskFull, memoryPressure } from './full'
import { linkCut } from './link-cut'
import { linkLossy } from './link-lossy'
import { linkSlow } from './link-slow'
import { machineCrash } from './machine-crash'
import { healed } from './object'

export { containersNamed } from './container-kill'
export type { Begin, FaultKind } from './fault'

export const faultKinds: readonly FaultKind[] = [
  machineCrash,
  linkCut,
  linkSlow,
  linkLossy,
  memoryPressure,
  diskFull,
  kubeletStop,
  kubeProxyStop,
  containerKill,
  dnsDown,
  schedulerDown,
  controllersDown,
  apiServerDown,
  etcdDown,
]

export const faultNamed = (name: string): FaultKind | undefined => faultKinds.find((kind) => kind.name === name)

/** Breaks something: what to write, or why it cannot be. */
export function beginFault(world: World, name: string, how: Begin): readonly Wish[] | Problem {
  const kind = faultNamed(name)
  if (!kind)
    return { text: `there is no fault ${name}; there are ${faultKinds.map((one) => one.name).join(', ')}`, exit: 2 }
  const present = world.get(faultKey(name, how.target))
  if (present) return { text: `${name} ${how.target} is active already, since ${present.since} ms`, exit: 1 }
  return kind.begin(world, how)
}

/** Mends one fault. */
export function healFault(world: World, fault: Fault): readonly Wish[] {
  const changes = faultNamed(fault.name)?.heal(world, fault) ?? []
  return [...changes, { key: faultKey(fault.name, fault.target), value: undefined, because: healed(world, fault) }]
}

/** Heals faults whose time is over. */
export const faults: Controller = {
  name: 'faults',
  about: 'heals what was broken for a time',
  watches: [{ kind: Fault }],
  reconcile(about, world): Plan | undefined {
    const fault = world.get(about as ReturnType<typeof faultKey>)
    if (fault?.until === undefined) return undefined
    const left = fault.until - world.now
    return left > 0 ? { again: left } : { changes: healFault(world, fault) }
  },
}

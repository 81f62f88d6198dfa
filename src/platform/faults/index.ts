/** What can be broken on purpose: one file each, and this list. */
import type { Change } from '../../engine/change'
import type { World } from '../../engine/kind'
import type { Controller, Plan, Problem, Wish } from '../../engine/plan'
import { Container } from '../container/container'
import { Fault, faultKey } from '../machine/machine'
import { containerKill } from './container-kill'
import {
  apiServerDown,
  controllersDown,
  dockerdStop,
  etcdDown,
  kubeletStop,
  kubeProxyStop,
  schedulerDown,
} from './daemon-stop'
import { dnsDown } from './dns-down'
import type { Begin, FaultKind } from './fault'
import { diskFull, memoryPressure } from './full'
import { linkCut } from './link-cut'
import { linkLossy } from './link-lossy'
import { linkSlow } from './link-slow'
import { machineCrash } from './machine-crash'
import { machineSlow } from './machine-slow'
import { healed } from './object'
import { partition } from './partition'
import { appErrors, appHangs, memoryLeak } from './program'
import { pullRateLimit } from './pull-rate-limit'
import { imageGone, registryDown } from './registry'
import { registrySlow } from './registry-slow'
import { slowStart } from './slow-start'

export { containersNamed } from './containers'
export type { Begin, FaultKind, Measure } from './fault'

export const faultKinds: readonly FaultKind[] = [
  machineCrash,
  machineSlow,
  linkCut,
  partition,
  linkSlow,
  linkLossy,
  memoryPressure,
  diskFull,
  kubeletStop,
  kubeProxyStop,
  dockerdStop,
  containerKill,
  appHangs,
  appErrors,
  slowStart,
  memoryLeak,
  registryDown,
  imageGone,
  registrySlow,
  pullRateLimit,
  dnsDown,
  schedulerDown,
  controllersDown,
  apiServerDown,
  etcdDown,
]

export const faultNamed = (name: string): FaultKind | undefined => faultKinds.find((kind) => kind.name === name)

/** What to say of a name that is no fault. */
export function noSuchFault(name: string): string {
  if (name === 'clock-skew') return 'clock-skew is not modelled: all machines go by one clock'
  return `there is no fault ${name}; there are ${faultKinds.map((one) => one.name).join(', ')}`
}

/** Breaks something: what to write, or why it cannot be. */
export function beginFault(world: World, name: string, how: Begin): readonly Wish[] | Problem {
  const kind = faultNamed(name)
  if (!kind) return { text: noSuchFault(name), exit: 2 }
  if (how.amount !== undefined && kind.measure === undefined) return { text: `${name} has no amount`, exit: 2 }
  const present = world.get(faultKey(name, how.target))
  if (present) return { text: `${name} ${how.target} is active already, since ${present.since} ms`, exit: 1 }
  return kind.begin(world, how)
}

/** Mends one fault. */
export function healFault(world: World, fault: Fault): readonly Wish[] {
  const changes = faultNamed(fault.name)?.heal(world, fault) ?? []
  return [...changes, { key: faultKey(fault.name, fault.target), value: undefined, because: healed(world, fault) }]
}

/** Faults of containers that have just come to their end. */
function overWith({ value, previous }: Change<Container>, world: World): string[] | undefined {
  const before = previous?.value
  if (before?.disturbed === undefined || value?.disturbed !== undefined) return undefined
  return world
    .list(Fault)
    .filter((fault) => fault.value.memory?.containers?.includes(before.id))
    .map(({ key }) => key)
}

/** A fault of containers that have all ended: those that take their places are well. */
function isOver(world: World, { memory }: Fault): boolean {
  const ids = memory?.containers
  if (!ids) return false
  return !world.list(Container).some(({ value }) => ids.includes(value.id) && value.disturbed !== undefined)
}

/** Heals faults whose time is over, and ends those whose containers have ended. */
export const faults: Controller = {
  name: 'faults',
  about: 'heals what was broken for a time',
  watches: [{ kind: Fault }, { kind: Container, wake: overWith }],
  reconcile(about, world): Plan | undefined {
    const key = about as ReturnType<typeof faultKey>
    const fault = world.get(key)
    if (!fault) return undefined
    if (isOver(world, fault)) {
      const values = { fault: fault.name, target: fault.target }
      return { changes: [{ key, value: undefined, because: { id: 'platform/fault-over', values } }] }
    }
    if (fault.until === undefined) return undefined
    const left = fault.until - world.now
    return left > 0 ? { again: left } : { changes: healFault(world, fault) }
  },
}

import type { World } from '../../engine'
import { type Machine, machineKey } from '../../platform/machine/machine'
import { reaches } from '../../platform/network/reach'
import { staleSince } from '../../platform/network/rules'
import { controlPlane, servesApi } from '../control-plane'

/** From the end of booting to a working kubelet: systemd, containerd, the kubelet's own start. */
export const KUBELET_START_MILLIS = 3_000

/** The machine whose kubelet runs now; undefined: no power, stopped, or not yet up after a boot. */
export function agentMachine(world: World, name: string): Machine | undefined {
  const machine = world.get(machineKey(name))
  if (machine?.power !== 'on' || machine.daemons['kubelet'] !== 'running') return undefined
  return machine.boots > 1 && world.now < machine.powerSince + KUBELET_START_MILLIS ? undefined : machine
}

/** How long until the kubelet of a machine that has just booted is up; undefined: it is up, or nothing brings it up. Who is woken before that looks again then. */
export function untilAgent(world: World, name: string): number | undefined {
  const machine = world.get(machineKey(name))
  if (machine?.power !== 'on' || machine.daemons['kubelet'] !== 'running' || machine.boots === 1) return undefined
  const left = machine.powerSince + KUBELET_START_MILLIS - world.now
  return left > 0 ? left : undefined
}

/** Whether a kubelet can talk to the API server. */
export function connected(world: World, name: string): boolean {
  const master = controlPlane(world)
  return master !== undefined && servesApi(master) && reaches(world, name, master.name).ok
}

/** What a cut-off kubelet still believes: the revision at which it last heard from the API server. */
export function lastHeard(world: World, name: string): number {
  const stale = staleSince(world, name, 'kubelet')
  if (stale !== undefined) return stale
  const master = controlPlane(world)
  const head = master && world.head(machineKey(master.name))
  if (!head || servesApi(head.value)) return world.revision
  let change = head
  while (change.previous?.value !== undefined && !servesApi(change.previous.value)) change = change.previous
  return change.revision
}

import type { World } from '../../engine/kind'
import { Link, Machine, machineKey } from '../machine/machine'
import { Forward } from './forward'
import { reaches } from './reach'

/**
 * Forwards as a machine has them: a machine whose programmer (kube-proxy) stands still, or that is cut off from the control
 * plane, keeps each rule as it was then. Rules that have been deleted since are taken as gone (simplified).
 */
export function rulesFor(
  world: World,
  machine: string,
  where: { address: string } | { machinePort: string; dialled: string },
  protocol: Forward['protocol'] = 'TCP',
): Forward | undefined {
  const all =
    'address' in where
      ? world.list(Forward, where)
      : world
          .list(Forward, { machinePort: where.machinePort })
          .filter(({ value }) => isOpen(world, value, machine, where.dialled))
  const present = all.length > 1 ? (all.find(({ value }) => value.protocol === protocol) ?? all[0]) : all[0]
  if (!present) return undefined
  const { by, machine: only } = present.value
  // a machine's own rules need no word from anywhere else
  const revision = only === undefined ? staleSince(world, machine, by) : stoppedSince(world, machine, by)
  if (revision === undefined) return present.value
  return world.getAt(present.key, revision) ?? undefined
}

/** Whether a port of machines is open on this one, at the address that was dialled: every machine of the cluster's, or its own. */
const isOpen = (world: World, { machine, hostAddress }: Forward, at: string, dialled: string): boolean =>
  machine === undefined
    ? world.get(machineKey(at))?.role !== 'outside'
    : machine === at && (hostAddress === undefined || hostAddress === dialled)

/** The revision whose rules a machine still has; undefined: it is up to date. */
export function staleSince(world: World, machine: string, daemon: string): number | undefined {
  const stopped = stoppedSince(world, machine, daemon)
  if (stopped !== undefined) return stopped
  const links = world.list(Link)
  if (links.length === 0) return undefined
  const masters = world.list(Machine, { role: 'control-plane' })
  if (
    masters.length === 0 ||
    masters.some(({ value }) => value.power !== 'on' || reaches(world, machine, value.name).ok)
  )
    return undefined
  let oldest: number | undefined
  for (const { value, revision } of links) {
    if (value.cut && (oldest === undefined || revision < oldest) && concerns(value, machine, masters)) oldest = revision
  }
  return oldest
}

/** The revision in which a machine's daemon stopped, if it stands still. */
function stoppedSince(world: World, machine: string, daemon: string): number | undefined {
  let change = world.head(machineKey(machine))
  if (change?.value.daemons[daemon] !== 'stopped') return undefined
  while (change.previous?.value?.daemons[daemon] === 'stopped') change = change.previous
  return change.revision
}

const concerns = (link: Link, machine: string, masters: readonly { value: Machine }[]): boolean =>
  link.a === machine || link.b === machine || masters.some(({ value }) => link.a === value.name)

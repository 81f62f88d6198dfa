import type { Reason } from '../../engine/change'
import type { World } from '../../engine/kind'
import type { Problem, Wish } from '../../engine/plan'
import { type Link, linkKey, Machine, machineKey } from '../machine/machine'
import { type FaultTarget, noTarget } from './fault'

/** `worker-1` is the machine's own uplink, `worker-1:worker-2` the way between two. */
export function endsOf(
  world: World,
  kind: string,
  target: string,
): { readonly a: string; readonly b: string } | Problem {
  const [a = '', b = '*', ...rest] = target.split(':')
  for (const name of b === '*' ? [a] : [a, b]) if (!world.get(machineKey(name))) return noTarget(kind, 'machine', name)
  return rest.length > 0 || a === b
    ? { text: `${target} is no link: write MACHINE or MACHINE:MACHINE`, exit: 1 }
    : { a, b }
}

/** A link with something changed; in order again, its object goes. */
export function changeLink(
  world: World,
  { a, b }: { a: string; b: string },
  change: Partial<Link>,
  because: Reason,
): Wish {
  const key = linkKey(a, b)
  const present: Link = world.get(key) ?? { a, b, cut: false, addedLatencyMillis: 0, loss: 0, since: world.now }
  const next = { ...present, ...change }
  const inOrder = !next.cut && next.addedLatencyMillis === 0 && next.loss === 0
  return { key, value: inOrder ? undefined : next, because }
}

export const linkTargets = (world: World): readonly FaultTarget[] =>
  world.list(Machine).map(({ key, value }) => ({ key, name: value.name }))

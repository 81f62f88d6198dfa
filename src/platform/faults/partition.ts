import type { World } from '../../engine/kind'
import type { Problem } from '../../engine/plan'
import { Fault, linkKey, Machine, machineKey } from '../machine/machine'
import { type FaultKind, noTarget } from './fault'
import { changeLink, linkTargets } from './links'
import { began, faultObject, healed } from './object'

const MOST_GROUP = 200

/** The machines of a group: `worker-1,worker-2`. */
function groupOf(world: World, target: string): readonly string[] | Problem {
  const names = [...new Set(target.split(',').filter((name) => name !== ''))]
  if (names.length === 0) return noTarget('partition', 'group of machines, worker-1,worker-2', '')
  if (names.length > MOST_GROUP) return { text: `partition takes at most ${MOST_GROUP} machines`, exit: 2 }
  for (const name of names) if (!world.get(machineKey(name))) return noTarget('partition', 'machine', name)
  return names
}

/** Every pair of one in the group and one outside of it. */
function pairs(world: World, group: readonly string[]): { a: string; b: string }[] {
  const inside = new Set(group)
  const rest = world.list(Machine).flatMap(({ value }) => (inside.has(value.name) ? [] : [value.name]))
  return group.flatMap((a) => rest.map((b) => ({ a, b })))
}

/** Whether another fault still keeps two machines apart. */
function stillApart(world: World, mended: Fault, a: string, b: string): boolean {
  return world.list(Fault).some(({ value: { name, target } }) => {
    if (name === mended.name && target === mended.target) return false
    if (name === 'link-cut') return target === `${a}:${b}` || target === `${b}:${a}`
    if (name !== 'partition') return false
    const group = target.split(',')
    return group.includes(a) !== group.includes(b)
  })
}

/** The network falls into two parts. Simplified: each part still has the internet. */
export const partition: FaultKind = {
  name: 'partition',
  about: 'a group of machines (worker-1,worker-2) and all other machines hear nothing of each other any more',
  targets: linkTargets,
  begin(world, how) {
    const group = groupOf(world, how.target)
    if ('text' in group) return group
    const apart = pairs(world, group)
    if (apart.length === 0) return { text: 'partition must leave machines on the other side', exit: 1 }
    const because = began('partition', how.target)
    const cut = apart.map((ends) => changeLink(world, ends, { cut: true, since: world.now }, because))
    return [faultObject(world, 'partition', how), ...cut]
  },
  heal(world, fault) {
    const because = healed(world, fault)
    return pairs(world, fault.target.split(','))
      .filter(({ a, b }) => world.get(linkKey(a, b))?.cut && !stillApart(world, fault, a, b))
      .map((ends) => changeLink(world, ends, { cut: false }, because))
  },
}

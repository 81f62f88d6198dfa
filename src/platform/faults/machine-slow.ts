import { edit } from '../../engine/edit'
import { isBare, Machine, machineKey } from '../machine/machine'
import { type FaultKind, noTarget } from './fault'
import { began, faultObject, healed } from './object'

const DEFAULT_FACTOR = 10
const MOST = 1000

/**
 * A processor that is throttled, or shared with a greedy neighbour: starting containers, the starts of programs and their answers
 * take longer. Simplified: pulls, booting, the machine's own daemons and commands inside of containers keep their pace.
 */
export const machineSlow: FaultKind = {
  name: 'machine-slow',
  about: `containers on a machine start and answer ${DEFAULT_FACTOR} times slower, or as many times as you say`,
  measure: 'times',
  targets: (world) =>
    world
      .list(Machine)
      .filter(({ value }) => !isBare(value))
      .map(({ key, value }) => ({ key, name: value.name })),
  begin(world, how) {
    const key = machineKey(how.target)
    const machine = world.get(key)
    if (!machine) return noTarget('machine-slow', 'machine', how.target)
    const factor = how.amount ?? DEFAULT_FACTOR
    if (!(factor > 1 && factor <= MOST)) return { text: `machine-slow takes a factor from 1 to ${MOST}: 10x`, exit: 2 }
    const value = edit(machine, (m) => {
      m.slowness = factor
    })
    return [faultObject(world, 'machine-slow', how), { key, value, because: began('machine-slow', how.target) }]
  },
  heal(world, fault) {
    const key = machineKey(fault.target)
    const machine = world.get(key)
    if (machine?.slowness === undefined) return []
    const value = edit(machine, (m) => {
      delete m.slowness
    })
    return [{ key, value, because: healed(world, fault) }]
  },
}

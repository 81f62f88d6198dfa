import { isBare, Machine, machineKey } from '../machine/machine'
import { powerOff, powerOn } from '../machine/power'
import { type FaultKind, noTarget } from './fault'
import { began, faultObject, healed } from './object'

/** The plug is pulled: nothing is shut down in order. Healed, it boots. */
export const machineCrash: FaultKind = {
  name: 'machine-crash',
  about: 'a machine loses its power at once; healed, it boots again',
  targets: (world) =>
    world
      .list(Machine)
      .filter(({ value }) => value.power !== 'off' && !isBare(value))
      .map(({ key, value }) => ({ key, name: value.name })),
  begin(world, how) {
    if (!world.get(machineKey(how.target))) return noTarget('machine-crash', 'machine', how.target)
    const off = powerOff(world, how.target, began('machine-crash', how.target))
    if (off.length === 0) return { text: `${how.target} has no power already`, exit: 1 }
    return [faultObject(world, 'machine-crash', how), ...off]
  },
  heal: (world, fault) => powerOn(world, fault.target, healed(world, fault)),
}

import type { Change, Controller, World } from '../engine'
import { isDown, stoppedBy } from '../platform/faults'
import { Fault, Machine } from '../platform/machine/machine'

/** From the return of a part of the control plane until it works again. */
export const RESTART_MILLIS = 2_000

/** The machine whose role is control-plane, if the lab has one. */
export function controlPlane(world: World): Machine | undefined {
  return world.list(Machine).find((head) => head.value.role === 'control-plane')?.value
}

/** Whether the control plane's processes run: its machine has power. Simplified: one control-plane machine, all of its parts or none. */
export function controlPlaneRuns(world: World): boolean {
  return controlPlane(world)?.power === 'on'
}

/** Whether one of its parts does: its machine has power, and no fault stops it. */
export const componentRuns = (world: World, component: string): boolean =>
  controlPlaneRuns(world) && !isDown(world, component)

/** Whether a change is the return of a part of the control plane: its machine's power, or the end of a fault. */
export function returns(change: Change, component: string): boolean {
  if (change.kind === Fault.id)
    return change.value === undefined && stoppedBy(change.previous!.value as Fault) === component
  const machine = change.value as Machine | undefined
  const before = change.previous?.value as Machine | undefined
  return machine?.role === 'control-plane' && machine.power === 'on' && before?.power !== 'on'
}

/**
 * A controller that lives on the control plane: without power it does nothing, and when the power is back it looks at everything
 * it watches, as after a restart. A fault may stop it alone.
 */
export function onControlPlane(controller: Controller): Controller {
  const everything = (change: Change, world: World): readonly string[] | undefined => {
    if (!returns(change, controller.name)) return undefined
    const abouts = new Set<string>()
    for (const watch of controller.watches) {
      if (watch.kind === '*') continue
      for (const head of world.list(watch.kind)) {
        const found = watch.wake ? watch.wake(head, world) : head.key
        if (typeof found === 'string') abouts.add(found)
        else for (const one of found ?? []) abouts.add(one)
      }
    }
    return [...abouts]
  }
  return {
    ...controller,
    watches: [
      ...controller.watches,
      { kind: Machine, wake: everything, after: RESTART_MILLIS },
      { kind: Fault, wake: everything, after: RESTART_MILLIS },
    ],
    reconcile: (about, world, tools) =>
      componentRuns(world, controller.name) ? controller.reconcile(about, world, tools) : undefined,
  }
}

import type { Change, Controller, World } from '../engine'
import { Machine } from '../platform/machine/machine'

/** The machine whose role is control-plane, if the lab has one. */
export function controlPlane(world: World): Machine | undefined {
  return world.list(Machine).find((head) => head.value.role === 'control-plane')?.value
}

/** Whether the control plane's processes run: its machine has power. Simplified: one control-plane machine, all of its parts or none. */
export function controlPlaneRuns(world: World): boolean {
  return controlPlane(world)?.power === 'on'
}

/**
 * A controller that lives on the control plane: without power it does nothing, and when the power is back it looks at everything
 * it watches, as after a restart.
 */
export function onControlPlane(controller: Controller): Controller {
  const everything = (change: Change, world: World): readonly string[] | undefined => {
    const machine = change.value as Machine | undefined
    if (
      machine?.role !== 'control-plane' ||
      machine.power !== 'on' ||
      (change.previous?.value as Machine | undefined)?.power === 'on'
    )
      return undefined
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
    watches: [...controller.watches, { kind: Machine, wake: everything, after: 2_000 }],
    reconcile: (about, world, tools) =>
      controlPlaneRuns(world) ? controller.reconcile(about, world, tools) : undefined,
  }
}

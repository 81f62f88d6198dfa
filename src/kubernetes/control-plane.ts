import type { Change, Controller, Millis, World } from '../engine'
import { Machine, machineKey } from '../platform/machine/machine'

/** From the return of a part of the control plane until it works again. */
export const RESTART_MILLIS = 2_000

/** The machine whose role is control-plane, if the lab has one. */
export function controlPlane(world: World): Machine | undefined {
  return world.list(Machine, { role: 'control-plane' })[0]?.value
}

const runs = (machine: Machine | undefined, component: string): boolean =>
  machine?.power === 'on' && machine.daemons[component] !== 'stopped'

/** Whether a machine answers for the API: it has power, its kube-apiserver runs, and so does etcd behind it. */
export const servesApi = (machine: Machine | undefined): boolean =>
  runs(machine, 'kube-apiserver') && runs(machine, 'etcd')

/** Whether a part of the control plane can work: it runs, and so does the API server. Simplified: one control-plane machine. */
export function componentRuns(world: World, component: string): boolean {
  const machine = controlPlane(world)
  return servesApi(machine) && runs(machine, component)
}

/** Since when a part of the control plane has worked without a break: a process that is new knows nothing of what was before. */
export function workingSince(world: World, component: string): Millis {
  const name = controlPlane(world)?.name
  let change = name === undefined ? undefined : world.head(machineKey(name))
  let since = Number.NEGATIVE_INFINITY
  while (change?.value !== undefined && servesApi(change.value) && runs(change.value, component)) {
    since = change.previous?.value === undefined ? Number.NEGATIVE_INFINITY : change.at
    change = change.previous
  }
  return since
}

/** Whether a change of a machine is the return of a part of the control plane: it works after it and did not before. */
export function returns({ value, previous }: Change<Machine>, component: string): boolean {
  const works = (machine: Machine | undefined) => servesApi(machine) && runs(machine, component)
  return value?.role === 'control-plane' && works(value) && !works(previous?.value)
}

/**
 * A controller that lives on the control plane: without power it does nothing, and when the power is back it looks at everything
 * it watches, as after a restart. `component`: the process that it is a part of.
 */
export function onControlPlane(controller: Controller, component: string): Controller {
  const everything = (change: Change<Machine>, world: World): readonly string[] | undefined => {
    if (!returns(change, component)) return undefined
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
    watches: [...controller.watches, { kind: Machine, wake: everything, after: RESTART_MILLIS }],
    reconcile: (about, world, tools) =>
      componentRuns(world, component) ? controller.reconcile(about, world, tools) : undefined,
  }
}

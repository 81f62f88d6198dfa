import type { World } from '../../engine/kind'
import { type Fault, faultKey, Machine } from '../machine/machine'
import type { FaultKind } from './fault'
import { faultObject } from './object'

/** A part of the control plane stands still, as a process that has been sent SIGSTOP; the rest goes on. Its own liveness probe is left out. */
const componentDown = (name: string, component: string, about: string): FaultKind => ({
  name,
  about,
  targets: (world) => controlPlanes(world).map(({ key }) => ({ key, name: component })),
  begin(world, how) {
    if (how.target !== '' && how.target !== component) return { text: `${name} is about ${component} alone`, exit: 1 }
    if (controlPlanes(world).length === 0) return { text: `there is no ${component} here`, exit: 1 }
    return isDown(world, component)
      ? { text: `${component} stands still already`, exit: 1 }
      : [faultObject(world, name, { ...how, target: component })]
  },
  heal: () => [],
})

const controlPlanes = (world: World) => world.list(Machine).filter(({ value }) => value.role === 'control-plane')

/** By component, the fault that stops it. */
const FAULTS: Readonly<Record<string, string>> = { 'kube-scheduler': 'scheduler-down' }

export const schedulerDown = componentDown(
  'scheduler-down',
  'kube-scheduler',
  'the scheduler stands still: pods without a node stay Pending until it is back',
)

/** Whether a fault keeps a part of the control plane from doing anything. */
export function isDown(world: World, component: string): boolean {
  const fault = FAULTS[component]
  return fault !== undefined && world.get(faultKey(fault, component)) !== undefined
}

/** Which part of the control plane a fault stops. */
export const stoppedBy = ({ name, target }: Fault): string | undefined => (FAULTS[target] === name ? target : undefined)

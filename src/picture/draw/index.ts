/** The part of the picture that touches the page: D3 lives here and nowhere else. */
export { ControlPlaneDrawing } from './control-plane'
export { LimitsDrawing } from './limits'
export { MachinesDrawing } from './machines'
export { NetworkDrawing } from './network'
export { RolloutDrawing } from './rollout'
export type { Look, ViewDrawing } from './view'

/** The part of the picture that touches the page: D3 lives here and nowhere else. */
export { ControlPlaneDrawing } from './control-plane'
export { LifeCycleDrawing } from './life-cycle'
export { MachinesDrawing } from './machines'
export { NamespacesDrawing } from './namespaces'
export { NetworkDrawing } from './network'
export { RolloutDrawing } from './rollout'
export { StorageDrawing } from './storage'
export type { Look, ViewDrawing } from './view'

import type { World } from '../../engine'
import type { ViewScene } from '../../picture'
import {
  type Book,
  controlPlaneScene,
  imagesScene,
  lifeCycleScene,
  limitsScene,
  namespacesScene,
  networkScene,
  rolloutScene,
  storageScene,
} from '../../picture/scenes'
import type { FrameRequest } from './protocol'

/** What the view that is looked at shows; undefined for the machines, which every frame has anyway. */
export function viewSceneOf(
  world: World,
  book: Book,
  { view, window, selected }: Pick<FrameRequest, 'view' | 'window' | 'selected'>,
): ViewScene | undefined {
  if (view === 'rollout') return rolloutScene(world, book, selected)
  if (view === 'control-plane') return controlPlaneScene(world, window)
  if (view === 'limits') return limitsScene(world, book)
  if (view === 'network') return networkScene(world, book, window)
  if (view === 'images') return imagesScene(world)
  if (view === 'storage') return storageScene(world)
  if (view === 'life-cycle') return lifeCycleScene(world, selected)
  if (view === 'namespaces') return namespacesScene(world)
  return undefined
}

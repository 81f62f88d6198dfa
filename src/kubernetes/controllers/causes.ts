import type { Change, Revision, Tools, World } from '../../engine'
import type { KubeObject } from '../kinds/meta'

/** The last change that made an object's spec what it is: what an owner's deeds follow from. */
export function lastSpecChange<T extends KubeObject & { readonly spec: unknown }>(head: Change<T>): Revision {
  let change = head
  while (change.previous && change.previous.value !== undefined && change.previous.value.spec === change.value.spec)
    change = change.previous
  return change.revision
}

/** Among the changes that woke the controller, the first that satisfies a condition. */
export function telling(tools: Tools, world: World, is: (change: Change) => boolean): Revision | undefined {
  return tools.message.causes.find((revision) => {
    const change = world.change(revision)
    return change !== undefined && is(change)
  })
}

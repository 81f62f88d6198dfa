import { stamp } from '../../engine/time'
import type { KubeObject, ManagedFields } from '../kinds/meta'
import { apiVersionOf } from '../kinds/resource'
import type { Call } from './call'
import { afterUpdate, entryOf, type Manager, ownedFields } from './managed/managers'

/** Who asks, as the entries of managedFields tell it. */
export const managerOf = ({ request, resource, world }: Call): Manager => ({
  manager: request.fieldManager ?? 'unknown',
  operation: request.patchType === 'apply' ? 'Apply' : 'Update',
  apiVersion: apiVersionOf(resource),
  subresource: request.resource.subresource,
  time: stamp(world.now),
})

/** A new object belongs to who made it: all of it, or what was applied. */
export function managedFrom(call: Call, made: KubeObject): KubeObject {
  const { status: _, ...rest } = made as KubeObject & { status?: unknown }
  const applied = call.request.patchType === 'apply' ? (call.request.body as object) : rest
  const entry = entryOf(managerOf(call), ownedFields(applied, call.resource.schema))
  return { ...made, metadata: { ...made.metadata, managedFields: [entry] } }
}

/** With who owns what after the change: as given by a server-side apply, or found out from what has changed. */
export function owned(call: Call, old: KubeObject, next: KubeObject, given?: readonly ManagedFields[]): KubeObject {
  const managedFields = given ?? afterUpdate(old, next, call.resource.schema, managerOf(call))
  return managedFields === undefined ? next : { ...next, metadata: { ...next.metadata, managedFields } }
}

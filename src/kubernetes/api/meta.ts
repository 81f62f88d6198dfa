import type { Millis } from '../../engine/json'
import { type Key, partsOf } from '../../engine/kind'
import type { Tools } from '../../engine/plan'
import { stamp } from '../../engine/time'
import type { KubeObject, ObjectMeta, OwnerReference } from '../kinds/meta'

/** The metadata of an object that is being created now under this key. Namespace and name come from the key. */
export function newMeta(tools: Tools, key: Key<any>, now: Millis, more: Partial<ObjectMeta> = {}): ObjectMeta {
  const { scope, name } = partsOf(key)
  const meta: ObjectMeta = { name, uid: tools.uid(key), creationTimestamp: stamp(now), ...more }
  return scope === '' ? meta : { ...meta, namespace: scope }
}

/** How a controller owns what it makes. */
export function controllerReference(owner: KubeObject): OwnerReference {
  const { apiVersion, kind, metadata } = owner
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true }
}

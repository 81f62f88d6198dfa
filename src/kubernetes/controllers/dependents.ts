import type { Change, Kind, World } from '../../engine'
import type { KubeObject } from '../kinds/meta'
import { Pod } from '../kinds/pod'
import { resources } from '../kinds/resources'

const stores: readonly Kind<any>[] = resources.map(({ store }) => store)

/** Kinds whose objects may have owners, each with the index `owner`. */
export const OWNABLE = stores.filter(({ indexes }) => 'owner' in indexes)
/** Kinds that may own: all but notes, which come by the thousand and own nothing. */
export const OWNERS = stores.filter(({ quiet }) => !quiet)
/** Kinds that live in a namespace and go with it; pods first. */
export const NAMESPACED: readonly Kind<any>[] = [
  Pod,
  ...resources.flatMap(({ namespaced, store }) => (namespaced && store !== Pod ? [store] : [])),
]

export function dependentsOf(uid: string, world: World): Change<KubeObject>[] {
  return OWNABLE.flatMap((kind) => world.list(kind, { owner: uid }) as readonly Change<KubeObject>[])
}

/** Whether an owner that a reference names exists; one of a kind that nobody knows is taken to. */
export function ownerExists(
  reference: { readonly kind: string; readonly name: string; readonly uid: string },
  namespace: string | undefined,
  world: World,
): boolean {
  const resource = resources.find(({ store }) => store.id === `kubernetes/${reference.kind}`)
  if (!resource) return true
  const key = resource.store.key(resource.namespaced ? (namespace ?? '') : '', reference.name)
  return (world.get(key) as KubeObject | undefined)?.metadata.uid === reference.uid
}

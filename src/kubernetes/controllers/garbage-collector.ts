import {
  type Change,
  type Controller,
  edit,
  type Key,
  type Plan,
  type Reason,
  stamp,
  type Wish,
  type World,
} from '../../engine'
import { type KubeObject, withoutOwner } from '../kinds/meta'
import type { Pod } from '../kinds/pod'
import { dependentsOf, OWNABLE, OWNERS, ownerExists } from './dependents'
import { deletePod } from './pods'

const NAME = 'garbage-collector'
const NOTICE_MILLIS = 20
const FOREGROUND = 'foregroundDeletion'
const ORPHAN = 'orphan'

/**
 * Deletes what has lost its owner, and lets an owner that is being deleted in the foreground go once its dependents have. After
 * pkg/controller/garbagecollector.
 */
export const garbageCollector: Controller = {
  name: NAME,
  about: 'deletes objects whose owner is gone',
  watches: [
    ...OWNERS.map((kind) => ({ kind, wake: ownerChange, after: NOTICE_MILLIS })),
    ...OWNABLE.map((kind) => ({ kind, wake: dependentChange, after: NOTICE_MILLIS })),
  ],
  reconcile(about, world) {
    if (about.startsWith('owner ')) return finishOwner(about.slice(6) as Key<KubeObject>, world)
    return collect(about as Key<KubeObject>, world)
  },
}

/** The owner is gone, or is being deleted: its dependents are looked at. */
function ownerChange(change: Change<KubeObject>, world: World): readonly string[] | undefined {
  const { value } = change
  if (value !== undefined && value.metadata.deletionTimestamp === undefined) return undefined
  const dependents = dependentsOf(change.uid, world).map((one) => one.key as string)
  const pending = value?.metadata.finalizers?.some((finalizer) => finalizer === FOREGROUND || finalizer === ORPHAN)
  return pending ? [...dependents, `owner ${change.key}`] : dependents
}

/** A dependent that is gone may free an owner that waits for it; a new one may have an owner that never was. */
function dependentChange(change: Change<KubeObject>, world: World): readonly string[] | undefined {
  const object = change.value ?? change.previous?.value
  const references = object?.metadata.ownerReferences
  if (!references?.length) return undefined
  if (change.value === undefined) {
    return references.flatMap((reference) => {
      const kind = OWNERS.find((one) => one.id === `kubernetes/${reference.kind}`)
      if (!kind) return []
      const key = kind.key(object.metadata.namespace ?? '', reference.name)
      const owner = world.get(key) as KubeObject | undefined
      return owner?.metadata.deletionTimestamp === undefined ? [] : [`owner ${key}`]
    })
  }
  const fresh = change.previous?.value === undefined || change.previous.value.metadata.ownerReferences !== references
  return fresh && references.some((reference) => !ownerExists(reference, object.metadata.namespace, world))
    ? [change.key]
    : undefined
}

/** The wish that deletes any object as the API would, by a controller's hand. */
export function deletion(
  head: Change<KubeObject>,
  world: World,
  because: Reason,
  propagation?: 'Foreground',
): Wish | undefined {
  if (head.key.startsWith('kubernetes/Pod/')) return deletePod(head as Change<Pod>, world, because)
  if (head.value.metadata.deletionTimestamp !== undefined) return undefined
  const finalizers = [...(head.value.metadata.finalizers ?? []), ...(propagation === 'Foreground' ? [FOREGROUND] : [])]
  if (finalizers.length === 0) return { key: head.key, value: undefined, because }
  const value = edit(head.value, (draft) => {
    draft.metadata.deletionTimestamp = stamp(world.now)
    draft.metadata.deletionGracePeriodSeconds = 0
    draft.metadata.finalizers = finalizers
  })
  return { key: head.key, value, because }
}

function collect(key: Key<KubeObject>, world: World): Plan | undefined {
  const head = world.head(key)
  const references = head?.value.metadata.ownerReferences
  if (!head || !references?.length) return undefined
  const living = references.filter((reference) => ownerExists(reference, head.value.metadata.namespace, world))
  const going = living.filter((reference) => isGoing(reference, head.value.metadata.namespace, world))
  if (living.length > going.length) return undefined
  const lost = references.find((reference) => !living.includes(reference)) ?? going[0]!
  if (living.length > 0 && going.length === 0) return undefined
  const of = lastChangeOf(lost, head.value.metadata.namespace, world)
  const because: Reason = {
    id: 'kubernetes/owner-gone',
    values: { owner: `${lost.kind.toLowerCase()}/${lost.name}`, name: head.value.metadata.name },
    ...(of ? { of: [of] } : {}),
  }
  const wish = deletion(
    head,
    world,
    because,
    going.length > 0 && dependentsOf(head.uid, world).length > 0 ? 'Foreground' : undefined,
  )
  return wish && { changes: [wish] }
}

/** The owner is being deleted in the foreground: its dependents go first. */
function isGoing(reference: { kind: string; name: string }, namespace: string | undefined, world: World): boolean {
  const kind = OWNERS.find((one) => one.id === `kubernetes/${reference.kind}`)
  const owner = kind && (world.get(kind.key(namespace ?? '', reference.name)) as KubeObject | undefined)
  return owner?.metadata.deletionTimestamp !== undefined && (owner.metadata.finalizers ?? []).includes(FOREGROUND)
}

function lastChangeOf(
  reference: { kind: string; name: string },
  namespace: string | undefined,
  world: World,
): number | undefined {
  const kind = OWNERS.find((one) => one.id === `kubernetes/${reference.kind}`)
  const latest =
    kind &&
    (world as { latest?: (key: string) => Change | undefined }).latest?.(kind.key(namespace ?? '', reference.name))
  return latest?.revision
}

function finishOwner(key: Key<KubeObject>, world: World): Plan | undefined {
  const head = world.head(key)
  const finalizers = head?.value.metadata.finalizers ?? []
  if (!head || head.value.metadata.deletionTimestamp === undefined) return undefined
  const changes: Wish[] = []
  const dependents = dependentsOf(head.uid, world)
  const because: Reason = { id: 'kubernetes/finalized', values: { name: head.value.metadata.name } }
  if (finalizers.includes(ORPHAN)) {
    for (const one of dependents) {
      changes.push({
        key: one.key,
        value: withoutOwner(one.value, head.uid),
        because: { id: 'kubernetes/orphaned', values: { owner: head.value.metadata.name } },
      })
    }
  } else if (
    dependents.some((one) =>
      one.value.metadata.ownerReferences?.some(
        (reference) => reference.uid === head.uid && reference.blockOwnerDeletion,
      ),
    )
  )
    return undefined
  const left = finalizers.filter((finalizer) => finalizer !== ORPHAN && finalizer !== FOREGROUND)
  const value = left.length === 0 ? undefined : edit(head.value, (draft) => void (draft.metadata.finalizers = left))
  changes.push({ key: head.key, value, because })
  return { changes }
}

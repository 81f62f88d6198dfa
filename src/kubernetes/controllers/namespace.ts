import type { Change, Controller, Key, Plan, Reason, Wish, World } from '../../engine'
import { newMeta } from '../api/meta'
import type { Condition, KubeObject } from '../kinds/meta'
import { Namespace, ServiceAccount } from '../kinds/namespace'
import { NAMESPACED } from './dependents'
import { deletion } from './garbage-collector'
import { withCondition } from './pods'

const NOTICE_MILLIS = 50

/** Empties a namespace that is being deleted, pods first, and lets it go. After namespaced_resources_deleter.go (ordered since 1.33). */
export const namespaceController: Controller = {
  name: 'namespace-controller',
  about: 'empties namespaces that are being deleted',
  watches: [
    { kind: Namespace, after: NOTICE_MILLIS },
    ...NAMESPACED.map((kind) => ({
      kind,
      wake(change: Change<KubeObject>, world: World) {
        if (change.value !== undefined) return undefined
        const key = Namespace.key('', (change.previous!.value as KubeObject).metadata.namespace ?? '')
        return world.get(key)?.status.phase === 'Terminating' ? key : undefined
      },
      after: NOTICE_MILLIS,
    })),
  ],
  reconcile(about, world) {
    const head = world.head(about as Key<Namespace>)
    return head?.value.metadata.deletionTimestamp === undefined ? undefined : empty(head, world)
  },
}

function empty(head: Change<Namespace>, world: World): Plan {
  const { name } = head.value.metadata
  const because: Reason = { id: 'kubernetes/namespace-emptied', values: { namespace: name }, of: [head.revision] }
  const changes: Wish[] = []
  const left: string[] = []
  for (const kind of NAMESPACED) {
    const objects = world.list(kind, { scope: name }) as readonly Change<KubeObject>[]
    if (objects.length === 0) continue
    left.push(`${kind.id.slice(kind.id.indexOf('/') + 1).toLowerCase()}s. has ${objects.length} resource instances`)
    for (const object of objects) {
      const wish = deletion(object, world, because)
      if (wish) changes.push(wish)
    }
    // pods go first, and are waited for
    if (kind.id === 'kubernetes/Pod' && objects.length > 0) break
  }
  if (left.length === 0) return { changes: [{ key: head.key, value: undefined, because }] }
  if (changes.length === 0) {
    const content: Condition = {
      type: 'NamespaceContentRemaining',
      status: 'True',
      reason: 'SomeResourcesRemain',
      message: `Some resources are remaining: ${left.join(', ')}`,
    }
    const conditions = withCondition(head.value.status.conditions, content, world.now)
    if (conditions !== head.value.status.conditions) {
      changes.push({
        key: head.key,
        value: { ...head.value, status: { ...head.value.status, conditions } },
        because,
        quiet: true,
      })
    }
  }
  return { changes, again: 5_000 }
}

/** Gives each namespace its ServiceAccount `default`. After serviceaccounts_controller.go. */
export const serviceAccountController: Controller = {
  name: 'serviceaccount-controller',
  about: 'gives each namespace its service account default',
  watches: [
    { kind: Namespace, after: 10 },
    {
      kind: ServiceAccount,
      wake: (change: Change<ServiceAccount>) =>
        change.value === undefined ? Namespace.key('', change.previous!.value.metadata.namespace ?? '') : undefined,
      after: 10,
    },
  ],
  reconcile(about, world, tools) {
    const head = world.head(about as Key<Namespace>)
    if (head?.value.status.phase !== 'Active') return undefined
    const key = ServiceAccount.key(head.value.metadata.name, 'default')
    if (world.get(key)) return undefined
    const value: ServiceAccount = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: newMeta(tools, key, world.now) }
    return {
      changes: [
        {
          key,
          value,
          because: { id: 'kubernetes/service-account', values: { namespace: head.value.metadata.name } },
          quiet: true,
        },
      ],
    }
  },
}

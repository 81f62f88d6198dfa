import type { Change } from '../../engine/change'
import type { Wish } from '../../engine/plan'
import { millisOf, stamp } from '../../engine/time'
import type { KubeObject } from '../kinds/meta'
import type { Namespace } from '../kinds/namespace'
import type { Pod } from '../kinds/pod'
import { apiVersionOf } from '../kinds/resource'
import { deletionRefusal } from './admission'
import { type Answer, aboutOf, asked, type Call, keyOf, ok, present, refused } from './call'
import { filterOf, select } from './reading'
import { badRequest, conflict, notFound, success } from './status'

const FOREGROUND = 'foregroundDeletion'
const ORPHAN = 'orphan'

export function remove(call: Call): Answer {
  const { resource, request, world } = call
  const about = aboutOf(resource)
  const name = request.name ?? ''
  const head = world.head(keyOf(call))
  if (!head) return refused(notFound(about, name))
  const refusal = deletionRefusal(call)
  if (refusal) return refused(refusal)
  const { uid, resourceVersion } = request.preconditions ?? {}
  if (uid !== undefined && uid !== head.value.metadata.uid) {
    return refused(
      conflict(
        about,
        name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${head.value.metadata.uid}`,
      ),
    )
  }
  if (resourceVersion !== undefined && resourceVersion !== String(head.revision)) {
    return refused(
      conflict(
        about,
        name,
        `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${head.revision}`,
      ),
    )
  }
  const value = afterDeletion(call, head)
  const plan = request.dryRun || value === head.value ? undefined : { changes: [wishOf(call, head, value)] }
  if (value !== undefined) {
    const change = { ...head, value, revision: plan ? world.revision + 1 : head.revision }
    return { ...ok(present(resource, change, world)), ...(plan && { plan }) }
  }
  const details = {
    name,
    ...(resource.group !== '' && { group: resource.group }),
    kind: resource.plural,
    uid: head.value.metadata.uid,
  }
  return { ...ok(success(details)), ...(plan && { plan }) }
}

const wishOf = (call: Call, head: Change<KubeObject>, value: KubeObject | undefined): Wish<KubeObject> => ({
  key: head.key,
  value,
  because: asked(
    value === undefined ? 'deleted' : 'asked-to-end',
    {
      ...call,
      request: { ...call.request, ...(head.value.metadata.namespace && { namespace: head.value.metadata.namespace }) },
    },
    head.value.metadata.name,
    head,
  ),
})

/** What is left of an object after a deletion: nothing, or the object on its way out. The same object: nothing changes. */
export function afterDeletion({ resource, request, world }: Call, head: Change<KubeObject>): KubeObject | undefined {
  const object = head.value
  if (resource.kind === 'Pod') return podAfterDeletion(object as Pod, request.gracePeriodSeconds, world.now)
  if (resource.kind === 'Namespace') return namespaceAfterDeletion(object as Namespace, world.now)
  const added =
    request.propagationPolicy === 'Foreground' ? [FOREGROUND] : request.propagationPolicy === 'Orphan' ? [ORPHAN] : []
  const finalizers = [
    ...(object.metadata.finalizers ?? []),
    ...added.filter((one) => !object.metadata.finalizers?.includes(one)),
  ]
  if (finalizers.length === 0) return undefined
  if (object.metadata.deletionTimestamp !== undefined) return object
  return { ...object, metadata: { ...object.metadata, ...ending(object, world.now, 0), finalizers } }
}

const ending = ({ metadata }: KubeObject, now: number, graceSeconds: number) => ({
  deletionTimestamp: stamp(now + graceSeconds * 1000),
  deletionGracePeriodSeconds: graceSeconds,
  ...(metadata.generation !== undefined &&
    metadata.deletionTimestamp === undefined && { generation: metadata.generation + 1 }),
})

/**
 * A pod that is bound and not finished gets its grace period and stays until its kubelet confirms. One that no kubelet
 * knows, or that has finished, goes at once; so does any with grace 0. A grace period can be shortened, never lengthened.
 */
function podAfterDeletion(pod: Pod, wanted: number | undefined, now: number): Pod | undefined {
  const finished = pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
  const own = Math.max(pod.spec.terminationGracePeriodSeconds ?? 30, 1)
  const grace = !pod.spec.nodeName || finished ? 0 : (wanted ?? own)
  const held = (pod.metadata.finalizers ?? []).length > 0
  if (grace <= 0 && !held) return undefined
  const until = millisOf(pod.metadata.deletionTimestamp)
  if (until !== undefined && (wanted === undefined || Math.floor(now / 1000) * 1000 + grace * 1000 >= until)) return pod
  return { ...pod, metadata: { ...pod.metadata, ...ending(pod, now, Math.max(0, grace)) } }
}

function namespaceAfterDeletion(namespace: Namespace, now: number): Namespace | undefined {
  if (namespace.metadata.deletionTimestamp !== undefined) return namespace
  if ((namespace.spec?.finalizers ?? []).length === 0 && (namespace.metadata.finalizers ?? []).length === 0)
    return undefined
  const { deletionTimestamp } = ending(namespace, now, 0)
  return {
    ...namespace,
    metadata: { ...namespace.metadata, deletionTimestamp },
    status: { ...namespace.status, phase: 'Terminating' },
  }
}

/** Deletes all that a selector finds; the answer is the list of them. */
export function removeAll(call: Call): Answer {
  const { resource, request, world } = call
  const filter = filterOf(call)
  if ('error' in filter) return refused(badRequest(filter.error))
  const heads = select(call, filter)
  const changes: Wish[] = []
  for (const head of heads) {
    const value = afterDeletion(call, head)
    if (value !== head.value) changes.push(wishOf(call, head, value))
  }
  const items = heads.map((head) => present(resource, head, world))
  const body = {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: { resourceVersion: String(world.revision) },
    items,
  }
  return { ...ok(body), ...(!request.dryRun && changes.length > 0 && { plan: { changes } }) }
}

import type { World } from '../../engine/kind'
import { millisOf } from '../../engine/time'
import type { KubeObject } from '../kinds/meta'
import { Namespace, ServiceAccount } from '../kinds/namespace'
import type { Pod } from '../kinds/pod'
import { priorityOf } from '../kinds/pod-defaults'
import { aboutOf, type Call } from './call'
import type { Status } from './request'
import { forbiddenStatus, notFound } from './status'

const NAMESPACES = { resource: 'namespaces', group: '' }
/** Ten tries, 100 to 200 ms apart. */
const PATIENCE_MILLIS = 1_500
const FOREVER = ['default', 'kube-system', 'kube-public']

/** A namespaced object needs a namespace that is there and is not being emptied. */
export function namespaceRefusal({ world, resource, request }: Call, name: string): Status | undefined {
  if (!resource.namespaced) return undefined
  const namespace = request.namespace ?? 'default'
  const found = world.get(Namespace.key('', namespace))
  if (!found) return notFound(NAMESPACES, namespace)
  if (found.metadata.deletionTimestamp === undefined) return undefined
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`
  const status = forbiddenStatus(aboutOf(resource), name, why)
  return {
    ...status,
    details: {
      ...status.details,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  }
}

/** What admission refuses of a new object. */
export function admissionRefusal({ world, resource }: Call, object: KubeObject): Status | undefined {
  return resource.kind === 'Pod' ? podRefusal(world, object as Pod, object.metadata.name) : undefined
}

/** What admission refuses of a new pod, whoever makes it. `name`: what it is called so far. */
export function podRefusal(world: World, pod: Pod, name: string): Status | undefined {
  const { priorityClassName, serviceAccountName = 'default' } = pod.spec
  const about = { resource: 'pods', group: '' }
  if (priorityClassName && priorityOf(priorityClassName) === undefined) {
    return forbiddenStatus(about, name, `no PriorityClass with name ${priorityClassName} was found`)
  }
  if (!accountExists(world, pod.metadata.namespace ?? 'default', serviceAccountName)) {
    const account = `${pod.metadata.namespace}/${serviceAccountName}`
    return forbiddenStatus(
      about,
      name,
      `error looking up service account ${account}: serviceaccount "${serviceAccountName}" not found`,
    )
  }
  return undefined
}

/**
 * A lab without any service account does not have the controller that makes them. The admission plugin looks for `default` again
 * for a while, because a new namespace gets it a moment later.
 */
function accountExists(world: World, namespace: string, name: string): boolean {
  if (world.get(ServiceAccount.key(namespace, name))) return true
  if (name !== 'default') return false
  const created = millisOf(world.get(Namespace.key('', namespace))?.metadata.creationTimestamp)
  return world.list(ServiceAccount).length === 0 || (created !== undefined && world.now - created < PATIENCE_MILLIS)
}

/** Namespaces that may not go. */
export function deletionRefusal({ resource, request }: Call): Status | undefined {
  if (resource.kind !== 'Namespace' || !FOREVER.includes(request.name ?? '')) return undefined
  return forbiddenStatus(aboutOf(resource), request.name ?? '', 'this namespace may not be deleted')
}

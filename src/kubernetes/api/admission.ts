import type { World } from '../../engine/kind'
import type { KubeObject } from '../kinds/meta'
import { Namespace, ServiceAccount } from '../kinds/namespace'
import type { Pod } from '../kinds/pod'
import { priorityOf } from '../kinds/pod-defaults'
import { aboutOf, type Call } from './call'
import type { Status } from './request'
import { forbiddenStatus, notFound } from './status'

const NAMESPACES = { resource: 'namespaces', group: '' }
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
export function admissionRefusal(call: Call, object: KubeObject): Status | undefined {
  if (call.resource.kind !== 'Pod') return undefined
  const pod = object as Pod
  const { priorityClassName, serviceAccountName = 'default' } = pod.spec
  const name = pod.metadata.name
  const about = aboutOf(call.resource)
  if (priorityClassName && priorityOf(priorityClassName) === undefined) {
    return forbiddenStatus(about, name, `no PriorityClass with name ${priorityClassName} was found`)
  }
  if (!accountExists(call.world, pod.metadata.namespace ?? 'default', serviceAccountName)) {
    const account = `${pod.metadata.namespace}/${serviceAccountName}`
    return forbiddenStatus(
      about,
      name,
      `error looking up service account ${account}: serviceaccount "${serviceAccountName}" not found`,
    )
  }
  return undefined
}

/** A lab without any service account does not have the controller that makes them. */
function accountExists(world: World, namespace: string, name: string): boolean {
  if (world.get(ServiceAccount.key(namespace, name))) return true
  return name === 'default' && world.list(ServiceAccount).length === 0
}

/** Namespaces that may not go. */
export function deletionRefusal({ resource, request }: Call): Status | undefined {
  if (resource.kind !== 'Namespace' || !FOREVER.includes(request.name ?? '')) return undefined
  return forbiddenStatus(aboutOf(resource), request.name ?? '', 'this namespace may not be deleted')
}

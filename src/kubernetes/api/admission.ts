import type { World } from '../../engine/kind'
import type { Wish } from '../../engine/plan'
import { millisOf } from '../../engine/time'
import type { KubeObject } from '../kinds/meta'
import { Namespace, ServiceAccount } from '../kinds/namespace'
import type { Pod } from '../kinds/pod'
import type { PriorityClass } from '../kinds/priorityclass'
import { imagePoliciesFor } from './admission-plugins/image-policy'
import { PodAdmission } from './admission-plugins/pod'
import { defaultClassRefusal } from './admission-plugins/priority'
import { QuotaLedger } from './admission-plugins/quota'
import { aboutOf, type Call } from './call'
import type { Status } from './request'
import { badRequest, forbiddenStatus, notFound } from './status'

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

/** What admission does with one new object: fills in, judges, counts. */
export interface Admission {
  /** The object with what is filled in, or why it is refused. */
  mutated(object: any): KubeObject | { readonly refused: string }
  /** Why the finished object is refused; else it is charged to the quotas. */
  refusal(object: any): string | undefined
  /** What the quotas were charged. */
  wishes(): readonly Wish[]
}

export function admissionOf({ resource, request, world }: Call): Admission {
  const namespace = request.namespace ?? 'default'
  if (resource.kind === 'Pod') return new PodAdmission(world, namespace)
  const ledger = resource.namespaced ? new QuotaLedger(world, namespace) : undefined
  return {
    mutated: (object: KubeObject) => object,
    refusal: (object: KubeObject) =>
      resource.kind === 'PriorityClass'
        ? defaultClassRefusal(object as PriorityClass, world)
        : ledger?.charge(resource, object),
    wishes: () => ledger?.wishes() ?? [],
  }
}

/** What admission refuses of a new object before it is validated. */
export function admissionRefusal({ resource, world }: Call, object: KubeObject): Status | undefined {
  return resource.kind === 'Pod' ? podRefusal(world, object as Pod, object.metadata.name) : undefined
}

/** What a policy on images makes of an object, in a namespace that has asked for one: digests for tags; or why it refuses it. */
export function withImagePolicies<T extends KubeObject>(
  { world, request, resource }: Call,
  object: T,
): { readonly object: T } | { readonly status: Status } {
  const policies = resource.namespaced ? imagePoliciesFor(world, request.namespace ?? 'default') : undefined
  const resolved = policies?.resolved(resource.kind, object) ?? object
  const why = policies?.refusal(resource.kind, resolved)
  return why === undefined ? { object: resolved } : { status: badRequest(why) }
}

/** A pod needs its service account. `name`: what it is called so far. */
export function podRefusal(world: World, pod: Pod, name: string): Status | undefined {
  const { serviceAccountName = 'default' } = pod.spec
  if (accountExists(world, pod.metadata.namespace ?? 'default', serviceAccountName)) return undefined
  const account = `${pod.metadata.namespace}/${serviceAccountName}`
  const why = `error looking up service account ${account}: serviceaccount "${serviceAccountName}" not found`
  return forbiddenStatus({ resource: 'pods', group: '' }, name, why)
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

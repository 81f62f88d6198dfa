import type { Change, Kind, World } from '../../engine'
import { ConfigMap, Secret } from '../kinds/configmap'
import { ControllerRevision } from '../kinds/controllerrevision'
import { CronJob } from '../kinds/cronjob'
import { DaemonSet } from '../kinds/daemonset'
import { Deployment } from '../kinds/deployment'
import { Endpoints } from '../kinds/endpoints'
import { Event } from '../kinds/event'
import { Job } from '../kinds/job'
import { LimitRange } from '../kinds/limitrange'
import type { KubeObject } from '../kinds/meta'
import { Namespace, ServiceAccount } from '../kinds/namespace'
import { Lease, Node } from '../kinds/node'
import { Pod } from '../kinds/pod'
import { PodDisruptionBudget } from '../kinds/poddisruptionbudget'
import { ReplicaSet } from '../kinds/replicaset'
import { ReplicationController } from '../kinds/replicationcontroller'
import { ResourceQuota } from '../kinds/resourcequota'
import { EndpointSlice, Service } from '../kinds/service'

/** Kinds whose objects may have owners, each with the index `owner`. */
export const OWNABLE: readonly Kind<any>[] = [
  Pod,
  ReplicaSet,
  Deployment,
  ReplicationController,
  DaemonSet,
  Job,
  CronJob,
  ControllerRevision,
  Service,
  EndpointSlice,
  Endpoints,
  ServiceAccount,
  ConfigMap,
  Secret,
  PodDisruptionBudget,
  ResourceQuota,
  LimitRange,
]
/** Kinds that may own. */
export const OWNERS: readonly Kind<any>[] = [
  Deployment,
  ReplicaSet,
  ReplicationController,
  DaemonSet,
  Job,
  CronJob,
  Service,
  Pod,
  Node,
  Namespace,
  ConfigMap,
  Secret,
  Endpoints,
]
/** Kinds that live in a namespace and go with it; pods first. */
export const NAMESPACED: readonly Kind<any>[] = [
  Pod,
  Deployment,
  ReplicaSet,
  ReplicationController,
  DaemonSet,
  Job,
  CronJob,
  ControllerRevision,
  Service,
  EndpointSlice,
  Endpoints,
  ServiceAccount,
  ConfigMap,
  Secret,
  PodDisruptionBudget,
  ResourceQuota,
  LimitRange,
  Lease,
  Event,
]

export function dependentsOf(uid: string, world: World): Change<KubeObject>[] {
  return OWNABLE.flatMap((kind) => world.list(kind, { owner: uid }) as readonly Change<KubeObject>[])
}

/** Whether an owner that a reference names exists. */
export function ownerExists(
  reference: { readonly kind: string; readonly name: string; readonly uid: string },
  namespace: string | undefined,
  world: World,
): boolean {
  const kind = OWNERS.find((one) => one.id === `kubernetes/${reference.kind}`)
  if (!kind) return true
  const scope = reference.kind === 'Node' || reference.kind === 'Namespace' ? '' : (namespace ?? '')
  return (world.get(kind.key(scope, reference.name)) as KubeObject | undefined)?.metadata.uid === reference.uid
}

import { type Change, type Kind, kindOf, type World } from '../../engine'
import { ControllerRevision } from '../../kubernetes/kinds/controllerrevision'
import { DaemonSet } from '../../kubernetes/kinds/daemonset'
import { Deployment } from '../../kubernetes/kinds/deployment'
import { Job } from '../../kubernetes/kinds/job'
import { controllerOf, type KubeObject } from '../../kubernetes/kinds/meta'
import type { Pod } from '../../kubernetes/kinds/pod'
import { ReplicaSet } from '../../kubernetes/kinds/replicaset'
import { ReplicationController } from '../../kubernetes/kinds/replicationcontroller'

/** The topmost owner of a pod: what its hue is about. */
export interface Workload {
  readonly uid: string
  readonly name: string
  /** Which version of the workload's template the pod is made from, 0 the first. */
  readonly version: number
}

const revisionOf = (object: KubeObject) =>
  Number(object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 1)

export function workloadOf(pod: Pod, uid: string, world: World): Workload {
  const owner = controllerOf(pod)
  if (!owner) return { uid, name: pod.metadata.name, version: 0 }
  if (owner.kind === 'Node') return { uid: 'system', name: owner.name, version: 0 }
  if (owner.kind === 'DaemonSet')
    return { uid: owner.uid, name: owner.name, version: daemonVersion(pod, owner.name, world) }
  if (owner.kind === 'Job') {
    const job = world.list(Job, { uid: owner.uid })[0]?.value
    const cron = job && controllerOf(job)
    return { uid: cron?.uid ?? owner.uid, name: cron?.name ?? owner.name, version: 0 }
  }
  if (owner.kind !== 'ReplicaSet') return { uid: owner.uid, name: owner.name, version: 0 }
  const set = world.list(ReplicaSet, { uid: owner.uid })[0]?.value
  const above = set?.metadata.ownerReferences?.find((one) => one.controller)
  if (!set || !above) return { uid: owner.uid, name: owner.name, version: 0 }
  return { uid: above.uid, name: above.name, version: revisionOf(set) - 1 }
}

/** A daemon's pods bear the hash of their ControllerRevision. */
function daemonVersion({ metadata }: Pod, owner: string, world: World): number {
  const hash = metadata.labels?.['controller-revision-hash'] ?? ''
  const kept = world.get(ControllerRevision.key(metadata.namespace ?? '', `${owner}-${hash}`))
  return Math.max(0, (kept?.revision ?? 1) - 1)
}

export interface Wanting {
  readonly change: Change<KubeObject>
  readonly uid: string
  readonly wanted: number
  readonly ready: number
}

type Counts = Readonly<Record<string, number | undefined>>

/**
 * Everything that wants a number of pods, in order of birth: Deployments, StatefulSets, DaemonSets, ReplicationControllers, and
 * ReplicaSets that nobody else owns. Kinds that this lab does not have are passed over.
 */
export function wantings(world: World): Wanting[] {
  const found: Wanting[] = []
  const add = (kind: Kind<any> | undefined, counts: (object: any) => [wanted: number, ready: number]) => {
    if (!kind) return
    for (const change of world.list<KubeObject>(kind)) {
      if (change.value.metadata.namespace === 'kube-system') continue
      if (change.value.metadata.ownerReferences?.some((owner) => owner.controller)) continue
      const [wanted, ready] = counts(change.value)
      found.push({ change, uid: change.value.metadata.uid, wanted, ready })
    }
  }
  const replicas = (object: { spec: Counts; status?: Counts }): [number, number] => [
    object.spec['replicas'] ?? 1,
    object.status?.['readyReplicas'] ?? 0,
  ]
  add(Deployment, replicas)
  add(ReplicaSet, replicas)
  add(ReplicationController, replicas)
  add(kindOf('kubernetes/StatefulSet'), replicas)
  add(DaemonSet, (set: { status?: Counts }) => [
    set.status?.['desiredNumberScheduled'] ?? 0,
    set.status?.['numberReady'] ?? 0,
  ])
  return found.sort((a, b) => a.change.born - b.change.born)
}

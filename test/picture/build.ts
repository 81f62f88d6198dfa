import { type Key, Store } from '../../src/engine'
import { Deployment } from '../../src/kubernetes/kinds/deployment'
import { Node } from '../../src/kubernetes/kinds/node'
import { Pod, type PodStatus } from '../../src/kubernetes/kinds/pod'
import { ReplicaSet } from '../../src/kubernetes/kinds/replicaset'
import { EndpointSlice, Service } from '../../src/kubernetes/kinds/service'
import { Machine, type Machine as MachineObject } from '../../src/platform/machine/machine'

/** A world written by hand: each `put` is a change, as a controller would have made it. */
export class Yard {
  readonly store = new Store()
  #uids = new Map<string, number>()

  put(key: Key, value: unknown, uid?: string): this {
    const before = this.store.head(key)
    this.store.write({
      by: 'test',
      because: { id: 'test' },
      cause: 0,
      key,
      value,
      uid: uid ?? before?.uid ?? this.#newUid(key),
      quiet: false,
    })
    return this
  }
  drop(key: Key): this {
    return this.put(key, undefined)
  }
  #newUid(key: string): string {
    const n = (this.#uids.get(key) ?? 0) + 1
    this.#uids.set(key, n)
    return n === 1 ? key : `${key}#${n}`
  }

  machine(name: string, part: Partial<MachineObject> = {}): this {
    const machine: MachineObject = {
      name,
      power: 'on',
      powerSince: 0,
      boots: 1,
      bootMillis: 20_000,
      cpuMillis: 4000,
      memoryBytes: 8 * 1024 ** 3,
      diskBytes: 1e11,
      downloadBytesPerSecond: 1e7,
      address: '192.168.1.1',
      podCidr: undefined,
      zone: undefined,
      labels: {},
      role: 'worker',
      daemons: {},
      ...part,
    }
    return this.put(Machine.key('', name), machine)
  }

  node(
    name: string,
    part: {
      ready?: 'True' | 'False' | 'Unknown'
      unschedulable?: boolean
      taints?: readonly { key: string; effect: string }[]
    } = {},
  ): this {
    return this.put(Node.key('', name), {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, uid: `node ${name}`, creationTimestamp: '2025-01-15T09:00:00Z' },
      spec: { unschedulable: part.unschedulable, taints: part.taints },
      status: {
        capacity: {},
        allocatable: {},
        conditions: [{ type: 'Ready', status: part.ready ?? 'True' }],
        addresses: [],
        nodeInfo: {},
      },
    })
  }

  deployment(name: string, replicas: number, ready = 0): this {
    const metadata = {
      name,
      namespace: 'default',
      uid: `deployment ${name}`,
      creationTimestamp: '2025-01-15T09:00:00Z',
    }
    return this.put(
      Deployment.key('default', name),
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: { replicas, strategy: { type: 'RollingUpdate' } },
        status: { readyReplicas: ready },
      },
      metadata.uid,
    )
  }

  replicaSet(deployment: string, hash: string, revision = 1): this {
    const name = `${deployment}-${hash}`
    const owner = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: deployment,
      uid: `deployment ${deployment}`,
      controller: true,
    }
    const metadata = {
      name,
      namespace: 'default',
      uid: `rs ${name}`,
      creationTimestamp: '2025-01-15T09:00:00Z',
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [owner],
    }
    return this.put(
      ReplicaSet.key('default', name),
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata,
        spec: { replicas: 1, template: { spec: { containers: [{ name: 'c', image: 'web:1' }] } } },
        status: { replicas: 0 },
      },
      metadata.uid,
    )
  }

  pod(
    name: string,
    part: {
      node?: string
      set?: string
      owner?: { kind: string; uid: string }
      namespace?: string
      status?: Partial<PodStatus>
      gone?: boolean
      spec?: object
    } = {},
  ): this {
    const namespace = part.namespace ?? 'default'
    const owner = part.set === undefined ? part.owner : { kind: 'ReplicaSet', uid: `rs ${part.set}` }
    return this.put(Pod.key(namespace, name), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace,
        uid: `pod ${name}`,
        creationTimestamp: '2025-01-15T09:00:00Z',
        deletionTimestamp: part.gone ? '2025-01-15T09:01:00Z' : undefined,
        ownerReferences: owner
          ? [{ apiVersion: 'apps/v1', name: part.set ?? 'owner', controller: true, ...owner }]
          : undefined,
      },
      spec: {
        containers: [{ name: 'c', image: 'nginx:1.27', resources: { requests: { cpu: '250m', memory: '256Mi' } } }],
        nodeName: part.node,
        ...part.spec,
      },
      status: { phase: 'Pending', ...part.status },
    })
  }

  service(name: string, endpoints: readonly { pod: string; ready: boolean }[]): this {
    this.put(Service.key('default', name), {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default', uid: `service ${name}`, creationTimestamp: '2025-01-15T09:00:00Z' },
      spec: { type: 'ClusterIP', clusterIP: '10.96.0.7', ports: [{ port: 80, protocol: 'TCP' }] },
      status: { loadBalancer: {} },
    })
    return this.put(EndpointSlice.key('default', `${name}-1`), {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${name}-1`,
        namespace: 'default',
        uid: `slice ${name}`,
        creationTimestamp: '2025-01-15T09:00:00Z',
        labels: { 'kubernetes.io/service-name': name },
      },
      addressType: 'IPv4',
      ports: [],
      endpoints: endpoints.map(({ pod, ready }) => ({
        addresses: ['10.244.0.1'],
        conditions: { ready },
        targetRef: { kind: 'Pod', name: pod, uid: this.store.head(Pod.key('default', pod))?.uid ?? '' },
      })),
    })
  }
}

export const running = (
  ready: boolean,
  part: { since?: string; startedAt?: string; restarts?: number } = {},
): Partial<PodStatus> => ({
  phase: 'Running',
  conditions: [
    { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: part.since ?? '2025-01-15T09:00:00Z' },
  ],
  containerStatuses: [
    {
      name: 'c',
      ready,
      restartCount: part.restarts ?? 0,
      image: '',
      imageID: '',
      lastState: {},
      state: { running: { startedAt: part.startedAt ?? '2025-01-15T09:00:00Z' } },
    },
  ],
})

export const waiting = (reason: string, part: { restarts?: number; last?: string } = {}): Partial<PodStatus> => ({
  phase: 'Running',
  containerStatuses: [
    {
      name: 'c',
      ready: false,
      restartCount: part.restarts ?? 0,
      image: '',
      imageID: '',
      state: { waiting: { reason } },
      lastState: part.last === undefined ? {} : { terminated: { exitCode: 137, reason: part.last } },
    },
  ],
})

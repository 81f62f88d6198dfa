import {
  type Change,
  type Controller,
  hash32,
  type Key,
  type Plan,
  type Reason,
  type Tools,
  type World,
} from '../../engine'
import { Container, containerKey } from '../../platform/container/container'
import { Pull } from '../../platform/image/image'
import { Link, Machine } from '../../platform/machine/machine'
import { Process } from '../../platform/shell/process'
import { controlPlane, servesApi } from '../control-plane'
import { ConfigMap, Secret } from '../kinds/configmap'
import { Pod } from '../kinds/pod'
import { sweep } from './end-pod'
import { agentMachine, connected, KUBELET_START_MILLIS, lastHeard, untilAgent } from './node-agent'
import { Pass } from './pass'
import { PodWork } from './pod-work'
import { probe } from './probe'
import { signalStop } from './stop-container'
import { syncPod } from './sync-pod'

/** How often the kubelet asks the runtime what has changed (PLEG). */
const RELIST_MILLIS = 1_000

/**
 * The kubelets of all nodes: each pod that is bound to a machine is brought to what its spec says, and what happens to its
 * containers is reported. After pkg/kubelet. A kubelet that is cut off goes on with what it last heard.
 */
export const kubelet: Controller = {
  name: 'kubelet',
  about: 'runs the pods of its node and reports how they are',
  watches: [
    { kind: Pod, wake: podWake, after: 3 },
    { kind: Container, wake: podOfContainer, after: untilRelist },
    {
      kind: Pull,
      wake: (change, world) =>
        change.value === undefined || change.value.state === 'failed' ? podsWaitingForImages(change, world) : undefined,
      after: 2,
    },
    { kind: PodWork, wake: probedPod, after: 1 },
    { kind: Process, wake: podOfHook, after: 1 },
    { kind: ConfigMap, wake: podsThatRead, after: 1 },
    { kind: Secret, wake: podsThatRead, after: 1 },
    { kind: Machine, wake: podsOfMachine, after: KUBELET_START_MILLIS },
    { kind: Link, wake: podsOfLink, after: 100 },
  ],
  reconcile(about, world, tools) {
    if (about.startsWith('probe ')) return probe(about, world, tools)
    if (about.startsWith('gone ')) return gone(about, world, tools)
    const head = world.head(about as Key<Pod>)
    const node = head?.value.spec.nodeName
    const machine = node === undefined ? undefined : agentMachine(world, node)
    if (!head || node === undefined) return undefined
    if (!machine) return notYet(world, node)
    if (connected(world, machine.name)) return syncPod(head, machine, true, world, tools)
    return cutOff(head, machine, world, tools)
  },
}

function notYet(world: World, node: string): Plan | undefined {
  const left = untilAgent(world, node)
  return left === undefined ? undefined : { again: left }
}

/** Without the API server the kubelet goes by the pod as it last heard of it. */
function cutOff(head: Change<Pod>, machine: Machine, world: World, tools: Tools): Plan | undefined {
  const heard = lastHeard(world, machine.name)
  let known: Change<Pod> | undefined = head
  while (known && known.revision > heard) known = known.previous
  if (!known || known.value === undefined || known.uid !== head.uid || known.value.spec.nodeName === undefined)
    return undefined
  return syncPod(known, machine, false, world, tools)
}

function podWake(change: Change<Pod>): string | undefined {
  const pod: Pod | undefined = change.value
  if (!pod) {
    const before: Pod = change.previous!.value
    return before.spec.nodeName === undefined ? undefined : `gone ${before.spec.nodeName} ${before.metadata.uid}`
  }
  // its own reports tell it nothing new
  if (change.by === 'kubelet' && change.previous?.value?.spec === pod.spec) return undefined
  return pod.spec.nodeName === undefined ? undefined : change.key
}

/** The machine's next relist: each has its own phase. */
function untilRelist(change: Change<Container>): number {
  const machine = (change.value ?? change.previous?.value)?.machine
  const phase = hash32(machine) % RELIST_MILLIS
  return RELIST_MILLIS - ((((change.at - phase) % RELIST_MILLIS) + RELIST_MILLIS) % RELIST_MILLIS)
}

function podOfContainer(change: Change<Container>): string | undefined {
  const container: Container | undefined = change.value
  if (!container || container.state === change.previous?.value?.state) return undefined
  const pod = container.spec.labels['pod']
  return pod === undefined ? undefined : Pod.key(pod.slice(0, pod.indexOf('/')), pod.slice(pod.indexOf('/') + 1))
}

function podsWaitingForImages(change: Change<Pull>, world: World): readonly string[] {
  const { machine } = change.value ?? change.previous!.value
  return world
    .list(PodWork, { scope: machine })
    .filter((work) => Object.values(work.value.containers).some((container) => container.pull.state === 'pulling'))
    .map((work) => Pod.key(work.value.namespace, work.value.name))
}

/** A command that was a hook has ended. */
function podOfHook({ key, value }: Change<Process>, world: World): string | undefined {
  if (value?.state !== 'exited' || value.container === undefined) return undefined
  const container = world.get(containerKey(value.machine, value.container))
  const work = container && world.get(PodWork.key(value.machine, container.spec.labels['owner'] ?? ''))
  if (!work) return undefined
  const isHook = Object.values(work.containers).some(
    ({ postStart, stopping }) => postStart?.process === key || stopping?.hook.process === key,
  )
  return isHook ? Pod.key(work.namespace, work.name) : undefined
}

function podsThatRead({ key }: Change, world: World): readonly string[] {
  return world.list(PodWork, { reads: key }).map(({ value }) => Pod.key(value.namespace, value.name))
}

/** A probe's verdict changes whether a container is ready; an eviction ends the pod. */
function probedPod(change: Change<PodWork>): string | undefined {
  const { id } = change.because
  if (id !== 'kubernetes/probed' && id !== 'kubernetes/evicted') return undefined
  return change.value && Pod.key(change.value.namespace, change.value.name)
}

const podsOn = (world: World, machine: string): string[] => {
  const bound = world.list(Pod, { node: machine }).map((pod) => pod.key as string)
  const known = new Set(world.list(Pod, { node: machine }).map((pod) => pod.uid))
  const lost = world.list(PodWork, { scope: machine }).filter((work) => !known.has(work.value.uid))
  return [...bound, ...lost.map((work) => `gone ${machine} ${work.value.uid}`)]
}

function podsOfMachine(change: Change<Machine>, world: World): readonly string[] | undefined {
  const machine: Machine | undefined = change.value
  if (machine?.power !== 'on') return undefined
  const before: Machine | undefined = change.previous?.value
  if (machine.role === 'control-plane' && servesApi(machine) && !servesApi(before))
    return world.list(Machine).flatMap((one) => podsOn(world, one.value.name))
  if (before?.power === 'on' && before.daemons['kubelet'] === machine.daemons['kubelet']) return undefined
  return podsOn(world, machine.name)
}

function podsOfLink(change: Change<Link>, world: World): readonly string[] {
  const link: Link = change.value ?? change.previous!.value
  const master = controlPlane(world)?.name
  if (link.a === master) return world.list(Machine).flatMap((one) => podsOn(world, one.value.name))
  return podsOn(world, link.a)
}

/** A pod that the API no longer knows: its containers are ended, then swept away. */
function gone(about: string, world: World, tools: Tools): Plan | undefined {
  const [, machineName, uid] = about.split(' ') as [string, string, string]
  const head = world.head(PodWork.key(machineName, uid))
  const machine = agentMachine(world, machineName)
  if (!head) return undefined
  if (!machine) return notYet(world, machineName)
  if (!connected(world, machineName)) return undefined
  const work = head.value
  const present = world.head(Pod.key(work.namespace, work.name))
  if (present?.uid === uid) return undefined
  const because: Reason = {
    id: 'kubernetes/pod-unknown',
    values: { pod: work.name, node: machineName },
    of: [head.revision],
  }
  const pass = new Pass(lastVersion(world, work, uid) ?? standIn(work, machineName), machine, false, world, tools)
  let left = 0
  for (const { id } of Object.values(work.containers)) {
    const container = pass.container(id)
    if (!container || container.state === 'exited' || container.state === 'dead') continue
    left++
    signalStop(pass, container, 30_000, because)
  }
  if (left > 0) return { changes: pass.changes, again: 1_000 }
  sweep(pass, because)
  return { changes: pass.changes }
}

function lastVersion(world: World, work: PodWork, uid: string): Change<Pod> | undefined {
  let change = world.head(Pod.key(work.namespace, work.name))
  while (change && change.uid !== uid) change = change.previous
  return change?.value === undefined ? undefined : change
}

/** Enough of a pod to sweep after one whose history is gone. */
function standIn(work: PodWork, node: string): Change<Pod> {
  const value: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: work.name, namespace: work.namespace, uid: work.uid, creationTimestamp: '' },
    spec: { containers: [], nodeName: node },
    status: { phase: 'Running' },
  }
  return {
    revision: 0,
    at: 0,
    by: '',
    because: { id: '' },
    cause: 0,
    key: Pod.key(work.namespace, work.name),
    kind: Pod.id,
    uid: work.uid,
    born: 0,
    value,
    previous: undefined,
    quiet: true,
  }
}

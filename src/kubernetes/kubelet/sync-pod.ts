import { type Change, millisOf, type Plan, type Reason, same, stamp, type Tools, type World } from '../../engine'
import { Sandbox } from '../../platform/container/container'
import type { Machine } from '../../platform/machine/machine'
import { allocateAddress } from '../../platform/network/sandboxes'
import type { Pod } from '../kinds/pod'
import { Pass } from './pass'
import { podStatus } from './pod-status'
import { probeAbouts } from './probe'
import { runContainer, stopContainer } from './run-container'

/** From the order to a usable sandbox: the pause container and the network plugin. */
const SANDBOX_MILLIS = [180, 420] as const
/** From the end of the last container to the pod's removal: volumes, cgroups, the last status. */
const SWEEP_MILLIS = [120, 500] as const
const LEAST_GRACE_MILLIS = 2_000
const CLUSTER_DNS = { server: '10.96.0.10', ndots: 5 }

/** One sync of a pod on its node: towards its spec, or towards its end. After kubelet.SyncPod and kuberuntime_manager.go. */
export function syncPod(head: Change<Pod>, machine: Machine, online: boolean, world: World, tools: Tools): Plan {
  const pass = new Pass(head, machine, online, world, tools)
  const pod = head.value
  if (pod.metadata.deletionTimestamp !== undefined) end(pass)
  else if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') {
    // finished: nothing is started again, what is left of it stays until the pod is deleted
  } else run(pass)
  report(pass)
  if (!same(pass.work, world.get(pass.key)) && !pass.changes.some((wish) => wish.key === pass.key)) {
    pass.changes.push({ key: pass.key, value: pass.work, because: { id: 'kubernetes/kubelet-noted' }, quiet: true })
  }
  return {
    changes: pass.changes,
    ...(pass.again === undefined ? {} : { again: pass.again }),
    post: probeAbouts(pass).map((about) => ({ to: 'kubelet', about, body: {}, after: 1 })),
  }
}

function run(pass: Pass): void {
  if (!sandboxReady(pass)) return
  for (const spec of pass.pod.spec.initContainers ?? []) {
    const standing = runContainer(pass, spec, true)
    const sidecar = spec.restartPolicy === 'Always'
    if (standing === 'completed' || (sidecar && standing === 'running')) continue
    return
  }
  for (const spec of pass.pod.spec.containers) {
    const standing = runContainer(pass, spec, false)
    // containers are started one after the other: the next waits for this one's image and start
    if (standing === 'starting') return
  }
}

function sandboxReady(pass: Pass): boolean {
  const { pod, machine, world, work } = pass
  if (pod.spec.hostNetwork) return true
  const present = pass.sandbox()
  if (present) {
    const left = usableAt(pass, present) - world.now
    if (left > 0) pass.wait(left)
    return left <= 0
  }
  const because: Reason = {
    id: 'kubernetes/sandbox-made',
    values: { pod: pod.metadata.name, node: machine.name },
    of: [pass.bound()],
  }
  const address = allocateAddress(world, machine)
  if (address === undefined) {
    pass.event(
      'Warning',
      'FailedCreatePodSandBox',
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: no IP addresses available in range set',
      because,
    )
    pass.wait(10_000)
    return false
  }
  if (work.sandboxes > 0)
    pass.event('Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.', because)
  const name = `${pod.metadata.uid}-${work.sandboxes}`
  const { namespace } = pod.metadata
  const search = [`${namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local']
  const clusterFirst = (pod.spec.dnsPolicy ?? 'ClusterFirst').startsWith('ClusterFirst')
  const sandbox: Sandbox = {
    name,
    machine: machine.name,
    hostname: pod.spec.hostname ?? pod.metadata.name,
    address,
    dns: clusterFirst ? { ...CLUSTER_DNS, search } : undefined,
    owner: pod.metadata.uid,
    boot: machine.boots,
    createdAt: world.now,
  }
  pass.changes.push({ key: Sandbox.key(machine.name, name), value: sandbox, because, quiet: true })
  pass.work = { ...pass.work, sandbox: name, sandboxes: work.sandboxes + 1 }
  pass.wait(usableAt(pass, sandbox) - world.now)
  return false
}

function usableAt(pass: Pass, sandbox: Sandbox): number {
  const [least, most] = SANDBOX_MILLIS
  return sandbox.createdAt + Math.round(least + (most - least) * pass.draw('sandbox', pass.work.sandboxes))
}

/** The pod is to go: containers are asked to stop, killed when its grace is over, and what is left is swept away. */
function end(pass: Pass): void {
  const { pod, world, machine } = pass
  const because: Reason = {
    id: 'kubernetes/pod-ending',
    values: { pod: pod.metadata.name, grace: pod.metadata.deletionGracePeriodSeconds ?? 30 },
    of: [deletion(pass)],
  }
  const graceMillis = Math.max(LEAST_GRACE_MILLIS, (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000)
  let left = 0
  for (const spec of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
    const container = pass.container(pass.of(spec.name).id)
    if (!container || container.state === 'exited' || container.state === 'dead') continue
    left++
    if (container.stop === undefined) {
      if (container.state === 'running')
        pass.event('Normal', 'Killing', `Stopping container ${spec.name}`, because, spec.name)
      stopContainer(pass, container, graceMillis, because)
    }
  }
  if (pass.work.ending === undefined) pass.work = { ...pass.work, ending: { since: world.now, sweepAt: undefined } }
  if (left > 0) return
  for (const spec of pod.spec.containers) {
    const { id, noted } = pass.of(spec.name)
    const container = pass.container(id)
    if (container && !noted) runEnded(pass, spec.name)
  }
  const [least, most] = SWEEP_MILLIS
  const sweepAt = pass.work.ending!.sweepAt ?? world.now + Math.round(least + (most - least) * pass.draw('sweep', 0))
  if (world.now < sweepAt) {
    pass.work = { ...pass.work, ending: { ...pass.work.ending!, sweepAt } }
    pass.wait(sweepAt - world.now)
    return
  }
  if (!pass.online) return
  const gone: Reason = {
    id: 'kubernetes/pod-gone',
    values: { pod: pod.metadata.name, node: machine.name },
    of: [deletion(pass)],
  }
  pass.changes.length = 0
  const finalizers = pod.metadata.finalizers ?? []
  const confirmed = pod.metadata.deletionGracePeriodSeconds === 0
  if (finalizers.length === 0) pass.changes.push({ key: pass.head.key, value: undefined, because: gone })
  else if (!confirmed) {
    // what holds it lets it go later
    const metadata = { ...pod.metadata, deletionTimestamp: stamp(world.now), deletionGracePeriodSeconds: 0 }
    pass.changes.push({ key: pass.head.key, value: { ...pod, metadata }, because: gone })
  }
  sweep(pass, gone)
}

function runEnded(pass: Pass, name: string): void {
  pass.set(name, { noted: true, startedSeen: true })
}

/** The change that set the deletionTimestamp. */
function deletion(pass: Pass): number {
  let change = pass.head
  while (
    change.previous &&
    change.previous.uid === change.uid &&
    change.previous.value?.metadata.deletionTimestamp !== undefined
  )
    change = change.previous
  return change.revision
}

/** Takes the pod's containers, sandbox and record off the machine. */
export function sweep(pass: Pass, because: Reason): void {
  for (const { id, lastId } of Object.values(pass.work.containers)) {
    for (const one of [id, lastId]) if (one !== undefined) pass.dropContainer(one, because)
  }
  for (const sandbox of pass.world.list(Sandbox, { owner: pass.work.uid })) {
    if (sandbox.value.machine === pass.machine.name)
      pass.changes.push({ key: sandbox.key, value: undefined, because, quiet: true })
  }
  if (pass.world.get(pass.key)) pass.changes.push({ key: pass.key, value: undefined, because, quiet: true })
}

/** Writes the status when it differs and the API server can be reached. */
function report(pass: Pass): void {
  const { pod, online, world, machine } = pass
  if (!online || pass.changes.some((wish) => wish.key === pass.head.key)) return
  const sandbox = pass.sandbox()
  const usable = sandbox && usableAt(pass, sandbox) <= world.now ? sandbox : undefined
  const seen = new Map(
    [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map((c) => [c.name, pass.seen(c.name)]),
  )
  const status = podStatus({
    pod,
    work: pass.work,
    seen: (name) => seen.get(name)!,
    sandbox: usable,
    hostAddress: machine.address,
    now: world.now,
  })
  if (same(status, pod.status)) return
  const told = tell(pod, status)
  const because: Reason = {
    id: `kubernetes/pod-${told}`,
    values: { pod: pod.metadata.name, node: machine.name, ...details(pass, status) },
    of: [told === 'ending' ? deletion(pass) : pass.bound()],
  }
  pass.changes.push({ key: pass.head.key, value: { ...pod, status }, because, quiet: told === 'reported' })
}

/** What a change of status means to somebody who watches. */
function tell(pod: Pod, status: Pod['status']): string {
  const is = (s: Pod['status'], type: string) => s.conditions?.find((c) => c.type === type)?.status === 'True'
  if (pod.metadata.deletionTimestamp !== undefined) return 'ending'
  if (status.phase !== pod.status.phase && (status.phase === 'Succeeded' || status.phase === 'Failed'))
    return 'finished'
  if (is(status, 'Ready') && !is(pod.status, 'Ready')) return 'ready'
  if (!is(status, 'Ready') && is(pod.status, 'Ready')) return 'unready'
  const running = (s: Pod['status']) => s.containerStatuses?.some((c) => c.state.running) ?? false
  if (running(status) && !running(pod.status)) return 'started'
  const waiting = status.containerStatuses?.find((c) => c.state.waiting)?.state.waiting?.reason
  const before = pod.status.containerStatuses?.find((c) => c.state.waiting)?.state.waiting?.reason
  if (waiting !== before && waiting !== undefined && waiting !== 'ContainerCreating' && waiting !== 'PodInitializing')
    return 'stuck'
  return status.containerStatuses && !pod.status.containerStatuses ? 'accepted' : 'reported'
}

function details(pass: Pass, status: Pod['status']): Record<string, string | number> {
  const waiting = status.containerStatuses?.find(
    (c) => c.state.waiting && c.state.waiting.reason !== 'ContainerCreating',
  )?.state.waiting
  const restarts = (status.containerStatuses ?? []).reduce((n, c) => n + c.restartCount, 0)
  const since = millisOf(pass.pod.metadata.creationTimestamp)
  return {
    restarts,
    ...(waiting?.reason === undefined ? {} : { reason: waiting.reason }),
    ...(since === undefined ? {} : { seconds: Math.max(0, Math.round((pass.world.now - since) / 1000)) }),
    pulled: pulledMillis(pass),
  }
}

/** How long the pod's images took to come; 0: they were there. */
function pulledMillis(pass: Pass): number {
  let longest = 0
  for (const { pull } of Object.values(pass.work.containers))
    if (pull.since > 0) longest = Math.max(longest, pass.world.now - pull.since)
  return longest
}

import { type Change, millisOf, type Plan, type Reason, same, type Tools, type World } from '../../engine'
import type { Machine } from '../../platform/machine/machine'
import type { Pod, PodContainer } from '../kinds/pod'
import { rejection } from './admit'
import { deletion, endContainers, endPod, noteEnds } from './end-pod'
import { Pass } from './pass'
import { sandboxReady, usableAt } from './pod-sandbox'
import { podStatus } from './pod-status'
import type { PodWork } from './pod-work'
import { probeAbouts } from './probe'
import { runContainer } from './run-container'
import { volumesReady } from './volumes'

/** One sync of a pod on its node: towards its spec, or towards its end. After kubelet.SyncPod and kuberuntime_manager.go. */
export function syncPod(head: Change<Pod>, machine: Machine, online: boolean, world: World, tools: Tools): Plan {
  const pass = new Pass(head, machine, online, world, tools)
  const pod = head.value
  if (pod.metadata.deletionTimestamp !== undefined) endPod(pass)
  else if (pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed') {
    if (!pass.before) admit(pass)
    deadlineOver(pass)
    const { failing } = pass.work
    if (failing) fail(pass, failing)
    else run(pass)
  }
  report(pass)
  if (!same(pass.work, pass.before) && !pass.changes.some((wish) => wish.key === pass.key)) {
    pass.changes.push({ key: pass.key, value: pass.work, because: { id: 'kubernetes/kubelet-noted' }, quiet: true })
  }
  return {
    changes: pass.changes,
    ...(pass.again === undefined ? {} : { again: pass.again }),
    post: probeAbouts(pass).map((about) => ({ to: 'kubelet', about, body: {}, after: 1 })),
  }
}

/** Towards its spec: volumes, sandbox, init containers in order, then the others. After computePodActions. */
function run(pass: Pass): void {
  const { containers, initContainers = [] } = pass.pod.spec
  if (!volumesReady(pass) || !sandboxReady(pass)) return
  const begun = containers.some((spec) => pass.of(spec.name).id !== undefined && !pass.of(spec.name).outdated)
  for (const [i, spec] of initContainers.entries()) {
    const sidecar = spec.restartPolicy === 'Always'
    if (begun && !sidecar) continue
    const standing = runContainer(pass, spec, true)
    if (begun) continue
    if (standing === 'failed') {
      endRest(pass)
      return
    }
    const later = initContainers
      .slice(i + 1)
      .some((one) => pass.of(one.name).id !== undefined && !pass.of(one.name).outdated)
    if (sidecar ? (standing === 'running' && hasStarted(pass, spec)) || later : standing === 'completed') continue
    return
  }
  let over = true
  for (const spec of containers) {
    const standing = runContainer(pass, spec, false)
    // containers are started one after the other: the next waits for this one's image and start
    if (standing === 'starting') return
    if (standing !== 'completed' && standing !== 'failed') over = false
  }
  if (over && initContainers.length > 0) endRest(pass)
}

/** A sidecar lets the next one begin when its startup probe has passed. */
const hasStarted = (pass: Pass, { name, startupProbe }: PodContainer): boolean =>
  startupProbe === undefined || pass.of(name).probes['startup']?.passed === true

/** The pod's work is over: sidecars that still run are ended. */
function endRest(pass: Pass): void {
  const { pod, world } = pass
  const ends = pod.spec.containers.map(({ name }) => pass.container(pass.of(name).id)?.finishedAt ?? 0)
  const since = Math.max(...ends) || world.now
  const because: Reason = { id: 'kubernetes/pod-over', values: { pod: pod.metadata.name }, of: [pass.bound()] }
  const graceMillis = (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000
  if (endContainers(pass, { since, graceMillis, because })) noteEnds(pass)
}

/** A pod that cannot be taken fails at once. */
function admit(pass: Pass): void {
  const refusal = rejection(pass)
  if (!refusal) return
  const { reason, message } = refusal
  const because: Reason = {
    id: 'kubernetes/pod-rejected',
    values: { node: pass.machine.name, why: message },
    of: [pass.bound()],
  }
  pass.event('Warning', reason, message, because)
  pass.work = {
    ...pass.work,
    failing: {
      since: pass.world.now,
      reason,
      message: `Pod was rejected: ${message}`,
      graceMillis: 0,
      disruption: false,
    },
  }
}

/** A pod may be active only so long; undefined: it may go on. After active_deadline.go. */
function deadlineOver(pass: Pass): void {
  const { activeDeadlineSeconds } = pass.pod.spec
  if (activeDeadlineSeconds === undefined || pass.work.failing) return
  const left = pass.work.seenAt + activeDeadlineSeconds * 1000 - pass.world.now
  if (left > 0) {
    pass.wait(left)
    return
  }
  const because: Reason = {
    id: 'kubernetes/deadline-exceeded',
    values: { seconds: activeDeadlineSeconds },
    of: [pass.bound()],
  }
  const message = 'Pod was active on the node longer than the specified deadline'
  pass.event('Normal', 'DeadlineExceeded', message, because)
  const graceMillis = (pass.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000
  pass.work = {
    ...pass.work,
    failing: { since: pass.world.now, reason: 'DeadlineExceeded', message, graceMillis, disruption: false },
  }
}

/** The kubelet itself ends the pod, which stays as failed. */
function fail(pass: Pass, failing: NonNullable<PodWork['failing']>): void {
  const { since, graceMillis, reason } = failing
  const because: Reason = {
    id: 'kubernetes/pod-failing',
    values: { pod: pass.pod.metadata.name, reason },
    of: [pass.bound()],
  }
  if (endContainers(pass, { since, graceMillis, because })) noteEnds(pass)
}

/** Writes the status when it differs and the API server can be reached. */
function report(pass: Pass): void {
  const { pod, online, world, machine } = pass
  if (!online || pass.changes.some((wish) => wish.key === pass.head.key)) return
  const sandbox = pass.sandbox()
  const usable = sandbox && usableAt(pass, sandbox) <= world.now ? sandbox : undefined
  const status = podStatus({
    pod,
    work: pass.work,
    seen: (spec) => pass.seen(spec),
    sandbox: usable,
    hostAddress: machine.address,
    now: world.now,
  })
  if (same(status, pod.status)) return
  const told = tell(pod, status)
  const { failing } = pass.work
  const because: Reason = {
    id: `kubernetes/pod-${told === 'finished' && failing ? 'failed' : told}`,
    values: {
      pod: pod.metadata.name,
      node: machine.name,
      ...details(pass, status),
      ...(failing && { reason: failing.reason, message: failing.message }),
    },
    of: [told === 'ending' ? deletion(pass) : (failedBy(pass) ?? pass.bound())],
  }
  pass.changes.push({ key: pass.head.key, value: { ...pod, status }, because, quiet: told === 'reported' })
}

/** The change by which the eviction manager gave it up; undefined: nobody has. */
function failedBy(pass: Pass): number | undefined {
  if (!pass.work.failing?.disruption) return undefined
  let change = pass.world.head(pass.key)
  while (change?.previous?.value?.failing) change = change.previous
  return change?.value.failing && change.revision
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
  for (const name in pass.work.containers) {
    const { since } = pass.work.containers[name]!.pull
    if (since > 0) longest = Math.max(longest, pass.world.now - since)
  }
  return longest
}

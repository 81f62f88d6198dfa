import { longId, type Reason } from '../../engine'
import { type Container, createdContainer } from '../../platform/container/container'
import { imageOf } from '../../platform/image/stored'
import type { ContainerState, PodContainer } from '../kinds/pod'
import { containerSpec } from './container-spec'
import { environmentOf } from './environment'
import { beginHook, hookStanding } from './hook'
import type { Pass } from './pass'
import { terminatedState } from './pod-status'
import { freshContainerWork } from './pod-work'
import { imageReady } from './pull-image'
import { builtLaunch, imageMeant, pulledImage } from './pulled-image'
import { nonRootRefusal } from './security'
import { type Ending, endContainer } from './stop-container'
import { mountsOf } from './volumes'

const FIRST_BACKOFF_MILLIS = 10_000
const LONGEST_BACKOFF_MILLIS = 300_000
/** A container that has run longer than this since its back-off was raised begins anew. */
const FORGIVEN_AFTER_MILLIS = 2 * LONGEST_BACKOFF_MILLIS

/** How one container stands after a look at it. */
export type Standing = 'running' | 'starting' | 'completed' | 'failed' | 'waiting'

/** Moves one container forward: notes its end, restarts it by the pod's policy and the back-off, pulls, creates. */
export function runContainer(pass: Pass, spec: PodContainer, isInit: boolean): Standing {
  const work = pass.of(spec.name)
  const container = pass.container(work.id)
  if (work.id !== undefined && !container && !work.noted) beginAnew(pass, spec)
  if (container && (container.state === 'created' || container.state === 'running' || container.state === 'paused'))
    return alive(pass, spec, container)
  if (container && !work.noted) note(pass, spec, container)
  const { id, last, outdated, retryAt } = pass.of(spec.name)
  const policy = spec.restartPolicy === 'Always' ? 'Always' : (pass.pod.spec.restartPolicy ?? 'Always')
  if (id !== undefined) {
    const exit = last?.exitCode ?? 0
    if (isInit && exit === 0 && spec.restartPolicy !== 'Always' && !outdated) return 'completed'
    const again = outdated || policy === 'Always' || (policy === 'OnFailure' && exit !== 0)
    if (!again) return exit === 0 ? 'completed' : 'failed'
    if (!outdated && !backoffOver(pass, spec)) return 'waiting'
  }
  if (retryAt !== undefined && pass.world.now < retryAt) {
    pass.wait(retryAt - pass.world.now)
    return 'waiting'
  }
  if (!imageReady(pass, spec)) return 'waiting'
  return create(pass, spec)
}

/**
 * The runtime knows nothing of the container: this is another machine of the same name. It is made as if it had never been, whatever
 * the policy; one that ran counts as restarted. After computePodActions and convertToAPIContainerStatuses.
 */
function beginAnew(pass: Pass, spec: PodContainer): void {
  const { startedSeen, restarts, last } = pass.of(spec.name)
  pass.set(spec.name, {
    ...freshContainerWork,
    restarts: startedSeen ? restarts + 1 : restarts,
    last: startedSeen ? UNLOCATED : last,
  })
}

const UNLOCATED: NonNullable<ContainerState['terminated']> = {
  exitCode: 137,
  reason: 'ContainerStatusUnknown',
  message: 'The container could not be located when the pod was deleted.  The container used to be Running',
}

function alive(pass: Pass, spec: PodContainer, container: Container): Standing {
  if (container.state !== 'running') return 'starting'
  const work = pass.of(spec.name)
  if (!work.startedSeen) return started(pass, spec, container)
  const verdict = (['liveness', 'startup'] as const).find((kind) => work.probes[kind]?.passed === false)
  if (work.stopping || verdict !== undefined) endContainer(pass, spec, probeEnding(pass, spec, verdict ?? 'liveness'))
  return 'running'
}

/** It runs. With a postStart hook it counts as started only when that is over: until then nothing else of the pod moves. */
function started(pass: Pass, spec: PodContainer, container: Container): Standing {
  const { postStart: handler } = spec.lifecycle ?? {}
  let hook = pass.of(spec.name).postStart
  if (!hook) tellStarted(pass, spec)
  if (handler) {
    hook ??= beginHook(pass, spec, container, handler)
    const standing = hookStanding(pass, hook)
    if (standing.state === 'running') {
      pass.set(spec.name, { postStart: hook })
      if (hook.endsAt !== undefined) pass.wait(hook.endsAt - pass.world.now)
      return 'starting'
    }
    if (standing.state === 'failed') {
      hookFailed(pass, spec, standing.why)
      return 'waiting'
    }
  }
  pass.set(spec.name, { startedSeen: true, waiting: undefined, postStart: undefined })
  return 'running'
}

function hookFailed(pass: Pass, spec: PodContainer, why: string): void {
  const because: Reason = { id: 'kubernetes/hook-failed', values: { hook: 'postStart', why } }
  const { name, namespace, uid } = pass.pod.metadata
  pass.event('Warning', 'FailedPostStartHook', 'PostStartHook failed', because, spec.name)
  const kind = spec.lifecycle?.postStart?.exec
    ? `Exec lifecycle hook ([${spec.lifecycle.postStart.exec.command?.join(' ')}])`
    : 'HTTP lifecycle hook'
  const message = `${kind} for Container ${JSON.stringify(spec.name)} in Pod ${JSON.stringify(`${name}_${namespace}(${uid})`)} failed - error: ${why}`
  pass.set(spec.name, { postStart: undefined, startedSeen: true, waiting: { reason: 'PostStartHookError', message } })
  endContainer(pass, spec, { graceMillis: graceOf(pass), because, message: 'FailedPostStartHook' })
}

const graceOf = (pass: Pass): number => (pass.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000

/** A liveness or startup probe has failed for good: the restart follows from the container's end. After computePodActions. */
function probeEnding(pass: Pass, spec: PodContainer, kind: 'liveness' | 'startup'): Ending {
  const isInit = pass.pod.spec.initContainers?.includes(spec) ?? false
  const failed = `${isInit ? 'Init container' : 'Container'} ${spec.name} failed ${kind} probe`
  const seconds = spec[`${kind}Probe`]?.terminationGracePeriodSeconds
  return {
    graceMillis: seconds === undefined ? graceOf(pass) : seconds * 1000,
    because: { id: 'kubernetes/probe-killed', values: { kind, container: spec.name } },
    message: !mayRestart(pass, spec) || isInit ? failed : `${failed}, will be restarted`,
  }
}

function tellStarted(pass: Pass, spec: PodContainer): void {
  const because: Reason = {
    id: 'kubernetes/container-started',
    values: { name: spec.name, node: pass.machine.name },
    of: [pass.bound()],
  }
  pass.event('Normal', 'Started', `Started container ${spec.name}`, because, spec.name)
}

/** Whether a container that has failed is started again. */
const mayRestart = ({ pod }: Pass, spec: PodContainer): boolean =>
  spec.restartPolicy === 'Always' || (pod.spec.restartPolicy ?? 'Always') !== 'Never'

function note(pass: Pass, spec: PodContainer, container: Container): void {
  // one that ended in the instant in which it started has been started nonetheless
  if (container.startedAt !== undefined && !pass.of(spec.name).startedSeen) tellStarted(pass, spec)
  if (container.error !== undefined) {
    const because: Reason = { id: 'kubernetes/container-failed', values: { name: spec.name, error: container.error } }
    pass.event('Warning', 'Failed', `Error: ${container.error}`, because, spec.name)
  }
  pass.set(spec.name, { noted: true, last: terminatedState(container), startedSeen: true })
  if (container.error !== undefined && mayRestart(pass, spec))
    pass.set(spec.name, { waiting: { reason: 'RunContainerError', message: container.error } })
}

/** The first restart is immediate, the n-th waits 10, 20, 40 … 300 s after the end of the one before. After doBackOff. */
function backoffOver(pass: Pass, spec: PodContainer): boolean {
  const { world } = pass
  const work = pass.of(spec.name)
  const finished = pass.container(work.id)?.finishedAt ?? world.now
  if (work.notBefore === undefined) {
    const forgiven = work.backoffMillis === 0 || finished - work.backoffAt > FORGIVEN_AFTER_MILLIS
    if (forgiven) {
      pass.set(spec.name, { backoffMillis: FIRST_BACKOFF_MILLIS, backoffAt: world.now, notBefore: finished })
      return true
    }
    pass.set(spec.name, { notBefore: finished + work.backoffMillis })
  }
  const { notBefore = 0, backoffMillis } = pass.of(spec.name)
  if (world.now >= notBefore) {
    if (backoffMillis > 0 && notBefore > finished) {
      // once for each end, however often it is asked until the image is there
      pass.set(spec.name, {
        backoffMillis: Math.min(backoffMillis * 2, LONGEST_BACKOFF_MILLIS),
        backoffAt: world.now,
        notBefore: finished,
      })
    }
    return true
  }
  if (work.waiting?.reason !== 'CrashLoopBackOff') {
    const { name, namespace, uid } = pass.pod.metadata
    const about = `restarting failed container=${spec.name} pod=${name}_${namespace}(${uid})`
    const because: Reason = {
      id: 'kubernetes/crash-loop',
      values: { name: spec.name, seconds: backoffMillis / 1000, restarts: work.restarts },
    }
    pass.event(
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${spec.name} in pod ${name}_${namespace}(${uid})`,
      because,
      spec.name,
    )
    pass.set(spec.name, {
      waiting: { reason: 'CrashLoopBackOff', message: `back-off ${printSeconds(backoffMillis / 1000)} ${about}` },
    })
  }
  pass.wait(notBefore - world.now)
  return false
}

const printSeconds = (seconds: number) =>
  seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`

/** Makes the container, or notes why it cannot be: then another attempt follows. After startContainer. */
function create(pass: Pass, spec: PodContainer): Standing {
  const { world, machine, pod } = pass
  const work = pass.of(spec.name)
  const isRestart = work.id !== undefined
  const restarts = isRestart ? work.restarts + 1 : work.restarts
  const sandbox = pod.spec.hostNetwork ? undefined : pass.sandbox()
  const made = environmentOf(pass, spec, { pod: sandbox?.address ?? machine.address, host: machine.address })
  const local = pulledImage(pass, spec)
  const image = local && imageOf(world, local)
  const problem = 'error' in made ? made.error : nonRootRefusal(pod, spec, image)
  if (problem !== undefined || 'error' in made) return refused(pass, spec, problem ?? '')
  const id = longId(pass.tools.seed, pod.metadata.uid, spec.name, restarts)
  const because: Reason = {
    id: isRestart ? 'kubernetes/container-restarted' : 'kubernetes/container-created',
    values: {
      name: spec.name,
      image: spec.image ?? '',
      node: machine.name,
      restarts,
      ...(work.last ? { exitCode: work.last.exitCode, ended: work.last.reason } : {}),
    },
    of: [pass.bound()],
  }
  if (work.lastId !== undefined) pass.dropContainer(work.lastId, because)
  const asked = containerSpec(pod, spec, {
    capacityBytes: machine.memoryBytes,
    env: made.env,
    mounts: mountsOf(pass, spec, { id, env: made.env }),
    image: imageMeant(local, spec),
  })
  const container = createdContainer({
    id,
    name: `k8s_${spec.name}_${pod.metadata.name}_${pod.metadata.namespace}_${pod.metadata.uid}_${restarts}`,
    machine: machine.name,
    spec: builtLaunch(pass, image, id, asked),
    sandbox: sandbox?.name,
    wanted: 'running',
    createdAt: world.now,
  })
  pass.putContainer(container, because)
  pass.event('Normal', 'Created', `Created container: ${spec.name}`, because, spec.name)
  pass.set(spec.name, {
    ...freshContainerWork,
    // what was under way with the one before does not concern this one
    stopping: undefined,
    postStart: undefined,
    retryAt: undefined,
    outdated: undefined,
    id,
    restarts,
    last: work.last,
    lastId: isRestart ? work.id : undefined,
    backoffMillis: work.backoffMillis,
    backoffAt: work.backoffAt,
    pull: { ...work.pull, state: 'none' },
    waiting: work.waiting?.reason === 'CrashLoopBackOff' ? work.waiting : undefined,
  })
  return 'starting'
}

/** What it needs is not there. */
function refused(pass: Pass, spec: PodContainer, message: string): Standing {
  const work = pass.of(spec.name)
  const because: Reason = { id: 'kubernetes/container-refused', values: { name: spec.name, why: message } }
  pass.event('Warning', 'Failed', `Error: ${message}`, because, spec.name)
  pass.set(spec.name, {
    waiting: { reason: 'CreateContainerConfigError', message },
    pull: { ...work.pull, state: 'none' },
  })
  pass.retry(spec.name)
  return 'waiting'
}

import type { Reason } from '../../engine'
import { commandOf } from '../../platform/container/command'
import type { Container } from '../../platform/container/container'
import type { PodContainer } from '../kinds/pod'
import { beginHook, hookStanding } from './hook'
import type { Pass } from './pass'

/** Whatever is left of the grace period, a container has at least this long between the signal and SIGKILL. */
export const LEAST_GRACE_MILLIS = 2_000

export interface Ending {
  readonly graceMillis: number
  readonly because: Reason
  /** Why, as the event says it; left out: the pod is to end. */
  readonly message?: string
}

const isUp = (container: Container | undefined): container is Container =>
  container !== undefined && container.state !== 'exited' && container.state !== 'dead'

/**
 * Moves one container towards its end: its preStop hook, then its stop signal, then SIGKILL, all within one grace period.
 * Asked again until it has ended. True: it is no more. After killContainer in kuberuntime_container.go.
 */
export function endContainer(pass: Pass, spec: PodContainer, ending: Ending): boolean {
  const container = pass.container(pass.of(spec.name).id)
  if (!isUp(container)) return true
  const { now } = pass.world
  if (container.state !== 'running') {
    signalStop(pass, container, ending.graceMillis, ending.because)
    return false
  }
  const { stopping } = pass.of(spec.name)
  const deadline = Math.min(stopping?.deadline ?? Number.POSITIVE_INFINITY, now + ending.graceMillis)
  if (!container.stop && !hookOver(pass, spec, container, ending, deadline)) return false
  signalStop(pass, container, deadline - now, ending.because)
  return false
}

/** Tells of the end, and lets the preStop hook run. True: there is nothing more to wait for. */
function hookOver(
  pass: Pass,
  spec: PodContainer,
  container: Container,
  { graceMillis, because, message }: Ending,
  deadline: number,
): boolean {
  const { now } = pass.world
  let hook = pass.of(spec.name).stopping?.hook
  if (!hook) {
    pass.event('Normal', 'Killing', message ?? `Stopping container ${spec.name}`, because, spec.name)
    const { preStop } = spec.lifecycle ?? {}
    if (!preStop || graceMillis <= 0) return true
    hook = beginHook(pass, spec, container, preStop)
  }
  pass.set(spec.name, { stopping: { deadline, hook } })
  const standing = hookStanding(pass, hook)
  if (standing.state === 'running' && now < deadline) {
    pass.wait(Math.min(hook.endsAt ?? deadline, deadline) - now)
    return false
  }
  if (standing.state === 'failed') {
    const why: Reason = { id: 'kubernetes/hook-failed', values: { hook: 'preStop', why: standing.why } }
    pass.event('Warning', 'FailedPreStopHook', 'PreStopHook failed', why, spec.name)
  }
  return true
}

/** Sends the image's stop signal, or shortens the time until SIGKILL if it has been sent. */
export function signalStop(pass: Pass, container: Container, graceMillis: number, because: Reason): void {
  if (!isUp(container)) return
  const { now } = pass.world
  const { stop } = container
  const killAt = now + Math.max(LEAST_GRACE_MILLIS, graceMillis)
  if (stop?.killAt !== undefined && stop.killAt <= killAt) return
  const value: Container = {
    ...container,
    stop: stop ? { ...stop, killAt } : { signal: commandOf(container.spec).stopSignal, at: now, killAt },
  }
  pass.putContainer(value, because)
}

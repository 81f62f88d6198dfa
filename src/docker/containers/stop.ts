import type { Reason } from '../../engine'
import { commandOf } from '../../platform/container/command'
import type { Container } from '../../platform/container/container'
import { signalName, signalNumbers } from '../../platform/container/signals'
import { isTrue, refuse } from '../engine/request'
import type { Pass } from '../pass'
import { type DockerContainer, isRunning } from './container'
import { dropContainer } from './end'
import { beginStart } from './start'

/** Unless the container or the user says otherwise. */
const GRACE_SECONDS = 10
/** Where a container's processes may take for ever. */
const FOREVER_MILLIS = 30 * 24 * 3_600_000

type Query = Readonly<Record<string, string>> | undefined

/** A running container, and the platform's side of it thawed: signals reach only what runs. */
function thawed(
  pass: Pass,
  container: DockerContainer,
): { readonly container: DockerContainer; readonly runs: Container } {
  const runs = pass.runs(container.id)!
  if (container.status !== 'paused') return { container, runs }
  pass.tell(container, 'unpause')
  return { container: { ...container, status: 'running' }, runs: { ...runs, state: 'running' } }
}

/** A restart that waits is not made. */
function cancelRestart(pass: Pass, container: DockerContainer, because: Reason): void {
  const next: DockerContainer = {
    ...container,
    status: 'exited',
    restartAt: undefined,
    manuallyStopped: true,
  }
  pass.tell(container, 'stop')
  pass.put(next, because)
}

/** Sends the stop signal, and SIGKILL after the grace. False: it was not running. After containerStop in moby's daemon/stop.go. */
export function stop(pass: Pass, container: DockerContainer, query: Query, then: 'stop' | 'restart' = 'stop'): boolean {
  if (container.stopping !== undefined) return true
  if (!isRunning(container) && !container.starting) return false
  const given = query?.['signal']
  const signal = given ? signalName(given) : stopSignalOf(pass, container)
  if (signal === undefined) return refuse(400, `Invalid signal: ${given}`)
  const seconds = query?.['t'] === undefined ? (container.config.StopTimeout ?? GRACE_SECONDS) : Number(query['t'])
  const because: Reason = { id: 'docker/stop-wanted', values: { name: container.name, signal, seconds } }
  if (container.status === 'restarting') {
    cancelRestart(pass, container, because)
    if (then === 'restart') beginStart(pass, { ...container, status: 'exited', restartCount: 0 }, because)
    return true
  }
  const { container: live, runs } = thawed(pass, container)
  pass.tell(live, 'kill', { signal: String(signalNumbers[signal]) })
  pass.put({ ...live, manuallyStopped: true, stopping: then }, because)
  const killAt = pass.now + (seconds < 0 ? FOREVER_MILLIS : seconds * 1000)
  pass.putRuns({ ...runs, stop: { signal, at: pass.now, killAt } }, because)
  return true
}

const stopSignalOf = (pass: Pass, { id, config }: DockerContainer): string =>
  signalName(config.StopSignal ?? '') ?? commandOf(pass.runs(id)!.spec).stopSignal

/** The daemon that is being stopped stops what runs, and is not there to note its end. After shutdownContainer in moby's daemon. */
export function stopWithDaemon(pass: Pass, container: DockerContainer): void {
  const runs = pass.runs(container.id)
  if (!runs || (runs.state !== 'running' && runs.state !== 'paused') || runs.stop?.killAt !== undefined) return
  const signal = stopSignalOf(pass, container)
  const seconds = container.config.StopTimeout ?? GRACE_SECONDS
  const killAt = pass.now + (seconds < 0 ? FOREVER_MILLIS : seconds * 1000)
  const because: Reason = { id: 'docker/daemon-stops', values: { name: container.name, signal, seconds } }
  if (container.status === 'paused') pass.put({ ...container, status: 'running' }, because)
  pass.putRuns({ ...runs, state: 'running', stop: { signal, at: pass.now, killAt } }, because)
}

/** Sends a signal; SIGKILL ends it. After killWithSignal in moby's daemon/kill.go. */
export function kill(pass: Pass, container: DockerContainer, query: Query): void {
  const given = query?.['signal'] || 'KILL'
  const signal = signalName(given)
  if (signal === undefined) return refuse(400, `Invalid signal: ${given}`)
  const because: Reason = { id: 'docker/kill-wanted', values: { name: container.name, signal } }
  if (container.status === 'restarting') {
    cancelRestart(pass, container, because)
    return
  }
  if (!isRunning(container))
    refuse(409, `cannot kill container: ${container.name}: container ${container.id} is not running`)
  const { container: live, runs } = thawed(pass, container)
  const own = container.config.StopSignal
  const ends = signal === 'SIGKILL' || own === undefined || signalName(own) === signal
  pass.tell(live, 'kill', { signal: String(signalNumbers[signal]) })
  pass.put({ ...live, manuallyStopped: live.manuallyStopped || ends }, because)
  const order = signal === 'SIGKILL' ? { signal, at: pass.now, killAt: pass.now } : { signal, at: pass.now }
  pass.putRuns({ ...runs, stop: order }, because)
}

export function pause(pass: Pass, container: DockerContainer): void {
  if (container.status === 'paused') refuse(409, `container ${container.id} is already paused`)
  if (container.status === 'restarting')
    refuse(409, `container ${container.id} is restarting, wait until the container is running`)
  if (container.status !== 'running') refuse(409, `container ${container.id} is not running`)
  const because: Reason = { id: 'docker/paused', values: { name: container.name } }
  pass.put({ ...container, status: 'paused' }, because)
  pass.putRuns({ ...pass.runs(container.id)!, state: 'paused' }, because)
  pass.tell(container, 'pause')
}

export function unpause(pass: Pass, container: DockerContainer): void {
  if (container.status !== 'paused') refuse(409, `Container ${container.id} is not paused`)
  const because: Reason = { id: 'docker/unpaused', values: { name: container.name } }
  const { container: live, runs } = thawed(pass, container)
  pass.put(live, because)
  pass.putRuns(runs, because)
}

/** Removes it, or kills it first. True: it is gone at once. After ContainerRm in moby's daemon/delete.go. */
export function remove(pass: Pass, container: DockerContainer, query: Query): boolean {
  const force = isTrue(query?.['force'])
  const volumes = isTrue(query?.['v'])
  const { name, id } = container
  if (container.status === 'removing' || container.stopping === 'remove')
    refuse(409, `removal of container ${name} is already in progress`)
  const because: Reason = { id: 'docker/removed', values: { name } }
  if ((isRunning(container) || container.starting) && !force) {
    const cannot = `cannot remove container "${name}": container is`
    if (container.status === 'paused') refuse(409, `${cannot} paused and must be unpaused first`)
    if (container.status === 'restarting')
      refuse(409, `${cannot} restarting: stop the container before removing or force remove`)
    refuse(409, `${cannot} running: stop the container before removing or force remove`)
  }
  if ((isRunning(container) && container.status !== 'restarting') || container.starting) {
    const { container: live, runs } = thawed(pass, container)
    pass.tell(live, 'kill', { signal: '9' })
    const removing = { ...live.hostConfig, AutoRemove: volumes || live.hostConfig.AutoRemove }
    pass.put({ ...live, manuallyStopped: true, stopping: 'remove', hostConfig: removing }, because)
    pass.putRuns({ ...pass.runs(id)!, ...runs, stop: { signal: 'SIGKILL', at: pass.now, killAt: pass.now } }, because)
    return false
  }
  dropContainer(pass, container, volumes, because)
  return true
}

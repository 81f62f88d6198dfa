import type { Reason } from '../../engine'
import type { Container } from '../../platform/container/container'
import { containerKey } from '../../platform/container/container'
import { File } from '../../platform/shell/file'
import type { Pass } from '../pass'
import { volumeKey } from '../volumes/volume'
import { dropVolume, usersOf } from '../volumes/volumes'
import { type DockerContainer, dockerContainerKey } from './container'
import { restartAfter } from './restart-policy'
import { beginStart, release } from './start'

/** A container that removes itself is gone a moment after its end, so that its exit code can still be read. */
export const AUTO_REMOVE_MILLIS = 20

/** Exit codes of a start that failed, by the runtime's words. After translation in moby's daemon/errors.go. */
export function startExitCode(text: string): number {
  if (/executable file not found|no such file or directory|system cannot find/.test(text)) return 127
  if (/permission denied|is a directory|not a directory/.test(text)) return 126
  return 128
}

/** The runtime could not start it. */
export function noteFailedStart(
  pass: Pass,
  container: DockerContainer,
  runs: Container,
  because: Reason,
): DockerContainer {
  const text = (runs.error ?? '').replace('failed to create containerd task: ', 'failed to create task for container: ')
  const next = release(pass, container, because)
  return {
    ...next,
    starting: false,
    status: container.startedAt === undefined ? 'created' : 'exited',
    error: text,
    exitCode: startExitCode(text),
    finishedAt: container.startedAt === undefined ? undefined : pass.now,
  }
}

/** The container's first process has ended: what the daemon tells, gives back, and does next. After handleContainerExit in moby's daemon/monitor.go. */
export function noteEnd(pass: Pass, container: DockerContainer, runs: Container, because: Reason): void {
  const exitCode = runs.exitCode ?? 0
  const ranMillis = (runs.finishedAt ?? pass.now) - (container.startedAt ?? pass.now)
  if (runs.oomKilled && !container.oomKilled) pass.tell(container, 'oom')
  pass.tell(container, 'die', { execDuration: String(Math.floor(ranMillis / 1000)), exitCode: String(exitCode) })
  const delay = restartAfter(container.hostConfig.RestartPolicy, {
    exitCode,
    manuallyStopped: container.manuallyStopped,
    restartCount: container.restartCount,
    ranMillis,
    previousMillis: container.restartDelay,
  })
  const { stopping } = container
  const ended: DockerContainer = {
    ...release(pass, container, because),
    status: 'exited',
    exitCode,
    oomKilled: runs.oomKilled,
    finishedAt: runs.finishedAt ?? pass.now,
    pid: 0,
    probe: undefined,
    stopping: undefined,
  }
  for (const mount of container.mounts)
    if (mount.Type === 'tmpfs') emptyMemory(pass, container.id, mount.Destination, because)
  if (stopping === 'stop' || stopping === 'restart') pass.tell(container, 'stop')
  if (stopping === 'restart') {
    pass.put(ended, because)
    beginStart(pass, { ...ended, manuallyStopped: false, restartCount: 0 }, because)
    pass.tell(container, 'restart')
    return
  }
  if (delay !== undefined && stopping === undefined) {
    const values = {
      name: container.name,
      code: exitCode,
      millis: delay,
      count: container.restartCount + 1,
      policy: container.hostConfig.RestartPolicy.Name,
    }
    pass.put(
      { ...ended, status: 'restarting', restartDelay: delay, restartAt: pass.now + delay },
      { id: 'docker/restart-waits', values, of: because.of ?? [] },
    )
    return
  }
  if (container.hostConfig.AutoRemove || stopping === 'remove')
    pass.put({ ...ended, status: 'removing', restartAt: pass.now + AUTO_REMOVE_MILLIS, stopping }, because)
  else pass.put(ended, because)
}

/** What stood in memory is gone with the container's end. */
function emptyMemory(pass: Pass, id: string, path: string, because: Reason): void {
  for (const { key } of pass.world.list(File, { scope: `tmpfs:${id}:${path.replaceAll('/', '!')}` }))
    pass.set(key, undefined, because, true)
}

/** Takes a container away, with its files and its log; its anonymous volumes when asked for. */
export function dropContainer(pass: Pass, container: DockerContainer, volumes: boolean, because: Reason): void {
  const { name: machine } = pass.machine
  pass.set(dockerContainerKey(machine, container.id), undefined, because)
  pass.set(containerKey(machine, container.id), undefined, because)
  if (volumes)
    for (const { Type, Name } of container.mounts) {
      const volume = Type === 'volume' ? pass.get(volumeKey(machine, Name!)) : undefined
      if (volume?.anonymous && usersOf(pass, volume.name).every(({ id }) => id === container.id))
        dropVolume(pass, volume, because)
    }
  pass.tell(container, 'destroy')
}

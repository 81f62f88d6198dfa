import { Container, containerKey } from '../../platform/container/container'
import { cgroupKey, countedUntil } from '../../platform/cpu/cgroup'
import { memoryOf } from '../../platform/limits/memory'
import { containerTasks } from '../../platform/limits/processes'
import { containerUsage } from '../../platform/limits/usage'
import { Process } from '../../platform/shell/process'
import { pidOf } from '../formats/pid'
import type { Pass } from '../pass'
import type { DockerContainer } from './container'

/** What a container uses now. Traffic and disk are not counted (simplified: 0). */
export function stats(pass: Pass, container: DockerContainer) {
  const key = containerKey(pass.machine.name, container.id)
  const isUp = container.status === 'running' || container.status === 'paused'
  const cpuMillis = isUp ? containerUsage(pass.world, key).cpuMillis : 0
  const runs = pass.runs(container.id)
  // without what the page cache could give back
  const memoryBytes = isUp && runs ? memoryOf(pass.world, runs).resident : 0
  const limit = container.hostConfig.Memory > 0 ? container.hostConfig.Memory : pass.machine.memoryBytes
  return {
    id: container.id,
    name: `/${container.name}`,
    running: isUp,
    // of one core
    cpuPercent: cpuMillis / 10,
    memory: { usage: memoryBytes, limit: isUp ? limit : 0 },
    pids: isUp ? containerTasks(pass.world, key) : 0,
  }
}

/** The first process and those that exec has started. */
function processesOf(
  pass: Pass,
  container: DockerContainer,
): readonly { readonly pid: number; readonly command: string }[] {
  const own = [...(container.config.Entrypoint ?? []), ...(container.config.Cmd ?? [])].join(' ')
  const owner = Container.key(pass.machine.name, container.id)
  const others = pass.world
    .list(Process, { owner })
    .filter(({ value, key }) => value.state === 'running' && !key.endsWith(`/${container.id}`))
    .map(({ value, key }) => ({ pid: pidOf(key), command: value.argv?.join(' ') ?? `sh -c ${value.script ?? ''}` }))
  return [{ pid: container.pid, command: own }, ...others]
}

const IDLE = { share: 0, micros: 0 }

/** What all of a container has computed: its first process is taken to have done it (simplified). */
function computed({ world, machine, now }: Pass, { id, startedAt = now }: DockerContainer) {
  const record = world.get(cgroupKey(machine.name, id))
  if (!record) return IDLE
  const micros = countedUntil(record, now).used
  // C is the share of one CPU over the whole life
  return { share: micros / 10 / Math.max(1, now - startedAt), micros }
}

const cpuTime = (micros: number): string => {
  const seconds = Math.floor(micros / 1e6)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** `docker top`: the container's processes as the machine's ps lists them. */
export function top(pass: Pass, container: DockerContainer) {
  return {
    Titles: ['UID', 'PID', 'PPID', 'C', 'STIME', 'TTY', 'TIME', 'CMD'],
    Processes: processesOf(pass, container).map(({ pid, command }) => {
      const used = pid === container.pid ? computed(pass, container) : IDLE
      const user = container.config.User.split(':')[0] || 'root'
      return [
        user,
        String(pid),
        String(Math.max(1, container.pid - 21)),
        String(Math.round(used.share)),
        clock(pass, container),
        container.config.Tty ? 'pts/0' : '?',
        cpuTime(used.micros),
        command,
      ]
    }),
  }
}

const clock = (pass: Pass, { startedAt = 0 }: DockerContainer): string => {
  const minutes = Math.floor((9 * 3_600_000 + (startedAt > 0 ? startedAt : pass.now)) / 60_000)
  return `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

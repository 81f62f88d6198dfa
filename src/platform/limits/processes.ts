import type { Key, World } from '../../engine/kind'
import { LAB_EPOCH } from '../../engine/time'
import { commandOf } from '../container/command'
import type { Container } from '../container/container'
import { machineKey } from '../machine/machine'
import { programNamed } from '../programs'
import { Process } from '../shell/process'

/** Processes and threads of a container's program: what pids.current counts without its commands. */
export function programTasks(world: World, key: Key<Container>, container: Container): number {
  const situation = { now: world.now, epoch: LAB_EPOCH + world.now, key, container, command: commandOf(container.spec) }
  const machine = world.get(machineKey(container.machine))
  const cpus = container.spec.cpuset?.length ?? Math.max(1, Math.floor((machine?.cpuMillis ?? 1000) / 1000))
  return programNamed(container.program)?.tasks?.(situation, cpus) ?? 1
}

/** All processes and threads in a container: of its program and of the commands in it, what each has forked included. */
export function containerTasks(world: World, key: Key<Container>): number {
  const container = world.get(key)
  if (container?.state !== 'running' && container?.state !== 'paused') return 0
  let count = container.program === 'shell' ? 0 : programTasks(world, key, container)
  for (const { value } of world.list(Process, { owner: key })) if (value.state === 'running') count += value.forks ?? 1
  return count
}

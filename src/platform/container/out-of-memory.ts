import type { Change, Reason } from '../../engine/change'
import type { Key, World } from '../../engine/kind'
import type { Plan, Wish } from '../../engine/plan'
import { LAB_EPOCH } from '../../engine/time'
import { isOverLimit, oomVictim } from '../limits/memory'
import type { Machine } from '../machine/machine'
import { programNamed } from '../programs'
import { Process } from '../shell/process'
import { commandOf } from './command'
import type { Container } from './container'
import { finish } from './ending'
import { printed } from './logs'

/** What its commands hold beside its program has changed. */
export function processesHold(world: World, { key, value, revision }: Change<Container>): Wish<Container> | undefined {
  let bytes = 0
  for (const { value: process } of world.list(Process, { owner: key }))
    if (process.state === 'running') bytes += process.memoryBytes ?? 0
  const before = value.processBytes ?? 0
  if (bytes === before) return undefined
  const { reaping: _, ...course } = value.course ?? { starts: 1 }
  const next: Container = {
    ...value,
    processBytes: bytes,
    memoryBytes: value.memoryBytes - before + bytes,
    course: bytes < before ? course : value.course!,
  }
  const values = { bytes, memoryBytes: next.memoryBytes }
  return { key, value: next, because: { id: 'platform/memory-held', values, of: [revision] }, quiet: true }
}

/** The kernel takes a process where a container is over its limit, or the machine has nothing left. */
export function memoryDeath(world: World, machine: Machine, head: Change<Container>): Plan | undefined {
  const { value: container } = head
  if (isOverLimit(world, container)) {
    const { memoryLimitBytes, swapBytes } = container.spec
    const values = {
      usedBytes: container.memoryBytes,
      limitBytes: memoryLimitBytes,
      ...(machine.swapBytes && { swapBytes: Math.min(swapBytes ?? machine.swapBytes, machine.swapBytes) }),
    }
    return taken(world, head, { id: 'platform/oom-killed', values, of: [head.revision] })
  }
  const victim = oomVictim(world, machine)
  if (!victim || victim.value.course?.reaping) return undefined
  const { memoryBytes: usedBytes, spec } = victim.value
  const values = { machine: machine.name, usedBytes, adjustment: spec.oomScoreAdj }
  return taken(world, victim, { id: 'platform/oom-killed-by-machine', values, of: [head.revision] })
}

/**
 * The victim is a process, the largest: a command, a child of the program, or the first process itself, and then the container
 * ends. Under the kubelet (memory.oom.group) all of them.
 */
function taken(world: World, head: Change<Container>, because: Reason): Plan {
  const { key, value: container } = head
  const kills = { oomKilled: true, oomKills: (container.oomKills ?? 0) + 1 }
  if (container.spec.oomGroup) return finish(world, head, { code: 137, event: 'oom', because, oom: true })
  const own = container.memoryBytes - (container.processBytes ?? 0)
  const largest = largestProcess(world, key)
  if (largest && (largest.value.memoryBytes ?? 0) > own) {
    const course = { ...container.course, starts: container.course?.starts ?? 1, reaping: true }
    return {
      changes: [{ key, value: { ...container, ...kills, course }, because }],
      post: [{ to: 'shell', about: largest.key, body: { do: 'out-of-memory' }, after: 0 }],
    }
  }
  const situation = { now: world.now, epoch: LAB_EPOCH + world.now, key, container, command: commandOf(container.spec) }
  const child = programNamed(container.program)?.loseChild?.(situation)
  const end = finish(world, head, { code: child?.exit ?? 137, event: 'oom', because, oom: true })
  return child?.print
    ? { changes: [...(end.changes ?? []), ...printed(world, container.id, child.print, because)] }
    : end
}

function largestProcess(world: World, key: Key<Container>): Change<Process> | undefined {
  let largest: Change<Process> | undefined
  for (const one of world.list(Process, { owner: key }))
    if (one.value.state === 'running' && (one.value.memoryBytes ?? 0) > (largest?.value.memoryBytes ?? 0)) largest = one
  return largest
}

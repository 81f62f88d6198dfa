import type { Change, Reason } from '../../engine/change'
import { edit } from '../../engine/edit'
import type { World } from '../../engine/kind'
import type { Plan, Wish } from '../../engine/plan'
import { Process } from '../shell/process'
import type { Container } from './container'
import { containerLife } from './life-cycle'
import { dataAtEnd } from './program-data'

/** The state that an event leads to. */
export const next = (state: Container['state'], event: string): Container['state'] =>
  (containerLife.next(state, event) ?? state) as Container['state']

export interface Ending {
  readonly code: number
  readonly event: 'exit' | 'kill' | 'oom'
  readonly because: Reason
  readonly oom?: boolean
}

/** The container after its end. */
export function ended(world: World, head: Change<Container>, ending: Ending): Wish<Container> {
  const { disturbed: _, ...container } = head.value
  const { state, course } = container
  const value: Container = {
    ...container,
    state: next(state, ending.event),
    exitCode: ending.code,
    finishedAt: world.now,
    listens: [],
    oomKilled: ending.oom ?? container.oomKilled,
    ...(ending.oom && { oomKills: (container.oomKills ?? 0) + 1 }),
    processBytes: 0,
    course: { starts: course?.starts ?? 0 },
  }
  return { key: head.key, value, because: ending.because }
}

export const killedAt = (head: Change<Container>): Ending => {
  const { stop, course } = head.value
  const values = {
    signal: course?.signalled ?? stop?.signal,
    graceMillis: stop ? (stop.killAt ?? stop.at) - stop.at : 0,
  }
  return { code: 137, event: 'kill', because: { id: 'platform/container-killed', values, of: [head.revision] } }
}

export function exitOf(head: Change<Container>, end: { code: number; because: string }): Ending {
  return {
    code: end.code,
    event: 'exit',
    because: { id: 'platform/container-exited', values: { code: end.code, why: end.because }, of: [head.revision] },
  }
}

/** The end, with all processes in it. */
export function finish(world: World, head: Change<Container>, ending: Ending): Plan {
  const changes: Wish[] = [ended(world, head, ending), ...dataAtEnd(world, head.value, ending.code)]
  for (const { key, value } of world.list(Process, { owner: head.key })) {
    if (value.state === 'exited') continue
    const gone = edit(value, (p) => {
      p.state = 'exited'
      p.exitCode = 137
      p.memory = null
      p.waitsFor = []
    })
    changes.push({ key, value: gone, because: ending.because })
  }
  return { changes }
}

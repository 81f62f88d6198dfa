import type { Change, Reason } from '../../engine/change'
import type { Json } from '../../engine/json'
import type { Key, World } from '../../engine/kind'
import type { Plan, Tools, Wish } from '../../engine/plan'
import { LAB_EPOCH } from '../../engine/time'
import type { Machine } from '../machine/machine'
import { programNamed } from '../programs'
import type { SignalAnswer, Situation } from '../programs/program'
import type { Became } from '../shell/process'
import { commandOf, replacedBy } from './command'
import type { Container } from './container'
import { slowStartMillis } from './disturbance'
import { printed } from './logs'
import { mainProcessKey } from './processes'
import { startingData } from './program-data'

export function between(
  tools: Tools,
  uid: string,
  purpose: string,
  n: number,
  range: number | readonly [number, number],
): number {
  return typeof range === 'number' ? range : Math.round(range[0] + (range[1] - range[0]) * tools.draw(uid, purpose, n))
}

export function situationOf(world: World, key: Key<Container>, container: Container): Situation {
  return { now: world.now, epoch: LAB_EPOCH + world.now, key, container, command: commandOf(container.spec) }
}

/** The container with its program begun: it listens after a while, or ends because it cannot go on. */
export function begun(
  world: World,
  tools: Tools,
  machine: Machine,
  { key, uid }: Change<Container>,
  memory: Json | undefined,
  container: Container,
): { readonly value: Container; readonly problem: SignalAnswer } {
  const command = commandOf(container.spec)
  const program = programNamed(command.program)!
  const situation = situationOf(world, key, { ...container, memory })
  const starts = container.course?.starts ?? 1
  const problem = program.startProblem?.(situation) ?? 'ignored'
  const ports = problem === 'ignored' ? (program.ports?.(situation) ?? []) : []
  const own = ports.length === 0 ? 0 : between(tools, uid, 'listen', starts - 1, program.startMillis ?? 0)
  const delay = ports.length === 0 ? 0 : Math.round(own * (machine.slowness ?? 1) + slowStartMillis(world, container))
  const end =
    problem === 'ignored'
      ? undefined
      : { at: world.now + problem.after, code: problem.exit, because: 'it could not go on' }
  const value: Container = {
    ...container,
    program: command.program,
    memory,
    listens: delay === 0 ? ports : [],
    cpuMillis: program.cpuMillis,
    memoryBytes: program.memoryBytes,
    course: {
      starts,
      ...(delay !== 0 && { listensAt: world.now + delay }),
      ...(end && { end }),
    },
  }
  return { value, problem }
}

/** The script has put a program in its own place (`exec nginx`): that is process 1 from now on, and takes the signals. */
export function becoming(
  world: World,
  tools: Tools,
  machine: Machine,
  head: Change<Container>,
  { argv, env, cwd }: Became,
): Plan {
  const { key, value: container, revision } = head
  const own = replacedBy(container.spec, argv)
  const spec = { ...own, env: { ...own.env, ...env }, workingDir: cwd }
  const data = startingData(world, { ...container, spec }, commandOf(spec).program)
  const { value, problem } = begun(world, tools, machine, head, data, { ...container, spec, programSince: world.now })
  const because: Reason = {
    id: 'platform/program-took-over',
    values: { command: argv.join(' '), program: value.program },
    of: [revision],
  }
  const changes: Wish[] = [{ key, value, because }]
  changes.push({ key: mainProcessKey(container), value: undefined, because, quiet: true })
  if (problem !== 'ignored' && problem.print) changes.push(...printed(world, container.id, problem.print, because))
  return { changes }
}

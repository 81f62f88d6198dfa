import type { Change, Reason } from '../../engine/change'
import { edit } from '../../engine/edit'
import type { Key, World } from '../../engine/kind'
import { kindIdOf, partsOf } from '../../engine/kind'
import type { Controller, Plan, Tools, Wish } from '../../engine/plan'
import { Task, taskWishes } from '../cpu/task'
import { Link, Machine, machineKey } from '../machine/machine'
import { Effects } from '../network/effects'
import { programCall } from '../network/send'
import { programNamed } from '../programs'
import { isBareShell } from '../programs/shell'
import { File } from '../shell/file'
import { Process } from '../shell/process'
import { afterStep } from './after-step'
import { becoming, begun, between, situationOf } from './beginning'
import { type Command, commandOf, START_ERROR_EXIT_CODE } from './command'
import { Container } from './container'
import { disturbanceOf, leaking } from './disturbance'
import { ended, exitOf, finish, killedAt, next } from './ending'
import { forgetLogs, keepBanner, printed } from './logs'
import { memoryDeath, processesHold } from './out-of-memory'
import { mainProcess, mainProcessKey } from './processes'
import { saving, startingData } from './program-data'
import { isDeadly, signalExit } from './signals'

/** From the order to start until the first process runs: namespaces, cgroup, mounts, runc. */
const START_MILLIS = [50, 120] as const
const NETWORK = 'network'

/**
 * The one container runtime: what is wanted running is started, what is asked to stop is stopped, what uses more memory than
 * it may is killed, and programs are woken. It writes one change of a container at a time and is woken by that again.
 */
export const containerRuntime: Controller = {
  name: 'container-runtime',
  about: 'starts, stops and kills containers and wakes their programs',
  watches: [
    { kind: Container, wake: (change, world) => withWoken(world, change.key, change.key) },
    {
      kind: Process,
      wake: ({ key, value, previous }) =>
        (value?.memoryBytes ?? 0) !== (previous?.value?.memoryBytes ?? 0)
          ? value?.container && value.owner
          : value?.state === 'running'
            ? undefined
            : ownerOfMain(key, value ?? previous?.value),
    },
    {
      kind: Task,
      wake: ({ value }) => (value?.ended && kindIdOf(value.owner) === Container.id ? value.owner : undefined),
    },
    { kind: Link, wake: (_, world) => woken(world, NETWORK) },
    {
      kind: Machine,
      wake: ({ value, previous }, world) =>
        value?.power === previous?.value?.power ? undefined : woken(world, NETWORK),
    },
  ],
  reconcile(about, world, tools): Plan | undefined {
    const key = about as Key<Container>
    const head = world.head(key)
    if (!head) return forgotten(world, key)
    const machine = world.get(machineKey(head.value.machine))
    if (machine?.power !== 'on') return undefined
    switch (head.value.state) {
      case 'created':
        return head.value.wanted === 'running' ? starting(world, tools, machine, head) : undefined
      case 'running':
        return running(world, tools, machine, head)
      case 'paused':
        return paused(world, head)
      default:
        return undefined
    }
  },
}

const woken = (world: World, what: string): string[] => world.list(Container, { wakes: what }).map(({ key }) => key)

function withWoken(world: World, own: Key, what: string): string | string[] {
  const others = world.list(Container, { wakes: what })
  return others.length === 0 ? own : [own, ...others.map(({ key }) => key)]
}

/** The container whose first process this is. */
const ownerOfMain = (key: Key<Process>, process: Process | undefined): string | undefined =>
  process?.container !== undefined && partsOf(key).name === process.container ? process.owner : undefined

/** A container that is gone takes its log and its processes with it. */
function forgotten(world: World, key: Key<Container>): Plan | undefined {
  const because: Reason = { id: 'platform/container-removed' }
  const changes = forgetLogs(world, partsOf(key).name, because)
  for (const process of world.list(Process, { owner: key }))
    changes.push({ key: process.key, value: undefined, because })
  for (const file of world.list(File, { scope: partsOf(key).name }))
    changes.push({ key: file.key, value: undefined, because })
  return changes.length > 0 ? { changes } : undefined
}

function starting(world: World, tools: Tools, machine: Machine, head: Change<Container>): Plan {
  const { uid, value: container } = head
  const starts = container.course?.starts ?? 0
  if (container.stop)
    return {
      changes: [
        ended(world, head, {
          code: 137,
          event: 'kill',
          because: { id: 'platform/stopped-before-start', of: [head.revision] },
        }),
      ],
    }
  if (machine.daemons['containerd'] === 'stopped') return { again: 10_000 }
  const takes = between(tools, uid, 'start', starts, START_MILLIS) * (machine.slowness ?? 1)
  const left = head.at + Math.round(takes) - world.now
  if (left > 0) return { again: left }
  const command = commandOf(container.spec)
  if (command.error !== undefined) return failed(world, head, command.error)
  if (!programNamed(command.program))
    return failed(world, head, `failed to create shim task: no program ${command.program}`)
  return started(world, tools, machine, head, command, starts)
}

function failed(world: World, head: Change<Container>, error: string): Plan {
  const full = `failed to create containerd task: ${error}`
  const value = edit(head.value, (c) => {
    c.state = next('created', 'fail')
    c.error = full
    c.exitCode = START_ERROR_EXIT_CODE
    c.finishedAt = world.now
  })
  return {
    changes: [
      { key: head.key, value, because: { id: 'platform/start-failed', values: { error: full }, of: [head.revision] } },
    ],
  }
}

function started(
  world: World,
  tools: Tools,
  machine: Machine,
  head: Change<Container>,
  command: Command,
  starts: number,
): Plan {
  const { key, value: container } = head
  const { programSince: _, ...before } = container
  const disturbed = disturbanceOf(world, container)
  const { value, problem } = begun(world, tools, machine, head, startingData(world, container, command.program), {
    ...before,
    ...(disturbed && { disturbed }),
    state: next('created', 'start'),
    startedAt: world.now,
    finishedAt: undefined,
    exitCode: undefined,
    oomKilled: false,
    oomKills: 0,
    processBytes: 0,
    error: undefined,
    course: { starts: starts + 1 },
  })
  const because: Reason = {
    id: 'platform/container-started',
    values: { image: container.spec.image, program: command.program },
    of: [head.revision],
  }
  const changes: Wish[] = starts > 0 ? keepBanner(world, key, container) : []
  changes.push({ key, value, because })
  if (problem !== 'ignored') {
    if (problem.print) changes.push(...printed(world, container.id, problem.print, because))
    return { changes }
  }
  if (command.program === 'shell' && !isBareShell(command.words, container.spec.stdin === true)) {
    changes.push({ key: mainProcessKey(container), value: mainProcess(world, key, value, command), because })
  }
  return { changes }
}

function paused(world: World, head: Change<Container>): Plan | undefined {
  const { stop } = head.value
  if (!stop) return undefined
  const { killAt } = stop
  if (killAt === undefined) return undefined
  if (world.now >= killAt) return finish(world, head, killedAt(head))
  return { again: killAt - world.now }
}

/** A running container: whatever is due first, one change at a time; without a change, when to look again. */
function running(world: World, tools: Tools, machine: Machine, head: Change<Container>): Plan | undefined {
  const { value: container } = head
  const { course, stop } = container
  const due: number[] = []
  const killAt = stop?.killAt
  if (killAt !== undefined && world.now >= killAt) return finish(world, head, killedAt(head))
  if (course?.end) {
    if (world.now >= course.end.at) return finish(world, head, exitOf(head, course.end))
    due.push(course.end.at)
  }
  const held = processesHold(world, head)
  if (held) return { changes: [held] }
  const dead = course?.reaping ? undefined : memoryDeath(world, machine, head)
  if (dead) return dead
  if (stop) {
    if (world.now < stop.at) due.push(stop.at)
    else if (course?.signalledFor !== stop.at) return signal(world, head, stop.signal)
    if (killAt !== undefined) due.push(killAt)
  }
  if (course?.listensAt !== undefined) {
    if (world.now >= course.listensAt) return listen(world, head)
    due.push(course.listensAt)
  }
  const leak = container.disturbed?.leak
  if (leak) {
    if (world.now >= leak.nextAt) return { changes: [leaking(world, head, leak)] }
    due.push(leak.nextAt)
  }
  const saves = saving(world, head)
  if (saves && 'plan' in saves) return saves.plan
  if (saves) due.push(saves.at)
  const step = course?.end ? undefined : wake(world, tools, machine, head)
  if (step?.plan) return step.plan
  if (step?.again !== undefined) due.push(world.now + step.again)
  return due.length > 0 ? { again: Math.min(...due) - world.now } : undefined
}

function signal(world: World, head: Change<Container>, name: string): Plan {
  const { key, value: container } = head
  const command = commandOf(container.spec)
  const because: Reason = { id: 'platform/container-signalled', values: { signal: name }, of: [head.revision] }
  if (name === 'SIGKILL') return finish(world, head, killedAt(head))
  const process = container.program === 'shell' ? world.get(mainProcessKey(container)) : undefined
  const program = programNamed(container.program)
  const answer = program?.signal?.(name, situationOf(world, key, container)) ?? 'ignored'
  const isDefault = answer === 'ignored' && command.init && isDeadly(name) && container.program !== 'shell'
  const end = isDefault
    ? { at: world.now + 2, code: signalExit(name), because: `${name}: the init passed it on` }
    : answer === 'ignored'
      ? undefined
      : { at: world.now + answer.after, code: answer.exit, because: `it was asked to stop with ${name}` }
  const { course } = container
  const value: Container = {
    ...container,
    course: {
      ...course,
      starts: course?.starts ?? 0,
      signalled: name,
      signalledFor: container.stop?.at,
      end: end ?? course?.end,
    },
  }
  const changes: Wish[] = [{ key, value, because, quiet: end !== undefined }]
  if (answer !== 'ignored' && answer.print) changes.push(...printed(world, container.id, answer.print, because))
  if (process?.state !== 'running') return { changes }
  return {
    changes,
    post: [{ to: 'shell', about: mainProcessKey(container), body: { do: 'signal', signal: name.slice(3) }, after: 0 }],
  }
}

function listen(world: World, head: Change<Container>): Plan {
  const { key, value: container } = head
  const ports = programNamed(container.program)?.ports?.(situationOf(world, key, container)) ?? []
  const { course } = container
  const value: Container = { ...container, listens: ports, course: course && { ...course, listensAt: undefined } }
  const because: Reason = {
    id: 'platform/container-listens',
    values: { ports: [...ports], millis: world.now - (container.startedAt ?? world.now) },
    of: [head.revision],
  }
  return { changes: [{ key, value, because, quiet: true }] }
}

const TAKEN = 'the kernel took its first process, for it was out of memory'
const wasTaken = ({ oomKilled }: Container, { exitCode }: Process): boolean => oomKilled && exitCode === 137

/** Lets the program do what is due; a shell-based container ends with its first process. */
function wake(
  world: World,
  tools: Tools,
  machine: Machine,
  head: Change<Container>,
): { plan?: Plan; again?: number } | undefined {
  const { key, value: container } = head
  if (container.program === 'shell') {
    const process = world.get(mainProcessKey(container))
    if (process?.became) return { plan: becoming(world, tools, machine, head, process.became) }
    if (process?.state === 'exited')
      return {
        plan: finish(
          world,
          head,
          exitOf(head, {
            code: process.exitCode ?? 0,
            because: wasTaken(container, process) ? TAKEN : 'its first process ended',
          }),
        ),
      }
  }
  const program = programNamed(container.program)
  if (!program?.run) return undefined
  const effects = new Effects(world)
  const call = programCall(world, tools, effects, key, container, {
    id: `${container.id} ${world.now}`,
    depth: 0,
    timeoutMillis: 130_000,
  })
  const step = program.run(call)
  const value = afterStep(world, container, step)
  const because: Reason = {
    id: 'platform/program-ran',
    values: { program: container.program, exit: step.exit },
    of: [head.revision],
  }
  if (step.print) effects.print(key, container, step.print, because)
  const changes = effects.wishes(key)
  if (value !== container) changes.push({ key, value, because, quiet: true })
  const owner = { machine: container.machine, container: container.id, owner: key, id: container.id }
  changes.push(...taskWishes(world, owner, step.works ?? [], because))
  return changes.length > 0 ? { plan: { changes, again: step.again } } : { again: step.again }
}

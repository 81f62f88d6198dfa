import type { Change, Controller, Plan, Reason, Tools, World } from '../engine'
import { type Key, partsOf } from '../engine/kind'
import { Container, containerKey, Output } from '../platform/container/container'
import { containerExec } from '../platform/container/exec'
import { Machine } from '../platform/machine/machine'
import { Process } from '../platform/shell/process'
import { DockerContainer, dockerContainerKey } from './containers/container'
import { dropContainer, noteEnd, noteFailedStart } from './containers/end'
import { nextProbeAfter, timesOf, withResult } from './containers/health'
import { beginStart, noteStarted, release } from './containers/start'
import { stopWithDaemon } from './containers/stop'
import { Pass } from './pass'
import { configurationOf } from './system/configuration'

/** What the runtime noted for containers whose machine lost its power. */
const LOST = 255

/**
 * The daemon's own turns: it hears what the runtime has made of its orders, tells it to whoever listens, restarts containers by their policy,
 * and checks their health. After moby's daemon. Left out: plugins, checkpoints.
 */
export const dockerd: Controller = {
  name: 'dockerd',
  about: 'hears of the ends of containers, restarts them by their policies and checks their health',
  watches: [
    { kind: DockerContainer },
    {
      kind: Container,
      wake: ({ key, value, previous }, world) => {
        const before = previous?.value
        if (value?.state === before?.state && value?.error === before?.error && value?.oomKilled === before?.oomKilled)
          return undefined
        const { scope, name } = partsOf(key)
        const own = dockerContainerKey(scope, name)
        return world.get(own) ? own : undefined
      },
    },
    {
      kind: Process,
      wake: ({ key, value, previous }) =>
        value?.state === 'exited' &&
        previous?.value?.state === 'running' &&
        value.container !== undefined &&
        partsOf(key).name !== value.container
          ? dockerContainerKey(value.machine, value.container)
          : undefined,
    },
    {
      kind: Machine,
      wake: ({ value, previous }, world) => {
        const runs = (machine: Machine | undefined) =>
          machine?.power === 'on' && machine.daemons['dockerd'] === 'running'
        if (!value || runs(value) === runs(previous?.value)) return undefined
        return world.list(DockerContainer, { scope: value.name }).map(({ key }) => key)
      },
    },
  ],
  reconcile(about, world, tools): Plan | undefined {
    const key = about as Key<DockerContainer>
    const head = world.head(key)
    if (!head) return undefined
    const machine = world.get<Machine>(Machine.key('', partsOf(key).scope))
    if (machine?.power !== 'on') return undefined
    if (machine.daemons['dockerd'] === 'running') return turn(head, world, tools)
    if (machine.daemons['dockerd'] !== 'stopped' || configurationOf(world, machine).liveRestore) return undefined
    const pass = new Pass(world, tools, machine.name)
    stopWithDaemon(pass, head.value)
    return pass.plan()
  },
}

function turn(head: Change<DockerContainer>, world: World, tools: Tools): Plan | undefined {
  const { value: container } = head
  const pass = new Pass(world, tools, container.machine)
  const runsHead = world.head(containerKey(container.machine, container.id))
  if (!runsHead) return undefined
  const { value: runs } = runsHead
  const because = (id: string, values: Reason['values'] = {}): Reason => ({
    id,
    values: { name: container.name, ...values },
    of: [runsHead.revision, head.revision],
  })
  if (container.status === 'removing') {
    const left = (container.restartAt ?? world.now) - world.now
    if (left > 0) return { again: left }
    dropContainer(pass, container, container.hostConfig.AutoRemove, because('docker/auto-removed'))
    return pass.plan()
  }
  if (container.starting) {
    if (runs.state === 'created') return undefined
    if (runs.error !== undefined && runs.state === 'exited') {
      const failed = noteFailedStart(pass, container, runs, because('docker/start-failed', { why: runs.error }))
      const goes = container.hostConfig.AutoRemove ? ({ status: 'removing', restartAt: world.now + 1 } as const) : {}
      pass.put({ ...failed, ...goes }, because('docker/start-failed', { why: runs.error }))
      return pass.plan()
    }
    if (runs.state === 'exited' && runs.startedAt === undefined) return lost(pass, container, because)
    pass.put(noteStarted(pass, container), because('docker/started'))
    return pass.plan()
  }
  if (container.status === 'restarting') {
    const left = (container.restartAt ?? world.now) - world.now
    if (left > 0) return { again: left }
    beginStart(
      pass,
      { ...container, restartCount: container.restartCount + 1 },
      because('docker/restarted', { count: container.restartCount + 1 }),
    )
    return pass.plan()
  }
  if (container.status === 'running' || container.status === 'paused') {
    if (runs.state === 'exited') {
      if (
        runs.exitCode === LOST &&
        runs.finishedAt !== undefined &&
        world.get<Machine>(Machine.key('', container.machine))!.powerSince > runs.finishedAt
      )
        return lost(pass, container, because)
      noteEnd(pass, container, runs, because('docker/ended', { code: runs.exitCode ?? 0 }))
      return pass.plan()
    }
    if (runs.oomKilled && !container.oomKilled) {
      // a command or a child was taken: the container goes on
      pass.tell(container, 'oom')
      pass.put({ ...container, oomKilled: true }, because('docker/lost-process'))
      return pass.plan()
    }
    if (container.status === 'running') return health(pass, container, because)
  }
  return undefined
}

type Because = (id: string, values?: Reason['values']) => Reason

/** After the machine has booted: what had run is noted as ended, and started again where its policy says so. After restore in moby's daemon. */
function lost(pass: Pass, container: DockerContainer, because: Because): Plan {
  const { Name: policy } = container.hostConfig.RestartPolicy
  const again =
    policy === 'always' || (policy === 'unless-stopped' && !container.manuallyStopped) || policy === 'on-failure'
  const reason = because('docker/booted', { policy })
  const ended: DockerContainer = {
    ...release(pass, container, reason),
    status: 'exited',
    starting: false,
    exitCode: LOST,
    finishedAt: pass.runs(container.id)?.finishedAt ?? pass.now,
    pid: 0,
    probe: undefined,
    stopping: undefined,
  }
  pass.put(ended, reason)
  if (again) beginStart(pass, { ...ended, manuallyStopped: false }, reason)
  return pass.plan()
}

/** One step of a container's health check: it begins when it is due, ends with its process, or is given up. After monitor in daemon/health.go. */
function health(pass: Pass, container: DockerContainer, because: Because): Plan | undefined {
  const { probe, health: before, startedAt = 0, id } = container
  const check = container.config.Healthcheck
  if (!probe || !before || !check) return undefined
  const { now, world } = pass
  if (probe.process === undefined) {
    if (now < probe.at) return { again: probe.at - now }
    const argv = check.Test[0] === 'CMD-SHELL' ? ['/bin/sh', '-c', check.Test.slice(1).join(' ')] : check.Test.slice(1)
    const words = argv.join(' ')
    const reply = pass.tools.ask(containerExec, { machine: container.machine, container: id, argv, tty: false })
    const fresh = new Pass(pass.world, pass.tools, container.machine)
    const execID = fresh.id(`probe ${id}`)
    fresh.tell(container, `exec_create: ${words}`, { execID })
    fresh.tell(container, `exec_start: ${words}`, { execID })
    if ('process' in reply)
      fresh.put(
        { ...container, probe: { at: probe.at, process: reply.process, since: now } },
        because('docker/probe-began', { words }),
      )
    else return judged(fresh, container, { start: now, end: now, exitCode: -1, output: reply.error }, because)
    return fresh.plan(timesOf(check).timeout)
  }
  const since = probe.since ?? now
  const process = world.get(probe.process)
  if (process?.state === 'running') {
    const left = since + timesOf(check).timeout - now
    if (left > 0) return { again: left }
    const gone: Process = { ...process, state: 'exited', exitCode: 137, memory: null, waitsFor: [] }
    const why = because('docker/probe-timed-out')
    pass.set(probe.process, gone, why, true)
    const text = outputOf(world, process.output)
    const output = `Health check exceeded timeout (${timesOf(check).timeout / 1000}s)${text === '' ? '' : `: ${text}`}`
    return judged(pass, container, { start: since, end: now, exitCode: -1, output }, because)
  }
  const exitCode = process?.exitCode ?? 1
  const output = process ? outputOf(world, process.output) : ''
  pass.tell(container, 'exec_die', { execID: pass.id(`probe ${id} ${since}`), exitCode: String(exitCode) })
  if (process) forget(pass, probe.process, process)
  return judged(pass, { ...container }, { start: Math.max(since, startedAt), end: now, exitCode, output }, because)
}

const outputOf = (world: World, scope: string): string =>
  world
    .list(Output, { scope })
    .filter(({ value }) => value.stream === 'out' || value.stream === 'err')
    .map(({ value }) => value.text)
    .join('')

function forget(pass: Pass, key: Key<Process>, process: Process): void {
  const because: Reason = { id: 'docker/probe-done' }
  pass.set(key, undefined, because, true)
  for (const { key: output } of pass.world.list(Output, { scope: process.output }))
    pass.set(output, undefined, because, true)
}

function judged(
  pass: Pass,
  container: DockerContainer,
  result: { readonly start: number; readonly end: number; readonly exitCode: number; readonly output: string },
  because: Because,
): Plan {
  const check = container.config.Healthcheck!
  const before = container.health!
  const startedAt = container.startedAt ?? 0
  const after = withResult(check, before, result, startedAt)
  if (after.status !== before.status) pass.tell(container, `health_status: ${after.status}`)
  const at = pass.now + nextProbeAfter(check, after, startedAt, pass.now)
  const values = {
    exit: result.exitCode,
    status: after.status,
    streak: after.failingStreak,
    retries: timesOf(check).retries,
  }
  pass.put({ ...container, health: after, probe: { at } }, because('docker/probed', values))
  return pass.plan(at - pass.now)
}

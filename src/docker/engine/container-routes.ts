import type { Reason } from '../../engine'
import { mainProcessKey } from '../../platform/container/processes'
import { readArchive, writeArchive } from '../containers/archive'
import { pruneContainers, rename, update } from '../containers/change'
import { changesOf } from '../containers/changes'
import { DockerContainer, isRunning } from '../containers/container'
import { createContainer } from '../containers/create'
import { type ExecBody, execIn } from '../containers/exec'
import { exportContainer } from '../containers/export'
import { containerNamed, lookUp } from '../containers/find'
import { inspect } from '../containers/inspect'
import { listContainers, summary } from '../containers/list'
import { type Cursor, logs } from '../containers/logs'
import { beginStart } from '../containers/start'
import { stats, top } from '../containers/stats'
import { kill, pause, remove, stop, unpause } from '../containers/stop'
import type { Pass } from '../pass'
import { done, ok, type Routes } from './handler'
import { type EngineReply, type EngineRequest, isTrue, refuse } from './request'

/** Ask again, by its id, when the container has changed. */
const later = (container: DockerContainer, query: Readonly<Record<string, string>>): EngineReply => ({
  status: 102,
  body: null,
  next: { machine: container.machine, method: 'GET', path: `/containers/${container.id}/settled`, query },
  until: { kinds: [DockerContainer.id] },
})

function start(pass: Pass, text: string): EngineReply {
  const container = containerNamed(pass, text)
  if (container.status === 'paused') refuse(409, 'cannot start a paused container, try unpause instead')
  if (container.status === 'running' || container.starting) return ok(null, 304)
  if (container.status === 'removing') refuse(409, 'container is marked for removal and cannot be started')
  const because: Reason = { id: 'docker/start-wanted', values: { name: container.name } }
  const fresh = {
    ...container,
    status: container.startedAt === undefined ? ('created' as const) : ('exited' as const),
    manuallyStopped: false,
    restartCount: 0,
    restartDelay: 0,
  }
  const { problem } = beginStart(pass, fresh, because)
  if (problem !== undefined) return ok({ message: problem }, 500)
  return later(container, { until: 'started' })
}

const isOver = (pass: Pass, id: string): boolean => {
  const found = lookUp(pass, id)
  return 'problem' in found || (found.stopping === undefined && !found.starting)
}

/** Whether what was asked for has come about: `started`, `stopped`, `removed`. */
function settled(pass: Pass, { query }: EngineRequest, id: string): EngineReply {
  const found = lookUp(pass, id)
  const until = query?.['until']
  if ('problem' in found)
    return until === 'removed' || until === 'stopped' ? done : ok({ message: found.problem }, found.code)
  if (until === 'started') {
    if (found.starting) return later(found, { until })
    return found.error === '' ? done : ok({ message: found.error }, 400)
  }
  if (until === 'stopped') return isOver(pass, found.id) ? done : later(found, { until })
  return later(found, { until: 'removed' })
}

/** Blocks until it does not run. `condition`: not-running, next-exit, removed. */
function wait(pass: Pass, request: EngineRequest, text: string): EngineReply {
  const container = containerNamed(pass, text)
  const condition = request.query?.['condition'] ?? 'not-running'
  const busy = isRunning(container) || container.starting
  if (!busy && !(condition === 'next-exit' && container.status !== 'removing'))
    return ok({ StatusCode: container.exitCode })
  return {
    status: 102,
    body: null,
    next: { ...request, path: `/containers/${container.id}/wait`, query: { condition: 'not-running' } },
    until: { kinds: [DockerContainer.id] },
  }
}

function readLogs(pass: Pass, request: EngineRequest, text: string): EngineReply {
  const container = containerNamed(pass, text)
  const query = request.query ?? {}
  const from = query['cursor'] === undefined ? undefined : (JSON.parse(query['cursor']) as Cursor)
  const reply = logs(pass, container, query, from, isTrue(query['attached']))
  const body = { lines: reply.lines, process: mainProcessKey(pass.runs(container.id)!) }
  const follows = isTrue(query['follow']) && !reply.ended
  if (!follows) return ok(body)
  return {
    status: 102,
    body,
    next: {
      ...request,
      path: `/containers/${container.id}/logs`,
      query: { ...query, cursor: JSON.stringify(reply.cursor) },
    },
    until: {
      kinds: ['platform/Output', DockerContainer.id],
      ...(reply.nextAt !== undefined && { millis: Math.max(1, reply.nextAt - pass.now) }),
    },
  }
}

export const containerRoutes: Routes = {
  'GET /containers/json': (pass, { query }) => ok(listContainers(pass, query)),
  'POST /containers/create': (pass, { body, query }) => ok(createContainer(pass, body as never, query?.['name']), 201),
  'POST /containers/prune': (pass, { query }) => ok(pruneContainers(pass, query)),
  'GET /containers/{}/json': (pass, { query }, name) => {
    const container = containerNamed(pass, name!)
    const { SizeRw, SizeRootFs } = isTrue(query?.['size']) ? summary(pass, container, true) : {}
    return ok({ ...inspect(pass, container), ...(SizeRw !== undefined && { SizeRw, SizeRootFs }) })
  },
  'GET /containers/{}/settled': (pass, request, id) => settled(pass, request, id!),
  'POST /containers/{}/start': (pass, _, name) => start(pass, name!),
  'POST /containers/{}/stop': (pass, { query }, name) => {
    const container = containerNamed(pass, name!)
    if (!stop(pass, container, query)) return ok(null, 304)
    // a restart that waited is off at once
    return isOver(pass, container.id) ? done : later(container, { until: 'stopped' })
  },
  'POST /containers/{}/restart': (pass, { query }, name) => {
    const container = containerNamed(pass, name!)
    if (stop(pass, container, query, 'restart')) return later(container, { until: 'stopped' })
    const begun = start(pass, name!)
    pass.tell(container, 'restart')
    return begun
  },
  'POST /containers/{}/kill': (pass, { query }, name) => (kill(pass, containerNamed(pass, name!), query), done),
  'POST /containers/{}/pause': (pass, _, name) => (pause(pass, containerNamed(pass, name!)), done),
  'POST /containers/{}/unpause': (pass, _, name) => (unpause(pass, containerNamed(pass, name!)), done),
  'POST /containers/{}/rename': (pass, { query }, name) => (
    rename(pass, containerNamed(pass, name!), query?.['name'] ?? ''), done
  ),
  'POST /containers/{}/update': (pass, { body }, name) => ok(update(pass, containerNamed(pass, name!), body as never)),
  'POST /containers/{}/wait': (pass, request, name) => wait(pass, request, name!),
  'DELETE /containers/{}': (pass, { query }, name) => {
    const container = containerNamed(pass, name!)
    return remove(pass, container, query) ? done : later(container, { until: 'removed' })
  },
  'GET /containers/{}/logs': (pass, request, name) => readLogs(pass, request, name!),
  'GET /containers/{}/top': (pass, _, name) => {
    const container = containerNamed(pass, name!)
    if (container.status === 'restarting')
      refuse(409, `container ${container.id} is restarting, wait until the container is running`)
    if (!isRunning(container)) refuse(409, `container ${container.id} is not running`)
    return ok(top(pass, container))
  },
  'GET /containers/{}/stats': (pass, _, name) => ok(stats(pass, containerNamed(pass, name!))),
  'GET /containers/{}/changes': (pass, _, name) => ok(changesOf(pass, containerNamed(pass, name!))),
  'GET /containers/{}/archive': (pass, { query }, name) =>
    ok(readArchive(pass, containerNamed(pass, name!), query?.['path'] ?? '/', isTrue(query?.['follow']))),
  'PUT /containers/{}/archive': (pass, { body, query }, name) => {
    const asked = body as unknown as Omit<Parameters<typeof writeArchive>[2], 'path'>
    return (writeArchive(pass, containerNamed(pass, name!), { ...asked, path: query?.['path'] ?? '/' }), ok(null))
  },
  'GET /containers/{}/export': (pass, _, name) => ok(exportContainer(pass, containerNamed(pass, name!))),
  'POST /containers/{}/exec': (pass, { body }, name) =>
    ok(execIn(pass, containerNamed(pass, name!), body as unknown as ExecBody), 201),
}

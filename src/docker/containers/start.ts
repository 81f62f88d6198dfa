import type { Reason } from '../../engine'
import { commandOf } from '../../platform/container/command'
import { type Container, type Sandbox, sandboxKey, startedAgain } from '../../platform/container/container'
import { mountsOf } from '../../platform/container/processes'
import { userIn, userNumber } from '../../platform/container/user'
import { treeOf } from '../../platform/image/tree'
import { FileView } from '../../platform/shell/files'
import { pidOf } from '../formats/pid'
import { addressing, attach, detach, interfacesOf, refreshSandbox } from '../network/endpoints'
import { linkedTo, linkProblem } from '../network/links'
import { findNetwork } from '../network/networks'
import { closePorts, openPorts, publish } from '../network/publish'
import type { Pass } from '../pass'
import type { DockerContainer } from './container'
import { lookUp } from './find'
import { freshHealth, timesOf } from './health'
import { logStartProblem } from './log-driver'
import { specOf } from './spec'

/** Stored for a container whose network could not be set up. */
const UNKNOWN_EXIT = 128

/**
 * Begins a start: networks, ports, and the order to the runtime. What becomes of it the daemon hears from that. A problem is written down
 * with the container, which stays as it was. After containerStart in moby's daemon/start.go.
 */
export function beginStart(pass: Pass, container: DockerContainer, because: Reason): { readonly problem?: string } {
  const runs = pass.runs(container.id)
  if (!runs) return { problem: `No such container: ${container.id}` }
  const set = network(pass, container)
  if ('problem' in set) return failed(pass, container, set.problem, because)
  const shared = set.sandbox
  let next: DockerContainer = { ...set.container, starting: true, error: '', restartAt: undefined, stopping: undefined }
  const [user = ''] = next.config.User.split(':')
  if (user !== '' && !isKnownUser(pass, runs, user, next.config.User)) {
    const why = `unable to find user ${user}: no matching entries in passwd file`
    return failed(pass, release(pass, next, because), why, because)
  }
  const unlinked = linkProblem(pass, next) ?? logStartProblem(next.hostConfig.LogConfig)
  if (unlinked !== undefined) return failed(pass, release(pass, next, because), unlinked, because)
  const open = next.hostConfig.NetworkMode === 'host' ? [] : publish(pass, next)
  if ('error' in open) return failed(pass, release(pass, next, because), open.error, because)
  next = { ...next, published: open }
  openPorts(pass, next, because)
  const own = shared === 'own' ? container.id : shared
  if (shared === 'own') pass.set(sandboxKey(pass.machine.name, container.id), sandboxFor(pass, next), because)
  for (const mount of next.mounts)
    if (mount.Type === 'volume')
      pass.event('volume', 'mount', mount.Name!, {
        container: next.id,
        destination: mount.Destination,
        driver: 'local',
        propagation: '',
        'read/write': String(mount.RW),
      })
  pass.put(next, because)
  for (const other of linkedTo(pass, next.id)) refreshSandbox(pass, other, because)
  pass.putRuns(
    startedAgain(runs, {
      spec: specOf(pass, next, { reference: runs.spec.image, image: runs.spec.launch?.image }),
      sandbox: own,
    }),
    because,
  )
  return {}
}

function isKnownUser(pass: Pass, runs: Container, user: string, whole: string): boolean {
  const { image } = commandOf(runs.spec)
  if (image?.built !== true) return userNumber(user) !== undefined || image?.config.user === whole
  const files = new FileView(pass.world, mountsOf(runs), {}, treeOf(pass.world, runs.machine, image.layers))
  return userIn(files.from('/'), user) !== undefined
}

/** Where the container's processes stand in the network: a namespace of their own, another container's, or the machine's. */
function network(
  pass: Pass,
  container: DockerContainer,
):
  | { readonly container: DockerContainer; readonly sandbox: 'own' | string | undefined }
  | { readonly problem: string } {
  const mode = container.hostConfig.NetworkMode
  if (mode.startsWith('container:')) {
    const other = lookUp(pass, mode.slice('container:'.length))
    if ('problem' in other) return { problem: other.problem }
    if (other.status !== 'running' && other.status !== 'paused')
      return { problem: `cannot join network namespace of a non running container: ${other.id}` }
    return { container, sandbox: pass.runs(other.id)?.sandbox }
  }
  let next = container
  for (const [name, { networkId }] of Object.entries(container.networks)) {
    const found = findNetwork(pass, networkId)
    if (!found) return { problem: `failed to set up container networking: network ${networkId} not found` }
    next = attach(pass, next, name)
  }
  return { container: next, sandbox: mode === 'host' ? undefined : 'own' }
}

function sandboxFor(pass: Pass, container: DockerContainer): Sandbox {
  return {
    name: container.id,
    machine: pass.machine.name,
    owner: container.id,
    boot: pass.machine.boots,
    createdAt: pass.now,
    ...addressing(pass, container, interfacesOf(pass, container)),
  }
}

function failed(
  pass: Pass,
  container: DockerContainer,
  problem: string,
  because: Reason,
): { readonly problem: string } {
  pass.put(
    {
      ...container,
      starting: false,
      error: problem,
      exitCode: UNKNOWN_EXIT,
      status: container.startedAt === undefined ? 'created' : 'exited',
    },
    { ...because, id: 'docker/start-failed', values: { name: container.name, why: problem } },
  )
  return { problem }
}

/** Gives back what a start has taken: ports, addresses, the namespace. */
export function release(pass: Pass, container: DockerContainer, because: Reason): DockerContainer {
  closePorts(pass, container, because)
  let next: DockerContainer = { ...container, published: [] }
  for (const name of Object.keys(container.networks)) next = detach(pass, next, name)
  pass.set(sandboxKey(pass.machine.name, container.id), undefined, because)
  for (const { Type, Name } of container.mounts)
    if (Type === 'volume' && container.status !== 'created')
      pass.event('volume', 'unmount', Name!, { container: container.id, driver: 'local' })
  return next
}

/** The runtime has started it. */
export function noteStarted(pass: Pass, container: DockerContainer): DockerContainer {
  const check = container.config.Healthcheck
  const checks = check !== undefined && check.Test.length > 0 && check.Test[0] !== 'NONE'
  const begins = checks ? (check.StartPeriod > 0 ? timesOf(check).startInterval : timesOf(check).interval) : 0
  const next: DockerContainer = {
    ...container,
    status: 'running',
    starting: false,
    startedAt: pass.now,
    exitCode: 0,
    error: '',
    oomKilled: false,
    pid: pidOf(`${container.id} ${container.restartCount} ${pass.now}`),
    health: checks ? freshHealth : undefined,
    probe: checks ? { at: pass.now + begins } : undefined,
  }
  pass.tell(next, 'start')
  return next
}

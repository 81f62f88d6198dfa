import { type Cache, type Reason, uuid } from '../../engine'
import { type Container, createdContainer } from '../../platform/container/container'
import type { PodContainer } from '../kinds/pod'
import { Service } from '../kinds/service'
import { containerSpec } from './container-spec'
import type { Pass } from './pass'
import { terminatedState } from './pod-status'
import { freshContainerWork } from './pod-work'
import { imageReady } from './pull-image'

const FIRST_BACKOFF_MILLIS = 10_000
const LONGEST_BACKOFF_MILLIS = 300_000
/** A container that has run longer than this since its back-off was raised begins anew. */
const FORGIVEN_AFTER_MILLIS = 2 * LONGEST_BACKOFF_MILLIS

/** How one container stands after a look at it. */
export type Standing = 'running' | 'starting' | 'completed' | 'failed' | 'waiting'

/** Moves one container forward: notes its end, restarts it by the pod's policy and the back-off, pulls, creates. */
export function runContainer(pass: Pass, spec: PodContainer, isInit: boolean): Standing {
  const work = pass.of(spec.name)
  const container = pass.container(work.id)
  if (work.id !== undefined && !container && !work.noted) {
    // the runtime has lost it: the machine restarted and its record is gone
    pass.set(spec.name, { noted: true })
  }
  if (container && (container.state === 'created' || container.state === 'running' || container.state === 'paused'))
    return alive(pass, spec, container)
  if (container && !work.noted) note(pass, spec, container)
  const { id, last } = pass.of(spec.name)
  const policy = spec.restartPolicy === 'Always' ? 'Always' : (pass.pod.spec.restartPolicy ?? 'Always')
  if (id !== undefined) {
    const exit = last?.exitCode ?? 0
    if (isInit && exit === 0 && spec.restartPolicy !== 'Always') return 'completed'
    const again = isInit && policy === 'Always' ? true : policy === 'Always' || (policy === 'OnFailure' && exit !== 0)
    if (!again) return exit === 0 ? 'completed' : 'failed'
    if (!backoffOver(pass, spec)) return 'waiting'
  }
  if (!imageReady(pass, spec)) return 'waiting'
  create(pass, spec)
  return 'starting'
}

function alive(pass: Pass, spec: PodContainer, container: Container): Standing {
  if (container.state !== 'running') return 'starting'
  if (!pass.of(spec.name).startedSeen) {
    tellStarted(pass, spec)
    pass.set(spec.name, { startedSeen: true, waiting: undefined })
  }
  return 'running'
}

function tellStarted(pass: Pass, spec: PodContainer): void {
  const because: Reason = {
    id: 'kubernetes/container-started',
    values: { name: spec.name, node: pass.machine.name },
    of: [pass.bound()],
  }
  pass.event('Normal', 'Started', `Started container ${spec.name}`, because, spec.name)
}

function note(pass: Pass, spec: PodContainer, container: Container): void {
  // one that ended in the instant in which it started has been started nonetheless
  if (container.startedAt !== undefined && !pass.of(spec.name).startedSeen) tellStarted(pass, spec)
  if (container.error !== undefined) {
    const because: Reason = { id: 'kubernetes/container-failed', values: { name: spec.name, error: container.error } }
    pass.event('Warning', 'Failed', `Error: ${container.error}`, because, spec.name)
  }
  pass.set(spec.name, { noted: true, last: terminatedState(container), startedSeen: true })
}

/** The first restart is immediate, the n-th waits 10, 20, 40 … 300 s after the end of the one before. After doBackOff. */
function backoffOver(pass: Pass, spec: PodContainer): boolean {
  const { world } = pass
  const work = pass.of(spec.name)
  const finished = pass.container(work.id)?.finishedAt ?? world.now
  if (work.notBefore === undefined) {
    const forgiven = work.backoffMillis === 0 || finished - work.backoffAt > FORGIVEN_AFTER_MILLIS
    if (forgiven) {
      pass.set(spec.name, { backoffMillis: FIRST_BACKOFF_MILLIS, backoffAt: world.now, notBefore: world.now })
      return true
    }
    pass.set(spec.name, { notBefore: finished + work.backoffMillis })
  }
  const { notBefore = 0, backoffMillis } = pass.of(spec.name)
  if (world.now >= notBefore) {
    if (backoffMillis > 0 && notBefore > finished) {
      pass.set(spec.name, { backoffMillis: Math.min(backoffMillis * 2, LONGEST_BACKOFF_MILLIS), backoffAt: world.now })
    }
    return true
  }
  if (work.waiting?.reason !== 'CrashLoopBackOff') {
    const { name, namespace, uid } = pass.pod.metadata
    const about = `restarting failed container=${spec.name} pod=${name}_${namespace}(${uid})`
    const because: Reason = {
      id: 'kubernetes/crash-loop',
      values: { name: spec.name, seconds: backoffMillis / 1000, restarts: work.restarts },
    }
    pass.event(
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${spec.name} in pod ${name}_${namespace}(${uid})`,
      because,
      spec.name,
    )
    pass.set(spec.name, {
      waiting: { reason: 'CrashLoopBackOff', message: `back-off ${printSeconds(backoffMillis / 1000)} ${about}` },
    })
  }
  pass.wait(notBefore - world.now)
  return false
}

const printSeconds = (seconds: number) =>
  seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`

function create(pass: Pass, spec: PodContainer): void {
  const { world, machine, pod } = pass
  const work = pass.of(spec.name)
  const isRestart = work.id !== undefined
  const restarts = isRestart ? work.restarts + 1 : work.restarts
  const sandbox = pod.spec.hostNetwork ? undefined : pass.sandbox()
  const plain = (n: number) =>
    uuid(pass.tools.seed, pod.metadata.uid, `${spec.name}/${n}`, restarts).replaceAll('-', '')
  const id = plain(0) + plain(1)
  const because: Reason = {
    id: isRestart ? 'kubernetes/container-restarted' : 'kubernetes/container-created',
    values: {
      name: spec.name,
      image: spec.image ?? '',
      node: machine.name,
      restarts,
      ...(work.last ? { exitCode: work.last.exitCode, ended: work.last.reason } : {}),
    },
    of: [pass.bound()],
  }
  if (work.lastId !== undefined) pass.dropContainer(work.lastId, because)
  const container = createdContainer({
    id,
    name: `k8s_${spec.name}_${pod.metadata.name}_${pod.metadata.namespace}_${pod.metadata.uid}_${restarts}`,
    machine: machine.name,
    spec: containerSpec(pod, spec, {
      address: sandbox?.address ?? machine.address,
      hostAddress: machine.address,
      capacityBytes: machine.memoryBytes,
      services: pod.spec.enableServiceLinks === false ? KUBERNETES_ONLY(pass) : serviceVariables(pass),
    }),
    sandbox: sandbox?.name,
    wanted: 'running',
    createdAt: world.now,
  })
  pass.putContainer(container, because)
  pass.event('Normal', 'Created', `Created container: ${spec.name}`, because, spec.name)
  pass.set(spec.name, {
    ...freshContainerWork,
    id,
    restarts,
    last: work.last,
    lastId: isRestart ? work.id : undefined,
    backoffMillis: work.backoffMillis,
    backoffAt: work.backoffAt,
    pull: { ...work.pull, state: 'none' },
    waiting: isRestart ? work.waiting : undefined,
  })
}

type Variables = Readonly<Record<string, string>>
const KUBERNETES_ONLY = (pass: Pass): Variables => variablesIn(pass, 'default')['kubernetes'] ?? {}

/** Variables by namespace, then by service: built when first asked for, forgotten when a Service changes. */
const variables: Cache<Map<string, Readonly<Record<string, Variables>>>> = {
  name: "services' variables",
  kinds: [Service],
  build: () => new Map(),
  hear: (view) => view.clear(),
}

function variablesIn(pass: Pass, namespace: string): Readonly<Record<string, Variables>> {
  const view = pass.tools.cache(variables)
  let found = view.get(namespace)
  if (!found) {
    found = Object.fromEntries(
      pass.world.list(Service, { scope: namespace }).map(({ value }) => [value.metadata.name, variablesOf(value)]),
    )
    view.set(namespace, found)
  }
  return found
}

/** `NAME_SERVICE_HOST` and its relatives for the services of the namespace that exist when the container is created. */
function serviceVariables(pass: Pass): Variables {
  const { namespace } = pass.pod.metadata
  const own = Object.values(variablesIn(pass, namespace!))
  return Object.assign({}, namespace === 'default' ? undefined : KUBERNETES_ONLY(pass), ...own) as Variables
}

function variablesOf(service: Service): Variables {
  const found: Record<string, string> = {}
  const { clusterIP, ports } = service.spec
  if (clusterIP === undefined || clusterIP === 'None' || !ports?.length) return found
  const prefix = service.metadata.name.toUpperCase().replaceAll('-', '_')
  found[`${prefix}_SERVICE_HOST`] = clusterIP
  found[`${prefix}_SERVICE_PORT`] = String(ports[0]!.port)
  for (const port of ports) {
    if (port.name) found[`${prefix}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`] = String(port.port)
    const protocol = port.protocol.toLowerCase()
    const url = `${protocol}://${clusterIP}:${port.port}`
    const long = `${prefix}_PORT_${port.port}_${port.protocol}`
    Object.assign(found, {
      [`${prefix}_PORT`]: url,
      [long]: url,
      [`${long}_PROTO`]: protocol,
      [`${long}_PORT`]: String(port.port),
      [`${long}_ADDR`]: clusterIP,
    })
  }
  return found
}

/** Asks a running container to stop; the runtime sends the signal and kills it when the grace is over. */
export function stopContainer(pass: Pass, container: Container, graceMillis: number, because: Reason): void {
  if (container.stop !== undefined || container.state === 'exited' || container.state === 'dead') return
  const { now } = pass.world
  pass.putContainer({ ...container, stop: { signal: 'SIGTERM', at: now, killAt: now + graceMillis } }, because)
}

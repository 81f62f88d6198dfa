import { LAB_EPOCH, type Millis, rfc3339, stamp } from '../../engine'
import type { Container, Sandbox } from '../../platform/container/container'
import { localName } from '../../platform/image/reference'
import type { Condition } from '../kinds/meta'
import type { ContainerState, ContainerStatus, Pod, PodContainer, PodPhase, PodStatus } from '../kinds/pod'
import type { ContainerWork, PodWork } from './pod-work'

/** What the runtime has of one container of the pod. */
export interface Seen {
  readonly work: ContainerWork
  readonly container: Container | undefined
  readonly imageId: string
}

export interface StatusInput {
  readonly pod: Pod
  readonly work: PodWork
  readonly seen: (spec: PodContainer) => Seen
  /** Set once it can be used. */
  readonly sandbox: Sandbox | undefined
  readonly hostAddress: string
  readonly now: Millis
}

const time = (at: Millis) => rfc3339(LAB_EPOCH + at)

/** The reason that a container's end is shown with. */
export function terminatedState(container: Container): NonNullable<ContainerState['terminated']> {
  const exitCode = container.exitCode ?? 0
  const reason =
    container.error !== undefined
      ? 'StartError'
      : container.oomKilled
        ? 'OOMKilled'
        : exitCode === 0
          ? 'Completed'
          : exitCode === 255 && container.error === undefined
            ? 'Unknown'
            : 'Error'
  return {
    exitCode,
    reason,
    ...(container.error === undefined ? {} : { message: container.error }),
    ...(container.error !== undefined
      ? { startedAt: '1970-01-01T00:00:00Z' }
      : container.startedAt === undefined
        ? {}
        : { startedAt: time(container.startedAt) }),
    finishedAt: time(container.finishedAt ?? container.startedAt ?? 0),
    containerID: `containerd://${container.id}`,
  }
}

/** Ready as the probes have it: without a readiness probe, whoever runs is ready; with a startup probe not before it has passed. */
export function containerReady(spec: PodContainer, { work, container }: Seen): boolean {
  if (container?.state !== 'running' || !work.startedSeen) return false
  if (spec.startupProbe && work.probes['startup']?.passed !== true) return false
  return spec.readinessProbe ? work.probes['readiness']?.passed === true : true
}

function statusOf(spec: PodContainer, seen: Seen, hasInit: boolean, isInit = false): ContainerStatus {
  const { work, container } = seen
  let state: ContainerState
  if (container?.state === 'running' && work.startedSeen)
    state = { running: { startedAt: time(container.startedAt ?? 0) } }
  else if (work.waiting) state = { waiting: work.waiting }
  else if (container && (container.state === 'exited' || container.state === 'dead'))
    state = { terminated: terminatedState(container) }
  else if (work.noted && work.last) state = { terminated: work.last }
  else state = { waiting: { reason: hasInit ? 'PodInitializing' : 'ContainerCreating' } }
  const showLast =
    work.last !== undefined && (!state.terminated || state.terminated.containerID !== work.last.containerID)
  const id = container && (state.running || state.terminated) ? container.id : work.lastId
  const started =
    state.running !== undefined && (spec.startupProbe === undefined || work.probes['startup']?.passed === true)
  return {
    name: spec.name,
    state,
    lastState: showLast ? { terminated: work.last! } : {},
    ready: isInit && spec.restartPolicy !== 'Always' ? state.terminated?.exitCode === 0 : containerReady(spec, seen),
    restartCount: work.restarts,
    image: id === undefined ? (spec.image ?? '') : fullImage(spec.image ?? ''),
    imageID: id === undefined ? '' : seen.imageId,
    ...(id === undefined ? {} : { containerID: `containerd://${id}` }),
    started,
  }
}

/** As the kubelet reports it: `docker.io/library/nginx:1.27`. */
function fullImage(image: string): string {
  const name = localName(image)
  const first = name.split('/')[0]!
  if (name.includes('/') && (first.includes('.') || first.includes(':') || first === 'localhost')) return name
  return name.includes('/') ? `docker.io/${name}` : `docker.io/library/${name}`
}

/** After getPhase in kubelet_pods.go. */
export function phaseOf(pod: Pod, init: readonly ContainerStatus[], apps: readonly ContainerStatus[]): PodPhase {
  if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') return pod.status.phase
  const policy = pod.spec.restartPolicy ?? 'Always'
  const ranOnce = apps.some((s) => s.state.running || s.state.terminated || s.lastState.terminated)
  for (const status of init) {
    if (status.state.terminated?.exitCode === 0 || isSidecar(pod, status.name)) continue
    if (status.state.terminated && policy === 'Never') return 'Failed'
    if (!ranOnce) return 'Pending'
  }
  if (apps.some((s) => s.state.waiting && !s.lastState.terminated)) return 'Pending'
  if (apps.some((s) => s.state.running) || init.some((s) => s.state.running && isSidecar(pod, s.name))) return 'Running'
  const stopped = apps.filter((s) => s.state.terminated || (s.state.waiting && s.lastState.terminated))
  if (stopped.length < apps.length) return 'Pending'
  if (policy === 'Always' && pod.metadata.deletionTimestamp === undefined) return 'Running'
  if (apps.every((s) => s.state.terminated?.exitCode === 0)) return 'Succeeded'
  if (policy === 'Never' || pod.metadata.deletionTimestamp !== undefined)
    return stopped.every((s) => s.state.terminated) ? 'Failed' : 'Running'
  return 'Running'
}

const isSidecar = (pod: Pod, name: string) =>
  pod.spec.initContainers?.find((c) => c.name === name)?.restartPolicy === 'Always'

/** The whole status that the kubelet reports; conditions of others (PodScheduled among them) stay. */
export function podStatus(input: StatusInput): PodStatus {
  const { pod, work, sandbox, now } = input
  const initSpecs = pod.spec.initContainers ?? []
  const hasInit = initSpecs.length > 0
  const init = initSpecs.map((spec) => statusOf(spec, input.seen(spec), true, true))
  const apps = pod.spec.containers.map((spec) => statusOf(spec, input.seen(spec), hasInit))
  if (apps.length > 1) apps.sort((a, b) => (a.name < b.name ? -1 : 1))
  const failed = hasFailed(work, init) && hasFailed(work, apps) ? work.failing : undefined
  const phase = failed ? 'Failed' : phaseOf(pod, init, apps)
  const hostNetwork = pod.spec.hostNetwork === true
  const address = hostNetwork ? input.hostAddress : sandbox?.address
  if (failed && Object.keys(work.containers).length === 0)
    return { ...pod.status, phase, reason: failed.reason, message: failed.message, startTime: stamp(work.seenAt) }
  const conditions = conditionsOf(
    disrupted(pod, work, now),
    phase,
    init,
    apps,
    hostNetwork ? true : sandbox !== undefined,
    now,
  )
  // field by field: this is made at every sync of every pod
  const status: { -readonly [Field in keyof PodStatus]: PodStatus[Field] } = { ...pod.status, phase }
  if (failed) {
    status.reason = failed.reason
    status.message = failed.message
  }
  status.observedGeneration = pod.metadata.generation ?? 1
  status.conditions = conditions
  status.hostIP = input.hostAddress
  status.hostIPs = [{ ip: input.hostAddress }]
  if (address !== undefined) {
    status.podIP = address
    status.podIPs = [{ ip: address }]
  }
  status.startTime = pod.status.startTime ?? stamp(work.seenAt)
  if (hasInit) status.initContainerStatuses = init
  status.containerStatuses = apps
  return status
}

/** An evicted pod says who disturbs it, before it has ended. */
function disrupted(pod: Pod, { failing }: PodWork, now: Millis): Pod {
  const present = pod.status.conditions ?? []
  if (!failing?.disruption || present.some(({ type }) => type === 'DisruptionTarget')) return pod
  const condition: Condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'TerminationByKubelet',
    message: failing.message,
    lastProbeTime: null,
    lastTransitionTime: stamp(now),
  }
  return { ...pod, status: { ...pod.status, conditions: [condition, ...present] } }
}

/** The kubelet ends it, and none of its containers is left. */
const hasFailed = (work: PodWork, statuses: readonly ContainerStatus[]): boolean =>
  work.failing !== undefined && statuses.every((status) => !status.state.running)

/** A pod that is no more on its machine has ended, whatever it was: what nobody saw to its end counts as failed. After TerminatePod in status_manager.go. */
export function endedStatus({ status }: Pod): PodStatus {
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return status
  const initialized = status.conditions?.some((one) => one.type === 'Initialized' && one.status === 'True')
  const unseen: ContainerState = {
    terminated: {
      exitCode: 137,
      reason: 'ContainerStatusUnknown',
      message: 'The container could not be located when the pod was terminated',
    },
  }
  const seen = (one: ContainerStatus) => (one.state.terminated ? one : { ...one, state: unseen })
  const containerStatuses = initialized ? status.containerStatuses?.map(seen) : status.containerStatuses
  return { ...status, phase: 'Failed', ...(containerStatuses && { containerStatuses }) }
}

const OWN = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady']

/** After status/generate.go: in their order, then PodScheduled; others' conditions come first. */
function conditionsOf(
  pod: Pod,
  phase: PodPhase,
  init: readonly ContainerStatus[],
  apps: readonly ContainerStatus[],
  sandboxed: boolean,
  now: Millis,
): readonly Condition[] {
  const ended = phase === 'Succeeded' || phase === 'Failed'
  const started = apps.some((s) => s.state.running || s.state.terminated || s.lastState.terminated)
  const incomplete: string[] = []
  const unready: string[] = []
  for (const { name, state, started, ready } of init) {
    const sidecar = isSidecar(pod, name)
    if (state.terminated?.exitCode !== 0 && !(sidecar && started)) incomplete.push(name)
    if (sidecar && !ready) unready.push(name)
  }
  for (const { name, ready } of apps) if (!ready) unready.push(name)
  const ready = !ended && unready.length === 0
  const over = phase === 'Succeeded' ? 'PodCompleted' : undefined
  const isReady: Told = ready
    ? { status: 'True' }
    : ended
      ? { status: 'False', reason: over ?? 'PodFailed' }
      : {
          status: 'False',
          reason: 'ContainersNotReady',
          message: `containers with unready status: [${unready.join(' ')}]`,
        }
  const isInitialized: Told =
    incomplete.length === 0 || started
      ? { status: 'True', reason: over }
      : {
          status: 'False',
          reason: 'ContainersNotInitialized',
          message: `containers with incomplete status: [${incomplete.join(' ')}]`,
        }
  const present = pod.status.conditions ?? []
  const conditions: Condition[] = []
  let scheduled: Condition | undefined
  for (let i = 0; i < present.length; i++) {
    const one = present[i]!
    if (one.type === 'PodScheduled') scheduled = one
    else if (!OWN.includes(one.type)) conditions.push(one)
  }
  const { generation } = pod.metadata
  const tell = (type: string, told: Told) => conditions.push(conditionNow(type, told, present, generation, now))
  tell('PodReadyToStartContainers', { status: sandboxed && !ended ? 'True' : 'False' })
  tell('Initialized', isInitialized)
  tell('Ready', isReady)
  tell('ContainersReady', isReady)
  if (scheduled) conditions.push(scheduled)
  return conditions
}

interface Told {
  readonly status: Condition['status']
  readonly reason?: string | undefined
  readonly message?: string
}

/** The condition as it is now; the very same one where nothing of it has changed. */
function conditionNow(
  type: string,
  { status, reason, message }: Told,
  present: readonly Condition[],
  generation: number | undefined,
  now: Millis,
): Condition {
  let kept: Condition | undefined
  for (let i = 0; i < present.length && !kept; i++)
    if (present[i]!.type === type && present[i]!.status === status) kept = present[i]
  if (kept && kept.reason === reason && kept.message === message && kept.observedGeneration === generation) return kept
  const made: { -readonly [Field in keyof Condition]: Condition[Field] } = { type, status }
  if (reason !== undefined) made.reason = reason
  if (message !== undefined) made.message = message
  made.lastProbeTime = null
  made.lastTransitionTime = kept?.lastTransitionTime ?? stamp(now)
  if (generation !== undefined) made.observedGeneration = generation
  return made
}

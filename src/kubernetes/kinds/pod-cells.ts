import { millisOf } from '../../engine/time'
import { humanDuration } from '../api/duration'
import type { ContainerStatus, Pod, PodContainer } from './pod'
import type { Cell, Column, Reading } from './resource'

/** AGE: how long ago a time was. */
export function ageOf(time: string | null | undefined, now: number): string {
  const then = millisOf(time ?? undefined)
  return then === undefined ? '<unknown>' : humanDuration(now - then)
}

export const orNone = (text: string | undefined): string => (text === undefined || text === '' ? '<none>' : text)

export const podColumns: readonly Column[] = [
  { name: 'Name' },
  { name: 'Ready', about: 'The aggregate readiness state of this pod for accepting traffic.' },
  { name: 'Status', about: 'The aggregate status of the containers in this pod.' },
  { name: 'Restarts', about: 'The number of times the containers in this pod have been restarted.' },
  { name: 'Age' },
  { name: 'IP', wide: true },
  { name: 'Node', wide: true },
  { name: 'Nominated Node', wide: true },
  { name: 'Readiness Gates', wide: true },
]

const isSidecar = (container: PodContainer | undefined) => container?.restartPolicy === 'Always'

/** One word on the pod, as `kubectl get` shows it: READY, STATUS and RESTARTS in one pass (printPod of the real printers). */
export function podSummary(pod: Pod): {
  ready: string
  status: string
  restarts: number
  lastRestart: string | undefined
} {
  const { spec, status } = pod
  const sidecars = new Set((spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name))
  let total = (spec.containers ?? []).length + sidecars.size
  let readyCount = 0
  const gated = status.conditions?.some((c) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated') ?? false
  const base = status.reason !== undefined && status.reason !== '' ? status.reason : status.phase
  const starting = startingOf(pod, sidecars)
  readyCount += starting.ready
  let word = starting.word ?? (gated ? 'SchedulingGated' : base)
  let { restarts, lastRestart } = starting
  if (starting.word === undefined || conditionTrue(pod, 'Initialized')) {
    restarts = starting.sidecarRestarts
    lastRestart = starting.lastSidecarRestart
    let running = false
    const statuses = status.containerStatuses ?? []
    if (starting.word !== undefined) word = gated ? 'SchedulingGated' : base
    for (let i = statuses.length - 1; i >= 0; i--) {
      const one = statuses[i]!
      restarts += one.restartCount
      lastRestart = later(lastRestart, one)
      const own = wordOf(one)
      if (own !== undefined) word = own
      else if (one.ready && one.state?.running) {
        running = true
        readyCount++
      }
    }
    if (word === 'Completed' && running) word = conditionTrue(pod, 'Ready') ? 'Running' : 'NotReady'
  }
  if (pod.metadata.deletionTimestamp !== undefined) {
    if (status.reason === 'NodeLost') word = 'Unknown'
    else if (status.phase !== 'Succeeded' && status.phase !== 'Failed') word = 'Terminating'
  }
  if (total < 0) total = 0
  return { ready: `${readyCount}/${total}`, status: word, restarts, lastRestart }
}

const conditionTrue = (pod: Pod, type: string) =>
  pod.status.conditions?.some((c) => c.type === type && c.status === 'True') ?? false

/** What the init containers say: the first that is not done decides and stops. */
function startingOf(pod: Pod, sidecars: ReadonlySet<string>) {
  const { spec, status } = pod
  let ready = 0
  let word: string | undefined
  let restarts = 0
  let lastRestart: string | undefined
  let sidecarRestarts = 0
  let lastSidecarRestart: string | undefined
  const statuses = status.initContainerStatuses ?? []
  for (let i = 0; i < statuses.length; i++) {
    const one = statuses[i]!
    const sidecar = sidecars.has(one.name)
    restarts += one.restartCount
    lastRestart = later(lastRestart, one)
    if (sidecar) {
      sidecarRestarts += one.restartCount
      lastSidecarRestart = later(lastSidecarRestart, one)
    }
    const { terminated, waiting } = one.state ?? {}
    if (terminated && terminated.exitCode === 0) continue
    if (sidecar && one.started === true) {
      if (one.ready) ready++
      continue
    }
    if (terminated) {
      if (terminated.reason) word = `Init:${terminated.reason}`
      else word = terminated.signal ? `Init:Signal:${terminated.signal}` : `Init:ExitCode:${terminated.exitCode}`
    } else if (waiting?.reason && waiting.reason !== 'PodInitializing') word = `Init:${waiting.reason}`
    else word = `Init:${i}/${(spec.initContainers ?? []).length}`
    break
  }
  return { ready, word, restarts, lastRestart, sidecarRestarts, lastSidecarRestart }
}

function wordOf({ state }: ContainerStatus): string | undefined {
  if (state?.waiting?.reason) return state.waiting.reason
  const ended = state?.terminated
  if (!ended) return undefined
  if (ended.reason) return ended.reason
  return ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`
}

function later(newest: string | undefined, status: ContainerStatus): string | undefined {
  const finished = status.lastState?.terminated?.finishedAt
  if (finished === undefined) return newest
  return newest === undefined || finished > newest ? finished : newest
}

export function podCells(pod: Pod, { now }: Reading): readonly Cell[] {
  const { ready, status, restarts, lastRestart } = podSummary(pod)
  const gates = pod.spec.readinessGates ?? []
  const open = gates.filter(({ conditionType }) => conditionTrue(pod, conditionType)).length
  return [
    pod.metadata.name,
    ready,
    status,
    restarts > 0 && lastRestart !== undefined ? `${restarts} (${ageOf(lastRestart, now)} ago)` : String(restarts),
    ageOf(pod.metadata.creationTimestamp, now),
    orNone(pod.status.podIPs?.[0]?.ip ?? pod.status.podIP),
    orNone(pod.spec.nodeName),
    orNone(pod.status.nominatedNodeName),
    gates.length > 0 ? `${open}/${gates.length}` : '<none>',
  ]
}

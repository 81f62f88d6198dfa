import {
  type Change,
  type Controller,
  hash32,
  type Plan,
  type Reason,
  type Tools,
  type Wish,
  type World,
} from '../../../engine'
import { Container } from '../../../platform/container/container'
import { LocalImage } from '../../../platform/image/image'
import { localName } from '../../../platform/image/reference'
import { imageDiskBytes } from '../../../platform/limits/disk'
import { Machine, machineKey } from '../../../platform/machine/machine'
import { File } from '../../../platform/shell/file'
import { eventWish } from '../../api/events'
import { Node } from '../../kinds/node'
import { Pod } from '../../kinds/pod'
import { agentMachine, connected } from '../node-agent'
import { PodWork } from '../pod-work'
import { evictionMessage, localStorageProblem } from './messages'
import { NodePressure, pressures, TRANSITION_MILLIS } from './pressure'
import { type PodUsage, ranked } from './ranking'
import {
  amountOf,
  defaultThresholds,
  inEvictionOrder,
  SIGNALS,
  type Signal,
  type Threshold,
  withAllocatable,
} from './thresholds'
import { emptyDirScope, type Observation, observe, usageOf } from './usage'

/** How often the manager looks at its node. */
const SYNC_MILLIS = 10_000
/** Hard evictions leave so long; the least grace of every container is longer. */
const HARD_GRACE_MILLIS = 1_000
/** At most so long the next eviction waits for a pod to be gone. */
const CLEANUP_MILLIS = 30_000
const CRITICAL = 2_000_000_000

/**
 * The eviction managers of all kubelets: when a node runs low on memory or disk, unused images are deleted and pods are ended one
 * by one, the greediest first. After pkg/kubelet/eviction. Simplified: kernel notifications are off, as by default; the settings
 * are the kubelet's own, so there are no soft thresholds; inodes and process ids do not run out.
 */
export const evictionManager: Controller = {
  name: 'kubelet-eviction',
  about: 'ends pods when its node runs out of memory or disk',
  watches: [
    { kind: Container, wake: grown, after: untilSync },
    { kind: Machine, wake: taken, after: untilSync },
    { kind: File, wake: written, after: untilSync },
  ],
  reconcile(about, world, tools) {
    const machine = agentMachine(world, about)
    if (!machine) return world.get(NodePressure.key('', about)) ? { again: SYNC_MILLIS } : undefined
    return synchronize(machine, world, tools)
  },
}

/** Only more memory than before can be too much. */
function grown({ value, previous }: Change<Container>): string | undefined {
  const container: Container | undefined = value
  if (!container || container.memoryBytes <= (previous?.value?.memoryBytes ?? 0)) return undefined
  return container.spec.labels['pod'] === undefined ? undefined : container.machine
}

function taken({ value, previous }: Change<Machine>): string | undefined {
  const before: Machine | undefined = previous?.value
  const [memory, disk] = [value?.otherMemoryBytes, value?.otherDiskBytes]
  return memory === before?.otherMemoryBytes && disk === before?.otherDiskBytes ? undefined : value?.name
}

/** A pod's container has written something, into a volume or its own layer. */
function written({ key, value, by }: Change<File>, world: World): string | undefined {
  if (!value || by === 'kubelet') return undefined
  const scope = key.slice(File.key('', '').length - 1).split('/')[0]!
  const uid = scope.startsWith('volume:') ? scope.slice('volume:'.length).split('.')[0]! : undefined
  if (uid !== undefined) return world.list(Container, { owner: uid })[0]?.value.machine
  return undefined
}

/** The machine's next look: each has its own phase. */
function untilSync(change: Change): number {
  const value = change.value ?? change.previous?.value
  const phase =
    hash32(`eviction ${(value as { machine?: string; name?: string }).machine ?? (value as Machine).name ?? ''}`) %
    SYNC_MILLIS
  return SYNC_MILLIS - ((((change.at - phase) % SYNC_MILLIS) + SYNC_MILLIS) % SYNC_MILLIS)
}

interface Met extends Observation {
  readonly threshold: Threshold
}

function synchronize(machine: Machine, world: World, tools: Tools): Plan | undefined {
  const key = NodePressure.key('', machine.name)
  const known = world.get(key)
  const local = localEvictions(machine, world, tools)
  if (local.length > 0) return { changes: local, again: SYNC_MILLIS }
  const observations = observe(world, machine)
  const met = thresholdsMet(observations)
  if (met.length === 0 && !known) return undefined
  const since: Partial<Record<Signal, number>> = {}
  const conditions: Record<string, number> = {}
  for (const [condition, at] of Object.entries(known?.met ?? {}))
    if (world.now - at! < TRANSITION_MILLIS) conditions[condition] = at!
  for (const { threshold } of met) {
    since[threshold.signal] = known?.since[threshold.signal] ?? world.now
    conditions[SIGNALS[threshold.signal].condition] = world.now
  }
  const because: Reason = {
    id: 'kubernetes/node-pressure',
    values: { node: machine.name, signals: met.map(({ threshold }) => threshold.signal).join(', ') },
  }
  if (Object.keys(conditions).length === 0) return { changes: [{ key, value: undefined, because, quiet: true }] }
  const due = met.filter(({ threshold }) => world.now - since[threshold.signal]! >= threshold.graceMillis)
  const deed = due.length > 0 ? relieve(machine, due, known, world, tools) : { changes: [], evicted: undefined }
  const value: NodePressure = { since, met: conditions, evicted: deed.evicted ?? known?.evicted }
  return { changes: [{ key, value, because, quiet: true }, ...deed.changes], again: SYNC_MILLIS }
}

function thresholdsMet(observations: Readonly<Partial<Record<Signal, Observation>>>): readonly Met[] {
  const met: Met[] = []
  for (const threshold of inEvictionOrder(withAllocatable(defaultThresholds()))) {
    const seen = observations[threshold.signal]
    if (seen && seen.available < amountOf(threshold.value, seen.capacity)) met.push({ threshold, ...seen })
  }
  return met
}

interface Deed {
  readonly changes: Wish[]
  readonly evicted: NodePressure['evicted']
}

/** One step against the most urgent shortage: unused images, else one pod. */
function relieve(
  machine: Machine,
  due: readonly Met[],
  known: NodePressure | undefined,
  world: World,
  tools: Tools,
): Deed {
  const first = due[0]!
  const { resource } = SIGNALS[first.threshold.signal]
  const changes: Wish[] = []
  const node = world.get(Node.key('', machine.name))
  const because: Reason = {
    id: 'kubernetes/eviction',
    values: {
      node: machine.name,
      signal: first.threshold.signal,
      available: first.available,
      threshold: amountOf(first.threshold.value, first.capacity),
    },
    of: [world.head(machineKey(machine.name))!.revision],
  }
  if (node && connected(world, machine.name))
    changes.push(
      eventWish(world, tools, {
        about: node,
        type: 'Warning',
        reason: 'EvictionThresholdMet',
        message: `Attempting to reclaim ${resource}`,
        component: 'kubelet',
        host: machine.name,
        because,
      }),
    )
  if (resource === 'ephemeral-storage') {
    const images = unusedImages(machine, world)
    const freed = images.reduce((sum, { value }) => sum + imageDiskBytes(value), 0)
    for (const image of images)
      changes.push({
        key: image.key,
        value: undefined,
        because: { id: 'kubernetes/image-collected', values: { image: image.value.reference } },
      })
    if (first.available + freed >= amountOf(first.threshold.value, first.capacity))
      return { changes, evicted: undefined }
  }
  if (known?.evicted && world.now - known.evicted.at < CLEANUP_MILLIS && stillRuns(machine, known.evicted.uid, world))
    return { changes, evicted: undefined }
  const victim = ranked(
    resource,
    activePods(machine, world).map((pod) => usageOf(world, pod)),
  )[0]
  if (!victim) return { changes, evicted: undefined }
  changes.push(
    ...evict(machine, victim, evictionMessage(world, victim.pod, first.threshold, first), because, world, tools),
  )
  return { changes, evicted: { uid: victim.pod.metadata.uid, at: world.now } }
}

function unusedImages(machine: Machine, world: World): readonly Change<LocalImage>[] {
  const used = new Set(world.list(Container, { scope: machine.name }).map(({ value }) => localName(value.spec.image)))
  return world.list(LocalImage, { scope: machine.name }).filter(({ value }) => !used.has(value.reference))
}

const stillRuns = (machine: Machine, uid: string, world: World): boolean =>
  world.list(Container, { owner: uid }).some(({ value }) => value.machine === machine.name && value.state === 'running')

/** Pods that may be evicted: not ended yet, not ending, and not critical. */
function activePods(machine: Machine, world: World): readonly Pod[] {
  return world
    .list(Pod, { node: machine.name })
    .map(({ value }) => value)
    .filter(
      ({ spec, status, metadata }) =>
        status.phase !== 'Succeeded' &&
        status.phase !== 'Failed' &&
        (spec.priority ?? 0) < CRITICAL &&
        metadata.annotations?.['kubernetes.io/config.source'] === undefined &&
        metadata.annotations?.['kubernetes.io/config.mirror'] === undefined &&
        world.get(PodWork.key(machine.name, metadata.uid))?.failing === undefined &&
        world.get(PodWork.key(machine.name, metadata.uid)) !== undefined,
    )
}

/** Marks a pod as failed; its kubelet ends the containers. */
function evict(
  machine: Machine,
  { pod }: Pick<PodUsage, 'pod'>,
  message: string,
  because: Reason,
  world: World,
  tools: Tools,
  disruption = true,
): Wish[] {
  const key = PodWork.key(machine.name, pod.metadata.uid)
  const work = world.get(key)
  if (!work) return []
  const why: Reason = {
    ...because,
    id: 'kubernetes/evicted',
    values: { ...because.values, pod: pod.metadata.name, message },
  }
  const failing = {
    since: world.now,
    reason: 'Evicted',
    message,
    graceMillis: HARD_GRACE_MILLIS,
    disruption,
  }
  const wishes: Wish[] = [{ key, value: { ...work, failing }, because: why }]
  if (connected(world, machine.name))
    wishes.push(
      eventWish(world, tools, {
        about: pod,
        type: 'Warning',
        reason: 'Evicted',
        message,
        component: 'kubelet',
        host: machine.name,
        because: why,
      }),
    )
  return wishes
}

/** Pods that have more on disk than their own limits allow, whatever the node has left. */
function localEvictions(machine: Machine, world: World, tools: Tools): Wish[] {
  return activePods(machine, world).flatMap((pod) => {
    if (!hasLocalLimit(pod)) return []
    const problem = localStorageProblem(world, pod, usageOf(world, pod), (name) => emptyDirScope(pod, name))
    const because: Reason = { id: 'kubernetes/eviction', values: { node: machine.name, signal: 'local storage' } }
    return problem === undefined ? [] : evict(machine, { pod }, problem, because, world, tools, false)
  })
}

const hasLocalLimit = ({ spec }: Pod): boolean =>
  (spec.volumes?.some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined) ?? false) ||
  spec.containers.some(({ resources }) => resources?.limits?.['ephemeral-storage'] !== undefined)

/** Why a node under pressure does not take a new pod. After managerImpl.Admit. */
export function pressureRefusal(world: World, machine: Machine, pod: Pod, bestEffort: boolean): string | undefined {
  const holding = pressures(world, machine.name)
  if (holding.length === 0 || (pod.spec.priority ?? 0) >= CRITICAL) return undefined
  if (holding.length === 1 && holding[0] === 'MemoryPressure') {
    const tolerated = pod.spec.tolerations?.some(
      ({ key, operator }) =>
        key === 'node.kubernetes.io/memory-pressure' || (key === undefined && operator === 'Exists'),
    )
    if (!bestEffort || tolerated) return undefined
  }
  return `The node had condition: [${holding.join(' ')}]. `
}

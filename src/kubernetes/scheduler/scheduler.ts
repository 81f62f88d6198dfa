import type { Change, Controller, Key, Plan, Reason, Wish, World } from '../../engine'
import { Machine } from '../../platform/machine/machine'
import { File } from '../../platform/shell/file'
import { RESTART_MILLIS, returns } from '../control-plane'
import { Node } from '../kinds/node'
import { Pod } from '../kinds/pod'
import {
  CONFIGURATION_PATH,
  configurationText,
  DEFAULT_TEXT,
  readConfiguration,
  SchedulerSetup,
  setupKey,
} from './configuration'
import { takeTurn } from './placing'
import { QueuedPod } from './queue'
import { clusterEvent, helped, LISTENERS } from './queueing-hints'

const NAME = 'kube-scheduler'
/** Pods that nothing has brought back are tried again after this; looked for every so often. */
const FLUSH_MILLIS = 300_000
const FLUSH_EVERY_MILLIS = 30_000

/**
 * Gives each pod a node: filter, score, bind, one pod after the other; clears a node of less important pods when there is no other way.
 * After pkg/scheduler. Simplified: binding takes no time of its own; preemption writes at once what the real one writes in the
 * background; a changed configuration restarts it by itself. Left out: volumes, dynamic resources, extenders.
 */
export const scheduler: Controller = {
  name: NAME,
  about: 'chooses a node for each pod that has none',
  watches: [
    { kind: Pod, wake: podWake, after: 1 },
    { kind: Node, wake: eventWake, after: 1 },
    { kind: QueuedPod, wake: (change) => (change.value?.state === 'backoff' ? 'queue' : undefined) },
    {
      kind: QueuedPod,
      wake: (change) => (change.value?.state === 'unschedulable' ? `flush ${change.key}` : undefined),
      after: FLUSH_MILLIS,
    },
    {
      kind: File,
      wake: (change) => (change.key.endsWith(CONFIGURATION_PATH) ? 'configuration' : undefined),
      after: RESTART_MILLIS,
    },
    { kind: SchedulerSetup, wake: () => 'started' },
    { kind: Machine, wake: started, after: RESTART_MILLIS },
  ],
  reconcile(about, world, tools) {
    if (about === 'queue') return takeTurn(world, tools)
    if (about === 'started') return start(world)
    if (about === 'configuration') return configure(world)
    if (about.startsWith('event ')) return moveHelped(Number(about.slice(6)), world)
    if (about.startsWith('retry ')) return retry(about.slice(6) as Key<QueuedPod>, world)
    if (about.startsWith('flush ')) return flush(about.slice(6) as Key<QueuedPod>, world)
    return forget(about.slice('forget '.length) as Key<QueuedPod>, world)
  },
}

function started(change: Change<Machine>): string | undefined {
  return returns(change, NAME) ? 'started' : undefined
}

/** A fresh process knows nothing of earlier tries: whatever waited is tried at once. */
function start(world: World): Plan {
  const because: Reason = { id: 'kubernetes/queue-lost' }
  const changes = world.list(QueuedPod).map(({ key }): Wish => ({ key, value: undefined, because, quiet: true }))
  return { changes, post: [{ to: NAME, about: 'queue', body: null, after: 1 }] }
}

function podWake(change: Change<Pod>, world: World): string | readonly string[] | undefined {
  const before: Pod | undefined = change.previous?.value
  const after: Pod | undefined = change.value
  if (after && after.spec.nodeName === undefined) {
    if (!before) return 'queue'
    if (before.spec !== after.spec || before.metadata.labels !== after.metadata.labels)
      return ['queue', `retry ${QueuedPod.key(after.metadata.namespace!, after.metadata.name)}`]
    return undefined
  }
  const event = eventWake(change, world)
  if (after || before?.spec.nodeName !== undefined) return event
  const forgotten = `forget ${QueuedPod.key(before!.metadata.namespace!, before!.metadata.name)}`
  return event === undefined ? forgotten : [forgotten, event]
}

/** A change of a node or of a pod that has one: of interest only while pods wait that a plugin refused which listens to it. */
function eventWake(change: Change<Node | Pod>, world: World): string | undefined {
  if (world.list(QueuedPod).length === 0) return undefined
  const event = clusterEvent(change)
  if (!event) return undefined
  const heard = LISTENERS[event.what].some((plugin) => world.list(QueuedPod, { refusedBy: plugin }).length > 0)
  return heard ? `event ${change.revision}` : undefined
}

/** Something happened that may let waiting pods in: those whose plugins say so are tried again. */
function moveHelped(revision: number, world: World): Plan | undefined {
  const change = world.change(revision)
  const event = change && clusterEvent(change)
  if (!event) return undefined
  const changes: Wish[] = []
  for (const queued of world.list(QueuedPod, { state: 'unschedulable' })) {
    // it was refused after this had happened
    if (queued.revision > revision) continue
    const pod = world.get<Pod>(queued.key.replace(QueuedPod.id, Pod.id))
    if (!pod) continue
    const plugin = helped(queued.value.plugins, pod, event, world)
    if (plugin !== undefined) changes.push(moved(queued, { event: event.what, plugin }, [revision]))
  }
  return { changes }
}

const moved = (queued: Change<QueuedPod>, values: Reason['values'], of?: readonly number[]): Wish => ({
  key: queued.key,
  value: { ...queued.value, state: 'backoff' },
  because: { id: 'kubernetes/queue-moved', values, ...(of && { of }) },
  quiet: true,
})

/** The pod itself was changed. */
function retry(key: Key<QueuedPod>, world: World): Plan | undefined {
  const queued = world.head(key)
  return queued?.value.state === 'unschedulable' ? { changes: [moved(queued, { event: 'itself' })] } : undefined
}

function flush(key: Key<QueuedPod>, world: World): Plan | undefined {
  const queued = world.head(key)
  if (queued?.value.state !== 'unschedulable') return undefined
  const due = Math.ceil((queued.value.failedAt + FLUSH_MILLIS) / FLUSH_EVERY_MILLIS) * FLUSH_EVERY_MILLIS
  return due > world.now ? { again: due - world.now } : { changes: [moved(queued, { event: 'flush' })] }
}

function forget(key: Key<QueuedPod>, world: World): Plan | undefined {
  return (
    world.get(key) && { changes: [{ key, value: undefined, because: { id: 'kubernetes/queue-left' }, quiet: true }] }
  )
}

/** Starts anew with the configuration as the file has it now. */
function configure(world: World): Plan | undefined {
  const text = configurationText(world)
  if (text === (world.get(setupKey)?.text ?? DEFAULT_TEXT)) return undefined
  const read = text === undefined ? undefined : readConfiguration(text)
  const error = read && 'error' in read ? read.error : undefined
  const because: Reason = {
    id: 'kubernetes/scheduler-configured',
    values: {
      profiles: read && 'profiles' in read ? [...read.profiles.keys()].join(', ') : '',
      leftOut: read && 'profiles' in read ? read.leftOut.join(', ') : '',
      error,
    },
  }
  return { changes: [{ key: setupKey, value: { text, ...(error !== undefined && { error }) }, because }] }
}

import { type Change, kindIdOf, type Millis, partsOf, type World } from '../../engine'
import { componentRuns } from '../../kubernetes/control-plane'
import { Node } from '../../kubernetes/kinds/node'
import type { Pod } from '../../kubernetes/kinds/pod'
import { Machine, machineKey } from '../../platform/machine/machine'
import { shorten } from './amount'
import { readiness } from './state'
import type { Actor, Arc, ControlPlaneScene, LogLine } from './views'

/** Those that everybody should know, in the order in which a Deployment passes through them. */
const known: readonly (readonly [name: string, about: string])[] = [
  ['deployment-controller', 'makes ReplicaSets of Deployments'],
  ['replicaset-controller', 'makes so many pods'],
  ['kube-scheduler', 'gives each pod a node'],
  ['endpointslice-controller', 'lists the pods behind each service'],
  ['node-lifecycle-controller', 'marks nodes that fell silent'],
  ['taint-eviction-controller', 'gives up pods on tainted nodes'],
  ['garbage-collector', 'removes what has lost its owner'],
]
const MOST_LOG = 14
const MOST_ARCS = 40
const MOST_KUBELETS = 12
/** How many changes are looked through for what has just happened. */
const DEEPEST = 600

/**
 * Who tells whom. Nobody talks to anybody but the API server: each component watches it, and writes to it what it has
 * decided. Dots are those writes and watches; the log in the middle is what etcd holds.
 */
export function controlPlaneScene(world: World, windowMillis: Millis): ControlPlaneScene {
  const machine = world.list(Machine).find(({ value }) => value.role === 'control-plane')?.value
  const recent = recentChanges(world, windowMillis)
  return {
    view: 'control-plane',
    at: world.now,
    revision: world.revision,
    trouble: troubleOf(machine),
    actors: actorsOf(world, recent.inWindow, machine?.power === 'on'),
    arcs: recent.inWindow.slice(0, MOST_ARCS).flatMap((change) => arcsOf(world, change)),
    log: recent.newest.map(logLine),
  }
}

/** Why the API server answers nobody. */
function troubleOf(machine: Machine | undefined): string | undefined {
  if (machine?.power !== 'on') return 'has no power: nobody decides anything'
  if (machine.daemons['kube-apiserver'] === 'stopped') return 'stands still: nobody decides anything'
  return machine.daemons['etcd'] === 'stopped' ? 'waits for etcd: nobody is answered' : undefined
}

const isObject = (change: Change) =>
  kindIdOf(change.key).startsWith('kubernetes/') && kindIdOf(change.key) !== 'kubernetes/Event' && change.at >= 0

function recentChanges(world: World, windowMillis: Millis): { inWindow: Change[]; newest: Change[] } {
  const inWindow: Change[] = []
  const newest: Change[] = []
  for (let revision = world.revision, looked = 0; revision > 0 && looked < DEEPEST; revision--, looked++) {
    const change = world.change(revision)
    if (!change || change.quiet || !isObject(change)) continue
    const fresh = change.at > world.now - windowMillis
    if (fresh) inWindow.push(change)
    if (newest.length < MOST_LOG) newest.push(change)
    if (!fresh && newest.length >= MOST_LOG) break
  }
  return { inWindow, newest }
}

function actorsOf(world: World, recent: readonly Change[], power: boolean): Actor[] {
  const wrote = new Map<string, string>()
  for (const change of recent) {
    const actor = actorOf(change)
    if (!wrote.has(actor)) wrote.set(actor, nameOf(change))
  }
  const actor = (id: string, label: string, about: string | undefined, side: Actor['side'], key?: string): Actor => {
    const last = power && about !== undefined ? wrote.get(id) : undefined
    const still = about === undefined
    return { id, label, about: about ?? 'stands still', side, key, wrote: last, awake: last !== undefined, still }
  }
  const works = (name: string) => componentRuns(world, name === 'kube-scheduler' ? name : 'kube-controller-manager')
  const left = [
    actor('you', 'kubectl', 'you', 'left'),
    ...known.map(([name, about]) => actor(name, name, works(name) ? about : undefined, 'left')),
  ]
  const right = world.list(Node).map(({ value }) => {
    const { name } = value.metadata
    const stopped = world.get(machineKey(name))?.daemons['kubelet'] === 'stopped'
    const heard = readiness(value) === 'True' ? 'starts and stops containers' : 'has not been heard of'
    const about = stopped ? undefined : heard
    return actor(`kubelet ${name}`, `kubelet of ${name}`, about, 'right', Node.key('', name))
  })
  return [...left, ...right.slice(0, MOST_KUBELETS)]
}

/** The box that a change came out of: the API server writes for a client, a kubelet is one of many. */
function actorOf(change: Change): string {
  if (change.by === 'kube-apiserver' || change.by === 'you') return 'you'
  if (change.by === 'kubelet' || change.by === 'kubelet-node-status') return `kubelet ${nodeOf(change) ?? ''}`
  return change.by
}

function nodeOf(change: Change): string | undefined {
  if (kindIdOf(change.key) === 'kubernetes/Node') return partsOf(change.key).name
  const pod = (change.value ?? change.previous?.value) as Pod | undefined
  return pod?.spec?.nodeName
}

function arcsOf(world: World, change: Change): Arc[] {
  const actor = actorOf(change)
  const write: Arc = { id: `write ${change.revision}`, actor, way: 'write', at: change.at, says: nameOf(change) }
  const cause = world.change(change.cause)
  if (!cause || cause.at === change.at || actor === 'you') return [write]
  return [{ id: `watch ${change.revision}`, actor, way: 'watch', at: cause.at, says: '' }, write]
}

/** What kubectl calls the kind for short. */
const shortNames: Readonly<Record<string, string>> = {
  Deployment: 'deploy',
  ReplicaSet: 'rs',
  Pod: 'pod',
  Service: 'svc',
  EndpointSlice: 'slice',
  Node: 'node',
  Namespace: 'ns',
  StatefulSet: 'sts',
  DaemonSet: 'ds',
  ServiceAccount: 'sa',
  ConfigMap: 'cm',
}
const nameOf = (change: Change) => `${wordOf(change)}/${shorten(partsOf(change.key).name, 22)}`
function wordOf(change: Change): string {
  const kind = kindIdOf(change.key).slice('kubernetes/'.length)
  return shortNames[kind] ?? kind.toLowerCase()
}

function logLine(change: Change): LogLine {
  const { name } = partsOf(change.key)
  const verb = change.value === undefined ? '− ' : change.revision === change.born ? '+ ' : ''
  return {
    revision: change.revision,
    at: change.at,
    key: change.key,
    name: `${verb}${wordOf(change)}/${name}`,
    by: change.by,
  }
}

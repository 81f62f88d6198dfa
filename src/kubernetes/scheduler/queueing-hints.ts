import { type Change, kindIdOf, type World } from '../../engine'
import { labelsMatch } from '../api/label-selector'
import { Node } from '../kinds/node'
import { Pod } from '../kinds/pod'
import { affinityTerms, termMatches } from './affinity-terms'
import { nodeMatches } from './node-selector'
import { portsClash } from './plugins/node-ports'
import { allocatableOf, podRequests } from './requests'
import { toleratesTaints, toleratesUnschedulable } from './tolerations'

/** Something that happened in the cluster, as far as waiting pods may care. */
export type ClusterEvent =
  | { readonly what: 'node'; readonly before: Node | undefined; readonly after: Node | undefined }
  /** A pod that had a node (or one was being cleared for it) is gone or has finished. */
  | { readonly what: 'pod-gone'; readonly pod: Pod }
  | { readonly what: 'pod-placed'; readonly pod: Pod }
  | { readonly what: 'pod-relabelled'; readonly before: Pod; readonly after: Pod }

const finished = (pod: Pod) => pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'

/** What a change means for the queue; undefined: nothing. */
export function clusterEvent(change: Change): ClusterEvent | undefined {
  const before = change.previous?.value
  const after = change.value
  if (kindIdOf(change.key) === Node.id) return nodeEvent(before, after)
  return kindIdOf(change.key) === Pod.id ? podEvent(before, after) : undefined
}

function nodeEvent(before: Node | undefined, after: Node | undefined): ClusterEvent | undefined {
  const differs =
    !before ||
    !after ||
    before.spec !== after.spec ||
    before.metadata.labels !== after.metadata.labels ||
    before.status.allocatable !== after.status.allocatable
  return differs ? { what: 'node', before, after } : undefined
}

function podEvent(before: Pod | undefined, after: Pod | undefined): ClusterEvent | undefined {
  const had = before !== undefined && before.spec.nodeName !== undefined && !finished(before)
  const has = after !== undefined && after.spec.nodeName !== undefined && !finished(after)
  if (had && !has) return { what: 'pod-gone', pod: before }
  if (!had && has) return { what: 'pod-placed', pod: after }
  if (had && has)
    return before.metadata.labels === after.metadata.labels ? undefined : { what: 'pod-relabelled', before, after }
  return !after && before?.status.nominatedNodeName !== undefined ? { what: 'pod-gone', pod: before } : undefined
}

/** Whether an event may undo the refusal of a plugin. After each plugin's EventsToRegister and its QueueingHintFn. */
type Hint = (pod: Pod, event: ClusterEvent, world: World) => boolean

const onNode =
  (fits: (pod: Pod, node: Node) => boolean): Hint =>
  (pod, event) =>
    event.what === 'node' &&
    event.after !== undefined &&
    fits(pod, event.after) &&
    !(event.before !== undefined && fits(pod, event.before))

const hints: Readonly<Record<string, Hint>> = {
  NodeUnschedulable: onNode((pod, node) => !node.spec.unschedulable || toleratesUnschedulable(pod.spec.tolerations)),
  NodeName: onNode((pod, node) => pod.spec.nodeName === node.metadata.name),
  TaintToleration: onNode((pod, node) => toleratesTaints(pod.spec.tolerations, node.spec.taints)),
  NodeAffinity: onNode((pod, node) => nodeMatches(pod.spec, node)),
  NodePorts: (pod, event) =>
    event.what === 'pod-gone' ? portsClash(pod, event.pod) : event.what === 'node' && event.before === undefined,
  NodeResourcesFit: (pod, event) => event.what === 'pod-gone' || (event.what === 'node' && roomGrew(pod, event)),
  PodTopologySpread: (pod, event) =>
    event.what === 'node' ? spreadNode(pod, event) : podsOf(event).some((other) => spreadCounts(pod, other)),
  InterPodAffinity: affinityHint,
}

function roomGrew(pod: Pod, { before, after }: Extract<ClusterEvent, { what: 'node' }>): boolean {
  if (after === undefined) return false
  const { total } = podRequests(pod.spec)
  const has = allocatableOf(after.status.allocatable)
  const names = Object.keys(total).filter((name) => total[name]! > 0)
  if (names.some((name) => total[name]! > (has[name] ?? 0))) return false
  if (before === undefined) return true
  const had = allocatableOf(before.status.allocatable)
  return [...names, 'pods'].some((name) => (has[name] ?? 0) > (had[name] ?? 0))
}

const podsOf = (event: Exclude<ClusterEvent, { what: 'node' }>): readonly Pod[] =>
  event.what === 'pod-relabelled' ? [event.before, event.after] : [event.pod]

const hardSpread = (pod: Pod) =>
  (pod.spec.topologySpreadConstraints ?? []).filter((c) => c.whenUnsatisfiable === 'DoNotSchedule')

const spreadCounts = (pod: Pod, other: Pod): boolean =>
  pod.metadata.namespace === other.metadata.namespace &&
  (hardSpread(pod).some((c) => labelsMatch(c.labelSelector, other.metadata.labels ?? {})) ||
    // constraints of the configuration: about whom they are is not looked up here
    hardSpread(pod).length === 0)

function spreadNode(pod: Pod, { before, after }: Extract<ClusterEvent, { what: 'node' }>): boolean {
  const keys = hardSpread(pod).map((c) => c.topologyKey)
  const has = (node: Node | undefined) => node !== undefined && keys.every((key) => key in (node.metadata.labels ?? {}))
  if (!before || !after) return has(before) || has(after)
  return (
    (has(before) || has(after)) &&
    (before.spec !== after.spec || keys.some((key) => before.metadata.labels?.[key] !== after.metadata.labels?.[key]))
  )
}

function affinityHint(pod: Pod, event: ClusterEvent, world: World): boolean {
  const { must, mustNot } = affinityTerms(pod)
  const { namespace } = pod.metadata
  const near = (other: Pod) => must.length > 0 && must.every((term) => termMatches(term, namespace, other, world))
  const far = (other: Pod) => mustNot.some((term) => termMatches(term, namespace, other, world))
  switch (event.what) {
    case 'pod-placed':
      return near(event.pod)
    case 'pod-gone':
      return (
        far(event.pod) ||
        affinityTerms(event.pod).mustNot.some((term) => termMatches(term, event.pod.metadata.namespace, pod, world))
      )
    case 'pod-relabelled':
      return (near(event.after) && !near(event.before)) || (far(event.before) && !far(event.after))
    case 'node': {
      const { before, after } = event
      if (!after) return false
      if (!before) return true
      const keys = [...must, ...mustNot].map((term) => term.topologyKey)
      return keys.length === 0 || keys.some((key) => before.metadata.labels?.[key] !== after.metadata.labels?.[key])
    }
  }
}

/** Which of the plugins that refused a pod an event may change the mind of. */
export const helped = (plugins: readonly string[], pod: Pod, event: ClusterEvent, world: World): string | undefined =>
  plugins.find((plugin) => hints[plugin]?.(pod, event, world) === true)

/** The plugins that listen to a sort of event at all. */
export const LISTENERS: Readonly<Record<ClusterEvent['what'], readonly string[]>> = {
  node: Object.keys(hints),
  'pod-gone': ['NodePorts', 'NodeResourcesFit', 'PodTopologySpread', 'InterPodAffinity'],
  'pod-placed': ['PodTopologySpread', 'InterPodAffinity'],
  'pod-relabelled': ['PodTopologySpread', 'InterPodAffinity'],
}

import type { DaemonSet } from '../kinds/daemonset'
import type { Node } from '../kinds/node'
import type { Affinity, Pod, PodSpec, Toleration } from '../kinds/pod'
import { nodeMatches } from '../scheduler/node-selector'
import { toleratedBy } from '../scheduler/tolerations'

const tolerated = (key: string, effect: 'NoExecute' | 'NoSchedule'): Toleration => ({
  key: `node.kubernetes.io/${key}`,
  operator: 'Exists',
  effect,
})
const ALWAYS: readonly Toleration[] = [
  tolerated('not-ready', 'NoExecute'),
  tolerated('unreachable', 'NoExecute'),
  tolerated('disk-pressure', 'NoSchedule'),
  tolerated('memory-pressure', 'NoSchedule'),
  tolerated('pid-pressure', 'NoSchedule'),
  tolerated('unschedulable', 'NoSchedule'),
]
const ON_HOST_NETWORK = tolerated('network-unavailable', 'NoSchedule')

const tolerations = new WeakMap<PodSpec, readonly Toleration[]>()

/** What daemon pods tolerate besides what their template says. After AddOrUpdateDaemonPodTolerations. */
export function daemonTolerations(spec: PodSpec): readonly Toleration[] {
  let all = tolerations.get(spec)
  if (!all) {
    const added = spec.hostNetwork ? [...ALWAYS, ON_HOST_NETWORK] : ALWAYS
    const own = (spec.tolerations ?? []).filter(
      (one) => !added.some(({ key, effect }) => one.key === key && one.effect === effect && one.operator === 'Exists'),
    )
    all = [...own, ...added]
    tolerations.set(spec, all)
  }
  return all
}

/** The spec of a daemon's pod for one node: pinned to it by an affinity, so that the scheduler binds it. */
export function daemonPodSpec(spec: PodSpec, node: string): PodSpec {
  const nodeAffinity: Affinity['nodeAffinity'] = {
    ...spec.affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
    },
  }
  return { ...spec, affinity: { ...spec.affinity, nodeAffinity }, tolerations: daemonTolerations(spec) }
}

/** The node that a pod is on, or is meant for. After GetTargetNodeName. */
export function targetNode({ spec }: Pod): string | undefined {
  if (spec.nodeName !== undefined) return spec.nodeName
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  for (const term of required?.nodeSelectorTerms ?? [])
    for (const { key, operator, values } of term.matchFields ?? [])
      if (key === 'metadata.name' && operator === 'In' && values?.length === 1) return values[0]
  return undefined
}

/**
 * Whether a node should get the pod, and whether one that is there may stay: a new taint keeps pods from coming, only NoExecute
 * makes them go. After NodeShouldRunDaemonPod.
 */
export function nodeShouldRun(
  { spec: { template } }: DaemonSet,
  node: Node,
): { readonly run: boolean; readonly stay: boolean } {
  const { spec } = template
  if ((spec.nodeName !== undefined && spec.nodeName !== node.metadata.name) || !nodeMatches(spec, node))
    return { run: false, stay: false }
  const all = daemonTolerations(spec)
  const repelling = (node.spec.taints ?? []).filter(
    (taint) => taint.effect !== 'PreferNoSchedule' && !toleratedBy(all, taint),
  )
  return { run: repelling.length === 0, stay: repelling.every(({ effect }) => effect !== 'NoExecute') }
}

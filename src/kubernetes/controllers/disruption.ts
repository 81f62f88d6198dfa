import {
  type Change,
  type Controller,
  type Key,
  type Plan,
  type Reason,
  same,
  type Tools,
  type Wish,
  type World,
} from '../../engine'
import { eventWish } from '../api/events'
import type { LabelSelector } from '../kinds/meta'
import { Pod } from '../kinds/pod'
import { PodDisruptionBudget } from '../kinds/poddisruptionbudget'
import { resourceOfKind } from '../kinds/resources'
import { covers, healthyPods, underWay, wantedHealthy, withAllowance } from './disruption-budget'

const NAME = 'disruption-controller'
/** The name that the events bear. */
const SOURCE = 'controllermanager'
const PASS_MILLIS = 5
const RETRY_MILLIS = 5_000

/**
 * Counts the pods of each PodDisruptionBudget and writes how many may be evicted now. After pkg/controller/disruption/disruption.go.
 * Left out: the clean-up of DisruptionTarget conditions of pods that were not deleted after all.
 */
export const disruptionController: Controller = {
  name: NAME,
  about: 'counts healthy pods for each disruption budget',
  watches: [
    { kind: PodDisruptionBudget, after: PASS_MILLIS },
    { kind: Pod, wake: budgetsOf, after: PASS_MILLIS },
  ],
  reconcile(about, world, tools) {
    const head = world.head(about as Key<PodDisruptionBudget>)
    return head && sync(head, world, tools)
  },
}

function budgetsOf(change: Change<Pod>, world: World): readonly string[] | undefined {
  const pod: Pod = change.value ?? change.previous?.value
  const budgets = world.list(PodDisruptionBudget, { scope: pod.metadata.namespace ?? '' })
  if (budgets.length === 0) return undefined
  const before = change.previous?.value as Pod | undefined
  return budgets.filter(({ value }) => covers(value, pod) || (before && covers(value, before))).map(({ key }) => key)
}

function sync(head: Change<PodDisruptionBudget>, world: World, tools: Tools): Plan {
  const pdb = head.value
  const pods = world.list(Pod, { scope: pdb.metadata.namespace! }).filter((pod) => covers(pdb, pod.value))
  const changes: Wish[] = []
  const say = (type: 'Normal' | 'Warning', reason: string, message: string, about: PodDisruptionBudget | Pod = pdb) => {
    const because: Reason = {
      id: 'kubernetes/budget-event',
      values: { name: pdb.metadata.name, message },
      of: [head.revision],
    }
    changes.push(eventWish(world, tools, { about, type, reason, message, component: SOURCE, because }))
  }
  if (pods.length === 0) say('Normal', 'NoPods', 'No matching pods found')
  const { replicas, unmanaged, failure } = scaleOf(pods, world)
  const byCount = typeof pdb.spec.minAvailable === 'number' && pdb.spec.maxUnavailable === undefined
  if (!byCount && failure !== undefined) {
    say('Warning', 'CalculateExpectedPodCountFailed', `Failed to calculate the number of expected pods: ${failure}`)
    changes.push(...written(head, { ...pdb.status, disruptionsAllowed: 0 }, world, failure))
    return { changes, again: RETRY_MILLIS }
  }
  if (!byCount && unmanaged > 0) {
    say(
      'Warning',
      'UnmanagedPods',
      `Pods selected by this PodDisruptionBudget (selector: ${goSelector(pdb.spec.selector)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`,
    )
  }
  const own = pods.map(({ value }) => value)
  const { disrupted, missed, recheck } = underWay(pdb, own, world.now)
  for (const pod of missed)
    say(
      'Warning',
      'NotDeleted',
      `Pod was expected by PDB ${pdb.metadata.namespace}/${pdb.metadata.name} to be deleted but it wasn't`,
      pod,
    )
  const { expected, desired } = wantedHealthy(pdb.spec, pods.length, replicas)
  const healthy = healthyPods(own, disrupted, world.now)
  const allowed = expected <= 0 ? 0 : Math.max(0, healthy - desired)
  const status: PodDisruptionBudget['status'] = {
    ...(pdb.status.conditions ? { conditions: pdb.status.conditions } : {}),
    currentHealthy: healthy,
    desiredHealthy: desired,
    ...(Object.keys(disrupted).length > 0 ? { disruptedPods: disrupted } : {}),
    disruptionsAllowed: allowed,
    expectedPods: expected,
    observedGeneration: pdb.metadata.generation ?? 1,
  }
  changes.push(...written(head, status, world, undefined))
  return { changes, ...(recheck === undefined ? {} : { again: recheck }) }
}

function written(
  head: Change<PodDisruptionBudget>,
  status: PodDisruptionBudget['status'],
  world: World,
  failure: string | undefined,
): Wish[] {
  const pdb = head.value
  const conditions = withAllowance(
    status.conditions,
    status.disruptionsAllowed,
    pdb.metadata.generation,
    world.now,
    failure,
  )
  const next = { ...status, conditions }
  if (same(next, pdb.status)) return []
  const { disruptionsAllowed: allowed, currentHealthy: healthy, desiredHealthy: desired } = next
  const because: Reason = {
    id: 'kubernetes/budget-counted',
    values: { name: pdb.metadata.name, allowed, healthy, desired },
  }
  return [{ key: head.key, value: { ...pdb, status: next }, because, quiet: allowed === pdb.status.disruptionsAllowed }]
}

/** How many pods the controllers of these pods want together; each controller counts once. After getExpectedScale. */
function scaleOf(
  pods: readonly Change<Pod>[],
  world: World,
): { readonly replicas: number; readonly unmanaged: number; readonly failure?: string } {
  const seen = new Set<string>()
  let replicas = 0
  let unmanaged = 0
  for (const { value: pod } of pods) {
    let reference = pod.metadata.ownerReferences?.find((one) => one.controller)
    if (!reference) {
      unmanaged++
      continue
    }
    if (seen.has(reference.uid)) continue
    seen.add(reference.uid)
    let resource = resourceOfKind(reference.apiVersion, reference.kind)
    let owner = resource && world.get(resource.store.key(pod.metadata.namespace!, reference.name))
    const above = owner?.metadata.ownerReferences?.find(
      (one: { controller?: boolean; kind: string }) => one.controller && one.kind === 'Deployment',
    )
    if (above) {
      if (seen.has(above.uid)) continue
      seen.add(above.uid)
      reference = above
      resource = resourceOfKind(above.apiVersion, above.kind)
      owner = resource && world.get(resource.store.key(pod.metadata.namespace!, above.name))
    }
    if (!resource?.subresources.includes('scale')) {
      const plural = resource
        ? `${resource.plural}${resource.group === '' ? '' : `.${resource.group}`}`
        : reference!.kind
      return { replicas, unmanaged, failure: `${plural} does not implement the scale subresource` }
    }
    if (owner === undefined || owner.metadata.uid !== reference!.uid)
      return { replicas, unmanaged, failure: `found no controllers for pod ${JSON.stringify(pod.metadata.name)}` }
    replicas += owner.spec.replicas ?? 0
  }
  return { replicas, unmanaged }
}

/** A selector as Go prints the struct, which is how the event's text has it. */
function goSelector(selector: LabelSelector | undefined): string {
  if (!selector) return 'nil'
  const sorted = Object.keys(selector.matchLabels ?? {}).sort((a, b) => (a < b ? -1 : 1))
  const labels = sorted.map((key) => `${key}: ${selector.matchLabels![key]},`).join('')
  const terms = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  )
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${terms.join('')}},}`
}

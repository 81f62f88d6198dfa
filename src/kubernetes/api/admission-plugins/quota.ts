import type { Change, Reason } from '../../../engine/change'
import type { World } from '../../../engine/kind'
import type { Wish } from '../../../engine/plan'
import type { KubeObject } from '../../kinds/meta'
import type { Pod, ResourceList } from '../../kinds/pod'
import { missingFor, ofScopes, podCounts, podUsage } from '../../kinds/quota-of-pods'
import { ResourceQuota } from '../../kinds/resourcequota'
import { compareQuantities, parseQuantity, sumQuantities } from '../quantity'

/** Which sort of object: `{group: 'apps', plural: 'deployments'}`. */
export interface Sort {
  readonly group: string
  readonly plural: string
}
export const PODS: Sort = { group: '', plural: 'pods' }

/** Kinds that a quota may also count by their plain names. */
const PLAIN = [
  'services',
  'configmaps',
  'secrets',
  'replicationcontrollers',
  'resourcequotas',
  'persistentvolumeclaims',
]

/** What one object takes of a quota, by resource. After pkg/quota/v1/evaluator/core. */
export function usageOf({ group, plural }: Sort, object: any): ResourceList {
  const counted = `count/${plural}${group === '' ? '' : `.${group}`}`
  if (plural === 'pods' && group === '')
    return podCounts(object as Pod) ? { [counted]: '1', ...podUsage((object as Pod).spec) } : { [counted]: '1' }
  const used: Record<string, string> = { [counted]: '1' }
  if (group === '' && PLAIN.includes(plural)) used[plural] = '1'
  if (group === '' && plural === 'services') {
    const { type, ports = [], allocateLoadBalancerNodePorts } = object.spec ?? {}
    const balanced = type === 'LoadBalancer'
    used['services.loadbalancers'] = balanced ? '1' : '0'
    used['services.nodeports'] =
      type === 'NodePort' || (balanced && allocateLoadBalancerNodePorts !== false) ? String(ports.length) : '0'
  }
  if (group === '' && plural === 'persistentvolumeclaims') {
    const size: string = object.spec?.resources?.requests?.storage ?? '0'
    const own = object.spec?.storageClassName
    used['requests.storage'] = size
    if (own) {
      used[`${own}.storageclass.storage.k8s.io/requests.storage`] = size
      used[`${own}.storageclass.storage.k8s.io/persistentvolumeclaims`] = '1'
    }
  }
  return used
}

/** Only the resources that a quota limits. */
export const masked = (usage: ResourceList, hard: ResourceList): ResourceList =>
  Object.fromEntries(Object.entries(usage).filter(([name]) => hard[name] !== undefined))

export const isAbout = (quota: ResourceQuota, sort: Sort, object: KubeObject): boolean =>
  (quota.spec.scopes ?? []).length + (quota.spec.scopeSelector?.matchExpressions ?? []).length === 0 ||
  (sort.plural === 'pods' && sort.group === '' && ofScopes(quota, object as Pod))

const printed = (list: ResourceList, names: readonly string[]): string =>
  names.map((name) => `${name}=${list[name] ?? '0'}`).join(',')

/**
 * What the quotas of a namespace still allow, for the objects that one request or one controller's pass creates: each is charged at
 * once, so that the next one sees it. After apiserver/pkg/admission/plugin/resourcequota. Simplified: changes of objects that exist
 * are not charged (the quota controller counts them a moment later).
 */
export class QuotaLedger {
  readonly #quotas: readonly Change<ResourceQuota>[]
  readonly #used = new Map<string, ResourceList>()

  constructor(world: World, namespace: string) {
    this.#quotas = world
      .list(ResourceQuota, { scope: namespace })
      .slice()
      .sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  /** Charges an object; or why it may not be created, and then nothing is charged. */
  charge(sort: Sort, object: KubeObject): string | undefined {
    if (this.#quotas.length === 0) return undefined
    const usage = usageOf(sort, object)
    const charged: [string, ResourceList][] = []
    for (const { key, value: quota } of this.#quotas) {
      const { hard = {} } = quota.status
      if (!isAbout(quota, sort, object)) continue
      const { name } = quota.metadata
      if (sort.plural === 'pods') {
        const missing = missingFor((object as Pod).spec, Object.keys(hard))
        if (missing !== undefined) return `failed quota: ${name}: must specify ${missing}`
      }
      const asked = masked(usage, hard)
      if (Object.keys(asked).length === 0) continue
      const used = this.#used.get(key) ?? quota.status.used ?? {}
      const next: Record<string, string> = { ...used }
      const exceeded: string[] = []
      for (const resource of Object.keys(asked).sort((a, b) => (a < b ? -1 : 1))) {
        next[resource] = sumQuantities([used[resource], asked[resource]])
        const takes = (parseQuantity(asked[resource]!)?.nanos ?? 0n) > 0n
        if (takes && compareQuantities(next[resource], hard[resource]!) > 0) exceeded.push(resource)
      }
      if (exceeded.length > 0)
        return `exceeded quota: ${name}, requested: ${printed(asked, exceeded)}, used: ${printed(used, exceeded)}, limited: ${printed(hard, exceeded)}`
      charged.push([key, next])
    }
    for (const [key, used] of charged) this.#used.set(key, used)
    return undefined
  }

  /** The quotas with what was charged. */
  wishes(): Wish<ResourceQuota>[] {
    return this.#quotas.flatMap(({ key, value }) => {
      const used = this.#used.get(key)
      const because: Reason = { id: 'kubernetes/quota-charged', values: { quota: value.metadata.name } }
      return used ? [{ key, value: { ...value, status: { ...value.status, used } }, because, quiet: true }] : []
    })
  }
}

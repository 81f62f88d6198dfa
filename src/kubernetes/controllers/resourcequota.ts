import { type Change, type Controller, type Key, same, type Wish, type World } from '../../engine'
import { isAbout, masked, type Sort, usageOf } from '../api/admission-plugins/quota'
import { sumQuantities } from '../api/quantity'
import type { KubeObject } from '../kinds/meta'
import { Pod, type ResourceList } from '../kinds/pod'
import { podCounts } from '../kinds/quota-of-pods'
import { ResourceQuota } from '../kinds/resourcequota'
import { resources } from '../kinds/resources'

const NOTICE_MILLIS = 20
/** Events come and go too often to be counted. */
const counted = resources.filter(({ namespaced, kind, derive }) => namespaced && kind !== 'Event' && !derive)

/**
 * Keeps what the quotas say is used. After pkg/controller/resourcequota. Simplified: it counts at every creation and deletion, so that the
 * full count every five minutes finds nothing more; Events are not counted.
 */
export const resourceQuotaController: Controller = {
  name: 'resourcequota-controller',
  about: 'counts what the quotas of a namespace limit',
  watches: [
    { kind: ResourceQuota, after: NOTICE_MILLIS },
    ...counted.map(({ store }) => ({ kind: store, wake: quotasThere, after: NOTICE_MILLIS })),
  ],
  reconcile(about, world) {
    const head = world.head(about as Key<ResourceQuota>)
    const wish = head && countedAnew(head, world)
    return wish && { changes: [wish] }
  },
}

/** The quotas of the namespace in which something came, went, or no longer counts. */
function quotasThere(change: Change<KubeObject>, world: World): readonly string[] | undefined {
  if (world.list(ResourceQuota).length === 0) return undefined
  const before = change.previous?.value as KubeObject | undefined
  const after = change.value as KubeObject | undefined
  if (before && after) {
    if (change.kind === Pod.id ? podCounts(before as Pod) === podCounts(after as Pod) : !weighsAnew(before, after))
      return undefined
  }
  const { namespace } = (after ?? before)!.metadata
  return world.list(ResourceQuota, { scope: namespace! }).map(({ key }) => key)
}

const weighsAnew = (before: any, after: any): boolean =>
  before.spec?.type !== after.spec?.type || before.spec?.ports !== after.spec?.ports

function countedAnew(head: Change<ResourceQuota>, world: World): Wish<ResourceQuota> | undefined {
  const quota = head.value
  const { hard = {} } = quota.spec
  const amounts = new Map<string, string[]>(Object.keys(hard).map((name) => [name, []]))
  for (const resource of counted) {
    if (!limits(hard, resource)) continue
    for (const { value } of world.list<KubeObject>(resource.store, { scope: quota.metadata.namespace! })) {
      if (!isAbout(quota, resource, value)) continue
      for (const [name, amount] of Object.entries(masked(usageOf(resource, value), hard)))
        amounts.get(name)!.push(amount)
    }
  }
  const used: ResourceList = Object.fromEntries([...amounts].map(([name, all]) => [name, sumQuantities(all)]))
  if (same({ hard, used }, quota.status)) return undefined
  const told = Object.entries(used).map(([name, amount]) => `${name} ${amount} of ${hard[name]}`)
  return {
    key: head.key,
    value: { ...quota, status: { hard, used } },
    because: { id: 'kubernetes/quota-counted', values: { quota: quota.metadata.name, used: told.join(', ') } },
    quiet: true,
  }
}

const COUNTED_PLAINLY = /^(count\/|services\.|.*storageclass\.storage\.k8s\.io\/)/

/** Whether a quota may limit objects of this sort at all. */
function limits(hard: ResourceList, { group, plural }: Sort): boolean {
  const names = Object.keys(hard)
  const own = `count/${plural}${group === '' ? '' : `.${group}`}`
  if (group === '' && plural === 'pods') return names.some((name) => name === own || !COUNTED_PLAINLY.test(name))
  return names.some((name) => name === own || (group === '' && (name === plural || name.startsWith(`${plural}.`))))
}

import type { Change, Reason, Tools, Wish, World } from '../../engine'
import { controllerReference, newMeta } from '../api/meta'
import { podTemplateHash, sortedText } from '../api/names'
import { ControllerRevision } from '../kinds/controllerrevision'
import type { KubeObject } from '../kinds/meta'
import type { PodTemplateSpec } from '../kinds/pod'

export const REVISION_HASH = 'controller-revision-hash'

/** A workload whose versions are kept as ControllerRevisions. */
export interface Versioned extends KubeObject {
  readonly spec: { readonly template: PodTemplateSpec; readonly revisionHistoryLimit: number }
  readonly status: { readonly collisionCount?: number }
}

export interface History {
  /** The hash of the present version, which its pods bear as a label. */
  readonly hash: string
  readonly revision: number
  readonly old: readonly Change<ControllerRevision>[]
  readonly changes: readonly Wish[]
}

/**
 * The version that the template is: a new one, or an old one that gets the newest number. After constructHistory in
 * pkg/controller/daemon/update.go. Left out: adoption of revisions without an owner, and the clean-up of doubles.
 */
export function historyOf(
  owner: Versioned,
  because: (id: string, values: object) => Reason,
  world: World,
  tools: Tools,
): History {
  const all = world
    .list(ControllerRevision, { controller: owner.metadata.uid })
    .filter(({ value }) => value.metadata.deletionTimestamp === undefined)
  const text = textOf(owner.spec.template)
  const current = all.find(({ value }) => textOf(value.data.spec.template) === text)
  const old = all.filter((one) => one !== current)
  const revision = old.reduce((most, { value }) => Math.max(most, value.revision), 0) + 1
  const { name } = owner.metadata
  if (current) {
    const hash = current.value.metadata.labels?.[REVISION_HASH] ?? ''
    if (current.value.revision >= revision) return { hash, revision: current.value.revision, old, changes: [] }
    const value = { ...current.value, revision }
    const why = because('kubernetes/revision-reused', { name: current.value.metadata.name, revision })
    return { hash, revision, old, changes: [{ key: current.key, value, because: why }] }
  }
  const namespace = owner.metadata.namespace!
  let hash = ''
  // a hash that another version has already is drawn again with the next collision count
  for (let collisions = owner.status.collisionCount; ; collisions = (collisions ?? 0) + 1) {
    hash = podTemplateHash(owner.spec.template, collisions)
    if (world.get(ControllerRevision.key(namespace, `${name}-${hash}`)) === undefined) break
  }
  const key = ControllerRevision.key(namespace, `${name}-${hash}`)
  const { annotations } = owner.metadata
  const value: ControllerRevision = {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: newMeta(tools, key, world.now, {
      labels: { ...owner.spec.template.metadata?.labels, [REVISION_HASH]: hash },
      ...(annotations ? { annotations } : {}),
      ownerReferences: [controllerReference(owner)],
    }),
    data: { spec: { template: { ...owner.spec.template, $patch: 'replace' } } },
    revision,
  }
  const why = because('kubernetes/revision-made', { name: value.metadata.name, revision })
  return { hash, revision, old, changes: [{ key, value, because: why }] }
}

const texts = new WeakMap<object, string>()
function textOf(template: object): string {
  let text = texts.get(template)
  if (text === undefined) {
    const { $patch: _patch, ...rest } = template as Record<string, unknown>
    text = sortedText(rest)
    texts.set(template, text)
  }
  return text
}

/** Old versions beyond the limit go, the lowest first, but none that a pod still is of. After cleanupHistory. */
export function trimmedHistory(
  { old }: History,
  limit: number,
  living: ReadonlySet<string>,
  because: (name: string) => Reason,
): Wish[] {
  let surplus = old.length - limit
  const wishes: Wish[] = []
  for (const one of old.slice().sort((a, b) => a.value.revision - b.value.revision)) {
    if (surplus <= 0) break
    if (living.has(one.value.metadata.labels?.[REVISION_HASH] ?? '')) continue
    wishes.push({ key: one.key, value: undefined, because: because(one.value.metadata.name) })
    surplus--
  }
  return wishes
}

import type { ManagedFields, ObjectMeta } from '../../kinds/meta'
import type { ObjectField } from '../../kinds/schema'
import type { JsonMap } from '../patch/json'
import { applyStrategicPatch } from '../patch/strategic-merge'
import { differences, type FieldSet, intersection, isEmpty, members, printPath, union, without } from './field-set'
import { entryOf, isOf, listed, type Manager, ownedFields, shrunk } from './managers'
import { removeFields } from './remove-fields'

export interface Conflict {
  readonly with: ManagedFields
  readonly path: string
}

type Applied =
  | { readonly object: JsonMap; readonly managedFields: readonly ManagedFields[] | undefined }
  | { readonly conflicts: readonly Conflict[] }

const KUBECTL = 'kubectl'
const KUBECTL_BEFORE = 'kubectl-client-side-apply'

/**
 * Server-side apply on an object that is there: fields of the configuration are set, fields that its manager applied before and that are in
 * it no longer go unless somebody else owns them too, and fields that others own with other values are conflicts unless forced. After
 * merge.Updater of structured-merge-diff. What kubectl applied on the client's side counts as its own.
 */
export function serverSideApply(given: {
  readonly live: { readonly metadata: ObjectMeta }
  readonly config: JsonMap
  readonly schema: ObjectField
  readonly who: Manager
  readonly force: boolean
}): Applied {
  const { config, schema, who, force } = given
  const live = given.live as unknown as JsonMap
  const wanted = ownedFields(config, schema)
  const entries = given.live.metadata.managedFields ?? []
  const isOwn = (entry: ManagedFields) =>
    isOf(entry, who) || (who.manager === KUBECTL && entry.manager === KUBECTL_BEFORE && entry.operation === 'Update')
  const others = entries.filter((entry) => !isOwn(entry))
  const before = entries.filter(isOwn).reduce((all: FieldSet, entry) => union(all, entry.fieldsV1), {})
  const merged = applyStrategicPatch(live, config, schema)
  const { changed } = differences(live, merged, schema)
  const clashes = others.map((entry) => ({ entry, fields: intersection(entry.fieldsV1, changed) }))
  if (!force) {
    const conflicts = clashes.flatMap(({ entry, fields }) =>
      members(fields).map((path): Conflict => ({ with: entry, path: printPath(path) })),
    )
    if (conflicts.length > 0) return { conflicts }
  }
  const left = clashes.map(({ entry, fields }) => shrunk(entry, fields)).filter((entry) => !isEmpty(entry.fieldsV1))
  const owned = left.reduce((all: FieldSet, entry) => union(all, entry.fieldsV1), wanted)
  const dropped = without(before, owned)
  const object = isEmpty(dropped) ? merged : ((removeFields(merged, schema, dropped) ?? {}) as JsonMap)
  const own = entries.find((entry) => isOf(entry, who))
  const mine =
    own && isEmpty(without(own.fieldsV1, wanted)) && isEmpty(without(wanted, own.fieldsV1)) ? own : entryOf(who, wanted)
  return { object, managedFields: listed([...left, mine]) }
}

/** As the API tells it; the path alone where there is one conflict, a list by manager where there are more. */
export function conflictMessage(conflicts: readonly Conflict[]): string {
  const [first] = conflicts
  if (first && conflicts.length === 1)
    return `Apply failed with 1 conflict: conflict with ${printManager(first.with)}: ${first.path}`
  const names = [...new Set(conflicts.map((one) => printManager(one.with)))].sort()
  const lines = names.flatMap((name) => [
    `conflicts with ${name}:`,
    ...conflicts.filter((one) => printManager(one.with) === name).map(({ path }) => `- ${path}`),
  ])
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`
}

export function printManager({ manager, subresource, operation, apiVersion }: ManagedFields): string {
  const part = subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`
  return `${JSON.stringify(manager)}${part}${operation === 'Update' ? ` using ${apiVersion}` : ''}`
}

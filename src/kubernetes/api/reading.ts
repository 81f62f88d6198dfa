import type { Change } from '../../engine/change'
import { kindIdOf } from '../../engine/kind'
import type { KubeObject } from '../kinds/meta'
import { apiVersionOf, type Resource } from '../kinds/resource'
import { type Answer, aboutOf, type Call, keyOf, ok, present, refused } from './call'
import { type FieldRequirement, parseFieldSelector } from './field-selector'
import { matches, parseSelector, type Selector } from './label-selector'
import { badRequest, expired, notFound } from './status'

export function get(call: Call): Answer {
  const { resource, request, world } = call
  const key = keyOf(call)
  const head = resource.derive ? resource.derive(world).find((one) => one.key === key) : world.head(key)
  if (!head || isOver(head, call)) return refused(notFound(aboutOf(resource), request.name ?? ''))
  return ok(request.table ? table(call, [head]) : present(resource, head, world))
}

const isOver = ({ at }: Change<KubeObject>, { resource, world }: Call): boolean =>
  resource.livesMillis !== undefined && at + resource.livesMillis <= world.now

/** What a list or watch asks for, ready to be held against objects. */
interface Filter {
  readonly labels: Selector
  readonly fields: readonly FieldRequirement[]
}

export function list(call: Call): Answer {
  const { resource, request, world } = call
  const filter = filterOf(call)
  if ('error' in filter) return refused(badRequest(filter.error))
  const found = select(call, filter)
  const rows = request.limit !== undefined && request.limit > 0 ? found.slice(0, request.limit) : found
  if (request.table) return ok(table(call, rows))
  return ok({
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata: { resourceVersion: String(world.revision) },
    items: rows.map((head) => present(resource, head, world)),
  })
}

/** The matching objects, by namespace and then by name, as etcd keeps them. */
export function select(call: Call, filter: Filter): readonly Change<KubeObject>[] {
  const { resource, request, world } = call
  const scoped = resource.namespaced && request.namespace !== undefined && request.namespace !== ''
  const stored = scoped ? world.list(resource.store, { scope: request.namespace! }) : world.list(resource.store)
  const all = resource.derive
    ? resource.derive(world).filter(({ value }) => !scoped || value.metadata.namespace === request.namespace)
    : stored
  const found = all.filter((head) => fits(head.value, filter, resource) && !isOver(head, call))
  // `/` sorts below letters and digits but above `-` and `.`, as in etcd's own keys
  return found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

export function filterOf({ request, resource }: Call): Filter | { readonly error: string } {
  const labels = parseSelector(request.labelSelector ?? '')
  if ('error' in labels) return { error: labels.error }
  const fields = parseFieldSelector(request.fieldSelector ?? '')
  if ('error' in fields) return { error: fields.error }
  const known = resource.selectable ? Object.keys(resource.selectable(EXAMPLE)) : []
  for (const { field } of fields.fields) {
    if (field !== 'metadata.name' && field !== 'metadata.namespace' && !known.includes(field)) {
      return { error: `field label not supported: ${field}` }
    }
  }
  return { labels: labels.selector, fields: fields.fields }
}

/** Enough of an object to ask a kind for the names of its selectable fields. */
const EXAMPLE: any = { metadata: { name: '' }, spec: {}, status: {}, involvedObject: {}, source: {} }

function fits(object: KubeObject, { labels, fields }: Filter, resource: Resource): boolean {
  if (!matches(labels, object.metadata.labels)) return false
  if (fields.length === 0) return true
  const values = resource.selectable?.(object) ?? {}
  return fields.every(({ field, equals, value }) => {
    const own =
      field === 'metadata.name'
        ? object.metadata.name
        : field === 'metadata.namespace'
          ? (object.metadata.namespace ?? '')
          : values[field]
    return (own === value) === equals
  })
}

/** A metav1.Table: the columns of the kind, and for each row its cells and its object. */
export function table({ resource, world }: Call, rows: readonly Change<KubeObject>[]): object {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: String(world.revision) },
    columnDefinitions: resource.columns.map(({ name, wide, about }) => ({
      name,
      priority: wide ? 1 : 0,
      description: about ?? '',
      type: 'string',
    })),
    rows: rows.map((head) => ({
      cells: resource.cells(head.value, { now: world.now }),
      object: present(resource, head, world),
    })),
  }
}

/** One change that a watch tells of. `cells`: the object's row, where a Table is asked for. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  readonly object: any
  readonly cells?: readonly (string | number)[]
}

/**
 * What happened after a resourceVersion, out of the log. The answer's resourceVersion is where the next watch goes on. An
 * object that comes to match, or no longer matches, is told as added or deleted.
 */
export function watch(call: Call): Answer {
  const { resource, request, world } = call
  const filter = filterOf(call)
  if ('error' in filter) return refused(badRequest(filter.error))
  const since = Number(request.resourceVersion ?? world.revision)
  const events: WatchEvent[] = []
  for (let revision = since + 1; revision <= world.revision; revision++) {
    const change = world.change(revision)
    if (!change) return refused(expired(`too old resource version: ${since} (${world.revision})`))
    if (kindIdOf(change.key) !== resource.store.id) continue
    const event = eventOf(call, change, filter)
    if (event) events.push(event)
  }
  const resourceVersion = String(world.revision)
  if (request.allowWatchBookmarks)
    events.push({
      type: 'BOOKMARK',
      object: {
        kind: resource.kind,
        apiVersion: apiVersionOf(resource),
        metadata: { resourceVersion, creationTimestamp: null },
      },
    })
  return ok({ events, resourceVersion })
}

function eventOf(call: Call, change: Change, filter: Filter): WatchEvent | undefined {
  const { resource, request, world } = call
  const inScope = (object: KubeObject | undefined) =>
    object !== undefined &&
    (!resource.namespaced || !request.namespace || object.metadata.namespace === request.namespace) &&
    (request.name === undefined || object.metadata.name === request.name) &&
    fits(object, filter, resource)
  const before = change.previous?.value as KubeObject | undefined
  const after = change.value as KubeObject | undefined
  const [was, is] = [inScope(before), inScope(after)]
  if (!was && !is) return undefined
  const shown = is ? change : { ...change, value: before }
  const type = !is ? 'DELETED' : was && change.born !== change.revision ? 'MODIFIED' : 'ADDED'
  const object = present(resource, shown as Change<KubeObject>, world)
  return request.table ? { type, object, cells: resource.cells(shown.value, { now: world.now }) } : { type, object }
}

import type { Change } from '../../engine/change'
import { same } from '../../engine/edit'
import { stamp } from '../../engine/time'
import { decode } from '../kinds/decode'
import type { KubeObject, ManagedFields, ObjectMeta } from '../kinds/meta'
import { validateMeta, validateMetaUpdate } from '../kinds/meta-validation'
import type { PriorityClass } from '../kinds/priorityclass'
import { apiVersionOf, type Resource } from '../kinds/resource'
import type { Service } from '../kinds/service'
import { admissionOf, admissionRefusal, namespaceRefusal, withImagePolicies } from './admission'
import { defaultClassRefusal } from './admission-plugins/priority'
import { type Answer, aboutOf, asked, type Call, keyOf, present, refused, written } from './call'
import type { FieldError } from './field-error'
import { conflictMessage, printManager, serverSideApply } from './managed/server-side-apply'
import { generatedName } from './names'
import { managedFrom, managerOf, owned } from './ownership'
import { attempt, type JsonMap, type Value } from './patch/json'
import { applyJsonPatch } from './patch/json-patch'
import { applyMergePatch } from './patch/merge-patch'
import { applyStrategicPatch } from './patch/strategic-merge'
import type { Status } from './request'
import { allocate } from './service-addresses'
import {
  alreadyExists,
  applyConflict,
  badRequest,
  conflict,
  forbiddenStatus,
  invalidStatus,
  notFound,
  STALE,
  unprocessable,
} from './status'

/** How often a generated name that is taken is drawn again. */
const MOST_NAMES = 8

type Read = { readonly object: any; readonly warnings: readonly string[] } | { readonly status: Status }

/** The body as an object of the resource's kind: wrong types are refused, unknown fields too unless the client says otherwise. */
export function readBody({ request, resource }: Call, body: unknown = request.body): Read {
  const { kind, version, schema } = resource
  const given = body as { readonly apiVersion?: unknown; readonly kind?: unknown } | null | undefined
  if (typeof given !== 'object' || given === null)
    return { status: badRequest(`the object provided is unrecognized (must be of type ${kind})`) }
  const apiVersion = apiVersionOf(resource)
  if (given.kind !== undefined && given.kind !== kind) {
    return { status: badRequest(`${given.kind} in version "${version}" cannot be handled as a ${kind}`) }
  }
  if (given.apiVersion !== undefined && given.apiVersion !== apiVersion) {
    return {
      status: badRequest(
        `the API version in the data (${given.apiVersion}) does not match the expected API version (${apiVersion})`,
      ),
    }
  }
  const { object, strict, fatal } = decode(schema.fields, kind, given)
  const cannot = `${kind} in version "${version}" cannot be handled as a ${kind}: `
  if (fatal !== undefined) return { status: badRequest(cannot + fatal) }
  const mode = request.fieldValidation ?? 'Warn'
  if (mode === 'Strict' && strict.length > 0)
    return { status: badRequest(`${cannot}strict decoding error: ${strict.join(', ')}`) }
  return {
    object: { ...object, apiVersion, kind, metadata: object.metadata ?? {} },
    warnings: mode === 'Warn' ? strict : [],
  }
}

export function create(call: Call): Answer {
  const { request, resource, world } = call
  const read = readBody(call)
  if ('status' in read) return refused(read.status)
  const { object, warnings } = read
  const wrong = namespaceMismatch(call, object)
  if (wrong) return refused(wrong)
  const name = nameFor(call, object.metadata)
  const missing = namespaceRefusal(call, name)
  if (missing) return refused(missing)
  const built = build(call, object, name)
  const admission = admissionOf(call)
  const made = admission.mutated(built)
  if ('refused' in made) return refused(forbiddenStatus(aboutOf(resource), name, made.refused))
  const refusal = admissionRefusal(call, made)
  if (refusal) return refused(refusal)
  const errors = [
    ...validateMeta(made.metadata, resource.nameRule, resource.namespaced),
    ...resource.validate(made, undefined),
  ]
  if (errors.length > 0) return refused(invalidStatus(resource, name, errors))
  const judged = withImagePolicies(call, made)
  if ('status' in judged) return refused(judged.status)
  const denied = admission.refusal(judged.object)
  if (denied !== undefined) return refused(forbiddenStatus(aboutOf(resource), name, denied))
  if (world.head(keyOf(call, name))) return refused(alreadyExists(aboutOf(resource), name))
  const allocated = withAddresses(call, judged.object, undefined)
  if ('errors' in allocated) return refused(invalidStatus(resource, name, allocated.errors))
  const wish = {
    key: keyOf(call, name),
    value: managedFrom(call, allocated.object),
    because: asked('created', { ...call, request: { ...request, name } }, name),
  }
  return written(call, wish, 201, warnings, admission.wishes())
}

function namespaceMismatch({ request, resource }: Call, object: KubeObject): Status | undefined {
  const given = object.metadata.namespace
  if (!resource.namespaced || !given || given === (request.namespace ?? 'default')) return undefined
  return badRequest(`the namespace of the provided object does not match the namespace sent on the request`)
}

/** The given name, or one made from generateName: a taken one is drawn again, up to eight times. */
function nameFor(call: Call, meta: Partial<ObjectMeta>): string {
  if (meta.name || !meta.generateName) return meta.name ?? ''
  let name = ''
  for (let n = 0; n < MOST_NAMES; n++) {
    name = generatedName(
      meta.generateName,
      call.tools.draw(`${call.resource.store.id}/${meta.generateName}`, 'name', call.world.revision + n),
    )
    if (!call.world.head(keyOf(call, name))) return name
  }
  return name
}

/** What a client may say in metadata. */
const CLIENT_META = ['generateName', 'labels', 'annotations', 'ownerReferences', 'finalizers'] as const

function clientMeta(meta: Partial<ObjectMeta>): Partial<ObjectMeta> {
  const kept: Record<string, unknown> = {}
  for (const field of CLIENT_META) {
    const value = meta[field]
    if (value !== undefined && (typeof value === 'string' ? value !== '' : Object.keys(value).length > 0))
      kept[field] = value
  }
  return kept as Partial<ObjectMeta>
}

function build(call: Call, object: any, name: string): KubeObject {
  const { resource, request, world, tools } = call
  const key = keyOf(call, name)
  const metadata: ObjectMeta = {
    name,
    ...(resource.namespaced && { namespace: request.namespace ?? 'default' }),
    uid: tools.uid(key),
    creationTimestamp: stamp(world.now),
    ...(resource.counted && { generation: 1 }),
    ...clientMeta(object.metadata),
  }
  const { status: _, ...rest } = object
  const base = resource.absorb ? resource.absorb({ ...rest, metadata }) : { ...rest, metadata }
  const full = resource.complete(resource.kind === 'Node' && object.status ? { ...base, status: object.status } : base)
  return resource.freshStatus ? { ...full, status: resource.freshStatus(full) } : full
}

/** Services get addresses; other kinds pass. */
function withAddresses(
  { world, tools, resource }: Call,
  object: KubeObject,
  old: KubeObject | undefined,
): { object: KubeObject } | { errors: readonly FieldError[] } {
  if (resource.kind !== 'Service') return { object }
  const done = allocate(object as Service, old as Service | undefined, world, tools)
  return 'errors' in done ? done : { object: done.service }
}

export function update(call: Call): Answer {
  const { request, resource, world } = call
  const read = readBody(call)
  if ('status' in read) return refused(read.status)
  const wrong = namespaceMismatch(call, read.object)
  if (wrong) return refused(wrong)
  const name = request.name ?? read.object.metadata.name ?? ''
  if (read.object.metadata.name !== name) {
    return refused(
      badRequest(
        `the name of the object (${read.object.metadata.name ?? ''}) does not match the name on the URL (${name})`,
      ),
    )
  }
  const head = world.head(keyOf(call, name))
  if (!head) return refused(notFound(aboutOf(resource), name))
  return replace(call, head, read.object, read.warnings, 'updated')
}

/** Puts an object in the place of another: metadata and status keep what only the server may write. */
export function replace(
  call: Call,
  head: Change<KubeObject>,
  object: any,
  warnings: readonly string[],
  verb: string,
  managedFields?: readonly ManagedFields[],
): Answer {
  const { resource, request, world } = call
  const old = head.value
  const name = old.metadata.name
  const { resourceVersion, uid } = object.metadata as { resourceVersion?: string; uid?: string }
  if (resourceVersion && resourceVersion !== String(head.revision))
    return refused(conflict(aboutOf(resource), name, STALE))
  if (uid && uid !== old.metadata.uid) {
    return refused(
      conflict(
        aboutOf(resource),
        name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
      ),
    )
  }
  const merged =
    request.resource.subresource === 'status' ? statusReplaced(old, object) : specReplaced(resource, old, object)
  const errors = [
    ...validateMetaUpdate(merged.metadata, old.metadata),
    ...(merged === old ? [] : resource.validate(merged, old)),
  ]
  if (errors.length > 0) return refused(invalidStatus(resource, name, errors))
  const isExempt =
    merged === old || request.resource.subresource === 'status' || merged.metadata.deletionTimestamp !== undefined
  const judged = isExempt ? { object: merged } : withImagePolicies(call, merged)
  if ('status' in judged) return refused(judged.status)
  const denied = resource.kind === 'PriorityClass' ? defaultClassRefusal(merged as PriorityClass, world) : undefined
  if (denied !== undefined) return refused(forbiddenStatus(aboutOf(resource), name, denied))
  const allocated = withAddresses(call, judged.object, old)
  if ('errors' in allocated) return refused(invalidStatus(resource, name, allocated.errors))
  const next = settled(resource, old, owned(call, old, allocated.object, managedFields))
  const because = asked(verb, call, name, head)
  if (next === undefined) {
    const reply = { ok: true as const, code: 200, body: present(resource, head, world), warnings }
    return request.dryRun ? { reply } : { reply, plan: { changes: [{ key: head.key, value: undefined, because }] } }
  }
  return written(call, { key: head.key, value: next, because }, 200, warnings)
}

function statusReplaced(old: KubeObject, object: any): KubeObject {
  return { ...old, status: object.status ?? (old as { status?: unknown }).status } as KubeObject
}

function specReplaced(resource: Resource, old: KubeObject, object: any): KubeObject {
  const kept: any = old.metadata
  const metadata: ObjectMeta = {
    name: kept.name,
    ...(kept.namespace !== undefined && { namespace: kept.namespace }),
    uid: kept.uid,
    creationTimestamp: kept.creationTimestamp,
    ...(kept.generation !== undefined && { generation: kept.generation }),
    ...(kept.deletionTimestamp !== undefined && { deletionTimestamp: kept.deletionTimestamp }),
    ...(kept.deletionGracePeriodSeconds !== undefined && {
      deletionGracePeriodSeconds: kept.deletionGracePeriodSeconds,
    }),
    ...clientMeta(object.metadata),
    ...(kept.generateName !== undefined && { generateName: kept.generateName }),
    ...(kept.managedFields !== undefined && { managedFields: kept.managedFields }),
  }
  const { status: _, ...rest } = object
  const base = resource.absorb ? resource.absorb({ ...rest, metadata }) : { ...rest, metadata }
  const completed = resource.complete(base)
  const full = resource.release?.(completed, old) ?? completed
  const status = (old as { status?: unknown }).status
  return status === undefined ? full : ({ ...full, status } as KubeObject)
}

/** The same object when nothing changed; undefined when its last finalizer went while it was being deleted. */
function settled(resource: Resource, old: KubeObject, next: KubeObject): KubeObject | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = next.metadata
  if (
    deletionTimestamp !== undefined &&
    finalizers.length === 0 &&
    old.metadata.finalizers?.length &&
    deletionGracePeriodSeconds === 0
  )
    return undefined
  const kept = reusing(old, next) as KubeObject
  if (kept === old || !resource.counted) return kept
  const bare = (object: KubeObject) => ({ ...object, metadata: undefined, status: undefined })
  if (same(bare(kept), bare(old))) return kept
  return { ...kept, metadata: { ...kept.metadata, generation: (old.metadata.generation ?? 1) + 1 } }
}

/** The new value with every part that did not change taken from the old one, so that what is remembered of a part lasts. */
function reusing(old: unknown, next: unknown): unknown {
  if (same(old, next)) return old
  if (typeof old !== 'object' || typeof next !== 'object' || old === null || next === null || Array.isArray(next))
    return next
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(next))
    result[key] = reusing((old as Record<string, unknown>)[key], (next as Record<string, unknown>)[key])
  return result
}

export function patch(call: Call): Answer {
  const { request, resource, world } = call
  const name = request.name ?? ''
  const head = world.head(keyOf(call, name))
  if (!head) {
    if (request.patchType !== 'apply') return refused(notFound(aboutOf(resource), name))
    return create({
      ...call,
      request: {
        ...request,
        body: { ...(request.body as object), metadata: { ...(request.body as any).metadata, name } },
      },
    })
  }
  const current = present(resource, head, world) as unknown as JsonMap
  if (request.patchType === 'apply') return applyOnto(call, head, current)
  const patched = attempt(() => applied(call, current))
  if ('error' in patched) return refused(unprocessable(patched.error))
  const read = readBody(call, patched.value)
  if ('status' in read) return refused(read.status)
  // a patch is made on the newest version, so only a version that the patch itself names can be stale
  const named = (request.body as { metadata?: { resourceVersion?: string } })?.metadata?.resourceVersion
  const object = { ...read.object, metadata: { ...read.object.metadata, resourceVersion: named } }
  return replace(call, head, object, read.warnings, 'patched')
}

function applyOnto(call: Call, head: Change<KubeObject>, current: JsonMap): Answer {
  const { request, resource } = call
  const config = request.body as JsonMap
  const stated = config['metadata'] as { resourceVersion?: string; managedFields?: unknown } | undefined
  if (stated?.managedFields !== undefined) return refused(badRequest('metadata.managedFields must be nil'))
  const checked = readBody(call, config)
  if ('status' in checked) return refused(checked.status)
  const done = attempt(() =>
    serverSideApply({
      live: current as never,
      config,
      schema: resource.schema,
      who: managerOf(call),
      force: request.force === true,
    }),
  )
  if ('error' in done) return refused(unprocessable(done.error))
  if ('conflicts' in done.value) {
    const causes = done.value.conflicts.map((one) => ({
      message: `conflict with ${printManager(one.with)}`,
      field: one.path,
    }))
    return refused(applyConflict(conflictMessage(done.value.conflicts), causes))
  }
  const read = readBody(call, done.value.object)
  if ('status' in read) return refused(read.status)
  const object = { ...read.object, metadata: { ...read.object.metadata, resourceVersion: stated?.resourceVersion } }
  return replace(call, head, object, checked.warnings, 'applied', done.value.managedFields)
}

/** The object with the patch on it. */
function applied({ request, resource }: Call, current: JsonMap): Value {
  const body = request.body as Value
  switch (request.patchType) {
    case 'json':
      return applyJsonPatch(current, body)
    case 'merge':
      return applyMergePatch(current, body)
    default:
      return applyStrategicPatch(current, body as JsonMap, resource.schema)
  }
}

import type { Change, Reason } from '../../engine/change'
import type { Key, World } from '../../engine/kind'
import type { Plan, Tools, Wish } from '../../engine/plan'
import type { KubeObject } from '../kinds/meta'
import type { Resource } from '../kinds/resource'
import type { ApiReply, ApiRequest, Status } from './request'
import type { About } from './status'

/** One request to a resource that exists. */
export interface Call {
  readonly request: ApiRequest
  readonly resource: Resource
  readonly world: World
  readonly tools: Tools
}

export interface Answer {
  readonly reply: ApiReply
  readonly plan?: Plan
}

export const ok = (body: unknown, code = 200, warnings: readonly string[] = []): Answer => ({
  reply: { ok: true, code, body, warnings },
})

export const refused = (status: Status, warnings: readonly string[] = []): Answer => ({
  reply: { ok: false, code: status.code, status, warnings },
})

export const aboutOf = ({ plural, group, kind }: Resource): About => ({ resource: plural, group, kind })

export function keyOf({ request, resource }: Call, name = request.name ?? ''): Key<KubeObject> {
  return resource.store.key(resource.namespaced ? (request.namespace ?? 'default') : '', name)
}

/** `deployment.apps/web` */
export const called = (resource: Resource, name: string): string =>
  `${resource.singular}${resource.group === '' ? '' : `.${resource.group}`}/${name}`

/** Why the API server writes: somebody asked. `before`: the change it builds on. */
export function asked(id: string, { request, resource }: Call, name: string, before?: Change): Reason {
  const namespace = resource.namespaced ? request.namespace : undefined
  return {
    id: `kubernetes/api-${id}`,
    values: {
      object: called(resource, name),
      ...(namespace !== undefined && { namespace }),
      client: request.fieldManager ?? 'kubectl',
      from: request.from,
    },
    ...(before && { of: [before.revision] }),
  }
}

/** An object as the API shows it: with its resourceVersion, and with what is a function of time. */
export function present(resource: Resource, change: Change<KubeObject>, world: World): KubeObject {
  const shown = resource.present ? resource.present(change.value, world, change) : change.value
  return {
    ...shown,
    metadata: { ...shown.metadata, resourceVersion: String(change.revision) } as KubeObject['metadata'],
  }
}

const withoutVersion = (object: KubeObject): KubeObject => {
  const { resourceVersion: _, ...metadata } = object.metadata as KubeObject['metadata'] & { resourceVersion?: string }
  return { ...object, metadata }
}

/** The answer to a write: the object as it will be once the plan is in the log. */
export function written(
  call: Call,
  wish: Wish<KubeObject>,
  code: number,
  warnings: readonly string[],
  more: readonly Wish[] = [],
): Answer {
  const { world, resource, request } = call
  const head = world.head(wish.key)
  const unchanged = head?.value === wish.value
  // a dry run keeps nothing, so that there is no new version
  const revision = unchanged || (request.dryRun && head) ? head!.revision : world.revision + 1
  const change = { ...(head ?? {}), revision, at: world.now, value: wish.value, key: wish.key } as Change<KubeObject>
  const reply: ApiReply = { ok: true, code, body: present(resource, change, world), warnings }
  if (request.dryRun && !head) return { reply: { ...reply, body: withoutVersion(reply.body) } }
  if (request.dryRun || unchanged) return { reply }
  return { reply, plan: { changes: [wish, ...more] } }
}

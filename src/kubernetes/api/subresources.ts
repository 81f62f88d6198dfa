import type { Change } from '../../engine/change'
import { stamp } from '../../engine/time'
import type { Deployment } from '../kinds/deployment'
import type { KubeObject, LabelSelector } from '../kinds/meta'
import type { Pod } from '../kinds/pod'
import type { ReplicaSet } from '../kinds/replicaset'
import { type Answer, aboutOf, asked, type Call, keyOf, ok, refused } from './call'
import { evict } from './eviction'
import { invalid } from './field-error'
import { execute, logs } from './kubelet-proxy'
import { printSelector, selectorOf } from './label-selector'
import { owned } from './ownership'
import { attempt, type JsonMap, type Value } from './patch/json'
import { applyJsonPatch } from './patch/json-patch'
import { applyMergePatch } from './patch/merge-patch'
import { get } from './reading'
import { conflict, invalidStatus, methodNotSupported, notFound, STALE, success, unprocessable } from './status'
import { patch, readBody, replace } from './writing'

/** A request to a part of an object: `pods/web/log`, `deployments/web/scale`. */
export function subresource(call: Call): Answer {
  const { request, resource, world } = call
  const head = world.head(keyOf(call))
  if (!head) return refused(notFound(aboutOf(resource), request.name ?? ''))
  switch (request.resource.subresource) {
    case 'status':
      return status(call, head)
    case 'scale':
      return scale(call, head as Change<Deployment | ReplicaSet>)
    case 'binding':
      return bind(call, head as Change<Pod>)
    case 'eviction':
      return evict(call, head as Change<Pod>)
    case 'log':
      return logs(call, head as Change<Pod>)
    case 'exec':
      return execute(call, head as Change<Pod>)
    default:
      return refused(methodNotSupported(aboutOf(resource), request.verb))
  }
}

function status(call: Call, head: Change<KubeObject>): Answer {
  if (call.request.verb === 'get') return get(call)
  if (call.request.verb === 'patch') return patch(call)
  const read = readBody(call)
  return 'status' in read ? refused(read.status) : replace(call, head, read.object, read.warnings, 'updated')
}

/** autoscaling/v1 Scale: how many are wanted, and how many there are. */
function scaleOf({ value, revision }: Change<Deployment | ReplicaSet>): JsonMap {
  const { metadata, spec, status } = value
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace ?? 'default',
      uid: metadata.uid,
      resourceVersion: String(revision),
      creationTimestamp: metadata.creationTimestamp,
    },
    spec: { replicas: spec.replicas },
    status: { replicas: status.replicas ?? 0, selector: selectorText(spec.selector) },
  }
}

/** A ReplicationController selects by labels alone. */
function selectorText(selector: LabelSelector | Readonly<Record<string, string>> | undefined): string {
  const map = selector !== undefined && Object.values(selector).every((value) => typeof value === 'string')
  return printSelector(
    selectorOf(map ? { matchLabels: selector as Readonly<Record<string, string>> } : (selector ?? {})),
  )
}

function scale(call: Call, head: Change<Deployment | ReplicaSet>): Answer {
  const { request, resource, world } = call
  const name = request.name ?? ''
  const current = scaleOf(head)
  if (request.verb === 'get') return ok(current)
  let wanted = request.body as Value
  if (request.verb === 'patch') {
    const patched = attempt(() =>
      request.patchType === 'json' ? applyJsonPatch(current, wanted) : applyMergePatch(current, wanted),
    )
    if ('error' in patched) return refused(unprocessable(patched.error))
    wanted = patched.value
  }
  const given = wanted as { metadata?: { resourceVersion?: string }; spec?: { replicas?: number } }
  const version = given.metadata?.resourceVersion
  if (version && version !== String(head.revision)) return refused(conflict(aboutOf(resource), name, STALE))
  const replicas = given.spec?.replicas ?? 0
  if (replicas < 0)
    return refused(
      invalidStatus({ kind: 'Scale', group: 'autoscaling' }, name, [
        invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
      ]),
    )
  if (replicas === head.value.spec.replicas) return ok(current)
  const { metadata, spec } = head.value
  const scaled = {
    ...head.value,
    metadata: { ...metadata, generation: (metadata.generation ?? 1) + 1 },
    spec: { ...spec, replicas },
  } as Deployment
  const value = owned(call, head.value, scaled) as Deployment
  const because = { ...asked('scaled', call, name, head) }
  const reason = { ...because, values: { ...because.values, from: spec.replicas, to: replicas, machine: request.from } }
  const plan = request.dryRun ? undefined : { changes: [{ key: head.key, value, because: reason }] }
  return { ...ok(scaleOf({ ...head, value, revision: world.revision + 1 })), ...(plan && { plan }) }
}

function bind(call: Call, head: Change<Pod>): Answer {
  const node = (call.request.body as { target?: { name?: string } })?.target?.name ?? ''
  const pod = head.value
  const name = pod.metadata.name
  if (pod.spec.nodeName)
    return refused(
      conflict(
        { resource: 'pods/binding', group: '' },
        name,
        `pod ${name} is already assigned to node "${pod.spec.nodeName}"`,
      ),
    )
  const scheduled = {
    type: 'PodScheduled',
    status: 'True' as const,
    lastTransitionTime: stamp(call.world.now),
    lastProbeTime: null,
  }
  const value: Pod = {
    ...pod,
    spec: { ...pod.spec, nodeName: node },
    status: {
      ...pod.status,
      conditions: [...(pod.status.conditions ?? []).filter(({ type }) => type !== 'PodScheduled'), scheduled],
    },
  }
  return {
    ...ok(success(), 201),
    plan: { changes: [{ key: head.key, value, because: asked('bound', call, name, head) }] },
  }
}

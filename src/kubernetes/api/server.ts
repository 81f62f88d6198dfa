import type { World } from '../../engine/kind'
import type { Door } from '../../engine/plan'
import { Machine } from '../../platform/machine/machine'
import { reaches } from '../../platform/network/reach'
import type { Resource } from '../kinds/resource'
import { resourceNamed, unmodelledResources } from '../kinds/resources'
import { type Answer, aboutOf, type Call, refused } from './call'
import { remove, removeAll } from './deleting'
import { get, list, watch } from './reading'
import type { ApiReply, ApiRequest } from './request'
import { badRequest, methodNotSupported, noSuchResource, notModelled } from './status'
import { subresource } from './subresources'
import { create, patch, update } from './writing'

export const API_PORT = 6443

/**
 * The API server: reads and writes the objects of the cluster for whoever can reach it. After kube-apiserver 1.34.
 * Left out: authentication and authorization, webhooks, quotas, flow control, field ownership.
 */
export const apiServer: Door<ApiRequest, ApiReply> = {
  name: 'kube-apiserver',
  about: 'reads and writes the objects of the cluster',
  handle(request, world, tools) {
    const unreachable = whyUnreachable(world, request.from)
    if (unreachable !== undefined) return { reply: { ok: false, code: 0, unreachable, warnings: [] } }
    const { group, version, resource: plural } = request.resource
    const resource = resourceNamed(group, version, plural)
    if (resource) return warned(resource, answer({ request, resource, world, tools }))
    const served = unmodelledResources.find((one) => one.group === group && one.plural === plural)
    return refused(served ? notModelled(group === '' ? plural : `${plural}.${group}`) : noSuchResource())
  },
}

function warned({ deprecated }: Resource, given: Answer): Answer {
  if (deprecated === undefined) return given
  return { ...given, reply: { ...given.reply, warnings: [...given.reply.warnings, deprecated] } }
}

/** Why a client on a machine gets no answer at all, in a client's words; undefined: it does. */
export function whyUnreachable(world: World, from: string): string | undefined {
  const server = world.list(Machine, { role: 'control-plane' })[0]?.value
  if (!server)
    return 'The connection to the server localhost:8080 was refused - did you specify the right host or port?'
  const host = `${server.name}:${API_PORT}`
  const reach = reaches(world, from, server.name)
  if (!reach.ok) {
    return reach.silent
      ? `Unable to connect to the server: dial tcp ${server.address}:${API_PORT}: i/o timeout`
      : `The connection to the server ${host} was refused - did you specify the right host or port?`
  }
  if (server.daemons['kube-apiserver'] === 'stopped') {
    return `The connection to the server ${host} was refused - did you specify the right host or port?`
  }
  if (server.daemons['etcd'] === 'stopped') return 'Error from server: etcdserver: request timed out'
  return undefined
}

function answer(call: Call): Answer {
  const { request, resource } = call
  const part = request.resource.subresource
  if (part !== undefined) {
    if (!resource.subresources.includes(part as Resource['subresources'][number])) return refused(noSuchResource())
    return subresource(call)
  }
  if (!resource.verbs.includes(request.verb) && resource.derive)
    return refused(notModelled(`Writes of ${resource.plural}`))
  if (!resource.verbs.includes(request.verb)) return refused(methodNotSupported(aboutOf(resource), request.verb))
  switch (request.verb) {
    case 'get':
      return get(call)
    case 'list':
      return list(call)
    case 'watch':
      return watch(call)
    case 'create':
      return create(call)
    case 'update':
      return update(call)
    case 'patch':
      return request.body === undefined ? refused(badRequest('a patch needs a body')) : patch(call)
    case 'delete':
      return remove(call)
    case 'deletecollection':
      return removeAll(call)
  }
}

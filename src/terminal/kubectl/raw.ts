import { allResources, apiVersionOf, isModelled, KUBERNETES_VERSION } from '../../kubernetes'
import { fail } from '../cli/failure'
import type { Run } from './command'
import { nameOf } from './resource-args'

const NOT_FOUND = 'Error from server (NotFound): the server could not find the requested resource'

/** What `kubectl get --raw PATH` prints: health, versions, lists of kinds, and the objects themselves. */
export function rawGet(run: Run, path: string): string {
  const url = path.split('?')[0]!.replace(/\/+$/, '')
  const parts = url.split('/').slice(1)
  reach(run)
  if (/^\/(healthz|livez|readyz)(\/ping)?$/.test(url)) return 'ok'
  if (url === '/version')
    return `${JSON.stringify({ major: '1', minor: '34', gitVersion: KUBERNETES_VERSION, platform: 'linux/amd64' }, null, 2)}\n`
  if (parts[0] === 'api' && parts.length === 1) return line({ kind: 'APIVersions', versions: ['v1'] })
  if (parts[0] === 'apis' && parts.length === 1)
    return line({ kind: 'APIGroupList', apiVersion: 'v1', groups: groups() })
  const isCore = parts[0] === 'api'
  if (!isCore && parts[0] !== 'apis') return fail(NOT_FOUND)
  const [group, version, rest] = isCore
    ? ['', parts[1] ?? '', parts.slice(2)]
    : [parts[1] ?? '', parts[2] ?? '', parts.slice(3)]
  const served = allResources().filter((one) => one.group === group && one.version === version)
  if (served.length === 0) return fail(NOT_FOUND)
  if (rest.length === 0) return line(resourceList(apiVersionOf(served[0]!), served))
  const namespaced = rest[0] === 'namespaces' && rest.length > 2
  const [plural, name, subresource] = namespaced ? rest.slice(2) : rest
  const resource = served.find((one) => one.plural === plural)
  if (!resource) return fail(NOT_FOUND)
  const query = new Map(
    (path.split('?')[1] ?? '').split('&').map((pair) => pair.split('=').map(decoded) as [string, string]),
  )
  const body = run.client.ask({
    verb: name === undefined ? 'list' : 'get',
    resource: { ...nameOf(resource), ...(subresource !== undefined && { subresource }) },
    ...(namespaced && { namespace: rest[1]! }),
    ...(name !== undefined && { name }),
    ...(query.has('labelSelector') && { labelSelector: query.get('labelSelector')! }),
    ...(query.has('fieldSelector') && { fieldSelector: query.get('fieldSelector')! }),
    ...(Number(query.get('limit')) > 0 && { limit: Number(query.get('limit')) }),
  })
  return subresource === 'log' ? body.text : line(body)
}

const line = (value: unknown) => `${JSON.stringify(value)}\n`

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Asks for something, so that a server that is away is noticed. */
const reach = (run: Run) =>
  run.client.try({ verb: 'list', resource: { group: '', version: 'v1', resource: 'namespaces' }, limit: 1 })

const groups = () =>
  [...new Set(allResources().map(({ group }) => group))]
    .filter((group) => group !== '')
    .map((group) => {
      const versions = [
        ...new Set(
          allResources()
            .filter((one) => one.group === group)
            .map(({ version }) => version),
        ),
      ]
      const named = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }))
      return { name: group, versions: named, preferredVersion: named[0] }
    })

const resourceList = (groupVersion: string, served: ReturnType<typeof allResources>) => ({
  kind: 'APIResourceList',
  ...(groupVersion.includes('/') && { apiVersion: 'v1' }),
  groupVersion,
  resources: served.map((one) => ({
    name: one.plural,
    singularName: one.kind.toLowerCase(),
    namespaced: one.namespaced,
    kind: one.kind,
    verbs: isModelled(one) ? one.verbs : [],
    ...(one.shortNames.length > 0 && { shortNames: one.shortNames }),
  })),
})

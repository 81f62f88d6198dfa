import { cacheUses, pruneCache } from '../build/cache-use'
import { buildFiles, cancelBuild, followBuild, startBuild } from '../build/view'
import { containerNamed } from '../containers/find'
import { readEvents } from '../events/read'
import { commitContainer } from '../images/commit'
import { history, inspectImage, listImages, tagImage } from '../images/images'
import { importImage } from '../images/import'
import { loadImages } from '../images/load'
import { pull } from '../images/pull'
import { push } from '../images/push'
import { pruneImages, removeImage } from '../images/remove'
import { saveImages } from '../images/save'
import { type ConnectBody, connect, disconnect } from '../network/endpoints'
import {
  createNetwork,
  describeNetwork,
  listNetworks,
  networkNamed,
  pruneNetworks,
  removeNetwork,
} from '../network/networks'
import { checkAuth } from '../system/auth'
import { diskUse } from '../system/disk-use'
import { info, version } from '../system/system'
import { createVolume, describeVolume, listVolumes, pruneVolumes, removeVolume, volumeNamed } from '../volumes/volumes'
import { containerRoutes } from './container-routes'
import { done, type Handler, ok, type Routes } from './handler'
import { type EngineRequest, isTrue } from './request'

const own: Routes = {
  'GET /version': () => ok(version()),
  'GET /info': (pass) => ok(info(pass)),
  'GET /_ping': () => ok('OK'),
  'GET /events': (pass, request) => readEvents(pass, request),
  'GET /system/df': (pass) => ok(diskUse(pass)),
  'GET /networks': (pass, { query }) => ok(listNetworks(pass, query)),
  'POST /networks/create': (pass, { body }) => ok(createNetwork(pass, body as never), 201),
  'POST /networks/prune': (pass, { query }) => ok(pruneNetworks(pass, query)),
  'GET /networks/{}': (pass, _, name) => ok(describeNetwork(pass, networkNamed(pass, name!))),
  'DELETE /networks/{}': (pass, _, name) => (removeNetwork(pass, name!), done),
  'POST /networks/{}/connect': (pass, { body }, name) => {
    const { Container, EndpointConfig } = body as unknown as ConnectBody
    return (connect(pass, name!, containerNamed(pass, Container), EndpointConfig), ok(null))
  },
  'POST /networks/{}/disconnect': (pass, { body }, name) => (
    disconnect(pass, name!, containerNamed(pass, (body as unknown as ConnectBody).Container)), ok(null)
  ),
  'GET /volumes': (pass, { query }) => ok(listVolumes(pass, query)),
  'POST /volumes/create': (pass, { body }) => ok(describeVolume(createVolume(pass, body as never)), 201),
  'POST /volumes/prune': (pass, { query }) => ok(pruneVolumes(pass, query)),
  'GET /volumes/{}': (pass, _, name) => ok(describeVolume(volumeNamed(pass, name!))),
  'DELETE /volumes/{}': (pass, { query }, name) => (removeVolume(pass, name!, query), done),
  'GET /images/json': (pass, { query }) => ok(listImages(pass, query)),
  'POST /images/create': (pass, request) =>
    request.query?.['fromSrc'] === undefined
      ? pull(pass, request, request.query?.['fromImage'] ?? '')
      : ok(importImage(pass, request.body as never)),
  'GET /images/get': (pass, { body }) => ok(saveImages(pass, (body as { names: string[] }).names)),
  'POST /images/load': (pass, { body }) => ok(loadImages(pass, (body as { archive: string }).archive)),
  'POST /images/{*}/push': (pass, request, name) => push(pass, request, name!),
  'POST /auth': (pass, request) => checkAuth(pass, request),
  'POST /images/prune': (pass, { query }) => ok(pruneImages(pass, query)),
  'GET /build/cache': (pass) => ok(cacheUses(pass)),
  'POST /build/prune': (pass, { query }) => ok(pruneCache(pass, query)),
  'POST /build': (pass, { body }) => startBuild(pass, body),
  'GET /builds/{}/files': (pass, _, id) => ok(buildFiles(pass, id!)),
  'GET /builds/{}': (pass, _, id) => followBuild(pass, id!),
  'POST /build/cancel': (pass, { query }) => (cancelBuild(pass, query?.['id'] ?? ''), done),
  'POST /commit': (pass, { query = {}, body }) => {
    const { container = '', repo = '', tag = '', author = '', comment = '', pause = 'true' } = query
    const found = containerNamed(pass, container)
    if (isTrue(pause) && found.status === 'running') pass.tell(found, 'pause')
    const changes = (body as unknown as { changes?: readonly string[] } | undefined)?.changes ?? []
    const made = commitContainer(pass, found, { repo, tag, author, comment, changes })
    if (isTrue(pause) && found.status === 'running') pass.tell(found, 'unpause')
    return ok(made, 201)
  },
  'GET /images/{*}/json': (pass, _, name) => ok(inspectImage(pass, name!)),
  'GET /images/{*}/history': (pass, _, name) => ok(history(pass, name!)),
  'POST /images/{*}/tag': (pass, { query }, name) => (
    tagImage(pass, name!, query?.['repo'] ?? '', query?.['tag'] ?? ''), ok(null, 201)
  ),
  'DELETE /images/{*}': (pass, { query }, name) => ok(removeImage(pass, name!, query)),
}

interface Route {
  readonly method: string
  readonly pieces: readonly string[]
  readonly handle: Handler
}

const routes: readonly Route[] = Object.entries({ ...containerRoutes, ...own }).map(([text, handle]) => {
  const [method = '', path = ''] = text.split(' ')
  return { method, pieces: path.split('/').slice(1), handle }
})

/** The pieces of a path that a route leaves open; undefined: it is not this route. */
function matched(pieces: readonly string[], words: readonly string[]): string[] | undefined {
  const wide = pieces.indexOf('{*}')
  if (wide < 0 ? pieces.length !== words.length : words.length < pieces.length) return undefined
  const extra = words.length - pieces.length
  const folded =
    wide < 0
      ? words
      : [...words.slice(0, wide), words.slice(wide, wide + extra + 1).join('/'), ...words.slice(wide + extra + 1)]
  const parts: string[] = []
  for (const [i, piece] of pieces.entries()) {
    if (piece.startsWith('{')) parts.push(folded[i]!)
    else if (piece !== folded[i]) return undefined
  }
  return parts
}

export function routeOf({
  method,
  path,
}: EngineRequest): { readonly handle: Handler; readonly parts: readonly string[] } | undefined {
  const words = path.split('/').slice(1)
  for (const route of routes) {
    if (route.method !== method) continue
    const parts = matched(route.pieces, words)
    if (parts) return { handle: route.handle, parts }
  }
  return undefined
}

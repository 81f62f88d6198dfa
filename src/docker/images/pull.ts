import type { Reason } from '../../engine'
import { LocalImage, localImageKey, Pull, pullKey } from '../../platform/image/image'
import {
  familiarName,
  localName,
  parseReference,
  type Reference,
  repositoryOf,
  withDefaultTag,
} from '../../platform/image/reference'
import { type Image, resolveImage } from '../../platform/image/resolve'
import { type EngineReply, type EngineRequest, refuse } from '../engine/request'
import type { Pass } from '../pass'
import { contentOf } from './store'

/** Asking the registry, before the first byte of a layer. */
const HEAD_SHARE = 0.1

interface Told {
  readonly count: number
  /** Layers that the machine had when it began. */
  readonly present: readonly string[]
  readonly fresh: boolean
}

/** `POST /images/create`: begins a pull, or goes on with it; `told` says what the client has heard. */
export function pull(pass: Pass, request: EngineRequest, text: string): EngineReply {
  const parsed = parseReference(text)
  if ('error' in parsed) return refuse(400, parsed.error)
  const reference = withDefaultTag(parsed.reference)
  const name = localName(text)
  const key = pullKey(pass.machine.name, name)
  const before = request.query?.['told'] === undefined ? undefined : (JSON.parse(request.query['told']) as Told)
  const running = pass.world.head(key)
  const local = pass.get(localImageKey(pass.machine.name, name))
  const answer = resolveImage(name)
  const told: Told = before ?? { count: 0, present: presentLayers(pass), fresh: local === undefined }
  if (running?.value.state === 'failed') {
    pass.set(key, undefined, { id: 'docker/pull-failed', values: { image: text } }, true)
    return refuse(404, pullProblem(reference, answer.found === 'missing' ? answer.why : 'network'))
  }
  if (
    !before &&
    answer.found !== 'missing' &&
    local?.digest === answer.image.digest &&
    local.source === undefined &&
    !running
  )
    return { status: 200, body: { lines: [head(reference), ...tail(reference, local, false)] } }
  if (before && !running) {
    if (!local) return refuse(500, 'the machine was restarted while the image was pulled')
    const all = [head(reference), ...layerLines(answer, told, 1), ...tail(reference, local, told.fresh)]
    pass.event('image', 'pull', name, { name: familiarName(reference) })
    return { status: 200, body: { lines: all.slice(told.count) } }
  }
  if (!running) {
    const because: Reason = { id: 'docker/pull-wanted', values: { image: name } }
    pass.set(key, wantedPull(pass, name), because)
  }
  const { value } = running ?? {}
  const share =
    value?.startedAt === undefined || value.endsAt === undefined
      ? 0
      : (pass.now - value.startedAt) / (value.endsAt - value.startedAt)
  const lines =
    answer.found === 'missing' || share < HEAD_SHARE ? [] : [head(reference), ...layerLines(answer, told, share)]
  const next = { ...told, count: Math.max(told.count, lines.length) }
  return {
    status: 102,
    body: { lines: lines.slice(told.count) },
    next: { ...request, query: { ...request.query, told: JSON.stringify(next) } },
    until: { kinds: [Pull.id], millis: 100 },
  }
}

const wantedPull = (pass: Pass, reference: string): Pull => ({
  machine: pass.machine.name,
  reference,
  state: 'waiting',
  wantedAt: pass.now,
  startedAt: undefined,
  endsAt: undefined,
  error: undefined,
})

function presentLayers(pass: Pass): readonly string[] {
  const found = new Set<string>()
  for (const image of pass.all(LocalImage))
    for (const { digest } of contentOf(pass, image)?.layers ?? []) found.add(digest)
  return [...found]
}

const head = ({ tag, digest, path }: Reference): string => `${tag ?? digest}: Pulling from ${path}`

const short = (digest: string): string => digest.slice(7, 19)

/** The states of the layers, as far as the pull has come: each line once, in the order in which they happen. */
function layerLines(answer: ReturnType<typeof resolveImage>, told: Told, share: number): readonly string[] {
  if (answer.found === 'missing') return []
  const { layers }: Image = answer.image
  const present = new Set(told.present)
  const lines = layers.map(
    ({ digest }) => `${short(digest)}: ${present.has(digest) ? 'Already exists' : 'Pulling fs layer'}`,
  )
  const missing = layers.filter(({ digest }) => !present.has(digest))
  const total = missing.reduce((sum, layer) => sum + layer.compressedBytes, 0)
  let done = 0
  for (const layer of missing) {
    done += layer.compressedBytes
    const at = HEAD_SHARE + (1 - HEAD_SHARE) * (total === 0 ? 1 : done / total)
    if (share < at - 1e-9 && share < 1) break
    const id = short(layer.digest)
    lines.push(`${id}: Verifying Checksum`, `${id}: Download complete`, `${id}: Pull complete`)
  }
  return lines
}

const tail = (reference: Reference, { digest }: LocalImage, fresh: boolean): readonly string[] => {
  const tag = reference.digest !== undefined ? `@${reference.digest}` : `:${reference.tag}`
  const said = `${familiarName(reference)}${tag}`
  return [
    `Digest: ${digest}`,
    `Status: ${fresh ? 'Downloaded newer image for' : 'Image is up to date for'} ${said}`,
    `${repositoryOf(reference)}${tag}`,
  ]
}

/** The daemon's words. After translatePullError in moby's distribution. */
export function pullProblem(
  reference: Reference,
  why: 'reference' | 'tag' | 'repository' | 'host' | 'network',
): string {
  const name = familiarName(reference)
  if (why === 'repository')
    return `pull access denied for ${name}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`
  if (why === 'tag')
    return `manifest for ${name}:${reference.tag ?? 'latest'} not found: manifest unknown: manifest unknown`
  const host = reference.domain === 'docker.io' ? 'registry-1.docker.io' : reference.domain
  if (why === 'network')
    return `Get "https://${host}/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`
  return `Get "https://${host}/v2/": dial tcp: lookup ${host.split(':')[0]} on 127.0.0.53:53: no such host`
}

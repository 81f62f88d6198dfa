import type { Reason } from '../../engine'
import { type LocalImage, localImageKey, Pull, pullKey } from '../../platform/image/image'
import {
  familiarName,
  localName,
  parseReference,
  type Reference,
  repositoryOf,
  withDefaultTag,
} from '../../platform/image/reference'
import { type Image, resolveImage } from '../../platform/image/resolve'
import type { Credentials } from '../../platform/registry/credentials'
import { isFromRegistry } from '../../platform/registry/fetch'
import { pooledImageKey } from '../../platform/registry/pool'
import { schedule } from '../../platform/registry/schedule'
import { type EngineReply, type EngineRequest, refuse } from '../engine/request'
import type { Pass } from '../pass'
import { configurationOf } from '../system/configuration'
import { credentialsOf } from './credentials'
import { contentOf, imageLayers } from './store'

/** Asking the registry, before the first byte of a layer. */
const HEAD_SHARE = 0.1

interface Told {
  readonly count: number
  /** Layers that the machine had when it began. */
  readonly present: readonly string[]
  /** What its name meant before; empty: nothing. */
  readonly former: string
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
  const answer = answerOf(pass, name, running?.value)
  const told: Told = before ?? { count: 0, present: [...imageLayers(pass)], former: local?.digest ?? '' }
  if (running?.value.state === 'failed') {
    pass.set(key, undefined, { id: 'docker/pull-failed', values: { image: text } }, true)
    const own = running.value.told
    const message = own ?? pullProblem(reference, answer.found === 'missing' ? answer.why : 'network')
    // no refusal: what failed is forgotten, so that the next pull asks anew
    return { status: own?.startsWith('toomany') ? 429 : own === undefined ? 404 : 500, body: { message } }
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
    const image = contentOf(pass, local)
    // what is there already is not gone through layer by layer
    const layers = image && told.former !== local.digest ? layerLines(image, told, 1) : []
    const all = [head(reference), ...layers, ...tail(reference, local, told.former !== local.digest)]
    pass.event('image', 'pull', name, { name: familiarName(reference) })
    return { status: 200, body: { lines: all.slice(told.count) } }
  }
  if (!running) {
    const because: Reason = { id: 'docker/pull-wanted', values: { image: name } }
    pass.set(key, wantedPull(pass, name, credentialsOf(request)), because)
  }
  const { value } = running ?? {}
  const share =
    value?.startedAt === undefined || value.endsAt === undefined
      ? 0
      : (pass.now - value.startedAt) / (value.endsAt - value.startedAt)
  const lines =
    answer.found === 'missing' || share < HEAD_SHARE
      ? []
      : [head(reference), ...(local?.id === answer.image.id ? [] : layerLines(answer.image, told, share))]
  const next = { ...told, count: Math.max(told.count, lines.length) }
  return {
    status: 102,
    body: { lines: lines.slice(told.count) },
    next: { ...request, query: { ...request.query, told: JSON.stringify(next) } },
    until: { kinds: [Pull.id], millis: 100 },
  }
}

const wantedPull = (pass: Pass, reference: string, credentials: Credentials | undefined): Pull => ({
  ...(credentials && { credentials }),
  insecure: configurationOf(pass.world, pass.machine).insecureRegistries,
  machine: pass.machine.name,
  reference,
  state: 'waiting',
  wantedAt: pass.now,
  startedAt: undefined,
  endsAt: undefined,
  error: undefined,
})

const head = ({ tag, digest, path }: Reference): string => `${tag ?? digest}: Pulling from ${path}`

const short = (digest: string): string => digest.slice(7, 19)

/** Which part of a pull's time is the download of its layers; the rest is their unpacking. */
const DOWNLOAD_SHARE = 0.75
/** As many layers at a time: max-concurrent-downloads. */
const LANES = 3

/**
 * The states of the layers, as far as the pull has come: each line once, in the order in which they happen. Layers are fetched three at a
 * time, and unpacked one after the other from the lowest on.
 */
function layerLines({ layers }: Image, told: Told, share: number): readonly string[] {
  const present = new Set(told.present)
  const lines = layers.map(
    ({ digest }) => `${short(digest)}: ${present.has(digest) ? 'Already exists' : 'Pulling fs layer'}`,
  )
  const missing = layers.filter(({ digest }) => !present.has(digest))
  for (const { digest } of missing.slice(LANES)) lines.push(`${short(digest)}: Waiting`)
  const slots = schedule(
    missing.map(({ compressedBytes }) => compressedBytes + 1),
    LANES,
    1_000_000,
  )
  const last = Math.max(1, ...slots.map(({ endsAt }) => endsAt))
  const unpacked = missing.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0) || 1
  const steps: { readonly at: number; readonly says: readonly string[] }[] = []
  let free = 0
  for (const [i, { digest, unpackedBytes }] of missing.entries()) {
    const id = short(digest)
    const fetched = (DOWNLOAD_SHARE * slots[i]!.endsAt) / last
    free = Math.max(free, fetched) + ((1 - DOWNLOAD_SHARE) * unpackedBytes) / unpacked
    steps.push({ at: fetched, says: [`${id}: Verifying Checksum`, `${id}: Download complete`] })
    steps.push({ at: free, says: [`${id}: Pull complete`] })
  }
  const reached = (share - HEAD_SHARE) / (1 - HEAD_SHARE)
  for (const { at, says } of steps.sort((a, b) => a.at - b.at))
    if (share >= 1 || at <= reached + 1e-9) lines.push(...says)
  return lines
}

/** What the registry gives: known as soon as it has been asked. */
function answerOf(pass: Pass, name: string, pull: Pull | undefined): ReturnType<typeof resolveImage> {
  const pooled = pull?.image === undefined ? undefined : pass.world.get(pooledImageKey(pull.image))
  if (pooled) return { found: 'known', image: pooled.image }
  if (pull?.told !== undefined || isFromRegistry(pass.world, name))
    return { found: 'missing', why: 'repository', error: '' }
  return resolveImage(name)
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

import { type Change, defineKind, type Key, type Millis, type World } from '../../engine'
import type { Controller, Plan, Tools, Wish } from '../../engine/plan'
import type { BaseName } from '../image/bases'
import { digestOf } from '../image/hex'
import { LocalImage } from '../image/image'
import { storedLayerKey } from '../image/layer'
import { familiarForm, parseReference, withDefaultTag } from '../image/reference'
import { type Image, resolveImage } from '../image/resolve'
import { imageOf, type StoredImage, storedImageKey } from '../image/stored'
import { type Machine, machineKey } from '../machine/machine'
import { Effects } from '../network/effects'
import { type Answered, RegistryClient, wordsOf } from './client'
import type { Manifest } from './content'
import type { Credentials } from './credentials'
import { pooledImageKey, pooledLayerKey } from './pool'
import { schedule } from './schedule'
import { slownessOf } from './slowness'

/** One layer on its way to a registry. */
export interface PushPart {
  readonly digest: string
  readonly bytes: number
  readonly how: 'pushed' | 'exists' | 'mounted'
  /** The repository that it was mounted from. */
  readonly from?: string
  readonly startsAt: Millis
  readonly endsAt: Millis
}

/** An image on its way from a machine to a registry. scope: machine, name: its name there. Whoever wanted it deletes it. */
export interface Push {
  readonly machine: string
  /** In its familiar form with its tag. */
  readonly reference: string
  readonly credentials?: Credentials
  /** Registries that may be spoken to without encryption. */
  readonly insecure: readonly string[]
  readonly state: 'waiting' | 'pushing' | 'failed' | 'done'
  readonly endsAt: Millis | undefined
  /** The uppermost first, as they are pushed. */
  readonly parts: readonly PushPart[]
  readonly error: string | undefined
  readonly digest: string
  /** Bytes of the manifest. */
  readonly size: number
}
export const Push = defineKind<Push>('platform/Push', { about: 'an image on its way to a registry' })
export const pushKey = (machine: string, reference: string): Key<Push> => Push.key(machine, reference)

const LANES = 5
/** A registry on the same machine is as fast as its disk. */
const LOCAL_BYTES_PER_SECOND = 300_000_000
const BLOB_MILLIS = 12

/**
 * Pushes images: what a registry has already stays where it is, what another of its repositories has is mounted from there, the rest travels,
 * five layers at a time. After push_v2.go in moby's distribution.
 */
export const imagePusher: Controller = {
  name: 'image-pusher',
  about: 'brings images from the machines to the registries',
  watches: [{ kind: Push }],
  reconcile(about, world, tools): Plan | undefined {
    const key = about as Key<Push>
    const head = world.head(key)
    const machine = head && world.get(machineKey(head.value.machine))
    if (!head || machine?.power !== 'on') return undefined
    if (head.value.state === 'waiting') return begin(world, tools, machine, head)
    if (head.value.state !== 'pushing') return undefined
    const left = (head.value.endsAt ?? world.now) - world.now
    return left > 0 ? { again: left } : end(world, tools, machine, head)
  },
}

interface Wanted {
  readonly domain: string
  readonly path: string
  readonly tag: string
  readonly image: Image
  readonly manifest: Manifest
  readonly digest: string
}

function wantedOf(world: World, push: Push): Wanted | undefined {
  const local = world.get(LocalImage.key(push.machine, push.reference))
  const image = local && imageOf(world, local)
  const parsed = parseReference(push.reference)
  if (!image || 'error' in parsed) return undefined
  const { domain, path, tag = 'latest' } = withDefaultTag(parsed.reference)
  const stored = world.get(storedImageKey(push.machine, image.id))
  const layers = image.layers.map((layer) => layer.digest)
  // what came from the catalogue has no manifest of its own here: one of the usual size stands for it
  const size = stored?.manifestJson.length ?? 427 + 146 * layers.length
  const digest = stored?.digest ?? digestOf(`manifest ${image.id}`)
  return { domain, path, tag, image, digest, manifest: { id: image.id, size, layers } }
}

const clientFor = (world: World, tools: Tools, machine: Machine, effects: Effects, push: Push) =>
  new RegistryClient(world, tools, effects, machine, push.insecure)

function failure(answer: Answered, hasCredentials: boolean): string | undefined {
  if ('problem' in answer) return answer.problem
  if (answer.status === 401 && !hasCredentials && wordsOf(answer) === 'unauthorized: authentication required')
    return 'no basic auth credentials'
  return answer.status === 401 || answer.status === 403 || answer.status >= 500 ? wordsOf(answer) : undefined
}

/** Asks what is there, and plans what has to travel. */
function begin(world: World, tools: Tools, machine: Machine, { key, value, revision }: Change<Push>): Plan {
  const wanted = wantedOf(world, value)
  const because = { id: 'platform/push-began', values: { image: value.reference }, of: [revision] }
  const fail = (error: string, millis: Millis): Plan => ({
    changes: [{ key, value: { ...value, state: 'pushing', error, endsAt: world.now + Math.max(1, millis) }, because }],
  })
  if (!wanted) return fail(`tag does not exist: ${value.reference}`, 1)
  const client = clientFor(world, tools, machine, new Effects(world), value)
  const { domain, path, image } = wanted
  let takes = 60
  const ask = (method: string, at: string) => {
    const answer = client.ask(domain, { method, path: at }, value.credentials)
    takes += answer.millis
    return answer
  }
  const first = failure(ask('GET', '/v2/'), value.credentials !== undefined)
  if (first !== undefined) return fail(first, takes)
  const sources = sourcesOf(world, machine.name, wanted)
  const found: Omit<PushPart, 'startsAt' | 'endsAt'>[] = []
  for (const layer of [...image.layers].reverse()) {
    const { digest, compressedBytes: bytes } = layer
    const there = client.ask(domain, { method: 'HEAD', path: `/v2/${path}/blobs/${digest}` }, value.credentials)
    const refused = failure(there, value.credentials !== undefined)
    if (refused !== undefined) return fail(refused, takes)
    const from = sources.get(digest)
    const exists = 'status' in there && there.status === 200
    found.push(
      exists
        ? { digest, bytes, how: 'exists' }
        : from !== undefined
          ? { digest, bytes, how: 'mounted', from }
          : { digest, bytes, how: 'pushed' },
    )
  }
  // whether one may write shows with the first upload
  const may = client.ask(
    domain,
    { method: 'PUT', path: `/v2/${path}/blobs/${image.layers[0]?.digest ?? 'sha256:0'}?size=0` },
    value.credentials,
  )
  const denied = failure(may, value.credentials !== undefined)
  if (denied !== undefined) return fail(denied, takes)
  const isLocal = /^(localhost|127\.)/.test(domain)
  const rate = (isLocal ? LOCAL_BYTES_PER_SECOND : machine.downloadBytesPerSecond) / slownessOf(world, value.reference)
  const travels = found.filter(({ how }) => how === 'pushed')
  const slots = schedule(
    travels.map(({ bytes }) => bytes + (rate * BLOB_MILLIS) / 1000),
    LANES,
    rate,
  )
  const begins = world.now + takes
  const parts = found.map((part): PushPart => {
    const slot = slots[travels.indexOf(part)] ?? { startsAt: 0, endsAt: BLOB_MILLIS }
    return { ...part, startsAt: begins + slot.startsAt, endsAt: begins + slot.endsAt }
  })
  const endsAt = Math.max(begins, ...parts.map((part) => part.endsAt)) + (isLocal ? 20 : 250)
  const values = {
    image: value.reference,
    layers: travels.length,
    bytes: travels.reduce((sum, { bytes }) => sum + bytes, 0),
    present: found.length - travels.length,
  }
  return {
    changes: [
      {
        key,
        value: { ...value, state: 'pushing', parts, endsAt, digest: wanted.digest, size: wanted.manifest.size },
        because: { ...because, values },
      },
    ],
  }
}

/** Where in the same registry the machine's other images have their layers from: layer → repository. */
function sourcesOf(world: World, machine: string, { domain, path, image }: Wanted): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const all = world.list(LocalImage, { scope: machine })
  // first the same image under its other names
  for (const { value } of [...all].sort((a, b) => Number(b.value.id === image.id) - Number(a.value.id === image.id))) {
    const parsed = parseReference(value.reference)
    if ('error' in parsed || parsed.reference.domain !== domain || parsed.reference.path === path) continue
    const inCatalogue =
      domain === 'docker.io' && resolveImage(familiarForm(withDefaultTag(parsed.reference))).found === 'known'
    if (domain === 'docker.io' ? !inCatalogue : value.digest === '') continue
    for (const { digest } of imageOf(world, value)?.layers ?? [])
      if (!found.has(digest)) found.set(digest, parsed.reference.path)
  }
  if (domain === 'docker.io')
    for (const [digest, from] of catalogueSources(image))
      if (!found.has(digest) && from !== path) found.set(digest, from)
  return found
}

/** The distributions' own repositories. */
const DISTRIBUTIONS: Readonly<Partial<Record<BaseName, string>>> = {
  alpine: 'library/alpine',
  busybox: 'library/busybox',
  debian: 'library/debian',
  'debian:slim': 'library/debian',
  ubuntu: 'library/ubuntu',
  'ubuntu:22.04': 'library/ubuntu',
}

/** Layers that a build took from the catalogue, by the image that they came with: the daemon notes it when it fetches them. */
function catalogueSources({ layers }: Image): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  let repository: string | undefined
  for (const { digest, catalogue } of [...layers].reverse()) {
    if (!catalogue) continue
    if ('image' in catalogue) {
      const parsed = parseReference(catalogue.image)
      repository = 'error' in parsed || parsed.reference.domain !== 'docker.io' ? undefined : parsed.reference.path
    }
    const from = 'base' in catalogue ? (repository ?? DISTRIBUTIONS[catalogue.base]) : repository
    if (from !== undefined) found.set(digest, from)
  }
  return found
}

/** Everything has travelled: the registry notes it, and the manifest last. */
function end(world: World, tools: Tools, machine: Machine, { key, value, revision }: Change<Push>): Plan {
  const wanted = wantedOf(world, value)
  const because = { id: 'platform/pushed', values: { image: value.reference, digest: value.digest }, of: [revision] }
  const failed = (error: string): Plan => ({
    changes: [
      {
        key,
        value: { ...value, state: 'failed', error },
        because: { id: 'platform/push-failed', values: { image: value.reference, error }, of: [revision] },
      },
    ],
  })
  if (value.error !== undefined || !wanted) return failed(value.error ?? `tag does not exist: ${value.reference}`)
  const effects = new Effects(world)
  const client = clientFor(world, tools, machine, effects, value)
  const { domain, path, tag, manifest, digest, image } = wanted
  for (const part of value.parts) {
    const answer = client.ask(
      domain,
      { method: 'PUT', path: `/v2/${path}/blobs/${part.digest}?size=${part.bytes}` },
      value.credentials,
    )
    const problem = failure(answer, true)
    if (problem !== undefined) return failed(problem)
  }
  const body = JSON.stringify({ ...manifest, digest })
  const last = client.ask(domain, { method: 'PUT', path: `/v2/${path}/manifests/${tag}`, body }, value.credentials)
  const problem = failure(last, true) ?? ('status' in last && last.status !== 201 ? wordsOf(last) : undefined)
  if (problem !== undefined) return failed(problem)
  const changes: Wish[] = [...effects.wishes(), ...client.wishes()]
  const local = world.get(LocalImage.key(machine.name, value.reference))!
  changes.push({ key, value: { ...value, state: 'done' }, because })
  changes.push({
    key: LocalImage.key(machine.name, value.reference),
    value: { ...local, digest },
    because,
    quiet: true,
  })
  changes.push({
    key: pooledImageKey(image.id),
    value: pooled(world, machine.name, image, digest),
    because,
    quiet: true,
  })
  for (const layer of image.layers) {
    const own = world.get(storedLayerKey(machine.name, layer.digest))
    if (own) changes.push({ key: pooledLayerKey(layer.digest), value: own, because, quiet: true })
  }
  return { changes }
}

const pooled = (world: World, machine: string, image: Image, digest: string): StoredImage =>
  world.get(storedImageKey(machine, image.id)) ?? {
    id: image.id,
    digest,
    createdAt: world.now,
    image,
    history: [],
    configJson: '',
    manifestJson: '',
  }

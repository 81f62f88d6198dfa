import type { Change } from '../../engine/change'
import { edit } from '../../engine/edit'
import { type Key, partsOf, type World } from '../../engine/kind'
import type { Controller, Plan, Tools, Wish } from '../../engine/plan'
import { Link, type Machine, Machine as Machines, machineKey } from '../machine/machine'
import { INTERNET, reaches } from '../network/reach'
import { fetchManifest, isLabRegistry } from '../registry/fetch'
import { pooledLayerKey } from '../registry/pool'
import { slownessOf } from '../registry/slowness'
import { LocalImage, localImageKey, Pull } from './image'
import { storedLayerKey } from './layer'
import { parseReference, withDefaultTag } from './reference'
import { manifestUrl, registryHost } from './registry'
import { type Image, pullError, resolveImage } from './resolve'
import { imageOf, type StoredImage, storedImageKey } from './stored'

/** Asking the registry for a token, the manifest list, the manifest and the configuration. */
const REGISTRY_MILLIS = [450, 900] as const
/** Between machines of the lab. */
const LAB_BYTES_PER_SECOND = 100_000_000
const HERE = { ok: true } as const
/** Writing layers to the disk, in unpacked bytes. */
const UNPACK_BYTES_PER_SECOND = 160_000_000
/** A registry that does not answer is given up after this long. */
const DIAL_TIMEOUT_MILLIS = 30_000

/**
 * Pulls images: one at a time on each machine, in the order they were wanted (the kubelet's `serializeImagePulls`).
 * Left out: how layers share the line, which only `docker pull` tells.
 */
export const imagePuller: Controller = {
  name: 'image-puller',
  about: 'brings wanted images from the registries to the machines',
  watches: [
    { kind: Pull, wake: (change) => partsOf(change.key).scope },
    { kind: Machines, wake: (change) => (change.value?.power === 'on' ? change.value.name : undefined) },
    { kind: Link, wake: (change) => change.value?.a ?? change.previous?.value?.a },
  ],
  reconcile(name, world, tools): Plan | undefined {
    const machine = world.get(machineKey(name))
    if (machine?.power !== 'on') return undefined
    const pulls = world.list(Pull, { scope: name })
    if (pulls.length === 0) return undefined
    const changes: Wish[] = []
    let active = pulls.find((pull) => pull.value.state === 'pulling')
    let again: number | undefined
    if (active && (active.value.endsAt ?? 0) <= world.now) {
      changes.push(...finish(world, tools, machine, active))
      active = undefined
    } else if (active) again = active.value.endsAt! - world.now
    const next = active ? undefined : pulls.find((pull) => pull.value.state === 'waiting')
    if (next) {
      const started = start(world, tools, machine, next, changes)
      changes.push(started.wish)
      again = started.again
    }
    return { changes, again }
  },
}

function start(
  world: World,
  tools: Tools,
  machine: Machine,
  pull: Change<Pull>,
  done: readonly Wish[],
): { wish: Wish; again?: number } {
  const { key, uid, value, revision } = pull
  const millis = (from: number, to: number, purpose: string) =>
    Math.round(from + (to - from) * tools.draw(uid, purpose, 0))
  const { answer, isOutside, image: found, told } = answerFor(world, tools, machine, value)
  const reach = isOutside ? reaches(world, machine.name, INTERNET) : HERE
  let takes = millis(REGISTRY_MILLIS[0], REGISTRY_MILLIS[1], 'registry')
  let details = {}
  if (!reach.ok) takes = DIAL_TIMEOUT_MILLIS
  else if (answer.found !== 'missing') {
    const lacking = lackingBytes(world, machine.name, answer.image, done)
    const transfer =
      slownessOf(world, value.reference) *
      (lacking.compressed / (isOutside ? machine.downloadBytesPerSecond : LAB_BYTES_PER_SECOND)) *
      1000
    takes += Math.ceil(transfer + (lacking.unpacked / UNPACK_BYTES_PER_SECOND) * 1000)
    details = {
      bytes: lacking.compressed,
      layers: lacking.layers,
      present: answer.image.layers.length - lacking.layers,
    }
  }
  const pulling = edit(value, (p) => {
    p.state = 'pulling'
    p.startedAt = world.now
    p.endsAt = world.now + takes
    if (found !== undefined) p.image = found
    if (told !== undefined) p.told = told
  })
  return {
    wish: {
      key,
      value: pulling,
      because: { id: 'platform/pull-started', values: { image: value.reference, ...details }, of: [revision] },
    },
    again: takes,
  }
}

/** What of the image is not on the machine yet. */
function lackingBytes(world: World, machine: string, image: Image, done: readonly Wish[]) {
  const present = new Set<string>()
  const note = (local: LocalImage) => {
    for (const layer of imageOf(world, local)?.layers ?? []) present.add(layer.digest)
  }
  for (const { value } of world.list(LocalImage, { scope: machine })) note(value)
  for (const wish of done) if (wish.value?.pulledAt !== undefined) note(wish.value as LocalImage)
  const lacking = { compressed: 0, unpacked: 0, layers: 0 }
  for (const layer of image.layers) {
    if (present.has(layer.digest)) continue
    lacking.compressed += layer.compressedBytes
    lacking.unpacked += layer.unpackedBytes
    lacking.layers += 1
  }
  return lacking
}

function finish(world: World, tools: Tools, machine: Machine, pull: Change<Pull>): Wish[] {
  const { key, value, revision } = pull
  const { answer, isOutside, stored, digest, told } = answerFor(world, tools, machine, value)
  const reach = isOutside ? reaches(world, machine.name, INTERNET) : HERE
  if (reach.ok && answer.found !== 'missing')
    return stored
      ? pulledFromPool(world, machine.name, pull, stored, digest!)
      : pulled(world, machine.name, pull, answer.image)
  const error = reach.ok && answer.found === 'missing' ? answer.error : unreachableError(value.reference)
  const failed = edit(value, (p) => {
    p.state = 'failed'
    p.error = error
    if (told !== undefined) p.told = told
  })
  return [
    {
      key,
      value: failed,
      because: { id: 'platform/pull-failed', values: { image: value.reference, error }, of: [revision] },
    },
  ]
}

/** What a registry answers: one of the catalogue, or one that something was pushed to. */
function answerFor(world: World, tools: Tools, machine: Machine, pull: Pull) {
  const fetched = fetchManifest(world, tools, machine, pull)
  const isOutside = fetched === undefined || !isLabRegistry(world, pull.reference)
  if (!fetched) return { answer: resolveImage(pull.reference), isOutside }
  if ('told' in fetched)
    return {
      answer: { found: 'missing', why: 'repository', error: fetched.error } as const,
      isOutside,
      told: fetched.told,
    }
  const { stored, digest } = fetched
  return { answer: { found: 'known', image: stored.image } as const, isOutside, stored, digest, image: stored.id }
}

/** The image, its layers and its configuration go to the machine's store. */
function pulledFromPool(
  world: World,
  machine: string,
  pull: Change<Pull>,
  stored: StoredImage,
  digest: string,
): Wish[] {
  const { reference } = pull.value
  const { image } = stored
  const values = {
    image: reference,
    bytes: image.compressedBytes,
    millis: world.now - (pull.value.startedAt ?? world.now),
  }
  const because = { id: 'platform/pulled', values, of: [pull.revision] }
  const local: LocalImage = {
    ...localImage(machine, reference, image, world.now),
    digest,
    // what was made from the catalogue is found there, whatever it is called now
    ...(image.built !== true && { source: image.name }),
  }
  const layers = image.layers.flatMap((layer): Wish[] => {
    const content = world.get(pooledLayerKey(layer.digest))
    const key = storedLayerKey(machine, layer.digest)
    return content && !world.get(key) ? [{ key, value: content, because, quiet: true }] : []
  })
  const own = storedImageKey(machine, stored.id)
  const former = world.get(localImageKey(machine, reference))
  const orphan: Wish[] =
    former && former.id !== local.id
      ? [
          {
            key: localImageKey(machine, former.id),
            value: { ...former, reference: former.id, source: former.source ?? former.reference },
            because,
          },
        ]
      : []
  return [
    { key: localImageKey(machine, reference), value: local, because },
    ...(image.built === true && !world.get(own) ? [{ key: own, value: stored, because, quiet: true }] : []),
    ...layers,
    ...orphan,
    { key: pull.key as Key<Pull>, value: undefined, because },
  ]
}

function pulled(world: World, machine: string, pull: Change<Pull>, image: Image): Wish[] {
  const { reference } = pull.value
  const answer = resolveImage(reference)
  const values = {
    image: reference,
    notice: answer.found === 'generic' ? answer.notice : undefined,
    bytes: image.compressedBytes,
    millis: world.now - (pull.value.startedAt ?? world.now),
  }
  const because = { id: 'platform/pulled', values, of: [pull.revision] }
  return [
    { key: localImageKey(machine, reference), value: localImage(machine, reference, image, world.now), because },
    { key: pull.key as Key<Pull>, value: undefined, because },
  ]
}

/** The image as a machine keeps it. */
export function localImage(machine: string, reference: string, image: Image, now: number): LocalImage {
  return {
    machine,
    reference,
    id: image.id,
    digest: image.digest,
    sizeBytes: image.compressedBytes,
    unpackedBytes: image.unpackedBytes,
    pulledAt: now,
  }
}

function unreachableError(text: string): string {
  const parsed = parseReference(text)
  if ('error' in parsed) return parsed.error
  const reference = withDefaultTag(parsed.reference)
  const url = manifestUrl(reference)
  return pullError(
    reference,
    `failed to do request: Head "${url}": dial tcp: lookup ${registryHost(reference)}: i/o timeout`,
  )
}

import { Build, type BuildStep } from '../../docker/build/build'
import { DockerContainer } from '../../docker/containers/container'
import type { CacheVerdict } from '../../docker/dockerfile/cache'
import type { Millis, World } from '../../engine'
import { LocalImage, Pull } from '../../platform/image/image'
import { imageOf } from '../../platform/image/stored'
import { Machine } from '../../platform/machine/machine'
import { hueOf } from './docker-marks'
import type { BuildMark, BuildStepMark, ImageMark, ImagesScene } from './docker-views'

const MOST_IMAGES = 30
const MOST_STEPS = 40

/**
 * The images of machines with Docker as their layers: the same layer looks the same wherever it is. Beside them the newest
 * build, each step with what the cache said and why.
 */
export function imagesScene(world: World): ImagesScene {
  const all = imageMarks(world)
  const sizes = new Map(
    all.flatMap(({ layers, machine }) => layers.map(({ id, bytes }) => [`${machine} ${id}`, bytes] as const)),
  )
  return {
    view: 'images',
    at: world.now,
    revision: world.revision,
    images: all.slice(0, MOST_IMAGES),
    bytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
    bytesApart: all.reduce((sum, { bytes }) => sum + bytes, 0),
    build: newestBuild(world),
    moving: world
      .list(Pull)
      .filter(({ value }) => value.state === 'pulling')
      .map(({ uid, value: { reference, machine, startedAt = world.now, endsAt = world.now } }) => ({
        id: uid,
        says: `${reference} comes to ${machine}`,
        share: Math.max(0, Math.min(1, (world.now - startedAt) / Math.max(1, endsAt - startedAt))),
      })),
    more: Math.max(0, all.length - MOST_IMAGES),
  }
}

/** What a cluster brings for itself is of no interest here. */
const OWN = /^registry\.k8s\.io\//

/** One an image, whatever it is called; machines with Docker first, and on each in the order in which they came. */
function imageMarks(world: World): ImageMark[] {
  const found = new Map<string, { readonly key: string; readonly local: LocalImage; readonly names: string[] }>()
  const hasDocker = new Set(
    world
      .list(Machine)
      .filter(({ value }) => value.daemons['dockerd'] !== undefined)
      .map(({ value }) => value.name),
  )
  const all = world.list(LocalImage)
  const onNodes = all.filter(({ value }) => !hasDocker.has(value.machine) && !OWN.test(value.reference))
  for (const { key, value } of [...all.filter((one) => hasDocker.has(one.value.machine)), ...onNodes]) {
    const id = `${value.machine} ${value.id}`
    const known = found.get(id)
    if (known) known.names.push(value.reference)
    else found.set(id, { key, local: value, names: [value.reference] })
  }
  const several = new Set([...found.values()].map(({ local }) => local.machine)).size > 1
  const counts = new Map<string, number>()
  const drawn = [...found].map(([id, { key, local, names }]) => {
    const layers = imageOf(world, local)?.layers ?? []
    for (const { digest } of new Map(layers.map((layer) => [layer.digest, layer])).values())
      counts.set(`${local.machine} ${digest}`, (counts.get(`${local.machine} ${digest}`) ?? 0) + 1)
    return { id, key, local, names: names.filter((name) => !name.startsWith('sha256:')), layers }
  })
  return drawn.map(({ id, key, local, names, layers }) => ({
    id,
    key,
    name: names[0] ?? '<none>',
    also: names.slice(1),
    short: local.id.replace('sha256:', '').slice(0, 12),
    bytes: layers.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0),
    layers: layers.map(({ digest, unpackedBytes }) => ({
      id: digest,
      bytes: unpackedBytes,
      hue: hueOf(digest),
      images: counts.get(`${local.machine} ${digest}`) ?? 1,
    })),
    users: world
      .list(DockerContainer)
      .filter(({ value }) => value.machine === local.machine && value.imageId === local.id)
      .map(({ value }) => value.name),
    dangling: names.length === 0,
    machine: several ? local.machine : '',
  }))
}

function newestBuild(world: World): BuildMark | undefined {
  const newest = world
    .list(Build)
    .reduce<{ key: string; value: Build } | undefined>(
      (best, one) => (best === undefined || one.value.startedAt >= best.value.startedAt ? one : best),
      undefined,
    )
  if (!newest) return undefined
  const { key, value } = newest
  const { state, startedAt, endedAt = world.now, inputs } = value
  const steps = value.steps.filter(
    ({ kind }) => kind === 'from' || kind === 'work' || kind === 'run' || kind === 'export',
  )
  const taken = steps.filter(({ cached }) => cached).length
  const seconds = ((endedAt - startedAt) / 1000).toFixed(1)
  const how = {
    running: `runs for ${seconds} s`,
    done: `done in ${seconds} s`,
    failed: `failed after ${seconds} s`,
    canceled: 'canceled',
  }[state]
  return {
    key,
    name: inputs.options.tags[0] ?? 'no name',
    says: `${how}, ${taken} of ${steps.filter(({ kind }) => kind !== 'export').length} steps from the cache`,
    steps: steps.slice(0, MOST_STEPS).map((step, i) => stepMark(step, `${key} ${i}`, world.now)),
  }
}

function stepMark(step: BuildStep, id: string, now: Millis): BuildStepMark {
  const { state, startedAt, endsAt = now, cached, verdict, error, name } = step
  const stamp = state === 'done' ? (cached ? 'cached' : 'built') : state
  return {
    id,
    name,
    stamp,
    millis: startedAt === undefined || cached ? 0 : Math.max(0, (state === 'running' ? now : endsAt) - startedAt),
    why: error ?? (verdict ? whyOf(verdict) : ''),
  }
}

const parts: Readonly<Record<string, string>> = {
  base: 'its base image is another one',
  before: 'a step before it was built anew',
  command: 'its command is another one',
  variables: 'a variable that it sees has changed',
  directory: 'its working directory has changed',
  user: 'its user has changed',
  shell: 'its shell has changed',
  mounts: 'its mounts have changed',
  network: 'its network has changed',
  files: 'the files that it copies have changed',
  options: 'its options have changed',
}

function whyOf(verdict: CacheVerdict): string {
  if (verdict.cached) return 'nothing that it depends on has changed'
  if (verdict.because === 'never built') return 'it was never built before'
  if (verdict.because === 'not wanted') return 'the cache was not wanted'
  return parts[verdict.because] ?? `${verdict.because} changed`
}

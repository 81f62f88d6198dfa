import { Build } from '../docker/build/build'
import type { World } from '../engine'
import { LocalImage } from '../platform/image/image'
import { type Inventory, inventoryOf } from '../platform/image/inventory'
import { layerEntries } from '../platform/image/layer'
import { localName } from '../platform/image/reference'
import { imageOf, storedImageKey } from '../platform/image/stored'
import { treeOf } from '../platform/image/tree'
import { compareVersions } from '../platform/image/version-order'
import { pushedImage } from '../platform/registry/pushed'
import { signaturesIn } from '../platform/registry/signature'
import type { BuildCheck, ImageCheck, PushedCheck } from './docker-checks'
import type { Verdict } from './state'

const MEGABYTE = 1e6

/** Whether a machine has an image, of a size within bounds, with these layers and files. */
export function imageThere(wanted: ImageCheck, world: World): Verdict {
  const { name, on, least, most, sameAs, layers, has, without } = wanted
  const found = localNamed(world, name, on)
  const image = found && imageOf(world, found)
  if (!image) return { ok: false, detail: `there is no image ${name}${on === undefined ? '' : ` on ${on}`}` }
  const megabytes = image.layers.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0) / MEGABYTE
  const place = without === undefined ? undefined : placeOf(world, found, without)
  const misses: (string | false)[] = [
    ((least !== undefined && megabytes < least) || (most !== undefined && megabytes > most)) &&
      `${name} has ${Math.round(megabytes)} MB`,
    sameAs !== undefined && localNamed(world, sameAs)?.id !== found.id && `${name} is another image than ${sameAs}`,
    layers !== undefined && image.layers.length !== layers && `${name} has ${image.layers.length} layers`,
    has !== undefined && !treeOf(world, found.machine, image.layers).get(has) && `there is no ${has} in ${name}`,
    wanted.package !== undefined && oldPackage(wanted, inventoryOf(world, found.machine, image)),
    place !== undefined && `it still stands in ${place}`,
  ]
  const missed = misses.filter((one) => one !== false)
  return {
    ok: missed.length === 0,
    detail: missed.length === 0 ? `${name} has ${Math.round(megabytes)} MB` : missed.join(', '),
  }
}

const localNamed = (world: World, name: string, on?: string): LocalImage | undefined =>
  world.list(LocalImage, { reference: localName(name) }).find(({ value }) => on === undefined || value.machine === on)
    ?.value

function oldPackage({ package: name, atLeast }: ImageCheck, { packages }: Inventory): string | false {
  const found = packages.filter((one) => one.name === name)
  if (found.length === 0) return `it has no package ${name}`
  const old = found.find((one) => atLeast !== undefined && compareVersions(one.version, atLeast) < 0)
  return old !== undefined && `it has ${name} ${old.version}`
}

/** Where in an image a text stands: of what was deleted, the layer below still has it. */
function placeOf(world: World, local: LocalImage, text: string): string | undefined {
  const layers = imageOf(world, local)?.layers ?? []
  for (const [i, layer] of layers.entries()) {
    const entry = layerEntries(world, local.machine, layer).find((one) => one.text.includes(text))
    if (entry) return `layer ${i + 1} of ${layers.length}, ${entry.path}`
  }
  const stored = world.get(storedImageKey(local.machine, local.id))
  if (stored?.history.some(({ createdBy }) => createdBy.includes(text))) return 'its history'
  return stored?.configJson.includes(text) ? 'its configuration' : undefined
}

/** Whether a registry has a tag, and what it means. */
export function pushed({ name, sameAs, unlike, signed }: PushedCheck, world: World): Verdict {
  const found = pushedImage(world, name)
  const id = found?.manifest.id
  if (id === undefined) return { ok: false, detail: `${name} was never pushed` }
  const other = sameAs === undefined ? undefined : localNamed(world, sameAs)
  if (sameAs !== undefined && other?.id !== id) return { ok: false, detail: `${name} is another image than ${sameAs}` }
  if (unlike !== undefined && pushedImage(world, unlike)?.manifest.id === id)
    return { ok: false, detail: `${name} is the same image as ${unlike}` }
  const isSigned = found !== undefined && signaturesIn(found.repository, found.digest).length > 0
  if (signed !== undefined && signed !== isSigned)
    return { ok: false, detail: `${name} ${isSigned ? 'is signed' : 'bears no signature'}` }
  return { ok: true, detail: `${name} is in its registry` }
}

export function imageGone(name: string, world: World): Verdict {
  const there = localNamed(world, name) !== undefined
  return { ok: !there, detail: there ? `${name} is there` : `no machine has ${name}` }
}

/** How the newest build of a name has ended. */
export function buildEnded({ name, failed = false, cachedLeast, cachedMost }: BuildCheck, world: World): Verdict {
  const full = localName(name)
  const build = world
    .list(Build)
    .findLast(({ value }) => value.inputs.options.tags.some((tag) => localName(tag) === full))?.value
  if (!build) return { ok: false, detail: `${name} was never built` }
  if (build.state === 'running') return { ok: false, detail: `the build of ${name} is under way` }
  const cached = build.steps.filter((step) => step.cached && step.kind !== 'export').length
  const ok =
    (build.state === 'failed') === failed &&
    (cachedLeast === undefined || cached >= cachedLeast) &&
    (cachedMost === undefined || cached <= cachedMost)
  return {
    ok,
    detail: `the build of ${name} ${build.state === 'done' ? 'went through' : build.state}, ${cached} steps from the cache`,
  }
}

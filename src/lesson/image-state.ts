import { Build } from '../docker/build/build'
import type { World } from '../engine'
import { LocalImage } from '../platform/image/image'
import { localName } from '../platform/image/reference'
import { imageOf } from '../platform/image/stored'
import type { BuildCheck, ImageCheck } from './scenario'
import type { Verdict } from './state'

const MEGABYTE = 1e6

/** Whether a machine has an image, of a size within bounds. */
export function imageThere({ name, least, most }: ImageCheck, world: World): Verdict {
  const found = world.list(LocalImage).find(({ value }) => value.reference === localName(name))?.value
  const image = found && imageOf(world, found)
  if (!image) return { ok: false, detail: `there is no image ${name}` }
  const megabytes = image.layers.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0) / MEGABYTE
  const ok = (least === undefined || megabytes >= least) && (most === undefined || megabytes <= most)
  return { ok, detail: `${name} has ${Math.round(megabytes)} MB` }
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

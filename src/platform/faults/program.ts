import type { Change, Reason } from '../../engine/change'
import { edit } from '../../engine/edit'
import type { World } from '../../engine/kind'
import type { Wish } from '../../engine/plan'
import { Container } from '../container/container'
import { DEFAULT_LEAK_BYTES, disturbanceOf, type ProgramFault } from '../container/disturbance'
import { localName } from '../image/reference'
import type { Fault } from '../machine/machine'
import { containersNamed, containerTargets, imageMeant, isUp, severalPlaces } from './containers'
import { type FaultKind, noTarget } from './fault'
import { began, faultObject, healed } from './object'

const MOST_LEAK_BYTES = 1024 ** 4

/** Writes what the faults make of containers, where that is something else than before. */
function disturb(
  world: World,
  heads: readonly Change<Container>[],
  change: { readonly ending?: Fault; readonly beginning?: Fault },
  because: Reason,
): Wish[] {
  return heads.flatMap(({ key, value }) => {
    const disturbed = disturbanceOf(world, value, change)
    const next = edit(value, (c) => {
      if (disturbed) c.disturbed = disturbed
      else delete c.disturbed
    })
    return next === value ? [] : [{ key, value: next, because }]
  })
}

/** Whom a text means: the containers of that name, or all of that image. */
function meant(world: World, text: string): { heads: readonly Change<Container>[]; isImage: boolean } {
  const named = containersNamed(world, text)
  const image = named.length > 0 ? undefined : imageMeant(text)
  if (image === undefined) return { heads: named, isImage: false }
  return { heads: world.list(Container).filter(({ value }) => localName(value.spec.image) === image), isImage: true }
}

/** A fault of one container's program until that ends, or of all that run an image, new ones too, until it is healed. */
const programFault = (name: ProgramFault, about: string, most?: number): FaultKind => ({
  name,
  about,
  ...(most !== undefined && { measure: 'bytes' }),
  targets: containerTargets,
  begin(world, how) {
    if (most !== undefined && how.amount !== undefined && !(how.amount >= 1 && how.amount <= most))
      return { text: `${name} takes the memory lost in a second: 5Mi`, exit: 2 }
    const { heads, isImage } = meant(world, how.target)
    if (heads.length === 0) return noTarget(name, 'running container or image', how.target)
    const several = isImage ? undefined : severalPlaces(world, how.target, heads)
    if (several) return several
    const ids = isImage ? undefined : heads.map(({ value }) => value.id)
    const fault = faultObject(world, name, how, ids)
    return [fault, ...disturb(world, heads.filter(isUp), { beginning: fault.value! }, began(name, how.target))]
  },
  heal: (world, fault) => disturb(world, world.list(Container).filter(isUp), { ending: fault }, healed(world, fault)),
})

export const appHangs = programFault(
  'app-hangs',
  'a program takes connections and never answers: a container until it ends, or all of an image until healed',
)

export const appErrors = programFault(
  'app-errors',
  'a program answers HTTP 500 to everything: a container until it ends, or all of an image until healed',
)

/** What has leaked stays when the fault is healed, until the program ends. */
export const memoryLeak = programFault(
  'memory-leak',
  `a program loses ${DEFAULT_LEAK_BYTES / 1024 ** 2}Mi of memory a second, or as much as you say, until the kernel kills it: a container, or all of an image`,
  MOST_LEAK_BYTES,
)

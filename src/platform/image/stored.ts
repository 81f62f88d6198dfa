import { defineKind, type Json, type Key, type Millis, type World } from '../../engine'
import type { LocalImage } from './image'
import { type Image, resolveImage } from './resolve'

/** One line of an image's history, oldest first in it. */
export interface HistoryItem {
  readonly at: Millis
  readonly createdBy: string
  /** It made no layer. */
  readonly empty: boolean
  readonly comment: string
}

/**
 * An image that did not come from a registry of the catalogue, as its machine keeps it: built, committed, imported or loaded. scope: machine;
 * name: the id, which is the SHA-256 of its configuration. Its layers are `platform/Layer` by their digests, or of the catalogue.
 */
export interface StoredImage {
  readonly id: string
  /** SHA-256 of its manifest: what a registry calls it. */
  readonly digest: string
  readonly createdAt: Millis
  readonly image: Image
  readonly history: readonly HistoryItem[]
  /** The configuration and the manifest: JSON, as a registry gets them. */
  readonly configJson: string
  readonly manifestJson: string
  /** Steps of its build, for other builders to take: what `--cache-to type=inline` writes into the configuration. */
  readonly buildCache?: readonly Json[]
}
export const StoredImage = defineKind<StoredImage>('platform/StoredImage', {
  about: 'the manifest and configuration of an image',
  quiet: true,
})
export const storedImageKey = (machine: string, id: string): Key<StoredImage> => StoredImage.key(machine, id)

/** What an image on a machine holds. undefined: its registry does not know it any more. */
export function imageOf(world: Pick<World, 'get'>, local: LocalImage): Image | undefined {
  const stored = world.get(storedImageKey(local.machine, local.id))
  if (stored) return stored.image
  const answer = resolveImage(local.source ?? local.reference)
  return answer.found === 'missing' ? undefined : answer.image
}

import { defineKind, type Key, type World } from '../../engine'
import { sha256 } from '../../engine/sha256'
import { bytesOf } from '../shell/file'
import { catalogueEntries } from './content'
import { contentDigest, type Entry } from './entry'
import type { Layer } from './resolve'

/**
 * A layer with its content, as a machine keeps it. scope: machine, name: the digest. It stays for as long as an image or the build cache
 * names it. Layers of catalogue images are not stored: their content is made from the catalogue when somebody looks.
 */
export interface StoredLayer {
  /** The diff id: SHA-256 over the entries. */
  readonly digest: string
  /** By path; folders before what is in them. */
  readonly entries: readonly Entry[]
  readonly unpackedBytes: number
  readonly compressedBytes: number
}
export const StoredLayer = defineKind<StoredLayer>('platform/Layer', { about: 'a layer with its files', quiet: true })
export const storedLayerKey = (machine: string, digest: string): Key<StoredLayer> => StoredLayer.key(machine, digest)

/** What is in a layer that a machine has, of the catalogue or its own. */
export function layerEntries(
  world: Pick<World, 'get'>,
  machine: string,
  { digest, catalogue }: Layer,
): readonly Entry[] {
  return world.get(storedLayerKey(machine, digest))?.entries ?? (catalogue ? catalogueEntries(catalogue) : [])
}

/** One entry as the digest of its layer sees it: like a header of a tar archive, without times, so that equal content has equal digests (simplified). */
const header = (entry: Entry): string => {
  const { path, what, mode, uid = 0, gid = 0 } = entry
  return `${path}\0${what}\0${mode.toString(8)}\0${uid}\0${gid}\0${bytesOf(entry)}\0${contentDigest(entry)}`
}

/** Text shrinks to a third, what is packed or compiled to something over that. */
const packed = (entry: Entry): number => Math.ceil(bytesOf(entry) * (entry.bytes === undefined ? 0.34 : 0.38)) + 90

/** A layer of these entries, in the order of their paths. */
export function layerOf(entries: readonly Entry[]): StoredLayer {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))
  const files = sorted.filter(({ what }) => what === 'file')
  return {
    digest: `sha256:${sha256(sorted.map(header).join('\n'))}`,
    entries: sorted,
    unpackedBytes: files.reduce((sum, entry) => sum + bytesOf(entry), 0),
    compressedBytes: files.reduce((sum, entry) => sum + packed(entry), 32),
  }
}

/** Of each layer the digest of it and all below: `sha256(chain id of what is below, a blank, diff id)`. */
export function chainIds(digests: readonly string[]): readonly string[] {
  const chain: string[] = []
  for (const digest of digests) {
    const below = chain[chain.length - 1]
    chain.push(below === undefined ? digest : `sha256:${sha256(`${below} ${digest}`)}`)
  }
  return chain
}

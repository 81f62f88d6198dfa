import type { Reason } from '../../engine'
import { sha256 } from '../../engine/sha256'
import { archiveEntries, catalogueIn } from '../../platform/image/archive'
import type { Entry } from '../../platform/image/entry'
import { LocalImage, localImageKey } from '../../platform/image/image'
import { imageFromJson } from '../../platform/image/image-json'
import { chainIds, layerOf, type StoredLayer } from '../../platform/image/layer'
import { localName, parseReference } from '../../platform/image/reference'
import { catalogueLayer, type Image, type Layer, resolveImage } from '../../platform/image/resolve'
import type { StoredImage } from '../../platform/image/stored'
import { treeOf } from '../../platform/image/tree'
import { bytesOf } from '../../platform/shell/file'
import { refuse } from '../engine/request'
import type { Pass } from '../pass'
import { keepImage, keepLayer, nameImage } from './keep'
import { type ManifestItem, type Model, modelIn } from './layout'
import { contentOf } from './store'

/** What a load tells: the layers that it brought, with their bytes; then what was loaded. */
export interface Loaded {
  readonly layers: readonly { readonly digest: string; readonly bytes: number }[]
  readonly lines: readonly string[]
}

const MOST_IMAGES = 100
const SHORTEST_HEADER = 512

/** Why a text is no archive, as Go's tar reader says it. */
export const noTar = (text: string): string =>
  text.length < SHORTEST_HEADER ? 'unexpected EOF' : 'archive/tar: invalid tar header'

const stripped = (path: string): string => `/${path.replace(/^(\.?\/)+/, '')}`

/** `POST /images/load`: puts the images of an archive into the machine's store. After tarexporter.Load in moby. */
export function loadImages(pass: Pass, text: string): Loaded {
  const entries = text === '' ? [] : archiveEntries(text)
  if (!entries) return refuse(500, noTar(text))
  const byPath = new Map(entries.map((entry) => [entry.path, entry]))
  const folder = `/var/lib/docker/tmp/docker-import-${pass.pick('import', 1_000_000_000)}`
  const read = (path: string): Entry =>
    byPath.get(stripped(path)) ?? refuse(500, `open ${folder}${stripped(path)}: no such file or directory`)
  const manifest = manifestIn(read('manifest.json').text)
  const layers: { digest: string; bytes: number }[] = []
  const lines: string[] = []
  let named = 0
  for (const item of manifest) {
    const brought = loadImage(pass, entries, item, read)
    layers.push(...brought.fresh)
    const { id } = brought
    const because: Reason = { id: 'docker/loaded', values: { image: item.RepoTags?.[0] ?? id } }
    const names = (item.RepoTags ?? []).map((tag) => tagIn(tag))
    for (const name of names) {
      const former = pass.get(localImageKey(pass.machine.name, name))
      if (former && former.id !== id)
        lines.push(`The image ${name} already exists, renaming the old one with ID ${former.id} to empty string`)
      lines.push(`Loaded image: ${name}`)
      named++
    }
    brought.keep(names, because)
    pass.event('image', 'load', id, { name: id })
    if (names.length === 0 && named === 0) lines.push(`Loaded image ID: ${id}`)
  }
  return { layers, lines }
}

function tagIn(text: string): string {
  const parsed = parseReference(text)
  if ('error' in parsed) return refuse(500, parsed.error)
  if (parsed.reference.tag === undefined) refuse(500, `invalid tag ${JSON.stringify(text)}`)
  return localName(text)
}

function manifestIn(text: string): readonly ManifestItem[] {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    const first = text.trimStart()[0]
    return refuse(500, first === undefined ? 'EOF' : `invalid character '${first}' looking for beginning of value`)
  }
  if (!Array.isArray(read)) return refuse(500, 'invalid manifest, manifest cannot be null (but can be [])')
  const isTexts = (value: unknown): value is readonly string[] =>
    Array.isArray(value) && value.every((one) => typeof one === 'string')
  return read.slice(0, MOST_IMAGES).map((one) => {
    const { Config, RepoTags, Layers } = (one ?? {}) as Partial<ManifestItem>
    if (typeof Config !== 'string' || !isTexts(Layers)) return refuse(500, 'invalid manifest')
    return { Config, RepoTags: isTexts(RepoTags) ? RepoTags : null, Layers }
  })
}

interface Brought {
  readonly id: string
  /** The layers that the machine did not have. */
  readonly fresh: readonly { readonly digest: string; readonly bytes: number }[]
  readonly keep: (names: readonly string[], because: Reason) => void
}

function loadImage(pass: Pass, entries: readonly Entry[], item: ManifestItem, read: (path: string) => Entry): Brought {
  const config = read(item.Config).text
  const named = `sha256:${item.Config.slice(item.Config.lastIndexOf('/') + 1)}`
  const model = modelIn(entries, named)
  const diffIds = diffIdsIn(config)
  if (diffIds.length !== item.Layers.length)
    refuse(500, `invalid manifest, layers length mismatch: expected ${item.Layers.length}, got ${diffIds.length}`)
  const known = knownChains(pass)
  const chains = chainIds(diffIds)
  const parts = item.Layers.map((path, i) => layerIn(read(path), diffIds[i]!, i))
  const fresh = parts.flatMap(({ digest, bytes }, i) => (known.has(chains[i]!) ? [] : [{ digest, bytes }]))
  const catalogued = model?.catalogue === undefined ? undefined : resolveImage(model.catalogue)
  if (catalogued && catalogued.found !== 'missing' && catalogued.image.id === named)
    return {
      id: named,
      fresh,
      keep: (names, because) => nameImage(pass, catalogued.image, names, because, catalogued.image.name),
    }
  const id = `sha256:${sha256(config)}`
  return {
    id,
    fresh,
    keep: (names, because) => {
      for (const { stored } of parts) if (stored) keepLayer(pass, stored, because)
      keepImage(pass, storedFrom(pass, config, parts, model), names, because)
    },
  }
}

function diffIdsIn(config: string): readonly string[] {
  try {
    const ids = (JSON.parse(config) as { rootfs?: { diff_ids?: unknown } }).rootfs?.diff_ids
    if (Array.isArray(ids) && ids.every((one) => typeof one === 'string')) return ids as string[]
  } catch {
    // below
  }
  return refuse(500, 'invalid image JSON, no RootFS key')
}

interface Part {
  readonly digest: string
  /** Of the archive that it is in. */
  readonly bytes: number
  readonly layer: Layer
  /** What is not of the catalogue. */
  readonly stored?: StoredLayer
}

function layerIn(blob: Entry, diffId: string, index: number): Part {
  const catalogue = catalogueIn(blob.text)
  const bytes = bytesOf(blob)
  if (catalogue) {
    const layer = catalogueLayer(catalogue)
    if (layer) return checkedPart({ digest: layer.digest, bytes, layer }, diffId, index)
  }
  const entries = archiveEntries(blob.text)
  if (!entries) return refuse(500, noTar(blob.text))
  const stored = layerOf(entries)
  const { digest, compressedBytes, unpackedBytes } = stored
  return checkedPart({ digest, bytes, layer: { digest, compressedBytes, unpackedBytes }, stored }, diffId, index)
}

function checkedPart(part: Part, diffId: string, index: number): Part {
  if (part.digest !== diffId)
    refuse(500, `invalid diffID for layer ${index}: expected ${JSON.stringify(diffId)}, got "${part.digest}"`)
  return part
}

function knownChains(pass: Pass): ReadonlySet<string> {
  const found = new Set<string>()
  for (const local of pass.all(LocalImage))
    for (const id of chainIds((contentOf(pass, local)?.layers ?? []).map(({ digest }) => digest))) found.add(id)
  return found
}

function storedFrom(pass: Pass, config: string, parts: readonly Part[], model: Model | undefined): StoredImage {
  const layers = parts.map(({ layer }) => layer)
  const own = new Map(parts.flatMap(({ digest, stored }) => (stored ? [[digest, stored] as const] : [])))
  const world = { get: (key: string) => own.get(key.slice(key.lastIndexOf('/') + 1)) ?? pass.get(key as never) }
  const tree = treeOf(world as never, pass.machine.name, layers)
  const stored = imageFromJson(config, layers, tree)
  if (!stored) return refuse(500, 'invalid image JSON')
  const { catalogue: _, ...known } = model ?? {}
  return { ...stored, image: { ...stored.image, ...known } as Image }
}

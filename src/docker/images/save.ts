import { tarText } from '../../platform/image/archive'
import { catalogueHistory } from '../../platform/image/history'
import { LocalImage } from '../../platform/image/image'
import { makeImage } from '../../platform/image/make-image'
import { localName, parseReference } from '../../platform/image/reference'
import { storedImageKey } from '../../platform/image/stored'
import { treeOf } from '../../platform/image/tree'
import { textBytes } from '../../platform/shell/file'
import { refuse } from '../engine/request'
import type { Pass } from '../pass'
import { builtAt } from './images'
import { layoutEntries, type SavedImage } from './layout'
import { contentOf, findImage, isDangling } from './store'

/** More text than this no archive of the lab holds: the rest of the files is told by sizes. */
const MOST_CHARACTERS = 7_500_000

export interface SavedArchive {
  readonly text: string
  /** Of the real one. */
  readonly bytes: number
}

export function archiveOf(text: string): SavedArchive {
  if (text.length > MOST_CHARACTERS)
    return refuse(500, `an archive of this lab holds ${MOST_CHARACTERS / 1e6} MB of text at most`)
  return { text, bytes: textBytes(text) }
}

/** The image that a name or the beginning of an id means, and the names that go along; of a repository alone all its tags. After parseNames. */
function meant(pass: Pass, text: string): readonly { readonly local: LocalImage; readonly name: string | undefined }[] {
  const parsed = parseReference(text)
  if (!('error' in parsed)) {
    const { tag, digest } = parsed.reference
    const named = pass.all(LocalImage).filter((one) => !isDangling(one))
    if (tag === undefined && digest === undefined) {
      const repository = localName(text).replace(/:[^:/]*$/, '')
      const all = named.filter(({ reference }) => reference.replace(/:[^:/]*$/, '') === repository)
      if (all.length > 0) return all.map((local) => ({ local, name: local.reference }))
    } else if (tag !== undefined) {
      const local = named.find(({ reference }) => reference === localName(text))
      return local ? [{ local, name: local.reference }] : refuse(404, 'reference does not exist')
    }
  }
  const local = findImage(pass, text)
  if (!local) return 'error' in parsed ? refuse(400, parsed.error) : refuse(404, `No such image: ${text}`)
  return [{ local, name: undefined }]
}

/** `GET /images/get`: the archive of these images, each once. After tarexporter.Save in moby. */
export function saveImages(pass: Pass, names: readonly string[]): SavedArchive {
  const found = new Map<string, { readonly local: LocalImage; readonly names: Set<string> }>()
  for (const text of names)
    for (const { local, name } of meant(pass, text)) {
      const one = found.get(local.id) ?? { local, names: new Set() }
      if (name !== undefined) one.names.add(name)
      found.set(local.id, one)
    }
  const images = [...found.values()].map(({ local, names: own }) => savedImage(pass, local, [...own]))
  for (const { id } of images) pass.event('image', 'save', id, { name: id })
  return archiveOf(tarText(layoutEntries(pass, images)))
}

/** Simplified: the id of an image of the catalogue is no digest of the configuration that stands for it. */
function savedImage(pass: Pass, local: LocalImage, names: readonly string[]): SavedImage {
  const image = contentOf(pass, local)
  if (!image) return refuse(404, `No such image: ${local.reference}`)
  if (image.layers.length === 0) refuse(500, 'empty export - not implemented')
  const stored = pass.get(storedImageKey(pass.machine.name, local.id))
  const createdAt = stored?.createdAt ?? builtAt(pass, local)
  if (stored && stored.configJson !== '')
    return { id: local.id, image, configJson: stored.configJson, createdAt, names }
  const { configJson } = makeImage({
    base: image,
    layers: image.layers,
    config: image.config,
    history: catalogueHistory(image, createdAt),
    createdAt,
    tree: treeOf(pass.world, pass.machine.name, image.layers),
  })
  return { id: local.id, image, configJson, createdAt, names, catalogue: image.name }
}

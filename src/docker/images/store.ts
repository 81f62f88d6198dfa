import { LocalImage } from '../../platform/image/image'
import { localName, parseReference } from '../../platform/image/reference'
import type { Image } from '../../platform/image/resolve'
import { imageOf } from '../../platform/image/stored'
import { refuse } from '../engine/request'
import type { Pass } from '../pass'

/** The names of dangling images: they have none, and are kept under their id. */
export const isDangling = ({ reference }: LocalImage): boolean => reference.startsWith('sha256:')

/** What a machine's image holds; tags that people gave stand for another reference. */
export const contentOf = (pass: Pass, local: LocalImage): Image | undefined => imageOf(pass, local)

/** The layers of all images of the machine, by their digests. */
export function imageLayers(pass: Pass): Set<string> {
  const found = new Set<string>()
  for (const image of pass.all(LocalImage))
    for (const { digest } of contentOf(pass, image)?.layers ?? []) found.add(digest)
  return found
}

/** By name, id, or the beginning of an id. */
export function findImage(pass: Pass, text: string): LocalImage | undefined {
  const all = pass.all(LocalImage)
  const parsed = parseReference(text)
  if (!('error' in parsed)) {
    const name = localName(text)
    const named = all.find(({ reference }) => reference === name)
    if (named) return named
    if (parsed.reference.digest !== undefined) {
      const own = all.find(({ digest }) => digest === parsed.reference.digest)
      if (own) return own
    }
  }
  const id = text.startsWith('sha256:') ? text.slice(7) : text
  return /^[0-9a-f]{4,64}$/.test(id) ? all.find((one) => one.id.slice(7).startsWith(id)) : undefined
}

/** As the daemon names an image that is not there: always with a tag. */
export const missingText = (text: string): string => {
  const parsed = parseReference(text)
  if ('error' in parsed) return `No such image: ${text}`
  return `No such image: ${localName(text)}`
}

export const imageNamed = (pass: Pass, text: string): LocalImage =>
  findImage(pass, text) ?? refuse(404, missingText(text))

import type { Millis } from '../../engine/json'
import type { Wish } from '../../engine/plan'
import { digestOf } from '../image/hex'
import { resolveImage } from '../image/resolve'
import { emptyContent, type RegistryContent } from './content'
import { pooledImageKey } from './pool'
import { registryKey } from './registry'

/** A private registry that a lab begins with. `images`: `shop/web:1.0` → the image of the catalogue that it is. */
export interface StockedRegistry {
  readonly host: string
  readonly users: Readonly<Record<string, string>>
  readonly images: Readonly<Record<string, string>>
}

/** What stands in the store for it at the beginning. */
export function registryWishes({ host, users, images }: StockedRegistry, at: Millis): Wish[] {
  const because = { id: 'platform/registry-stocked', values: { host } }
  const wishes: Wish[] = []
  let content: RegistryContent = emptyContent
  for (const [name, of] of Object.entries(images)) {
    const answer = resolveImage(of)
    if (answer.found === 'missing') continue
    const { image } = answer
    const colon = name.lastIndexOf(':')
    const path = colon < 0 ? name : name.slice(0, colon)
    const digest = digestOf(`manifest ${image.id}`)
    const own = content.repositories[path] ?? { tags: {}, manifests: {}, blobs: {} }
    const layers = image.layers.map((layer) => layer.digest)
    const repository = {
      tags: { ...own.tags, [colon < 0 ? 'latest' : name.slice(colon + 1)]: digest },
      manifests: { ...own.manifests, [digest]: { id: image.id, size: 427 + 146 * layers.length, layers } },
      blobs: {
        ...own.blobs,
        ...Object.fromEntries(image.layers.map((layer) => [layer.digest, layer.compressedBytes])),
      },
    }
    content = { repositories: { ...content.repositories, [path]: repository } }
    const stored = { id: image.id, digest, createdAt: at, image, history: [], configJson: '', manifestJson: '' }
    wishes.push({ key: pooledImageKey(image.id), value: stored, because, quiet: true })
  }
  return [...wishes, { key: registryKey(host), value: { host, content, users, closed: true }, because, quiet: true }]
}

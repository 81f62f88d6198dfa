import type { Reason } from '../../engine'
import { LocalImage, localImageKey } from '../../platform/image/image'
import { chainIds } from '../../platform/image/layer'
import { familiarName, localName } from '../../platform/image/reference'
import { CacheRecord } from '../build/build'
import { DockerContainer, isRunning } from '../containers/container'
import { filtersOf, isTrue, refuse } from '../engine/request'
import type { Pass } from '../pass'
import { byId, referenceOf } from './images'
import { sweep } from './keep'
import { contentOf, imageNamed, isDangling } from './store'

type Removed = { readonly Untagged: string } | { readonly Deleted: string }

/** After ImageDelete in moby's daemon/images. */
export function removeImage(
  pass: Pass,
  text: string,
  query: Readonly<Record<string, string>> | undefined,
): readonly Removed[] {
  const force = isTrue(query?.['force'])
  const local = imageNamed(pass, text)
  const names = pass.all(LocalImage).filter(({ id }) => id === local.id)
  const isName = local.reference === localName(text) || text.includes('@')
  const short = local.id.slice(7, 19)
  const because: Reason = { id: 'docker/image-removed', values: { image: text } }
  const users = pass.all(DockerContainer).filter(({ imageId }) => imageId === local.id)
  const running = users.find(isRunning)
  const removed: Removed[] = []
  const untag = (image: LocalImage) => {
    pass.set(localImageKey(pass.machine.name, image.reference), undefined, because)
    if (isDangling(image)) return
    removed.push({ Untagged: image.reference })
    pass.event('image', 'untag', image.id, { name: image.id })
  }
  if (isName && names.length > 1) {
    untag(local)
    return removed
  }
  if (isName) {
    if (users.length > 0 && !force)
      refuse(
        409,
        `conflict: unable to remove repository reference "${text}" (must force) - container ${(running ?? users[0]!).id.slice(0, 12)} is using its referenced image ${short}`,
      )
    if (running) {
      untag(local)
      pass.set(
        localImageKey(pass.machine.name, local.id),
        { ...local, reference: local.id, source: local.source ?? local.reference },
        because,
      )
      return removed
    }
  } else {
    const repositories = new Set(names.filter((one) => !isDangling(one)).map((one) => familiarName(referenceOf(one)!)))
    if (running)
      refuse(
        409,
        `conflict: unable to delete ${short} (cannot be forced) - image is being used by running container ${running.id.slice(0, 12)}`,
      )
    if (repositories.size > 1 && !force)
      refuse(409, `conflict: unable to delete ${short} (must be forced) - image is referenced in multiple repositories`)
    if (users.length > 0 && !force)
      refuse(
        409,
        `conflict: unable to delete ${short} (must be forced) - image is being used by stopped container ${users[0]!.id.slice(0, 12)}`,
      )
  }
  for (const image of names) untag(image)
  const own = names.find((one) => !isDangling(one))
  if (own && own.digest !== '') removed.push({ Untagged: `${familiarName(referenceOf(own)!)}@${own.digest}` })
  removed.push({ Deleted: local.id }, ...lostLayers(pass, local, names))
  sweep(pass, because)
  pass.event('image', 'delete', local.id, { name: local.id })
  return removed
}

function layersKept(pass: Pass, gone: readonly LocalImage[]): ReadonlySet<string> {
  const kept = new Set<string>()
  for (const other of pass.all(LocalImage)) {
    if (gone.some(({ id }) => id === other.id)) continue
    for (const { digest } of contentOf(pass, other)?.layers ?? []) kept.add(digest)
  }
  // what the build cache has is not freed with an image
  for (const { layers } of pass.all(CacheRecord)) for (const { digest } of layers) kept.add(digest)
  return kept
}

/** Layers that no other image stands on, the uppermost first: by their chain ids. */
function lostLayers(pass: Pass, local: LocalImage, gone: readonly LocalImage[]): readonly Removed[] {
  const kept = layersKept(pass, gone)
  const digests = contentOf(pass, local)?.layers.map(({ digest }) => digest) ?? []
  const chain = chainIds(digests)
    .filter((_, i) => !kept.has(digests[i]!))
    .reverse()
  return chain.map((Deleted) => ({ Deleted }))
}

/** What the removal of an image really frees. */
function lostBytes(pass: Pass, local: LocalImage, gone: readonly LocalImage[]): number {
  const kept = layersKept(pass, gone)
  const layers = contentOf(pass, local)?.layers ?? []
  return layers.reduce((sum, { digest, unpackedBytes }) => sum + (kept.has(digest) ? 0 : unpackedBytes), 0)
}

export function pruneImages(pass: Pass, query: Readonly<Record<string, string>> | undefined) {
  const all = filtersOf(query)['dangling']?.[0] === 'false'
  const removed: Removed[] = []
  let bytes = 0
  const used = new Set(pass.all(DockerContainer).map(({ imageId }) => imageId))
  const because: Reason = { id: 'docker/pruned', values: { what: 'images' } }
  for (const [id, names] of byId(pass)) {
    if (used.has(id) || (!all && names.some((one) => !isDangling(one)))) continue
    for (const image of names) {
      pass.set(localImageKey(pass.machine.name, image.reference), undefined, because)
      if (!isDangling(image)) removed.push({ Untagged: image.reference })
    }
    const lost = lostLayers(pass, names[0]!, names)
    bytes += lostBytes(pass, names[0]!, names)
    removed.push({ Deleted: id }, ...lost)
  }
  sweep(pass, because)
  return { ImagesDeleted: removed.length > 0 ? removed : null, SpaceReclaimed: bytes }
}

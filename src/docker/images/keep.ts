import type { Reason } from '../../engine'
import { Container } from '../../platform/container/container'
import { LocalImage, localImageKey } from '../../platform/image/image'
import { StoredLayer, storedLayerKey } from '../../platform/image/layer'
import type { Image } from '../../platform/image/resolve'
import { StoredImage, storedImageKey } from '../../platform/image/stored'
import { Build, CacheRecord } from '../build/build'
import type { Pass } from '../pass'
import { orphan } from './images'
import { contentOf } from './store'

/** Puts a layer into the machine's store; one that is there already is the same. */
export function keepLayer(pass: Pass, layer: StoredLayer, because: Reason): void {
  const key = storedLayerKey(pass.machine.name, layer.digest)
  if (!pass.get(key)) pass.set(key, layer, because, true)
}

/** Puts an image into the machine's store under these names; without one it is dangling. Another image that had a name loses it. */
export function keepImage(pass: Pass, stored: StoredImage, names: readonly string[], because: Reason): void {
  const key = storedImageKey(pass.machine.name, stored.id)
  if (!pass.get(key)) pass.set(key, stored, because, true)
  nameImage(pass, stored.image, names, because)
}

/** The same for one whose content the machine knows without keeping it; `source`: what the catalogue calls it. */
export function nameImage(
  pass: Pass,
  { id, compressedBytes, unpackedBytes }: Image,
  names: readonly string[],
  because: Reason,
  source?: string,
): void {
  const machine = pass.machine.name
  const local: LocalImage = {
    machine,
    reference: id,
    ...(source !== undefined && { source }),
    id,
    digest: '',
    sizeBytes: compressedBytes,
    unpackedBytes,
    pulledAt: pass.now,
  }
  for (const reference of names) {
    const at = localImageKey(machine, reference)
    const former = pass.get(at)
    if (former?.id === id) continue
    if (former) orphan(pass, former, because)
    pass.set(at, { ...local, reference }, because)
  }
  const dangling = localImageKey(machine, id)
  if (names.length > 0) pass.set(dangling, undefined, because)
  else if (!pass.all(LocalImage).some((one) => one.id === id)) pass.set(dangling, local, because)
}

/** Forgets layers and configurations that no image, container or build cache of the machine names any more. */
export function sweep(pass: Pass, because: Reason): void {
  const images = pass.all(LocalImage)
  const ids = new Set(images.map(({ id }) => id))
  const layers = new Set<string>()
  const note = (list: readonly { readonly digest: string }[]) => {
    for (const { digest } of list) layers.add(digest)
  }
  for (const image of images) note(contentOf(pass, image)?.layers ?? [])
  for (const { spec } of pass.all(Container)) {
    if (!spec.launch) continue
    note(spec.launch.image.layers)
    ids.add(spec.launch.image.id)
  }
  for (const { layers: own } of pass.all(CacheRecord)) note(own)
  for (const { state, results } of pass.all(Build))
    if (state === 'running') for (const { layers: own } of Object.values(results)) note(own)
  for (const { id } of pass.all(StoredImage))
    if (!ids.has(id)) pass.set(storedImageKey(pass.machine.name, id), undefined, because, true)
  for (const { digest } of pass.all(StoredLayer))
    if (!layers.has(digest)) pass.set(storedLayerKey(pass.machine.name, digest), undefined, because, true)
}

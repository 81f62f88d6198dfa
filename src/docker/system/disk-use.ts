import { LocalImage } from '../../platform/image/image'
import { chainIds } from '../../platform/image/layer'
import { cacheUses } from '../build/cache-use'
import { listContainers } from '../containers/list'
import { listImages } from '../images/images'
import { contentOf } from '../images/store'
import type { Pass } from '../pass'
import { Volume } from '../volumes/volume'
import { describeVolume, usersOf, volumeBytes } from '../volumes/volumes'

interface Counted {
  readonly bytes: number
  /** How many images have it. */
  images: number
}

/** The layers of the machine's images by their chain ids. */
function layersOf(pass: Pass): {
  readonly all: ReadonlyMap<string, Counted>
  readonly of: ReadonlyMap<string, readonly string[]>
} {
  const all = new Map<string, Counted>()
  const of = new Map<string, readonly string[]>()
  for (const local of pass.all(LocalImage)) {
    if (of.has(local.id)) continue
    const layers = contentOf(pass, local)?.layers ?? []
    const chain = chainIds(layers.map(({ digest }) => digest))
    of.set(local.id, chain)
    for (const [i, id] of chain.entries()) {
      const known = all.get(id)
      if (known) known.images++
      else all.set(id, { bytes: layers[i]!.unpackedBytes, images: 1 })
    }
  }
  return { all, of }
}

/** `GET /system/df`: disk in use by what the daemon keeps. A layer counts once, however many images have it. After SystemDiskUsage. */
export function diskUse(pass: Pass) {
  const { all, of } = layersOf(pass)
  const sharedSize = (id: string): number =>
    (of.get(id) ?? []).reduce((sum, chain) => sum + (all.get(chain)!.images > 1 ? all.get(chain)!.bytes : 0), 0)
  return {
    LayersSize: [...all.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    Images: listImages(pass, {}).map((image) => ({ ...image, SharedSize: sharedSize(image.Id) })),
    Containers: listContainers(pass, { all: '1', size: '1' }),
    Volumes: pass.all(Volume).map((volume) => ({
      ...describeVolume(volume),
      UsageData: { RefCount: usersOf(pass, volume.name).length, Size: volumeBytes(pass, volume.name) },
    })),
    BuildCache: cacheUses(pass),
  }
}

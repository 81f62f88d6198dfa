import { storedLayerKey } from '../image/layer'
import { storedImageKey } from '../image/stored'

/**
 * The content of what was pushed, for all registries together: by digest, so that equal content is one. It is never freed (simplified), as
 * nothing is in a real registry before its garbage collection.
 */
export const POOL = 'registries'

export const pooledLayerKey = (digest: string) => storedLayerKey(POOL, digest)
export const pooledImageKey = (id: string) => storedImageKey(POOL, id)

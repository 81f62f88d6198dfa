import type { Reason } from '../../engine'
import type { Layer } from '../../platform/image/resolve'
import { pooledLayerKey } from '../../platform/registry/pool'
import type { Vertex } from '../dockerfile/vertices'
import { keepLayer } from '../images/keep'
import { imageLayers } from '../images/store'
import type { Pass } from '../pass'
import { type Build, CacheRecord, type FoundImage, type StepStatus } from './build'
import { baseOf, isUnreachable } from './images'
import { statusAt } from './status'

/** Bytes a millisecond: layers unpacked. */
const UNPACKED = 160_000

/** Of these layers the ones that neither an image of the machine nor its build cache has. */
export function missingLayers(pass: Pass, layers: readonly Layer[]): readonly Layer[] {
  const present = imageLayers(pass)
  for (const record of pass.all(CacheRecord)) for (const { digest } of record.layers) present.add(digest)
  return layers.filter(({ digest }) => !present.has(digest))
}

/** What somebody has pushed is in the pool of the registries: its layers go to the machine's store. */
export function keepPushed(pass: Pass, layers: readonly Layer[], because: Reason): void {
  for (const { digest } of layers) {
    const content = pass.get(pooledLayerKey(digest))
    if (content) keepLayer(pass, content, because)
  }
}

/** Why the layers of a base do not come; undefined: they do. */
export function pullProblem(pass: Pass, image: string, { local, full }: FoundImage): string | undefined {
  if (local || !isUnreachable(pass, image)) return undefined
  return `failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://${full.split('/')[0]}": dial tcp: i/o timeout`
}

/** Brings the layers of a base that the machine lacks: how long that takes, and what progress tells of it. */
export function pullOf(
  pass: Pass,
  build: Build,
  vertex: Vertex,
): { readonly millis: number; readonly statuses: readonly StepStatus[] } {
  const { image = '' } = vertex
  const found = build.images[image]!
  const layers = baseOf(pass, image, found)?.image.layers ?? []
  const missing = found.local ? [] : missingLayers(pass, layers)
  const resolved = statusAt(pass.now, `resolve ${found.full}@${found.digest}`, 8)
  if (missing.length === 0) return { millis: found.local ? 0 : 10, statuses: found.local ? [] : [resolved] }
  const statuses = [resolved]
  const speed = pass.machine.downloadBytesPerSecond / 1000
  let at = 120
  for (const { digest, compressedBytes } of missing) {
    const millis = 40 + compressedBytes / speed
    statuses.push(statusAt(pass.now, digest, millis, at, compressedBytes))
    at += compressedBytes / speed
  }
  for (const { digest, unpackedBytes } of missing) {
    const millis = 5 + unpackedBytes / UNPACKED
    statuses.push(statusAt(pass.now, `extracting ${digest}`, millis, at + 40))
    at += millis
  }
  return { millis: at + 60, statuses }
}

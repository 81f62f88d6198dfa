import type { Json, Reason } from '../../engine'
import type { Layer } from '../../platform/image/resolve'
import { storedImageKey } from '../../platform/image/stored'
import { pooledImageKey } from '../../platform/registry/pool'
import type { CachedStep } from '../dockerfile/cache'
import type { Vertex } from '../dockerfile/vertices'
import type { Pass } from '../pass'
import { type Build, CacheRecord } from './build'
import { findBase } from './images'
import { keepPushed, missingLayers } from './pull'
import { keepRecord } from './record'
import { layersOf } from './status'

/** A step as an image takes it along. */
type TakenStep = CachedStep & { readonly layers: readonly Layer[]; readonly at: number; readonly bytes: number }

/** The steps whose layers an image consists of, lowest first, as it takes them along. Models the inline exporter of BuildKit in its mode `min`. */
export function inlineCache(build: Build, vertices: readonly Vertex[], top: Vertex | undefined) {
  const steps: TakenStep[] = []
  for (let vertex = top; vertex; vertex = vertex.before === undefined ? undefined : vertices[vertex.before]) {
    const { key, parts, stage, kind, name } = vertex
    const layers = layersOf(build, vertex.id)
    const bytes = kind === 'FROM' ? 0 : (layers.at(-1)?.unpackedBytes ?? 0)
    steps.unshift({ key, parts, stage, kind, name, layers, at: build.results[vertex.id]?.at ?? 0, bytes })
  }
  return { keys: steps.map(({ key }) => key), steps: steps as unknown as readonly Json[] }
}

/** How long an import takes: asking for the image, and bringing those of its layers that the machine lacks. */
export function importMillis(pass: Pass, { inputs }: Build, image: string, askedMillis: number): number {
  const found = findBase(pass, image, inputs.options)
  if ('problem' in found) return askedMillis
  if (found.local) return 1
  const missing = missingLayers(pass, pass.get(pooledImageKey(found.id))?.image.layers ?? [])
  const bytes = missing.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0)
  return askedMillis + bytes / (pass.machine.downloadBytesPerSecond / 1000)
}

/**
 * Takes over what an image tells of its build; gives why that cannot be. Simplified: its layers come at once, not when a step or the
 * export first needs them, and steps that nobody takes stay in the cache as well.
 */
export function importCache(pass: Pass, { inputs }: Build, image: string, because: Reason): string | undefined {
  const found = findBase(pass, image, inputs.options)
  if ('problem' in found) return `failed to configure registry cache importer: ${found.problem}`
  const stored = pass.get(storedImageKey(pass.machine.name, found.id)) ?? pass.get(pooledImageKey(found.id))
  const steps = (stored?.buildCache ?? []) as unknown as readonly TakenStep[]
  if (steps.length > 0) keepPushed(pass, stored?.image.layers ?? [], because)
  const known = new Set(pass.all(CacheRecord).map(({ key }) => key))
  for (const { at, bytes, layers, ...step } of steps)
    if (!known.has(step.key)) keepRecord(pass, step, { key: step.key, layers, at }, bytes)
  return undefined
}

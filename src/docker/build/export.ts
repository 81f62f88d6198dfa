import type { Entry } from '../../platform/image/entry'
import type { Layer } from '../../platform/image/resolve'
import type { StoredImage } from '../../platform/image/stored'
import { treeOf } from '../../platform/image/tree'
import type { BuildPlan } from '../dockerfile/plan'
import { topsOf, type Vertex } from '../dockerfile/vertices'
import { keepImage } from '../images/keep'
import type { Pass } from '../pass'
import type { Build, StepStatus } from './build'
import { baseOf, fullName } from './images'
import { inlineCache } from './inline-cache'
import { imageOfStage } from './stage-image'
import { layersOf, statusAt } from './status'

/** Bytes a millisecond: layers packed and written, and files sent to the client. */
const EXPORTED = 180_000
const SENT = 300_000

/** The layers of the stage that was asked for. */
const targetLayers = (build: Build, plan: BuildPlan, vertices: readonly Vertex[]): readonly Layer[] =>
  layersOf(build, topsOf(plan, vertices).get(plan.graph.target)?.id)

/** The files of a result that is no image, as they are sent to the client. */
export function resultEntries(pass: Pass, build: Build): readonly Entry[] {
  const tree = treeOf(pass, build.machine, build.result ?? [])
  return [...tree.paths()].sort().flatMap((path) => {
    const file = tree.get(path)
    return file ? [{ path, ...file }] : []
  })
}

/** How long files take to the client. */
function filesExport(
  pass: Pass,
  build: Build,
  plan: BuildPlan,
  vertices: readonly Vertex[],
): { readonly millis: number; readonly statuses: readonly StepStatus[] } {
  const { exporter } = build.inputs.options
  if (exporter === 'none') return { millis: 0, statuses: [] }
  const bytes = targetLayers(build, plan, vertices).reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0)
  const millis = 10 + bytes / SENT
  const says = exporter === 'tar' ? 'sending tarball' : 'copying files'
  return { millis, statuses: [statusAt(pass.now, says, millis, 0, bytes)] }
}

function madeImage(pass: Pass, build: Build, plan: BuildPlan, vertices: readonly Vertex[]): StoredImage {
  const top = topsOf(plan, vertices).get(plan.graph.target)
  const layers = layersOf(build, top?.id)
  const { options } = build.inputs
  return imageOfStage(
    plan,
    plan.graph.target,
    vertices,
    build.results,
    (image) => baseOf(pass, image, build.images[image]),
    {
      labels: options.labels,
      platform: options.platform,
      layers,
      tree: treeOf(pass, build.machine, layers),
      ...(options.inlineCache && { buildCache: inlineCache(build, vertices, top) }),
    },
  )
}

/** How long it takes to write the image, and what progress tells of it. `fresh`: the steps whose layers are new. */
export function exportOf(
  pass: Pass,
  build: Build,
  plan: BuildPlan,
  vertices: readonly Vertex[],
  fresh: readonly Vertex[],
): { readonly millis: number; readonly statuses: readonly StepStatus[] } {
  if (build.inputs.options.exporter !== 'image') return filesExport(pass, build, plan, vertices)
  const bytes = fresh.reduce((sum, { id }) => sum + (layersOf(build, id).at(-1)?.unpackedBytes ?? 0), 0)
  const millis = fresh.length === 0 ? 2 : 15 + bytes / EXPORTED
  const { id } = madeImage(pass, build, plan, vertices)
  const statuses = [
    statusAt(pass.now, 'exporting layers', millis),
    statusAt(pass.now, `writing image ${id}`, 2, millis),
    ...build.inputs.options.tags.map((tag) => statusAt(pass.now, `naming to ${fullName(tag)}`, 2, millis + 3)),
  ]
  return { millis: millis + 6, statuses }
}

/** What a build has come to: an image of the machine, or layers for whoever asks for their files. */
export const exported = (
  pass: Pass,
  build: Build,
  plan: BuildPlan,
  vertices: readonly Vertex[],
): Pick<Build, 'image' | 'result'> =>
  build.inputs.options.exporter === 'image'
    ? { image: exportImage(pass, build, plan, vertices) }
    : { result: targetLayers(build, plan, vertices) }

/** Puts the image into the machine's store under its names; gives its id. */
function exportImage(pass: Pass, build: Build, plan: BuildPlan, vertices: readonly Vertex[]): string {
  const stored = madeImage(pass, build, plan, vertices)
  const { tags } = build.inputs.options
  keepImage(pass, stored, tags, {
    id: 'docker/built',
    values: { image: tags[0] ?? stored.id, layers: stored.image.layers.length, bytes: stored.image.unpackedBytes },
  })
  for (const name of tags) pass.event('image', 'tag', stored.id, { name })
  return stored.id
}

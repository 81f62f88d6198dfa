import type { StoredImage } from '../../platform/image/stored'
import { treeOf } from '../../platform/image/tree'
import type { BuildPlan } from '../dockerfile/plan'
import { topsOf, type Vertex } from '../dockerfile/vertices'
import { keepImage } from '../images/keep'
import type { Pass } from '../pass'
import type { Build, StepStatus } from './build'
import { baseOf, fullName } from './images'
import { imageOfStage } from './stage-image'
import { layersOf, statusAt } from './status'

/** Bytes a millisecond: layers packed and written. */
const EXPORTED = 180_000

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

/** Puts the image into the machine's store under its names; gives its id. */
export function exportImage(pass: Pass, build: Build, plan: BuildPlan, vertices: readonly Vertex[]): string {
  const stored = madeImage(pass, build, plan, vertices)
  const { tags } = build.inputs.options
  keepImage(pass, stored, tags, {
    id: 'docker/built',
    values: { image: tags[0] ?? stored.id, layers: stored.image.layers.length, bytes: stored.image.unpackedBytes },
  })
  for (const name of tags) pass.event('image', 'tag', stored.id, { name })
  return stored.id
}

import { type CacheVerdict, cacheVerdicts } from '../dockerfile/cache'
import { parseDockerfile } from '../dockerfile/parse'
import { type BuildPlan, planBuild } from '../dockerfile/plan'
import type { Problem } from '../dockerfile/problem'
import type { Vertex } from '../dockerfile/vertices'
import type { Pass } from '../pass'
import { type Build, type BuildInputs, type BuildOptions, type BuildStep, CacheRecord } from './build'
import { linesNaming, needsContext } from './graph'
import { fullName } from './images'
import { stepName } from './names'

const waiting = { state: 'waiting', statuses: [] } as const

export const metadataStep = (image: string): BuildStep => ({
  kind: 'metadata',
  name: `[internal] load metadata for ${fullName(image)}`,
  image,
  ...waiting,
})

export const ignoreStep: BuildStep = { kind: 'ignore', name: '[internal] load .dockerignore', ...waiting }

export const importStep = (image: string): BuildStep => ({
  kind: 'import',
  name: `importing cache manifest from ${image}`,
  image,
  ...waiting,
})

/** The steps that the build graph comes to, in the order in which progress numbers them when all begin at once. */
export function layoutOf(
  plan: BuildPlan,
  vertices: readonly Vertex[],
  images: Build['images'],
  { options: { exporter }, remote }: BuildInputs,
): readonly BuildStep[] {
  return [
    ...(needsContext(plan) && remote === undefined
      ? [{ kind: 'context', name: '[internal] load build context', ...waiting } as const]
      : []),
    ...vertices.map(
      (vertex): BuildStep => ({
        kind: vertex.kind === 'FROM' ? 'from' : vertex.kind === 'RUN' ? 'run' : 'work',
        name: stepName(vertex, images),
        vertex: vertex.id,
        ...(vertex.image !== undefined && { image: vertex.image }),
        ...waiting,
      }),
    ),
    { kind: 'export', name: EXPORTS[exporter], ...waiting },
  ]
}

/** As progress names the last step; a build that leaves nothing but its cache has none to show. */
const EXPORTS: Readonly<Record<BuildOptions['exporter'], string>> = {
  image: 'exporting to image',
  local: 'exporting to client directory',
  tar: 'exporting to client tarball',
  none: '',
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

export const unreadable = ({ file }: BuildInputs): Problem => ({
  message: `failed to read dockerfile: open ${nameOf(file)}: no such file or directory`,
  lines: [],
})

/** Why a build ends that names an image which nobody has. */
export function baseProblem({ source = '' }: BuildInputs, image: string, why: string): Problem {
  const parsed = parseDockerfile(source)
  const planned = 'file' in parsed ? planBuild(parsed.file) : undefined
  const lines = planned && 'plan' in planned ? linesNaming(planned.plan, image) : []
  return { message: `${image}: failed to resolve source metadata for ${fullName(image)}: ${why}`, lines }
}

let last: { readonly of: readonly Vertex[]; readonly at: number; readonly all: readonly CacheVerdict[] } | undefined

/** Whether the cache has a vertex, and why not. */
export function verdictOf(
  pass: Pass,
  { inputs }: Build,
  plan: BuildPlan,
  vertices: readonly Vertex[],
  vertex: Vertex,
): CacheVerdict {
  const { noCache, noCacheFilter } = inputs.options
  const stage = plan.stages.get(vertex.stage)?.graph.stage.from.name
  if (vertex.kind !== 'FROM' && (noCache || (stage !== undefined && noCacheFilter.includes(stage))))
    return { cached: false, because: 'not wanted' }
  const at = pass.world.revision
  if (last?.of !== vertices || last.at !== at) {
    const records = [...pass.all(CacheRecord)].sort((a, b) => a.createdAt - b.createdAt)
    last = { of: vertices, at, all: cacheVerdicts(vertices, records) }
  }
  return last.all[vertex.id]!
}

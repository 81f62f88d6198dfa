import { contentDigest } from '../../platform/image/entry'
import { digestOf } from '../../platform/image/hex'
import { type Tree, treeOf } from '../../platform/image/tree'
import { patternMatcher } from '../dockerfile/ignore'
import { parseDockerfile } from '../dockerfile/parse'
import { type BaseImage, type BuildPlan, planBuild } from '../dockerfile/plan'
import { attempt, type Problem, quoted } from '../dockerfile/problem'
import { MISSING, type Vertex, weave } from '../dockerfile/vertices'
import type { Pass } from '../pass'
import type { Build, BuildInputs } from './build'
import { matchesOf } from './copy'
import { baseOf } from './images'
import { remoteDigest } from './remote'
import { contextFiles, ignoredBy } from './transfer'

interface Plans {
  readonly images: Build['images'] | undefined
  readonly made: { readonly plan: BuildPlan } | { readonly problem: Problem }
}

const plans = new WeakMap<BuildInputs, Plans>()

/** The plan of a build; before its images are known, only as far as the file tells. Remembered for as long as its inputs live. */
export function planOf(
  pass: Pass,
  inputs: BuildInputs,
  images: Build['images'] | undefined,
): { readonly plan: BuildPlan } | { readonly problem: Problem } {
  const known = plans.get(inputs)
  if (known && known.images === images) return known.made
  const made = planned(pass, inputs, images)
  plans.set(inputs, { images, made })
  return made
}

function planned(pass: Pass, inputs: BuildInputs, images: Build['images'] | undefined): Plans['made'] {
  const parsed = parseDockerfile(inputs.source ?? '')
  if ('problem' in parsed) return parsed
  const { target, buildArgs, platform } = inputs.options
  const ignored = attempt(() => ignoredBy(inputs))
  if ('problem' in ignored) return ignored
  return planBuild(parsed.file, {
    target,
    buildArgs: new Map(Object.entries(buildArgs)),
    platform,
    ...(ignored.value && { ignored: ignored.value }),
    baseImage: (name) => (images ? describedBase(pass, name, images) : undefined),
  })
}

function describedBase(pass: Pass, name: string, images: Build['images']): BaseImage | undefined {
  const config = baseOf(pass, name, images[name])?.image.config
  return (
    config && {
      env: new Map(Object.entries(config.env)),
      workdir: config.workingDir,
      user: config.user,
      ...(config.shell && { shell: config.shell }),
      ...(config.onbuild && { onbuild: config.onbuild }),
    }
  )
}

/** The images that a plan's stages and steps take files from, in the order of the file. */
export function imagesIn(plan: BuildPlan): readonly string[] {
  const found = new Set<string>()
  for (const { graph, steps } of plan.stages.values()) {
    const { base } = graph
    if (typeof base === 'object' && 'image' in base) found.add(base.image)
    for (const { source, mounts } of steps)
      for (const one of [source, ...mounts.map(({ files }) => files)])
        if (typeof one === 'object' && 'image' in one) found.add(one.image)
  }
  return [...found]
}

/** Whether any step takes files of the build context. */
export const needsContext = (plan: BuildPlan): boolean =>
  [...plan.stages.values()].some(({ steps }) =>
    steps.some(({ instruction: one, source, mounts }) =>
      one.kind === 'COPY' || one.kind === 'ADD'
        ? source === undefined && one.sources.length > 0
        : mounts.some((mount) => mount.type === 'bind' && mount.files === undefined),
    ),
  )

interface Woven {
  readonly images: Build['images']
  readonly vertices: readonly Vertex[]
}
const woven = new WeakMap<object, Woven>()

/** Whether keys go by what other steps have made: only then do they change while a build goes on. */
const goesByContent = (plan: BuildPlan): boolean =>
  [...plan.stages.values()].some(({ steps }) => steps.some(({ source }) => source !== undefined))

/** The vertices with their keys, as far as they can be known: those that go by content wait for what they copy. */
export function verticesOf(
  pass: Pass,
  build: Pick<Build, 'machine' | 'inputs' | 'images' | 'results'>,
  plan: BuildPlan,
): readonly Vertex[] {
  const { inputs, images, results } = build
  const held = goesByContent(plan) ? results : inputs
  const known = woven.get(held)
  if (known?.images === images) return known.vertices
  const ignored = ignoredBy(inputs)
  const vertices = weave(plan, {
    context: contextFiles(inputs.context),
    ...(ignored && { ignored }),
    imageDigest: (image) => images[image]?.digest ?? '',
    remoteDigest,
    contentOf: (key, paths) => {
      const result = Object.values(results).find((one) => one.key === key)
      return result && checksumIn(treeOf(pass, build.machine, result.layers), paths)
    },
  })
  woven.set(held, { images, vertices })
  return vertices
}

/** What the content cache knows of paths in a stage: names, modes and contents; patterns behind `!` are left out. */
function checksumIn(tree: Tree, paths: readonly string[]): string {
  const excluded = paths.filter((path) => path.startsWith('!')).map((path) => path.slice(1))
  const matcher = excluded.length === 0 ? undefined : patternMatcher(excluded)
  const lines: string[] = []
  const note = (path: string, shown: string) => {
    const file = tree.get(path)
    if (file && !matcher?.matches(shown)) lines.push(`${shown} ${file.what} ${file.mode} ${contentDigest(file)}`)
    for (const name of [...tree.names(path)].sort())
      note(path === '/' ? `/${name}` : `${path}/${name}`, `${shown}/${name}`)
  }
  for (const source of paths) {
    if (source.startsWith('!')) continue
    const found = matchesOf(tree, source)
    if (found.length === 0 && !/[*?[]/.test(source))
      return `${MISSING}failed to calculate checksum of ref ${refOf(paths)}: ${quoted(source.startsWith('/') ? source : `/${source}`)}: not found`
    for (const path of found) note(tree.real(path), path.slice(path.lastIndexOf('/') + 1))
  }
  return digestOf(lines.join('\n'))
}

const refOf = (paths: readonly string[]): string => {
  const id = digestOf(paths.join(' ')).slice('sha256:'.length)
  return `${id.slice(0, 25)}::${id.slice(25, 50)}`
}

/** Where the file names an image. */
export function linesNaming(plan: BuildPlan, image: string) {
  for (const { graph, steps } of plan.stages.values()) {
    const { base, stage } = graph
    if (typeof base === 'object' && 'image' in base && base.image === image) return [stage.from.lines]
    for (const { source, instruction } of steps)
      if (typeof source === 'object' && 'image' in source && source.image === image) return [instruction.lines]
  }
  return []
}

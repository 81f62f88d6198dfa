import type { Json, Reason } from '../../engine'
import type { Entry } from '../../platform/image/entry'
import { familiarForm, parseReference, withDefaultTag } from '../../platform/image/reference'
import { refuse } from '../engine/request'
import type { Pass } from '../pass'
import { Build, type BuildInputs, type BuildOptions, buildKey } from './build'

/** Each machine remembers so many builds. */
const MOST_BUILDS = 20
const MOST_FILES = 20_000
const MOST_BYTES = 64_000_000
const MOST_TAGS = 100

/** How long the client and the builder need to greet each other, and to send the Dockerfile. */
export const DEFINITION_MILLIS = [12, 45] as const

const DEFAULTS: BuildOptions = {
  tags: [],
  target: '',
  buildArgs: {},
  labels: {},
  noCache: false,
  noCacheFilter: [],
  pull: false,
  platform: 'linux/amd64',
  secrets: {},
  extraHosts: [],
  network: 'default',
  check: false,
}

/** The names that the image is to have, in their familiar form. */
function tagsOf(tags: readonly string[]): readonly string[] {
  if (tags.length > MOST_TAGS) refuse(400, `more than ${MOST_TAGS} tags`)
  return tags.map((tag) => {
    const parsed = parseReference(tag)
    if ('error' in parsed) return refuse(400, `invalid tag ${JSON.stringify(tag)}: ${parsed.error}`)
    if (parsed.reference.digest !== undefined)
      return refuse(400, `invalid tag ${JSON.stringify(tag)}: tag cannot be a digest`)
    return familiarForm(withDefaultTag(parsed.reference))
  })
}

/** A path of a context is clean, and inside of it. */
function checkedContext(context: readonly Entry[]): readonly Entry[] {
  if (context.length > MOST_FILES) refuse(400, `the build context has more than ${MOST_FILES} files`)
  let bytes = 0
  for (const { path, text } of context) {
    bytes += text.length
    if (!path.startsWith('/') || /(^|\/)\.\.?(\/|$)/.test(path) || path.includes('\0'))
      refuse(400, `the build context has a path that is none: ${JSON.stringify(path.slice(0, 200))}`)
  }
  if (bytes > MOST_BYTES) refuse(400, `the build context is larger than ${MOST_BYTES / 1e6} MB`)
  return context
}

/** `POST /build`: begins a build; the builder goes on with it. */
export function beginBuild(pass: Pass, body: Json | undefined): Build {
  const given = (body ?? {}) as unknown as Partial<Omit<BuildInputs, 'options'>> & {
    readonly options?: Partial<BuildOptions>
  }
  const options = { ...DEFAULTS, ...given.options }
  const inputs: BuildInputs = {
    options: { ...options, tags: tagsOf(options.tags) },
    file: given.file ?? 'Dockerfile',
    source: given.source,
    context: checkedContext(given.context ?? []),
    ignore: given.ignore,
  }
  const id = pass.id('build')
  const because: Reason = {
    id: 'docker/build-began',
    values: { file: inputs.file, tags: inputs.options.tags.join(', ') },
  }
  const build: Build = {
    id,
    machine: pass.machine.name,
    inputs,
    state: 'running',
    startedAt: pass.now,
    steps: [
      {
        kind: 'definition',
        name: `[internal] load build definition from ${inputs.file.slice(inputs.file.lastIndexOf('/') + 1)}`,
        state: 'waiting',
        statuses: [],
      },
    ],
    results: {},
    images: {},
    sentBytes: 0,
    warnings: [],
    notices: [],
  }
  pass.set(buildKey(pass.machine.name, id), build, because)
  forgetOld(pass)
  return build
}

function forgetOld(pass: Pass): void {
  const over = pass.all(Build).filter(({ state }) => state !== 'running')
  for (const { id, machine } of over.slice(0, Math.max(0, over.length - MOST_BUILDS)))
    pass.set(buildKey(machine, id), undefined, { id: 'docker/build-forgotten' }, true)
}

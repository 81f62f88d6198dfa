import type { Json, Reason } from '../../engine'
import type { Entry } from '../../platform/image/entry'
import { familiarForm, parseReference, withDefaultTag } from '../../platform/image/reference'
import { refuse } from '../engine/request'
import type { Pass } from '../pass'
import { Build, type BuildInputs, type BuildOptions, buildKey } from './build'
import { remoteContext, remoteStep } from './remote'

/** Each machine remembers so many builds. */
const MOST_BUILDS = 20
const MOST_FILES = 20_000
const MOST_BYTES = 64_000_000
const MOST_TAGS = 100

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
  exporter: 'image',
  cacheFrom: [],
  inlineCache: false,
  auths: {},
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
  const { remote, file = 'Dockerfile' } = given
  const context = remote === undefined ? checkedContext(given.context ?? []) : remoteContext(remote)
  const inputs: BuildInputs = {
    options: { ...options, tags: tagsOf(options.tags) },
    file,
    source: given.source ?? (remote === undefined ? undefined : textAt(context, file)),
    context,
    ignore: given.ignore,
    ...(remote !== undefined && { remote }),
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
        name:
          remote === undefined
            ? `[internal] load build definition from ${inputs.file.slice(inputs.file.lastIndexOf('/') + 1)}`
            : remoteStep(remote),
        state: 'waiting',
        statuses: [],
      },
    ],
    results: {},
    images: {},
    sentBytes: 0,
    warnings: [],
    notices:
      remote === undefined
        ? []
        : [`what ${remote} holds is not known here: a repository with a small Dockerfile is taken for it`],
  }
  pass.set(buildKey(pass.machine.name, id), build, because)
  forgetOld(pass)
  return build
}

const textAt = (context: readonly Entry[], file: string): string | undefined =>
  context.find(({ path, what }) => what === 'file' && path === `/${file.replace(/^(\.?\/)+/, '')}`)?.text

function forgetOld(pass: Pass): void {
  const over = pass.all(Build).filter(({ state }) => state !== 'running')
  for (const { id, machine } of over.slice(0, Math.max(0, over.length - MOST_BUILDS)))
    pass.set(buildKey(machine, id), undefined, { id: 'docker/build-forgotten' }, true)
}

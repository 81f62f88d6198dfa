import { type Json, LAB_EPOCH, type Millis, rfc3339Micro } from '../../engine'
import { sha256 } from '../../engine/sha256'
import { toBase64 } from '../base64'
import { baseCommands } from './bases'
import type { Image, ImageConfig, Layer } from './resolve'
import type { HistoryItem, StoredImage } from './stored'
import type { Tree } from './tree'

interface Parts {
  /** What it stands on; nothing: scratch. */
  readonly base: Image | undefined
  readonly layers: readonly Layer[]
  readonly config: ImageConfig
  readonly history: readonly HistoryItem[]
  readonly createdAt: Millis
  readonly platform?: string
  /** Its files, all layers together. */
  readonly tree: Tree
  /** Steps of its build for other builders, and their keys, which the configuration holds. */
  readonly buildCache?: { readonly keys: readonly string[]; readonly steps: readonly Json[] }
}

/** Of Go's JSON: these three are escaped too. */
const goJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026')

const empty = (list: readonly unknown[] | Readonly<Record<string, unknown>> | undefined): boolean =>
  list === undefined || (Array.isArray(list) ? list.length : Object.keys(list).length) === 0

const keyed = (names: readonly string[]): Readonly<Record<string, object>> =>
  Object.fromEntries([...names].sort().map((name) => [name, {}]))

export const portsOf = ({ ports, exposed }: ImageConfig): readonly string[] =>
  ports ?? exposed.map((port) => `${port}/tcp`)

/** A configuration as the image's JSON has it: nanoseconds, lists of `NAME=value`, nothing that is empty. */
function configOf(config: ImageConfig): Readonly<Record<string, unknown>> {
  const { entrypoint, cmd, env, workingDir, user, stopSignal, volumes, labels, healthcheck, shell, onbuild } = config
  const ports = portsOf(config)
  const times = healthcheck && {
    Interval: healthcheck.interval,
    Timeout: healthcheck.timeout,
    StartPeriod: healthcheck.startPeriod,
    StartInterval: healthcheck.startInterval,
  }
  return {
    ...(user !== '' && { User: user }),
    ...(ports.length > 0 && { ExposedPorts: keyed(ports) }),
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...(entrypoint && { Entrypoint: entrypoint }),
    ...(cmd && { Cmd: cmd }),
    ...(healthcheck && {
      Healthcheck: {
        Test: healthcheck.test,
        ...Object.fromEntries(
          Object.entries(times!).flatMap(([name, millis]) => (millis === 0 ? [] : [[name, millis * 1e6]])),
        ),
        ...(healthcheck.retries > 0 && { Retries: healthcheck.retries }),
      },
    }),
    ...(volumes.length > 0 && { Volumes: keyed(volumes) }),
    WorkingDir: workingDir,
    ...(!empty(labels) && { Labels: labels }),
    ...(!empty(onbuild) && { OnBuild: onbuild }),
    ...(stopSignal !== 'SIGTERM' && { StopSignal: stopSignal }),
    ...(shell && { Shell: shell }),
  }
}

const created = (at: Millis): string => rfc3339Micro(LAB_EPOCH + at)

/** Folders in which commands are looked for. */
const BINARIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/** An image from its layers and configuration: its JSON, its manifest, and the digests of both. */
export function makeImage(parts: Parts): StoredImage {
  const { base, layers, config, history, createdAt, platform = 'linux/amd64', tree, buildCache } = parts
  const [os = 'linux', architecture = 'amd64', variant] = platform.split('/')
  const configJson = goJson({
    architecture,
    ...(variant !== undefined && { variant }),
    ...(config.author !== undefined && { author: config.author }),
    config: configOf(config),
    created: created(createdAt),
    history: history.map((item) => ({
      created: created(item.at),
      created_by: item.createdBy,
      ...(item.comment !== '' && { comment: item.comment }),
      ...(item.empty && { empty_layer: true }),
    })),
    os,
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
    ...(buildCache && { 'moby.buildkit.cache.v0': toBase64(JSON.stringify(buildCache.keys)) }),
  })
  const { id, digest, manifestJson } = manifestOf(configJson, layers)
  const total = (size: 'compressedBytes' | 'unpackedBytes') => layers.reduce((sum, layer) => sum + layer[size], 0)
  const image: Image = {
    name: id,
    repository: '',
    version: base?.version ?? '',
    id,
    digest,
    layers,
    compressedBytes: total('compressedBytes'),
    unpackedBytes: total('unpackedBytes'),
    config,
    program: base?.program ?? 'shell',
    base: base?.base ?? 'scratch',
    shell: base ? base.shell : shellIn(tree),
    commands: commandsOf(base, tree),
    ...(base?.release !== undefined && { release: base.release }),
    ...(base?.generic && { generic: true }),
    built: true,
  }
  return {
    id,
    digest,
    createdAt,
    image,
    history,
    configJson,
    manifestJson,
    ...(buildCache && { buildCache: buildCache.steps }),
  }
}

/** The digests of a configuration and of the manifest that names it. */
export function manifestOf(configJson: string, layers: readonly Layer[]) {
  const id = `sha256:${sha256(configJson)}`
  const manifestJson = goJson({
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: { mediaType: 'application/vnd.docker.container.image.v1+json', size: configJson.length, digest: id },
    layers: layers.map(({ digest, compressedBytes }) => ({
      mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
      size: compressedBytes,
      digest,
    })),
  })
  return { id, digest: `sha256:${sha256(manifestJson)}`, manifestJson }
}

const shellIn = (tree: Tree): Image['shell'] =>
  tree.get('/bin/bash') || tree.get('/usr/bin/bash') ? 'bash' : tree.get('/bin/sh') ? 'ash' : 'none'

/** What the base brings first: the first of them is its own program. */
function commandsOf(base: Image | undefined, tree: Tree): readonly string[] {
  const known = base ? baseCommands(base.base) : new Set<string>()
  const found = new Set(base?.commands ?? [])
  for (const folder of BINARIES) for (const name of tree.names(folder)) if (!known.has(name)) found.add(name)
  return [...found]
}

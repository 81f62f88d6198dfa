import { type Base, type BaseName, baseHas, bases, everyCommand } from './bases'
import { catalogue, type KnownConfig, type KnownImage, officialNames } from './catalogue'
import { digestOf } from './hex'
import { familiarForm, familiarName, fullForm, parseReference, type Reference, withDefaultTag } from './reference'
import { readTag } from './tags'

/** Where the content of a layer comes from, if not from a machine's store: a base, or which layer of which image, counted from 0, the lowest. */
export type CatalogueLayer =
  | { readonly base: BaseName; readonly release?: string }
  | { readonly image: string; readonly index: number }

export interface Layer {
  readonly digest: string
  readonly compressedBytes: number
  readonly unpackedBytes: number
  readonly catalogue?: CatalogueLayer
}

export interface ImageConfig {
  readonly entrypoint: readonly string[] | undefined
  readonly cmd: readonly string[] | undefined
  readonly exposed: readonly number[]
  readonly env: Readonly<Record<string, string>>
  readonly workingDir: string
  readonly user: string
  readonly stopSignal: string
  readonly volumes: readonly string[]
  /** Ports as the configuration has them, where there is more to say than TCP: `53/udp`. */
  readonly ports?: readonly string[]
  readonly labels?: Readonly<Record<string, string>>
  readonly healthcheck?: ImageHealth
  /** Of SHELL. */
  readonly shell?: readonly string[]
  readonly onbuild?: readonly string[]
  readonly author?: string
}

/** HEALTHCHECK; times in milliseconds, 0 is the daemon's default. */
export interface ImageHealth {
  readonly test: readonly string[]
  readonly interval: number
  readonly timeout: number
  readonly startPeriod: number
  readonly startInterval: number
  readonly retries: number
}

/** An image in a registry, or on a machine. */
export interface Image {
  /** Familiar form with the tag: `nginx:1.27`. */
  readonly name: string
  readonly repository: string
  readonly version: string
  /** Digest of its configuration. */
  readonly id: string
  /** Digest of its manifest list: what `name@sha256:…` means. */
  readonly digest: string
  readonly layers: readonly Layer[]
  readonly compressedBytes: number
  readonly unpackedBytes: number
  readonly config: ImageConfig
  /** The program that runs in it unless another command is given. */
  readonly program: string
  readonly base: BaseName
  readonly shell: Base['shell']
  /** Commands besides those of the base. */
  readonly commands: readonly string[]
  /** Of the distribution, where it is not the usual one of the base. */
  readonly release?: string
  /** Made by somebody here: what its files are decides what runs, not its name. */
  readonly built?: boolean
  /** Nothing is known of it: it is taken to have every command. */
  readonly generic?: boolean
}

/** Why there is no such image: the text is no reference, or one of the registry's answers. */
export type Missing = 'reference' | 'tag' | 'repository' | 'host'

export type Resolution =
  | { readonly found: 'known'; readonly image: Image }
  | { readonly found: 'generic'; readonly image: Image; readonly notice: string }
  /** `error`: in the words in which containerd answers the kubelet. */
  | { readonly found: 'missing'; readonly why: Missing; readonly error: string }

const byName = new Map(catalogue.map((known) => [known.name, known]))
/** Former or other names under which the same images are served. */
const aliases: readonly (readonly [from: string, to: string])[] = [
  ['k8s.gcr.io/', 'registry.k8s.io/'],
  ['gcr.io/google_containers/', 'registry.k8s.io/'],
  ['gcr.io/kubernetes-e2e-test-images/', 'registry.k8s.io/e2e-test-images/'],
  ['us-docker.pkg.dev/google-samples/containers/gke/', 'gcr.io/google-samples/'],
  ['gcr.io/google_samples/', 'gcr.io/google-samples/'],
  ['registry.k8s.io/coredns:', 'registry.k8s.io/coredns/coredns:'],
  ['registry.k8s.io/agnhost', 'registry.k8s.io/e2e-test-images/agnhost'],
  ['mirror.gcr.io/library/', ''],
  ['public.ecr.aws/docker/library/', ''],
  ['quay.io/libpod/', ''],
]
/** Registries that answer in the lab. */
const registries: ReadonlySet<string> = new Set(
  `docker.io registry.k8s.io k8s.gcr.io gcr.io us.gcr.io eu.gcr.io asia.gcr.io mirror.gcr.io quay.io ghcr.io mcr.microsoft.com public.ecr.aws
   registry.gitlab.com nvcr.io docker.elastic.co us-docker.pkg.dev lscr.io registry.access.redhat.com cr.fluentbit.io cr.l5d.io`.split(
    /\s+/,
  ),
)

const resolved = new Map<string, Resolution>()

/** What the registries of the lab answer for a reference as a user wrote it. A pure function; answers are remembered. */
export function resolveImage(text: string): Resolution {
  let answer = resolved.get(text)
  if (!answer) {
    answer = look(text)
    resolved.set(text, answer)
  }
  return answer
}

function look(text: string): Resolution {
  const parsed = parseReference(text)
  if ('error' in parsed) {
    return { found: 'missing', why: 'reference', error: `failed to parse image name "${text}": ${parsed.error}` }
  }
  const reference = withDefaultTag(parsed.reference)
  const { domain, tag } = reference
  if (!registries.has(domain)) return missing('host', reference, hostError(reference))
  const known = byName.get(aliased(familiarName(reference)))
  if (known) {
    const read =
      tag === undefined
        ? (readTag(known.tags, 'latest') ?? { version: 'latest', variant: undefined })
        : (readTag(known.tags, tag) ?? nearTag(known, tag))
    if (!read) return missing('tag', reference, `${fullForm(reference)}: not found`)
    return { found: 'known', image: buildKnown(known, reference, read.version, read.variant) }
  }
  if (isRefused(reference)) {
    const words =
      'repository does not exist or may require authorization: server message: insufficient_scope: authorization failed'
    return missing('repository', reference, `pull access denied, ${words}`)
  }
  const name = familiarForm(reference)
  return {
    found: 'generic',
    image: buildGeneric(reference),
    notice: `${name} is not known: it runs as a program that listens on its declared ports and answers 200 (simplified)`,
  }
}

/** Languages have had more versions than are listed: one of a known major version is there too, as the newest of that. */
function nearTag({ name, tags }: KnownImage, tag: string): ReturnType<typeof readTag> {
  const full = /^(\d+)\.\d+(?:\.\d+)?/.exec(tag)
  if (!full || !['node', 'python', 'golang'].includes(name)) return undefined
  const read = readTag(tags, tag.replace(full[0], full[1]!))
  return read && { ...read, version: full[0] }
}

/** Of Docker Hub's official images only those that exist; names that say of themselves that they are made up. */
function isRefused({ domain, path }: Reference): boolean {
  if (domain !== 'docker.io') return false
  if (path.startsWith('library/')) return !officialNames.has(path.slice('library/'.length))
  return /(^|[/-])(does-not-exist|doesnotexist|nonexistent|non-existent|not-there|private|no-such-[a-z]+)([/-]|$)/.test(
    path,
  )
}

function aliased(name: string): string {
  for (const [from, to] of aliases) {
    if (from.endsWith(':') ? `${name}:` === from : name.startsWith(from) && (from.endsWith('/') || name === from)) {
      return from.endsWith(':') ? to.slice(0, -1) : to + name.slice(from.length)
    }
  }
  return name
}

/** A local registry is not there; any other unknown host has no address. */
function hostError({ domain, path, tag, digest }: Reference): string {
  const [host = domain] = domain.split(':')
  const url = `https://${domain}/v2/${path}/manifests/${digest ?? tag}`
  const isLocal = host === 'localhost' || host === '127.0.0.1'
  const why = isLocal
    ? `dial tcp ${host === 'localhost' ? '[::1]' : host}:${domain.split(':')[1] ?? '443'}: connect: connection refused`
    : `dial tcp: lookup ${host} on 172.18.0.1:53: no such host`
  return `failed to do request: Head "${url}": ${why}`
}

/** The CRI gives a status code only where containerd knows one: kubelets print `Unknown` errors without it. */
function missing(why: Missing, reference: Reference, cause: string): Resolution {
  return { found: 'missing', why, error: pullError(reference, cause, why === 'tag') }
}

/** containerd's chain of wrapped errors for a pull that failed before its first layer. */
export function pullError(reference: Reference, cause: string, notFound = false): string {
  const full = fullForm(reference)
  const prefix = notFound ? 'rpc error: code = NotFound desc = ' : ''
  return `${prefix}failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${cause}`
}

function buildKnown(known: KnownImage, reference: Reference, version: string, variantIndex: number | undefined): Image {
  const variant = variantIndex === undefined ? undefined : known.variants?.[variantIndex]
  const base = variant?.base ?? known.base
  const own = variant?.own ?? known.own
  const configured: KnownConfig = { ...known.config, ...variant?.config }
  const flavour = `${known.name}:${version}:${variantIndex ?? ''}`
  const release = RELEASES[known.name] === undefined || version === RELEASES[known.name] ? undefined : version
  return image(reference, {
    base,
    flavour,
    version,
    layers: [...baseLayers(base, release), ...ownLayers(flavour, own)],
    ...(release !== undefined && { release }),
    config: {
      entrypoint: configured.entrypoint,
      cmd: configured.cmd,
      exposed: configured.exposed ?? [],
      env: filled(configured.env, version),
      workingDir: configured.workingDir ?? '/',
      user: configured.user ?? '',
      stopSignal: configured.stopSignal ?? 'SIGTERM',
      volumes: configured.volumes ?? [],
    },
    program: known.program,
    commands: (variant?.commands ?? known.commands).split(' ').filter((command) => command !== ''),
  })
}

/** Images that are a distribution, and the release of it that the other images stand on. */
const RELEASES: Readonly<Record<string, string>> = { alpine: '3.22.2', debian: '12.12', ubuntu: '24.04' }

function buildGeneric(reference: Reference): Image {
  const flavour = `generic:${familiarForm(reference)}`
  // 30–90 MB, always the same for one name
  const megabytes = 30 + (Number.parseInt(digestOf(flavour).slice(7, 13), 16) % 61)
  return image(reference, {
    base: 'debian:slim',
    flavour,
    version: reference.tag ?? 'latest',
    layers: [...baseLayers('debian:slim'), ...ownLayers(flavour, [megabytes, megabytes * 2.6, 5])],
    config: {
      entrypoint: undefined,
      cmd: ['/app'],
      exposed: [],
      env: {},
      workingDir: '/',
      user: '',
      stopSignal: 'SIGTERM',
      volumes: [],
    },
    program: 'http',
    commands: ['app', 'curl', ...everyCommand],
    generic: true,
  })
}

function image(
  reference: Reference,
  parts: Pick<Image, 'base' | 'version' | 'layers' | 'config' | 'program' | 'commands' | 'release' | 'generic'> & {
    flavour: string
  },
): Image {
  const { flavour, layers, ...others } = parts
  const name = familiarForm(reference)
  const rest = { ...others, layers: layers.map((layer, index) => ({ catalogue: { image: name, index }, ...layer })) }
  const total = (size: 'compressedBytes' | 'unpackedBytes') => rest.layers.reduce((sum, layer) => sum + layer[size], 0)
  return {
    ...rest,
    name,
    repository: familiarName(reference),
    id: digestOf(`config ${flavour}`),
    digest: reference.digest ?? digestOf(`index ${flavour}`),
    compressedBytes: total('compressedBytes'),
    unpackedBytes: total('unpackedBytes'),
    shell: bases[rest.base].shell,
  }
}

function baseLayers(base: BaseName, release?: string): Layer[] {
  const { compressedBytes, unpackedBytes } = bases[base]
  const digest = digestOf(`layer ${base}${release === undefined ? '' : ` ${release}`}`)
  return compressedBytes === 0
    ? []
    : [{ digest, compressedBytes, unpackedBytes, catalogue: { base, ...(release !== undefined && { release }) } }]
}

/** A layer as the catalogue has it. */
export function catalogueLayer(wanted: CatalogueLayer): Layer | undefined {
  if ('base' in wanted) return baseLayers(wanted.base, wanted.release)[0]
  const answer = resolveImage(wanted.image)
  return answer.found === 'missing' ? undefined : answer.image.layers[wanted.index]
}

/** One big layer and small ones, as most Dockerfiles leave them: packages first, then scripts of a few kilobytes. */
function ownLayers(flavour: string, [compressed, unpacked, count]: readonly [number, number, number]): Layer[] {
  const small = 1000
  return Array.from({ length: count }, (_, i) => ({
    digest: digestOf(`layer ${flavour} ${i}`),
    compressedBytes: i === 0 ? Math.round(compressed * 1_000_000) - small * (count - 1) : small,
    unpackedBytes: i === 0 ? Math.round(unpacked * 1_000_000) - 3 * small * (count - 1) : 3 * small,
  })).filter((layer) => layer.compressedBytes > 0)
}

const filled = (env: Readonly<Record<string, string>> | undefined, version: string): Record<string, string> => {
  const result: Record<string, string> = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }
  for (const [name, value] of Object.entries(env ?? {})) {
    result[name] = value.replace('{version}', version).replace('{major}', version.split('.')[0]!)
  }
  return result
}

/** Whether a container of this image finds the command in its PATH. */
export function imageHas(image: Image, command: string): boolean {
  return image.commands.includes(command) || baseHas(image.base, command)
}

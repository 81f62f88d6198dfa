/**
 * Image references as the `distribution/reference` library reads them: `[domain/]path[:tag][@digest]`, with Docker Hub
 * and `library/` as defaults for the short forms that people type.
 */

export interface Reference {
  /** `docker.io`, `registry.k8s.io`, `localhost:5000`; empty only after a strict parse. */
  readonly domain: string
  /** `library/nginx` */
  readonly path: string
  readonly tag: string | undefined
  readonly digest: string | undefined
}

export type Parsed = { readonly reference: Reference } | { readonly error: string }

const label = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const host = `(?:${label}(?:\\.${label})*|\\[(?:[a-fA-F0-9:]+)\\])`
const domain = `${host}(?::[0-9]+)?`
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const name = `(?:${domain}/)?${component}(?:/${component})*`
const tag = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}'
const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}'

const whole = new RegExp(`^(${name})(?::(${tag}))?(?:@(${digest}))?$`)
const parts = new RegExp(`^(?:(${domain})/)?(${component}(?:/${component})*)$`)
const identifier = /^[a-f0-9]{64}$/
const digestLengths: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 }

const NAME_MOST = 255
const INVALID = 'invalid reference format'
const DEFAULT_DOMAIN = 'docker.io'
const OFFICIAL = 'library/'

function digestError(text: string): string | undefined {
  const colon = text.indexOf(':')
  const length = digestLengths[text.slice(0, colon)]
  if (length === undefined) return 'unsupported digest algorithm'
  if (text.length - colon - 1 !== length) return 'invalid checksum digest length'
  return /^[a-f0-9]+$/.test(text.slice(colon + 1)) ? undefined : 'invalid checksum digest format'
}

/** Reads a full reference without filling in Docker Hub's defaults (`Parse`). */
export function parseStrict(text: string): Parsed {
  const match = whole.exec(text)
  if (!match) {
    if (text === '') return { error: 'repository name must have at least one component' }
    return { error: whole.test(text.toLowerCase()) ? 'repository name must be lowercase' : INVALID }
  }
  const split = parts.exec(match[1]!)!
  const path = split[2]!
  if (path.length > NAME_MOST) return { error: `repository name must not be more than ${NAME_MOST} characters` }
  const error = match[3] === undefined ? undefined : digestError(match[3])
  if (error !== undefined) return { error }
  return { reference: { domain: split[1] ?? '', path, tag: match[2], digest: match[3] } }
}

/** Parts a name into registry and the rest: what stands before the first slash is a registry only if it looks like a host. */
export function splitDomain(text: string): { readonly domain: string; readonly remainder: string } {
  const slash = text.indexOf('/')
  const first = text.slice(0, slash)
  const isHost = slash >= 0 && (first === 'localhost' || /[.:]/.test(first) || first.toLowerCase() !== first)
  let found = isHost ? first : DEFAULT_DOMAIN
  let remainder = isHost ? text.slice(slash + 1) : text
  if (found === 'index.docker.io') found = DEFAULT_DOMAIN
  if (found === DEFAULT_DOMAIN && !remainder.includes('/')) remainder = OFFICIAL + remainder
  return { domain: found, remainder }
}

/** Reads what people type: `nginx` is `docker.io/library/nginx` (`ParseNormalizedNamed`). No tag is added. */
export function parseReference(text: string): Parsed {
  if (identifier.test(text)) {
    return { error: `invalid repository name (${text}), cannot specify 64-byte hexadecimal strings` }
  }
  const { domain: at, remainder } = splitDomain(text)
  const colon = remainder.indexOf(':')
  const remote = colon >= 0 ? remainder.slice(0, colon) : remainder
  if (remote.toLowerCase() !== remote) return { error: `${INVALID}: repository name (${remote}) must be lowercase` }
  const parsed = parseStrict(`${at}/${remainder}`)
  if ('error' in parsed) return parsed
  // "docker.io/x" without a valid domain in front would read as a bare path
  return parsed.reference.domain === '' ? { error: INVALID } : parsed
}

/** A reference, or the id or digest of an image (`ParseAnyReference`). */
export function parseAny(text: string): Parsed | { readonly digest: string } {
  if (identifier.test(text)) return { digest: `sha256:${text}` }
  const colon = text.indexOf(':')
  if (colon > 0 && digestLengths[text.slice(0, colon)] !== undefined && digestError(text) === undefined)
    return { digest: text }
  return parseReference(text)
}

/** `docker.io/library/nginx:1.27`: with all that the reference says. */
export function fullForm(reference: Reference): string {
  return `${repositoryOf(reference)}${suffix(reference)}`
}

/** `docker.io/library/nginx` */
export function repositoryOf(reference: Reference): string {
  return reference.domain === '' ? reference.path : `${reference.domain}/${reference.path}`
}

/** `nginx:1.27`: as people write it, without Docker Hub's defaults. */
export function familiarForm(reference: Reference): string {
  return `${familiarName(reference)}${suffix(reference)}`
}

/** `nginx` */
export function familiarName(reference: Reference): string {
  if (reference.domain !== DEFAULT_DOMAIN) return repositoryOf(reference)
  const short = reference.path.startsWith(OFFICIAL) ? reference.path.slice(OFFICIAL.length) : reference.path
  // "library/a/b" cannot lose its first part: "a/b" is something else
  return short.includes('/') ? reference.path : short
}

const suffix = (r: Reference): string =>
  (r.tag === undefined ? '' : `:${r.tag}`) + (r.digest === undefined ? '' : `@${r.digest}`)

/** What is really pulled: `:latest` where nothing is said; a digest makes the tag of no account (`ParseDockerRef`). */
export function withDefaultTag(reference: Reference): Reference {
  if (reference.digest !== undefined) return reference.tag === undefined ? reference : { ...reference, tag: undefined }
  return reference.tag === undefined ? { ...reference, tag: 'latest' } : reference
}

/** The name under which a machine keeps the image: the familiar form with its tag; the text itself where it is no reference. */
export function localName(text: string): string {
  let name = localNames.get(text)
  if (name === undefined) {
    const parsed = parseReference(text)
    name = 'error' in parsed ? text : familiarForm(withDefaultTag(parsed.reference))
    if (localNames.size > 2_000) localNames.clear()
    localNames.set(text, name)
  }
  return name
}

/** What has been asked before: a pure function, remembered. */
const localNames = new Map<string, string>()

import type { Json } from '../../engine/json'

/** What a registry holds, as plain data: names, tags and digests. The content itself is in the pool (see `pool.ts`). */
export interface RegistryContent {
  readonly repositories: Readonly<Record<string, Repository>>
}

export interface Repository {
  readonly tags: Readonly<Record<string, string>>
  /** By digest: what a manifest names. */
  readonly manifests: Readonly<Record<string, Manifest>>
  /** Blobs that were uploaded to it or mounted into it: digest → bytes. */
  readonly blobs: Readonly<Record<string, number>>
}

/** A manifest as it was pushed: `id` is that of the image's configuration. */
export interface Manifest {
  readonly id: string
  readonly size: number
  readonly layers: readonly string[]
  /** Of a tag `sha256-….sig`: what cosign has put there. */
  readonly signatures?: readonly Signature[]
}

/** What somebody has signed, and how. In reality a layer with the payload, and an annotation of it. */
export interface Signature {
  readonly payload: string
  readonly signature: string
  /** Its entry in the transparency log. */
  readonly logIndex?: number
}

export const emptyContent: RegistryContent = { repositories: {} }
const emptyRepository: Repository = { tags: {}, manifests: {}, blobs: {} }

const MOST_REPOSITORIES = 1_000
const MOST_TAGS = 1_000

export interface RegistryReply {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  readonly content?: RegistryContent
}

export interface RegistryQuestion {
  readonly method: string
  readonly path: string
  readonly body: string
  /** REGISTRY_STORAGE_DELETE_ENABLED. */
  readonly deletes?: boolean
}

const json = (value: Json): string => `${JSON.stringify(value)}\n`

/** `{"errors":[{"code":"NAME_UNKNOWN",…}]}`, as the registry API has errors. */
export const registryError = (status: number, code: string, message: string, detail: Json = null): RegistryReply => ({
  status,
  body: json({ errors: [{ code, message, ...(detail !== null && { detail }) }] }),
  headers: { 'content-type': 'application/json; charset=utf-8' },
})

/** `/v2/shop/web/manifests/1.0` */
const PART = '[a-z0-9]+(?:[._-]+[a-z0-9]+)*'
const PATH = new RegExp(`^/v2/(${PART}(?:/${PART})*)/(manifests|blobs|tags)/(.+)$`)

/**
 * Answers as the distribution registry does: catalog, tags, manifests and blobs by digest. An upload is one PUT here, not a session
 * (simplified); manifests can be deleted where REGISTRY_STORAGE_DELETE_ENABLED says so.
 */
export function answerRegistry(content: RegistryContent, question: RegistryQuestion): RegistryReply {
  const { method, path, body, deletes = false } = question
  const [plain = '', query = ''] = path.split('?')
  if (plain === '/v2' || plain === '/v2/')
    return { status: 200, body: '{}', headers: { 'docker-distribution-api-version': 'registry/2.0' } }
  if (plain === '/v2/_catalog')
    return { status: 200, body: json({ repositories: Object.keys(content.repositories).sort() }) }
  const match = PATH.exec(plain)
  if (!match) return { status: 404, body: '404 page not found\n' }
  const [, name = '', what = '', rest = ''] = match
  const repository = content.repositories[name]
  if (method === 'DELETE')
    return deletes && what === 'manifests'
      ? deleteManifest(content, name, rest)
      : registryError(405, 'UNSUPPORTED', 'The operation is unsupported.')
  if (what === 'tags') return tags(name, repository)
  if (what === 'blobs') return blob(content, name, { method, rest, query })
  return method === 'PUT' ? putManifest(content, name, rest, body) : getManifest(name, repository, rest)
}

const nameUnknown = (name: string): RegistryReply =>
  registryError(404, 'NAME_UNKNOWN', 'repository name not known to registry', { name })

const tags = (name: string, repository: Repository | undefined): RegistryReply =>
  repository ? { status: 200, body: json({ name, tags: Object.keys(repository.tags).sort() }) } : nameUnknown(name)

function getManifest(name: string, repository: Repository | undefined, reference: string): RegistryReply {
  const digest = reference.startsWith('sha256:') ? reference : repository?.tags[reference]
  const manifest = digest === undefined ? undefined : repository?.manifests[digest]
  if (!manifest || digest === undefined)
    return registryError(404, 'MANIFEST_UNKNOWN', 'manifest unknown', { Tag: reference, name })
  return {
    status: 200,
    body: json(manifest as unknown as Json),
    headers: {
      'content-type': 'application/vnd.docker.distribution.manifest.v2+json',
      'docker-content-digest': digest,
    },
  }
}

/** The manifest and the tags that mean it go; its blobs stay, as they do until a garbage collection. */
function deleteManifest(content: RegistryContent, name: string, digest: string): RegistryReply {
  const own = content.repositories[name]
  const gone = own?.manifests[digest]
  if (!own || !gone) return registryError(404, 'MANIFEST_UNKNOWN', 'manifest unknown', { name })
  const { [digest]: _, ...manifests } = own.manifests
  const tags = Object.fromEntries(Object.entries(own.tags).filter(([, meant]) => meant !== digest))
  return {
    status: 202,
    body: '',
    // no longer a manifest of this repository, but still a blob, as its configuration is
    content: {
      repositories: {
        ...content.repositories,
        [name]: { tags, manifests, blobs: { ...own.blobs, [digest]: gone.size, [gone.id]: gone.size } },
      },
    },
  }
}

/** `rest`: a digest; with `mount` and `from`, the blob is taken over from another repository of this registry. */
function blob(
  content: RegistryContent,
  name: string,
  { method, rest, query }: { readonly method: string; readonly rest: string; readonly query: string },
): RegistryReply {
  const own = content.repositories[name] ?? emptyRepository
  const bytes = own.blobs[rest]
  if (method !== 'PUT')
    return bytes === undefined
      ? registryError(404, 'BLOB_UNKNOWN', 'blob unknown to registry', { digest: rest })
      : { status: 200, body: '', headers: { 'content-length': String(bytes), 'docker-content-digest': rest } }
  const from = /(?:^|&)from=([^&]+)/.exec(query)?.[1]
  const size =
    from === undefined ? Number(/(?:^|&)size=(\d+)/.exec(query)?.[1] ?? 0) : content.repositories[from]?.blobs[rest]
  if (size === undefined) return { status: 202, body: '' }
  if (Object.keys(content.repositories).length >= MOST_REPOSITORIES && !content.repositories[name])
    return registryError(507, 'DENIED', `a registry of this lab holds ${MOST_REPOSITORIES} repositories at most`)
  const repository: Repository = { ...own, blobs: { ...own.blobs, [rest]: size } }
  return { status: 201, body: '', content: { repositories: { ...content.repositories, [name]: repository } } }
}

function putManifest(content: RegistryContent, name: string, reference: string, body: string): RegistryReply {
  const own = content.repositories[name] ?? emptyRepository
  const read = manifestIn(body)
  if (!read) return registryError(400, 'MANIFEST_INVALID', 'manifest invalid')
  const { digest, ...manifest } = read
  const missing = manifest.layers.find((layer) => own.blobs[layer] === undefined)
  if (missing !== undefined)
    return registryError(404, 'MANIFEST_BLOB_UNKNOWN', 'blob unknown to registry', { digest: missing })
  if (Object.keys(own.tags).length >= MOST_TAGS && own.tags[reference] === undefined)
    return registryError(507, 'DENIED', `a repository of this lab holds ${MOST_TAGS} tags at most`)
  const repository: Repository = {
    ...own,
    tags: reference.startsWith('sha256:') ? own.tags : { ...own.tags, [reference]: digest },
    manifests: { ...own.manifests, [digest]: manifest },
  }
  return {
    status: 201,
    body: '',
    headers: { 'docker-content-digest': digest, location: `/v2/${name}/manifests/${digest}` },
    content: { repositories: { ...content.repositories, [name]: repository } },
  }
}

const MOST_SIGNATURES = 50
const LONGEST_PAYLOAD = 10_000

function signaturesIn(given: unknown): readonly Signature[] | undefined {
  if (!Array.isArray(given)) return undefined
  return given.slice(0, MOST_SIGNATURES).flatMap((one: Partial<Signature> | null): readonly Signature[] => {
    const { payload, signature, logIndex } = one ?? {}
    if (typeof payload !== 'string' || typeof signature !== 'string' || payload.length > LONGEST_PAYLOAD) return []
    return [{ payload, signature: signature.slice(0, 500), ...(typeof logIndex === 'number' && { logIndex }) }]
  })
}

function manifestIn(body: string): (Manifest & { readonly digest: string }) | undefined {
  if (body.length > 1_000_000) return undefined
  try {
    const read = JSON.parse(body) as Partial<Manifest & { digest: string }>
    const isText = (value: unknown): value is string => typeof value === 'string'
    if (!isText(read.digest) || !isText(read.id) || typeof read.size !== 'number' || !Array.isArray(read.layers))
      return undefined
    const signatures = signaturesIn(read.signatures)
    const layers = read.layers.filter(isText)
    return { digest: read.digest, id: read.id, size: read.size, layers, ...(signatures && { signatures }) }
  } catch {
    return undefined
  }
}

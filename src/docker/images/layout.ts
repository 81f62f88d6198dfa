import { LAB_EPOCH } from '../../engine'
import { sha256 } from '../../engine/sha256'
import { tarText } from '../../platform/image/archive'
import { bases } from '../../platform/image/bases'
import type { Entry } from '../../platform/image/entry'
import { layerEntries } from '../../platform/image/layer'
import { repositoryOf } from '../../platform/image/reference'
import type { Image, Layer } from '../../platform/image/resolve'
import { bytesOf } from '../../platform/shell/file'
import type { Pass } from '../pass'
import { referenceOf } from './images'

/** An image as it goes into an archive. */
export interface SavedImage {
  readonly id: string
  readonly image: Image
  readonly configJson: string
  readonly createdAt: number
  /** In their familiar form with their tags. */
  readonly names: readonly string[]
  /** Of an image of the catalogue: what it is called there. */
  readonly catalogue?: string
}

/** Of one image in `manifest.json`. */
export interface ManifestItem {
  readonly Config: string
  readonly RepoTags: readonly string[] | null
  readonly Layers: readonly string[]
}

/** What the lab knows of an image besides its files and configuration stands in the manifest as an annotation. */
export const MODEL = 'io.drydock.image'

export type Model = Pick<Image, 'repository' | 'version' | 'program' | 'base' | 'shell' | 'commands'> &
  Partial<Pick<Image, 'release' | 'generic'>> & { readonly catalogue?: string }

/** Files of which nobody says when they were made. */
const LONG_AGO = -LAB_EPOCH

const blobPath = (digest: string): string => `blobs/sha256/${digest.slice(7)}`
const folder = (path: string): Entry => ({ path, what: 'folder', text: '', mode: 0o755, modifiedAt: LONG_AGO })
const file = (path: string, text: string, modifiedAt = LONG_AGO): Entry => ({
  path: `/${path}`,
  what: 'file',
  text,
  mode: 0o644,
  modifiedAt,
})

const modelOf = ({ image, catalogue }: SavedImage): Model => {
  const { repository, version, program, base, shell, commands, release, generic } = image
  return {
    repository,
    version,
    program,
    base,
    shell,
    commands,
    ...(release !== undefined && { release }),
    ...(generic && { generic }),
    ...(catalogue !== undefined && { catalogue }),
  }
}

/** A layer of the catalogue travels as what it is: its files are known everywhere. */
const layerText = (pass: Pass, layer: Layer): string =>
  tarText(layer.catalogue ? { catalogue: layer.catalogue } : layerEntries(pass.world, pass.machine.name, layer))

/**
 * The files of an archive that `docker save` makes: an OCI image layout, with the `manifest.json` and `repositories` that Docker reads. After
 * saveSession in moby's image/tarexport. Left out: the configurations of single layers for versions before 1.10.
 */
export function layoutEntries(pass: Pass, images: readonly SavedImage[]): readonly Entry[] {
  const blobs = new Map<string, Entry>()
  const descriptors: object[] = []
  const manifest: ManifestItem[] = []
  const repositories: Record<string, Record<string, string>> = {}
  for (const one of images) {
    const { id, image, configJson, createdAt, names } = one
    const add = (digest: string, text: string) => {
      const path = blobPath(digest)
      if (!blobs.has(path)) blobs.set(path, file(path, text, createdAt))
      return blobs.get(path)!
    }
    add(id, configJson)
    const layers = image.layers.map((layer) => ({ layer, entry: add(layer.digest, layerText(pass, layer)) }))
    const platform = { architecture: 'amd64', os: 'linux' }
    const text = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: id, size: configJson.length, platform },
      layers: layers.map(({ layer, entry }) => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar',
        digest: layer.digest,
        size: bytesOf(entry),
      })),
      annotations: { [MODEL]: JSON.stringify(modelOf(one)) },
    })
    const digest = `sha256:${sha256(text)}`
    blobs.set(blobPath(digest), file(blobPath(digest), text))
    for (const name of names) {
      const colon = name.lastIndexOf(':')
      const parsed = referenceOf({ reference: name })!
      const tags = (repositories[name.slice(0, colon)] ??= {})
      tags[name.slice(colon + 1)] = image.layers.at(-1)?.digest.slice(7) ?? ''
      descriptors.push({
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest,
        size: text.length,
        annotations: {
          'io.containerd.image.name': `${repositoryOf(parsed)}:${parsed.tag}`,
          'org.opencontainers.image.ref.name': parsed.tag,
        },
        platform,
      })
    }
    manifest.push({
      Config: blobPath(id),
      RepoTags: names.length > 0 ? names : null,
      Layers: image.layers.map((layer) => blobPath(layer.digest)),
    })
  }
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: descriptors,
  }
  const known = Object.keys(repositories).length > 0
  return [
    folder('/blobs'),
    folder('/blobs/sha256'),
    ...[...blobs.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    file('index.json', JSON.stringify(index)),
    file('manifest.json', `${JSON.stringify(manifest)}\n`),
    file('oci-layout', '{"imageLayoutVersion":"1.0.0"}'),
    ...(known ? [file('repositories', `${JSON.stringify(repositories)}\n`)] : []),
  ]
}

/** What a manifest of the archive says of an image with this configuration; a stranger's may say anything. */
export function modelIn(entries: readonly Entry[], id: string): Model | undefined {
  for (const { path, text } of entries) {
    if (!path.startsWith('/blobs/') || !text.startsWith('{"schemaVersion"')) continue
    try {
      const read = JSON.parse(text) as { config?: { digest?: string }; annotations?: Record<string, string> }
      if (read.config?.digest === id) return checked(JSON.parse(read.annotations?.[MODEL] ?? 'null'))
    } catch {
      // no manifest
    }
  }
  return undefined
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 300

function checked(value: unknown): Model | undefined {
  const { repository, version, program, base, shell, commands, release, generic, catalogue } = (value ??
    {}) as Partial<Model>
  if (!isText(repository) || !isText(version) || !isText(program) || !isText(base) || !Object.hasOwn(bases, base))
    return undefined
  if (shell !== 'ash' && shell !== 'bash' && shell !== 'none') return undefined
  if (!Array.isArray(commands) || commands.length > 5_000 || !commands.every(isText)) return undefined
  return {
    repository,
    version,
    program,
    base,
    shell,
    commands,
    ...(isText(release) && { release }),
    ...(generic === true && { generic }),
    ...(isText(catalogue) && { catalogue }),
  }
}

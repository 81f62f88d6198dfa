import type { World } from '../../engine/kind'
import { Container } from '../container/container'
import { parseReference, withDefaultTag } from '../image/reference'
import type { Manifest, RegistryContent, Repository } from './content'
import { registryAt } from './registry'

/** What a name means in the registry that it names: the digest, and the manifest as it was pushed. */
export interface Pushed {
  readonly digest: string
  readonly manifest: Manifest
  readonly repository: Repository
}

const contentOf = (memory: unknown): RegistryContent | undefined =>
  (memory as { readonly content?: RegistryContent } | undefined)?.content

/** A repository as its registry has it, outside or in a container of the lab: a look from above, not a request over the network. */
export function repositoryOf(world: World, domain: string, path: string): Repository | undefined {
  const outside = registryAt(world, domain).content.repositories[path]
  if (outside) return outside
  if (!/^(localhost|\d+(\.\d+){3}|[a-z0-9-]+)(:\d+)?$/.test(domain)) return undefined
  for (const { value } of world.list(Container)) {
    const found = value.program === 'registry' ? contentOf(value.memory)?.repositories?.[path] : undefined
    if (found) return found
  }
  return undefined
}

/** What was pushed under a name in this lab; images of the catalogue were not. */
export function pushedImage(world: World, name: string): Pushed | undefined {
  const parsed = parseReference(name)
  if ('error' in parsed) return undefined
  const { domain, path, tag, digest } = withDefaultTag(parsed.reference)
  const repository = repositoryOf(world, domain, path)
  const meant = digest ?? repository?.tags[tag ?? 'latest']
  const manifest = meant === undefined ? undefined : repository?.manifests[meant]
  return repository && manifest && meant !== undefined ? { digest: meant, manifest, repository } : undefined
}

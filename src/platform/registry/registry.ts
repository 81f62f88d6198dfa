import { defineKind, type Key, type World } from '../../engine'
import { emptyContent, type RegistryContent } from './content'

/** A registry in the world outside, as far as anything was pushed to it here; what it has besides is the catalogue. scope: none; name: the host. */
export interface Registry {
  readonly host: string
  readonly content: RegistryContent
  /** Those who may log in, by name, with their passwords; left out: as the kind of registry has it (see `hosts.ts`). */
  readonly users?: Readonly<Record<string, string>>
  /** Nothing of it is public. */
  readonly closed?: boolean
}
export const Registry = defineKind<Registry>('platform/Registry', { about: 'a registry of images' })
export const registryKey = (host: string): Key<Registry> => Registry.key('', host)

export const registryAt = (world: Pick<World, 'get'>, host: string): Registry =>
  world.get(registryKey(host)) ?? { host, content: emptyContent }

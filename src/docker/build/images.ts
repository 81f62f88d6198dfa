import type { Millis } from '../../engine'
import { digestOf } from '../../platform/image/hex'
import { LocalImage } from '../../platform/image/image'
import { familiarForm, fullForm, localName, parseReference, withDefaultTag } from '../../platform/image/reference'
import { manifestUrl, registryProblem } from '../../platform/image/registry'
import { type Image, resolveImage } from '../../platform/image/resolve'
import { type HistoryItem, imageOf, storedImageKey } from '../../platform/image/stored'
import { INTERNET, reaches } from '../../platform/network/reach'
import { fetchManifest, isFromRegistry, isLabRegistry } from '../../platform/registry/fetch'
import { pooledImageKey } from '../../platform/registry/pool'
import { builtAt } from '../images/images'
import type { Pass } from '../pass'
import { configurationOf } from '../system/configuration'
import type { BuildOptions, FoundImage } from './build'

/** An image that a stage begins with. */
export interface Base {
  readonly image: Image
  readonly history: readonly HistoryItem[] | undefined
  readonly createdAt: Millis
}

/** The name of an image as progress has it: with its registry and tag. */
export function fullName(image: string): string {
  const parsed = parseReference(image)
  return 'error' in parsed ? image : fullForm(withDefaultTag(parsed.reference))
}

const localOf = (pass: Pass, image: string): LocalImage | undefined =>
  pass.all(LocalImage).find(({ reference, id }) => reference === localName(image) || id === image)

/** What an image is found to be, on the machine or in its registry; or why it is not. Models the resolve modes of moby's builder-next: local goes before remote. */
export function findBase(
  pass: Pass,
  image: string,
  { pull, platform, auths }: Pick<BuildOptions, 'pull' | 'platform' | 'auths'>,
): FoundImage | { readonly problem: string } {
  const parsed = parseReference(image)
  if ('error' in parsed) return { problem: parsed.error }
  const reference = withDefaultTag(parsed.reference)
  const full = fullForm(reference)
  const local = localOf(pass, image)
  const isForeign = platform !== 'linux/amd64'
  if (local && !pull && !isForeign) return { full, digest: local.digest || local.id, local: true, id: local.id }
  const own = isFromRegistry(pass.world, image) ? pushedBase(pass, image, full, auths) : undefined
  if (own) return own
  const answer = resolveImage(image)
  if (!reaches(pass.world, pass.machine.name, INTERNET).ok)
    return {
      problem: `failed to do request: Head "${manifestUrl(reference)}": dial tcp: lookup ${reference.domain === 'docker.io' ? 'registry-1.docker.io' : reference.domain}: i/o timeout`,
    }
  if (answer.found === 'missing') return { problem: cause(answer.error) }
  const down = registryProblem(pass.world, image)
  if (down !== undefined) return { problem: cause(down) }
  const { digest, id } = answer.image
  return { full, digest: isForeign ? digestOf(`${digest} ${platform}`) : digest, local: false, id }
}

/** One that somebody has pushed: its registry is asked. */
function pushedBase(
  pass: Pass,
  image: string,
  full: string,
  auths: BuildOptions['auths'],
): FoundImage | { readonly problem: string } | undefined {
  const parsed = parseReference(image)
  const credentials = 'error' in parsed ? undefined : auths[parsed.reference.domain]
  const insecure = configurationOf(pass.world, pass.machine).insecureRegistries
  const fetched = fetchManifest(pass.world, pass.tools, pass.machine, {
    reference: localName(image),
    insecure,
    ...(credentials && { credentials }),
  })
  if (!fetched) return undefined
  if ('told' in fetched) return { problem: cause(fetched.error) }
  return { full, digest: fetched.digest, local: false, id: fetched.stored.id, pushed: true }
}

/** Whether an image comes over the line to the world outside. */
const isOutside = (pass: Pass, image: string): boolean => !isLabRegistry(pass.world, image)

/** It would come over that line, and the line is dead. */
export const isUnreachable = (pass: Pass, image: string): boolean =>
  isOutside(pass, image) && !reaches(pass.world, pass.machine.name, INTERNET).ok

/** Of containerd's chain of wrapped errors only the last: the builder wraps it in its own. */
function cause(error: string): string {
  const cut =
    /^(?:rpc error: code = \w+ desc = )?failed to pull and unpack image "[^"]*": failed to resolve reference "[^"]*": (.*)$/s.exec(
      error,
    )
  return cut?.[1] ?? error
}

/** What a stage that begins with this image has. */
export function baseOf(pass: Pass, image: string, found: FoundImage | undefined): Base | undefined {
  const stored =
    found &&
    (pass.get(storedImageKey(pass.machine.name, found.id)) ?? (found.pushed && pass.get(pooledImageKey(found.id))))
  if (stored) return { image: stored.image, history: stored.history, createdAt: stored.createdAt }
  const local = found?.local ? localOf(pass, image) : undefined
  if (local) {
    const content = imageOf(pass, local)
    return content && { image: content, history: undefined, createdAt: builtAt(pass, local) }
  }
  const answer = resolveImage(image)
  if (answer.found === 'missing') return undefined
  const parsed = parseReference(image)
  const reference = 'error' in parsed ? image : familiarForm(withDefaultTag(parsed.reference))
  const { id, digest } = answer.image
  const as: LocalImage = { machine: pass.machine.name, reference, id, digest, sizeBytes: 0, pulledAt: 0 }
  return { image: answer.image, history: undefined, createdAt: builtAt(pass, as) }
}

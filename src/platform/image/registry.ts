import type { World } from '../../engine/kind'
import { Fault } from '../machine/machine'
import { fullForm, localName, parseReference, type Reference, withDefaultTag } from './reference'
import { pullError } from './resolve'

export const registryHost = ({ domain }: Reference): string =>
  domain === 'docker.io' ? 'registry-1.docker.io' : domain

/** Where the manifest of an image is asked for. */
export const manifestUrl = (reference: Reference): string =>
  `https://${registryHost(reference)}/v2/${reference.path}/manifests/${reference.digest ?? reference.tag}`

/** Why a registry does not give an image that it has: it is down, or the image has been taken away. In containerd's words. */
export function registryProblem(world: World, text: string): string | undefined {
  const faults = world.list(Fault)
  if (faults.length === 0) return undefined
  const parsed = parseReference(text)
  if ('error' in parsed) return undefined
  const reference = withDefaultTag(parsed.reference)
  for (const { value } of faults) {
    if (value.name === 'image-gone' && localName(value.target) === localName(text))
      return pullError(reference, `${fullForm(reference)}: not found`, true)
    if (value.name === 'registry-down' && (value.target === '' || value.target === reference.domain))
      return pullError(
        reference,
        `unexpected status from HEAD request to ${manifestUrl(reference)}: 503 Service Unavailable`,
      )
  }
  return undefined
}

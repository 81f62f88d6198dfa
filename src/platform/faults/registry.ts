import type { World } from '../../engine/kind'
import { parseReference } from '../image/reference'
import { imageMeant, imageTargets } from './containers'
import { type FaultKind, type FaultTarget, noTarget } from './fault'
import { faultObject } from './object'

/** The registries of running containers' images, each found by any container of it. */
export const registryTargets = (world: World): readonly FaultTarget[] =>
  imageTargets(world).flatMap(({ key, name }) => {
    const parsed = parseReference(name)
    return 'error' in parsed ? [] : [{ key, name: parsed.reference.domain }]
  })

/** A host, or nothing: all of them. */
export const isRegistryName = (target: string): boolean => target === '' || /^[a-zA-Z0-9.-]+(:\d+)?$/.test(target)

/** Pulls fail at once, and back off. What is on a machine stays there and can be started. */
export const registryDown: FaultKind = {
  name: 'registry-down',
  about: 'a registry (docker.io; all of them, if none is named) answers every pull with 503',
  targets: registryTargets,
  begin(world, how) {
    if (!isRegistryName(how.target)) return noTarget('registry-down', 'registry', how.target)
    return [faultObject(world, 'registry-down', how)]
  },
  heal: () => [],
}

/** The tag was deleted, or pushed over by a cleaning job: machines that have the image do not notice. */
export const imageGone: FaultKind = {
  name: 'image-gone',
  about: 'the registry has one image no more: it cannot be pulled; machines that have it keep it',
  targets: imageTargets,
  begin: (world, how) =>
    imageMeant(how.target) === undefined
      ? noTarget('image-gone', 'image', how.target)
      : [faultObject(world, 'image-gone', how)],
  heal: () => [],
}

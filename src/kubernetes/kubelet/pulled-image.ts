import { DEFAULT_PATH } from '../../platform/container/command'
import type { ContainerSpec } from '../../platform/container/container'
import { launchOf } from '../../platform/container/launch'
import { mountsOf } from '../../platform/container/processes'
import { groupIn, userIn } from '../../platform/container/user'
import { LocalImage } from '../../platform/image/image'
import { localName } from '../../platform/image/reference'
import type { Image } from '../../platform/image/resolve'
import { treeOf } from '../../platform/image/tree'
import { FileView } from '../../platform/shell/files'
import type { PodContainer } from '../kinds/pod'
import type { Pass } from './pass'

/** The image of a pod's container as the machine has it. */
export const pulledImage = ({ world, machine }: Pass, { image = '' }: PodContainer): LocalImage | undefined =>
  world.get(LocalImage.key(machine.name, localName(image)))

/** What was pushed under a name of its own is still the image of the catalogue that it was made from. */
export const imageMeant = (local: LocalImage | undefined, { image = '' }: PodContainer): string =>
  local?.source ?? image

/**
 * What an image that somebody built runs is found out from its files, with the pod's own command and variables over those of the image; its
 * USER is looked up in its passwd file. Others are known by their names.
 */
export function builtLaunch(pass: Pass, image: Image | undefined, id: string, spec: ContainerSpec): ContainerSpec {
  if (image?.built !== true) return spec
  const { config } = image
  const { world, machine } = pass
  const tree = treeOf(world, machine.name, image.layers)
  const files = new FileView(world, mountsOf({ id, spec }), {}, tree).from(
    spec.workingDir ?? (config.workingDir || '/'),
  )
  const args = spec.args ?? (spec.command === undefined ? (config.cmd ?? []) : [])
  const argv = [...(spec.command ?? config.entrypoint ?? []), ...args]
  const [named = '', group] = config.user.split(':')
  const own = named === '' ? undefined : userIn(files, named)
  const gid = own && (group === undefined ? own.gid : (groupIn(files, group) ?? 0))
  const asked = spec.user
  const isGroupAsked = asked !== undefined && (asked.uid !== undefined || asked.gid !== 0)
  return {
    ...spec,
    ...(own && {
      user: { uid: asked?.uid ?? own.uid, gid: isGroupAsked ? asked.gid : gid!, groups: asked?.groups ?? [] },
    }),
    launch: launchOf(argv, image, files, { ...DEFAULT_PATH, ...config.env, ...spec.env }),
  }
}

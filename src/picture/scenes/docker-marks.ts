import { DockerContainer } from '../../docker/containers/container'
import { type Change, hash32, type World } from '../../engine'
import { Machine } from '../../platform/machine/machine'
import type { ContainerMark } from './docker-views'
import type { Hue } from './scene'
import type { State } from './state-words'

/** A hue that a text always gives. */
export const hueOf = (text: string): Hue => ((hash32(text) % 5) + 1) as Hue

/** How a container of a daemon looks: green only where something has said that it is well. */
export function dockerState({ status, starting, oomKilled, health }: DockerContainer): State {
  if (starting) return 'starting'
  switch (status) {
    case 'running':
      if (health === undefined) return 'running'
      return health.status === 'healthy' ? 'ready' : health.status === 'starting' ? 'starting' : 'unhealthy'
    case 'paused':
      return 'pending'
    case 'restarting':
      return 'crash'
    case 'removing':
      return 'terminating'
    case 'exited':
      return oomKilled ? 'oom' : 'exited'
    default:
      return 'pending'
  }
}

function wordOf({ status, starting, exitCode, oomKilled, restartCount }: DockerContainer): string {
  if (starting) return 'starting'
  if (status === 'exited') return `exited (${exitCode}${oomKilled ? ', out of memory' : ''})`
  return status === 'restarting' ? `restarting, ${restartCount + 1}. time` : status
}

/** The containers of all daemons, oldest first. */
export function containerMarks(world: World): readonly (ContainerMark & { readonly head: Change<DockerContainer> })[] {
  const several = world.list(Machine).filter(({ value }) => value.daemons['dockerd'] !== undefined).length > 1
  return world.list(DockerContainer).map((head) => ({
    id: head.uid,
    key: head.key,
    name: head.value.name,
    image: head.value.image,
    hue: hueOf(head.value.image),
    state: dockerState(head.value),
    word: wordOf(head.value),
    machine: several ? head.value.machine : '',
    head,
  }))
}

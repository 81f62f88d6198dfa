import type { Change } from '../../engine/change'
import { edit } from '../../engine/edit'
import type { World } from '../../engine/kind'
import { Container, sandboxKey } from '../container/container'
import { type FaultKind, noTarget } from './fault'
import { began } from './object'

/**
 * The running containers that a text names: by name, by the beginning of the id, by the pod's (sandbox's) name, each also
 * with `machine/` in front. Newest last.
 */
export function containersNamed(world: World, text: string): readonly Change<Container>[] {
  const slash = text.indexOf('/')
  const fits = ({ value }: Change<Container>): boolean => {
    if (value.state !== 'running' && value.state !== 'paused') return false
    const hostname =
      value.sandbox === undefined ? undefined : world.get(sandboxKey(value.machine, value.sandbox))?.hostname
    const is = (name: string) => name !== '' && (value.name === name || value.id.startsWith(name) || hostname === name)
    return is(text) || (slash > 0 && value.machine === text.slice(0, slash) && is(text.slice(slash + 1)))
  }
  return world.list(Container).filter(fits)
}

/** SIGKILL from outside, once: there is nothing to heal, its owner decides what comes next. */
export const containerKill: FaultKind = {
  name: 'container-kill',
  about: 'SIGKILL for a container, once: it exits with 137',
  targets: (world) => world.list(Container).flatMap(({ value }) => (value.state === 'running' ? [value.name] : [])),
  begin(world, how) {
    const found = containersNamed(world, how.target)
    if (found.length === 0) return noTarget('container-kill', 'running container', how.target)
    return found.map(({ key, value }) => ({
      key,
      value: edit(value, (c) => {
        c.course = {
          ...c.course,
          starts: c.course?.starts ?? 0,
          end: { at: world.now, code: 137, because: 'SIGKILL from outside' },
        }
        if (c.state === 'paused') c.state = 'running'
      }),
      because: began('container-kill', how.target),
    }))
  },
  heal: () => [],
}

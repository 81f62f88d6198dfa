import { edit } from '../../engine/edit'
import { containersNamed, containerTargets, severalPlaces } from './containers'
import { type FaultKind, noTarget } from './fault'
import { began } from './object'

/** SIGKILL from outside, once: there is nothing to heal, its owner decides what comes next. */
export const containerKill: FaultKind = {
  name: 'container-kill',
  about: 'SIGKILL for a container, once: it exits with 137',
  targets: containerTargets,
  begin(world, how) {
    const found = containersNamed(world, how.target)
    if (found.length === 0) return noTarget('container-kill', 'running container', how.target)
    const several = severalPlaces(world, how.target, found)
    if (several) return several
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

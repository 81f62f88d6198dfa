import type { Change } from '../../engine/change'
import { edit } from '../../engine/edit'
import type { World } from '../../engine/kind'
import { Container, sandboxKey } from '../container/container'
import { type FaultKind, noTarget } from './fault'
import { began } from './object'

const isUp = ({ value }: Change<Container>): boolean => value.state === 'running' || value.state === 'paused'

const hostnameOf = (world: World, { machine, sandbox }: Container): string | undefined =>
  sandbox === undefined ? undefined : world.get(sandboxKey(machine, sandbox))?.hostname

/**
 * The running containers that a text names: by name, by the beginning of the id, by the pod (sandbox), by `pod/container`,
 * or by any of these with `machine/` in front. Oldest first.
 */
export function containersNamed(world: World, text: string): readonly Change<Container>[] {
  const slash = text.indexOf('/')
  const [first, rest] = slash > 0 ? [text.slice(0, slash), text.slice(slash + 1)] : ['', '']
  return world.list(Container).filter((head) => {
    if (!isUp(head)) return false
    const { value } = head
    const hostname = hostnameOf(world, value)
    const is = (name: string) => name !== '' && (value.name === name || value.id.startsWith(name) || hostname === name || value.spec.labels['pod'] === name)
    return is(text) || (value.machine === first && is(rest)) || (hostname === first && value.name === rest)
  })
}

/** SIGKILL from outside, once: there is nothing to heal, its owner decides what comes next. */
export const containerKill: FaultKind = {
  name: 'container-kill',
  about: 'SIGKILL for a container, once: it exits with 137',
  targets: (world) =>
    world
      .list(Container)
      .filter(isUp)
      .map(({ key, value }) => {
        const hostname = hostnameOf(world, value)
        return { key, name: hostname === undefined ? value.name : `${hostname}/${value.name}` }
      }),
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

import type { Change } from '../../engine/change'
import { edit } from '../../engine/edit'
import type { World } from '../../engine/kind'
import { Container, sandboxKey } from '../container/container'
import { type FaultKind, noTarget } from './fault'
import { began } from './object'

const isUp = ({ value }: Change<Container>): boolean => value.state === 'running' || value.state === 'paused'

/**
 * What a container is called, most particular first: `web-1/web` and `web-1` for one in a pod (`default/` may stand in front,
 * other namespaces must), its own name, and that of the container in its pod's specification.
 */
function namesOf(world: World, { name, machine, sandbox, spec }: Container): readonly string[] {
  const { pod, container = name } = spec.labels
  const hostname = sandbox === undefined ? undefined : world.get(sandboxKey(machine, sandbox))?.hostname
  const plain = pod?.startsWith('default/') ? pod.slice('default/'.length) : (pod ?? hostname)
  const names = plain === undefined ? [] : [`${plain}/${container}`, plain]
  if (pod !== undefined && pod !== plain) names.push(`${pod}/${container}`, pod)
  return [...names, name, container, `${machine}/${name}`]
}

/** The running containers that a text names, or that have an id that begins so. Oldest first. */
export function containersNamed(world: World, text: string): readonly Change<Container>[] {
  if (text === '') return []
  return world
    .list(Container)
    .filter((head) => isUp(head) && (namesOf(world, head.value).includes(text) || head.value.id.startsWith(text)))
}

/** SIGKILL from outside, once: there is nothing to heal, its owner decides what comes next. */
export const containerKill: FaultKind = {
  name: 'container-kill',
  about: 'SIGKILL for a container, once: it exits with 137',
  targets: (world) =>
    world
      .list(Container)
      .filter(isUp)
      .map(({ key, value }) => ({ key, name: namesOf(world, value)[0]! })),
  begin(world, how) {
    const found = containersNamed(world, how.target)
    if (found.length === 0) return noTarget('container-kill', 'running container', how.target)
    const places = new Set(found.map(({ value }) => `${value.machine}/${value.sandbox ?? value.id}`))
    if (places.size > 1) {
      const some = found.slice(0, 6).map(({ value }) => namesOf(world, value)[0])
      return {
        text: `${how.target} fits ${found.length} containers: say which, ${some.join(', ')}${found.length > 6 ? ' …' : ''}`,
        exit: 1,
      }
    }
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

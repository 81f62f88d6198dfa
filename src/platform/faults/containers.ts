import type { Change } from '../../engine/change'
import type { World } from '../../engine/kind'
import type { Problem } from '../../engine/plan'
import { Container, sandboxKey } from '../container/container'
import { localName, parseReference } from '../image/reference'
import type { FaultTarget } from './fault'

export const isUp = ({ value }: Change<Container>): boolean => value.state === 'running' || value.state === 'paused'

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

/** The running containers that a text names; where it names none, those with an id that begins so. Oldest first. */
export function containersNamed(world: World, text: string): readonly Change<Container>[] {
  if (text === '') return []
  const up = world.list(Container).filter(isUp)
  const named = up.filter(({ value }) => namesOf(world, value).includes(text))
  return named.length > 0 ? named : up.filter(({ value }) => value.id.startsWith(text))
}

/** A name may mean several containers of one pod, not those of several. */
export function severalPlaces(world: World, target: string, found: readonly Change<Container>[]): Problem | undefined {
  const places = new Set(found.map(({ value }) => `${value.machine}/${value.sandbox ?? value.id}`))
  if (places.size <= 1) return undefined
  const some = found.slice(0, 6).map(({ value }) => namesOf(world, value)[0])
  const more = found.length > 6 ? ' …' : ''
  return { text: `${target} fits ${found.length} containers: say which, ${some.join(', ')}${more}`, exit: 1 }
}

export const containerTargets = (world: World): readonly FaultTarget[] =>
  world
    .list(Container)
    .filter(isUp)
    .map(({ key, value }) => ({ key, name: namesOf(world, value)[0]! }))

/** The images of running containers, each found by any container of it. */
export const imageTargets = (world: World): readonly FaultTarget[] =>
  world
    .list(Container)
    .filter(isUp)
    .map(({ key, value }) => ({ key, name: localName(value.spec.image) }))

/** The image that a text means, as machines keep it; undefined: it is no reference. */
export function imageMeant(text: string): string | undefined {
  return text === '' || 'error' in parseReference(text) ? undefined : localName(text)
}

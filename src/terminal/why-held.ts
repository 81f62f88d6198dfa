import { type Key, partsOf, type Sentences, sentenceOf, type WhyLink, type World, why } from '../engine'
import { Container, cgroupKey } from '../platform'

/** The containers that an object is, or has: a container, a daemon's record of it, a pod. */
function containersOf(world: World, key: Key): readonly Key<Container>[] {
  const { kind, scope, name } = partsOf(key)
  if (kind === 'kubernetes/Pod') {
    const owner = world.head(key)?.uid
    return owner === undefined ? [] : world.list(Container, { owner }).map((head) => head.key)
  }
  return kind === 'platform/Container' || kind === 'docker/Container' ? [Container.key(scope, name)] : []
}

/** Why an object is as it is; first, where its processor time is held back, by what. */
export function whyWithProcessor(key: Key, world: World, tables: readonly Sentences[]): readonly WhyLink[] {
  const held = containersOf(world, key).flatMap((own): WhyLink[] => {
    const { scope, name } = partsOf(own)
    const group = world.head(cgroupKey(scope, name))
    if (group?.value.held === undefined) return []
    const { says, detail } = sentenceOf(group, tables)
    const { revision, at, by } = group
    return [{ revision, at, by, says, detail, key: group.key, folded: 0, input: false }]
  })
  return [...held.slice(0, 1), ...why(key, world, tables)]
}

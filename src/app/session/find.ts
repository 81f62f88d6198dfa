import { DockerContainer } from '../../docker/containers/container'
import { Volume } from '../../docker/volumes/volume'
import type { Kind, World } from '../../engine'
import { partsOf } from '../../engine'
import { Deployment } from '../../kubernetes/kinds/deployment'
import { Pod } from '../../kubernetes/kinds/pod'
import { ReplicaSet } from '../../kubernetes/kinds/replicaset'
import { Service } from '../../kubernetes/kinds/service'
import { Machine } from '../../platform/machine/machine'
import type { Found } from './protocol'

const kinds: readonly (readonly [Kind<any>, string])[] = [
  [Machine, 'machine'],
  [Deployment, 'Deployment'],
  [Service, 'Service'],
  [Pod, 'Pod'],
  [ReplicaSet, 'ReplicaSet'],
  [DockerContainer, 'container'],
  [Volume, 'volume'],
]
const MOST = 12

/** Objects whose name holds all the words; those that begin with them come first. */
export function find(world: World, text: string): Found[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return []
  const found: (Found & { readonly rank: number })[] = []
  for (const [kind, name] of kinds) {
    for (const change of world.list(kind)) {
      const parts = partsOf(change.key)
      // containers are known by their names, but may be looked for by their ids
      const called = kind === DockerContainer ? (change.value as DockerContainer).name : parts.name
      const whole = `${name} ${called} ${parts.name}`.toLowerCase()
      if (!words.every((word) => whole.includes(word))) continue
      const rank = called.startsWith(words[0]!) ? 0 : 1
      found.push({ key: change.key, name: called, kind: name, about: parts.scope, rank })
    }
  }
  return found.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1)).slice(0, MOST)
}

import { LocalImage } from '../../../platform/image/image'
import { localName } from '../../../platform/image/reference'
import { HIGHEST_SCORE, type Plugin } from '../framework'

const MEGABYTE = 1024 * 1024
const LEAST = 23 * MEGABYTE
const MOST_PER_CONTAINER = 1000 * MEGABYTE

/** Images already there: Σ size × nodes that have it ÷ all nodes, between 23 MiB (0 points) and 1000 MiB a container (100). */
export const imageLocality: Plugin = {
  name: 'ImageLocality',
  weight: 1,
  preScore: ({ world }) => (world.list(LocalImage).length === 0 ? 'skip' : undefined),
  score(cycle, node) {
    const containers = [...cycle.pod.spec.containers, ...(cycle.pod.spec.initContainers ?? [])]
    const all = cycle.nodes.byName.size
    let sum = 0
    for (const { image } of containers) {
      const name = localName(image ?? '')
      const present = cycle.world.get(LocalImage.key(node.name, name))
      if (!present) continue
      sum += Math.trunc((present.sizeBytes * holders(cycle, name)) / all)
    }
    const most = MOST_PER_CONTAINER * containers.length
    const clamped = Math.min(Math.max(sum, LEAST), most)
    return Math.trunc((HIGHEST_SCORE * (clamped - LEAST)) / (most - LEAST))
  },
}

/** How many nodes have the image: asked once a cycle. */
function holders(cycle: Parameters<NonNullable<Plugin['score']>>[0], name: string): number {
  const known = (cycle.memory.get('ImageLocality') ?? new Map()) as Map<string, number>
  cycle.memory.set('ImageLocality', known)
  let count = known.get(name)
  if (count === undefined) {
    count = cycle.world.list(LocalImage, { reference: name }).filter((image) => cycle.nodes.byName.has(image.value.machine)).length
    known.set(name, count)
  }
  return count
}

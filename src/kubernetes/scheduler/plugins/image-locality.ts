import { localName } from '../../../platform/image/reference'
import type { PodSpec } from '../../kinds/pod'
import { HIGHEST_SCORE, type Plugin } from '../framework'

const MEGABYTE = 1024 * 1024
const LEAST = 23 * MEGABYTE
const MOST_PER_CONTAINER = 1000 * MEGABYTE

const images = new WeakMap<object, readonly string[]>()
/** The names of a pod's images as machines keep them; pods of a template share the spec. */
function imagesOf(spec: PodSpec): readonly string[] {
  let names = images.get(spec)
  if (!names) {
    names = [...spec.containers, ...(spec.initContainers ?? [])].map((container) => localName(container.image ?? ''))
    images.set(spec, names)
  }
  return names
}

/** Images already there: Σ size × nodes that have it ÷ all nodes, between 23 MiB (0 points) and 1000 MiB a container (100). */
export const imageLocality: Plugin = {
  name: 'ImageLocality',
  about: 'its images are there already',
  weight: 1,
  preScore: ({ nodes }) => (nodes.images.size === 0 ? 'skip' : undefined),
  score(cycle, node) {
    const names = imagesOf(cycle.pod.spec)
    const all = cycle.nodes.byName.size
    let sum = 0
    for (let i = 0; i < names.length; i++) {
      const holders = cycle.nodes.images.get(names[i]!)
      const size = holders?.get(node.name)
      if (size !== undefined) sum += Math.trunc((size * holders!.size) / all)
    }
    const most = MOST_PER_CONTAINER * names.length
    const clamped = Math.min(Math.max(sum, LEAST), most)
    return Math.trunc((HIGHEST_SCORE * (clamped - LEAST)) / (most - LEAST))
  },
}

import { type Plugin, refuseForGood } from '../framework'

/** spec.nodeName set by hand names the only node. */
export const nodeName: Plugin = {
  name: 'NodeName',
  about: 'it is the node that the pod names',
  weight: 0,
  preFilter: (cycle) => (cycle.pod.spec.nodeName === undefined ? 'skip' : undefined),
  filter: (cycle, node) =>
    cycle.pod.spec.nodeName === undefined || cycle.pod.spec.nodeName === node.name
      ? undefined
      : refuseForGood("node(s) didn't match the requested node name"),
}

import type { Pod } from '../../kinds/pod'
import { type Plugin, refuse } from '../framework'

interface HostPort {
  readonly port: number
  readonly protocol: string
  readonly address: string
}

const EVERY_ADDRESS = '0.0.0.0'

/** Host ports of the app containers and of those that keep running beside them. */
function hostPorts(pod: Pod): HostPort[] {
  const containers = [
    ...(pod.spec.containers ?? []),
    ...(pod.spec.initContainers ?? []).filter((one) => one.restartPolicy === 'Always'),
  ]
  return containers.flatMap((container) =>
    (container.ports ?? []).flatMap(({ hostPort = 0, protocol = 'TCP', hostIP }) =>
      hostPort > 0 ? [{ port: hostPort, protocol, address: hostIP || EVERY_ADDRESS }] : [],
    ),
  )
}

const clash = (a: HostPort, b: HostPort) =>
  a.port === b.port &&
  a.protocol === b.protocol &&
  (a.address === b.address || a.address === EVERY_ADDRESS || b.address === EVERY_ADDRESS)

/** Whether two pods want the same port of a node. */
export const portsClash = (pod: Pod, other: Pod): boolean => {
  const wanted = hostPorts(pod)
  return wanted.length > 0 && hostPorts(other).some((port) => wanted.some((one) => clash(one, port)))
}

/** A host port belongs to one pod of a node. After nodeports/node_ports.go. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  about: 'the ports of the node that the pod wants are free',
  weight: 0,
  preFilter({ pod, memory }) {
    const wanted = hostPorts(pod)
    memory.set('NodePorts', wanted)
    return wanted.length === 0 ? 'skip' : undefined
  },
  filter(cycle, node) {
    const wanted = cycle.memory.get('NodePorts') as readonly HostPort[]
    for (const pod of node.pods.values()) {
      const taken = hostPorts(pod)
      if (taken.some((port) => wanted.some((one) => clash(one, port))))
        return refuse("node(s) didn't have free ports for the requested pod ports")
    }
    return undefined
  },
}

import type { Reason, Wish } from '../../engine'
import type { Sandbox } from '../../platform/container/container'
import { Forward } from '../../platform/network/forward'
import type { Pod } from '../kinds/pod'
import type { Pass } from './pass'

const BY = 'portmap'

/** Rules that lead ports of the node to a pod's containers. After the portmap plugin of CNI. Left out: hostIP, and localhost. */
export function openHostPorts(pass: Pass, sandbox: Sandbox, because: Reason): Wish[] {
  const { pod, machine } = pass
  return portsOf(pod).map(({ containerPort, hostPort, protocol = 'TCP' }) => ({
    key: Forward.key(machine.name, `${sandbox.name}:${hostPort}/${protocol}`),
    value: {
      label: `port ${hostPort} of ${machine.name}`,
      service: sandbox.name,
      addresses: [machine.address],
      port: hostPort!,
      protocol,
      machinePort: undefined,
      targets: [
        { address: sandbox.address, port: containerPort, machine: machine.name, label: `pod/${pod.metadata.name}` },
      ],
      outside: true,
      balancer: 'random',
      by: BY,
    } satisfies Forward,
    because,
    quiet: true,
  }))
}

const portsOf = ({ spec }: Pod) =>
  spec.containers.flatMap(({ ports }) => (ports ?? []).filter(({ hostPort }) => hostPort !== undefined && hostPort > 0))

/** Takes the rules of a sandbox away. */
export const closeHostPorts = (pass: Pass, sandbox: string, because: Reason): Wish[] =>
  pass.world.list(Forward, { service: sandbox }).map(({ key }) => ({ key, value: undefined, because, quiet: true }))

import type { DockerContainer } from '../../docker/containers/container'
import { pidOf } from '../../docker/formats/pid'
import type { World } from '../../engine'
import { commandOf } from '../../platform/container/command'
import { Container, sandboxKey } from '../../platform/container/container'
import { containerUsage } from '../../platform/limits/usage'
import { Machine } from '../../platform/machine/machine'
import { Process } from '../../platform/shell/process'
import { containerMarks } from './docker-marks'
import type { NamespacesScene, SpaceMark } from './docker-views'

const MOST_CONTAINERS = 12
const KERNEL = 'Linux 6.8.0-60-generic'

/** What each running container sees of its machine: its own processes, name, network and files; the kernel is one for all. */
export function namespacesScene(world: World): NamespacesScene {
  const running = containerMarks(world).filter(({ head }) => ['running', 'paused'].includes(head.value.status))
  const machines = world.list(Machine).filter(({ value }) => value.daemons['dockerd'] !== undefined)
  return {
    view: 'namespaces',
    at: world.now,
    revision: world.revision,
    machines: machines.map(({ uid, key, value }) => {
      const own = running.filter(({ head }) => head.value.machine === value.name)
      const containers = own
        .slice(0, MOST_CONTAINERS)
        .map(({ head, ...mark }): SpaceMark => ({ ...mark, ...seen(world, head.value) }))
      return {
        id: uid,
        key,
        name: value.name,
        address: value.address,
        kernel: KERNEL,
        processes: containers.reduce((sum, { processes }) => sum + processes.length, 0),
        memoryBytes: own.reduce(
          (sum, { head }) => sum + containerUsage(world, Container.key(value.name, head.value.id)).memoryBytes,
          0,
        ),
        containers,
        more: own.length - containers.length,
      }
    }),
  }
}

function seen(
  world: World,
  container: DockerContainer,
): Pick<SpaceMark, 'processes' | 'hostname' | 'network' | 'mounts'> {
  const key = Container.key(container.machine, container.id)
  const runs = world.get(key)
  const { config, hostConfig, mounts, networks } = container
  // entry scripts end by becoming what they start
  const first = runs ? commandOf(runs.spec).words.join(' ') : ''
  const others = world
    .list(Process, { owner: key })
    .filter(({ key: own, value }) => value.state === 'running' && !own.endsWith(`/${container.id}`))
  const init = hostConfig.Init ? [{ inside: 1, outside: container.pid, command: '/sbin/docker-init' }] : []
  const processes = [
    ...init,
    { inside: init.length + 1, outside: container.pid + init.length, command: first },
    ...others.map(({ key: own, value }, i) => ({
      inside: init.length + 2 + i,
      outside: pidOf(own),
      command: value.argv?.join(' ') ?? 'sh',
    })),
  ]
  const mode = hostConfig.NetworkMode
  const addresses = Object.entries(networks).flatMap(([name, { address }]) =>
    address === '' ? [] : [`${address} in ${name}`],
  )
  const sandbox = runs?.sandbox === undefined ? undefined : world.get(sandboxKey(container.machine, runs.sandbox))
  const network =
    mode === 'host'
      ? 'the machine’s own'
      : mode.startsWith('container:')
        ? `that of another container, ${sandbox?.address ?? ''}`
        : addresses.length > 0
          ? addresses.join(', ')
          : 'only its loopback'
  return {
    processes,
    hostname: config.Hostname,
    network,
    mounts: ['/ (its own)', ...mounts.map(({ Destination, Type }) => `${Destination} (${Type})`)],
  }
}

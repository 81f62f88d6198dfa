import { DockerContainer } from '../docker/containers/container'
import type { World } from '../engine'
import { get, machineKey, send } from '../platform'
import type { ReachCheck } from './scenario'
import type { Verdict } from './state'

const PATIENCE_MILLIS = 2_000

/** Whether a connection to a name and port would come about now, tried on the state: nothing is changed by it. */
export function reaches({ from, to, ok = true }: ReachCheck, world: World): Verdict {
  const container = world.list(DockerContainer).find(({ value }) => value.name === from)?.value
  if (!container && !world.get(machineKey(from))) return { ok: false, detail: `there is no ${from}` }
  if (container && container.status !== 'running') return { ok: false, detail: `${from} is ${container.status}` }
  const caller = container
    ? { machine: container.machine, sandbox: sandboxOf(container) }
    : { machine: from, sandbox: undefined }
  const colon = to.lastIndexOf(':')
  const request = {
    ...get(caller, to.slice(0, colon), Number(to.slice(colon + 1)), '', 'check'),
    protocol: 'tcp' as const,
    method: '',
    timeoutMillis: PATIENCE_MILLIS,
  }
  const { end, because } = send(world, { draw: () => 0 }, request)
  return { ok: (end === 'answered') === ok, detail: end === 'answered' ? `${from} reaches ${to}` : because }
}

/** In the network of the machine, or in that of another container, it has no sandbox of its own. */
function sandboxOf({ id, hostConfig }: DockerContainer): string | undefined {
  return hostConfig.NetworkMode === 'host' ? undefined : id
}

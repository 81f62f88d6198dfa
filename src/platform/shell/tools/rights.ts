import { type Container, containerKey } from '../../container/container'
import type { ToolCall } from '../tool'

/** The container that a command runs in. */
export const containerOf = (call: ToolCall): Container | undefined =>
  call.container === undefined ? undefined : call.world.get(containerKey(call.from.machine, call.container))

/** What the runtime leaves root where nobody says otherwise, as far as a command here would notice. */
const USUAL: ReadonlySet<string> = new Set(['CHOWN', 'FOWNER', 'NET_RAW', 'KILL', 'NET_BIND_SERVICE'])

/** Whether a command may do what needs a capability: on a machine itself always, in a container as root that has it. */
export function may(call: ToolCall, capability: string): boolean {
  const container = containerOf(call)
  if (!container) return true
  if ((call.user?.uid ?? 0) !== 0) return false
  return container.spec.capabilities?.includes(capability) ?? USUAL.has(capability)
}

import type { Key, World } from '../../engine/kind'
import { type Container, type Sandbox, sandboxKey } from '../container/container'
import { machineKey } from '../machine/machine'
import { reaches } from '../network/reach'

/** An open connection to another container: to that one start of it, not to whoever has its name. */
export interface Connection {
  readonly peer: string
  readonly startedAt: number
  readonly address: string
}

export function connectTo(world: World, served: string | undefined, fallback: string): Connection | undefined {
  const peer = served === undefined ? undefined : world.get(served as Key<Container>)
  if (!peer || served === undefined) return undefined
  const sandbox: Sandbox | undefined =
    peer.sandbox === undefined ? undefined : world.get(sandboxKey(peer.machine, peer.sandbox))
  return { peer: served, startedAt: peer.startedAt ?? 0, address: sandbox?.address ?? fallback }
}

/**
 * What a program learns of its connection: `up`; `reset`, the other end is gone and its machine says so; `silent`, packets
 * vanish and only a timeout tells.
 */
export function stateOf(world: World, from: Container, connection: Connection): 'up' | 'reset' | 'silent' {
  const peer = world.get(connection.peer as Key<Container>)
  const machine = peer?.machine ?? machineIn(connection.peer)
  if (world.get(machineKey(machine))?.power !== 'on' || !reaches(world, from.machine, machine).ok) return 'silent'
  return peer?.state === 'running' && peer.startedAt === connection.startedAt ? 'up' : 'reset'
}

/** `platform/Container/worker-1/…` */
const machineIn = (key: string): string => key.split('/')[2] ?? ''

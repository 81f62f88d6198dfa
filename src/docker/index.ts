/**
 * Docker's daemon on a machine: containers with their networks, ports and volumes over the platform's one runtime; restarts, health checks,
 * events. Its clients speak to the door `docker-engine` as they would to the Engine API.
 *
 * Not here: the command line (`terminal/docker`), registries themselves (`platform/registry`), Compose, Swarm.
 */
import type { Millis, Room, Wish } from '../engine'
import type { Machine } from '../platform/machine/machine'
import { networkKey } from '../platform/network/network'
import { builder } from './build/builder'
import { dockerd } from './daemon'
import { engine } from './engine/engine'
import { firstNetworks } from './network/networks'
import { sentences } from './sentences'

export const docker: Room = { name: 'docker', controllers: [dockerd, builder], doors: [engine], sentences }

/** What a daemon has when it has just been installed. */
export function dockerGenesis(machines: readonly Machine[], seed: number, at: Millis): Wish[] {
  return machines.flatMap((machine) =>
    firstNetworks(machine, seed, at).map((network) => ({
      key: networkKey(machine.name, network.id),
      value: network,
      because: { id: 'docker/installed' },
      quiet: true,
    })),
  )
}

export { DockerContainer } from './containers/container'
export { engine } from './engine/engine'
export type { EngineReply, EngineRequest } from './engine/request'
export { dockerLabels } from './labels'

import type { Door, Tools, World } from '../../engine'
import { machineKey } from '../../platform/machine/machine'
import { Pass } from '../pass'
import { type EngineReply, type EngineRequest, Refusal } from './request'
import { routeOf } from './routes'

/**
 * A machine's Docker daemon, as its clients see it: requests by method and path, JSON bodies, status codes and messages as in the Engine API
 * 1.50. A request that the real daemon holds open is answered with 102 and what to ask next.
 */
export const engine: Door<EngineRequest, EngineReply> = {
  name: 'docker-engine',
  about: 'answers the requests of Docker clients on its machine',
  handle(request, world, tools) {
    const daemon = world.get(machineKey(request.machine))
    if (daemon?.power !== 'on' || daemon.daemons['dockerd'] !== 'running')
      return {
        reply: {
          status: 0,
          body: {
            message:
              'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
          },
        },
      }
    return handle(request, world, tools)
  },
}

function handle(
  request: EngineRequest,
  world: World,
  tools: Tools,
): { reply: EngineReply; plan?: ReturnType<Pass['plan']> } {
  const found = routeOf(request)
  if (!found) return { reply: { status: 404, body: { message: 'page not found' } } }
  const pass = new Pass(world, tools, request.machine)
  try {
    const reply = found.handle(pass, request, ...found.parts)
    return { reply, plan: pass.plan() }
  } catch (error) {
    if (error instanceof Refusal) return { reply: { status: error.status, body: { message: error.message } } }
    throw error
  }
}

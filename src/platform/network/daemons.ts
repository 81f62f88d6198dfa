import type { World } from '../../engine/kind'
import { machineKey } from '../machine/machine'
import type { Answer } from '../programs/program'
import type { Request } from './request'

/** Ports that daemons of a machine open, as far as anybody asks for them. */
const ports: Readonly<Record<number, string>> = {
  22: 'sshd',
  10248: 'kubelet',
  10250: 'kubelet',
  10249: 'kube-proxy',
  10256: 'kube-proxy',
}

/** The daemon that listens on a machine's port; undefined: none, or it does not run. sshd always does. */
export function daemonAt(world: World, machine: string, port: number): string | undefined {
  const daemon = ports[port]
  if (daemon === undefined) return undefined
  return daemon === 'sshd' || world.get(machineKey(machine))?.daemons[daemon] === 'running' ? daemon : undefined
}

export function answerOfDaemon(daemon: string, request: Request): Answer {
  const isHealth = /^\/(healthz|livez|readyz)/.test(request.path)
  if (daemon === 'kubelet' && !isHealth) return { status: 401, body: 'Unauthorized', millis: 1 }
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ok', millis: 1 }
}

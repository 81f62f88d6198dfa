import { defineKind } from '../../engine/kind'
import type { Caller } from './request'

/**
 * A port on a caller's own loopback from which connections are carried to the loopback of a sandbox: what `kubectl port-forward` holds open.
 * scope: the machine; name: `sandbox:port`.
 */
export interface Tunnel {
  readonly port: number
  /** Machines on the way, in order: the API server's, then the one of the sandbox. */
  readonly through: readonly string[]
  readonly sandbox: { readonly machine: string; readonly name: string; readonly port: number }
  /** What it leads to: `pod/web-1`. */
  readonly label: string
  /** How many connections were carried, and why the last one was not. */
  readonly connections: number
  readonly problem: 'gone' | 'refused' | 'unreachable' | undefined
}
export const Tunnel = defineKind<Tunnel>('platform/Tunnel', { about: 'a forwarded port', quiet: true })

export const tunnelKey = ({ machine, sandbox }: Caller, port: number) => Tunnel.key(machine, `${sandbox ?? ''}:${port}`)

import type { World } from '../../engine/kind'
import { diskScope, type Machine } from '../machine/machine'
import { File } from '../shell/file'

const FOLDER = '/etc/containerd/certs.d'

/**
 * Whether containerd speaks to a registry without encryption: `hosts.toml` below the folder of its name says so, by `server` or by the first
 * `[host."http://…"]`. Read at each pull, as there. Simplified: another host than the registry itself (a mirror), certificates, headers and
 * capabilities are passed over.
 */
export function plainHosts(world: World, machine: Machine, domain: string): { readonly insecure?: readonly string[] } {
  const text = world.get(File.key(diskScope(machine), `${FOLDER}/${domain}/hosts.toml`))?.text ?? ''
  const [, url = ''] = /^\s*(?:\[host\."([^"]*)"\]|server\s*=\s*"[^"]*")/m.exec(text) ?? []
  const [, server = ''] = /^\s*server\s*=\s*"([^"]*)"/m.exec(text) ?? []
  return [url, server].some((one) => one.replace(/\/$/, '') === `http://${domain}`) ? { insecure: [domain] } : {}
}

import { fromBase64, toBase64 } from '../../platform/base64'
import { parseReference } from '../../platform/image/reference'
import type { ToolCall } from '../../platform/shell/tool'

/** How Docker Hub is called in the client's file. */
export const HUB = 'https://index.docker.io/v1/'

type Auths = Readonly<Record<string, { readonly auth?: string }>>

const pathOf = (call: ToolCall): string =>
  `${call.env['DOCKER_CONFIG'] ?? `${call.env['HOME'] ?? '/root'}/.docker`}/config.json`

export function readAuths(call: ToolCall): Auths {
  const read = call.files.read(pathOf(call))
  if ('error' in read) return {}
  try {
    const { auths } = JSON.parse(read.text) as { auths?: Auths }
    return auths ?? {}
  } catch {
    return {}
  }
}

/** Where it stands; a problem: it cannot be written. */
export function writeAuths(call: ToolCall, auths: Auths): string {
  const path = pathOf(call)
  const folder = path.slice(0, path.lastIndexOf('/'))
  if (!call.files.stat(folder)) call.files.makeFolder(folder)
  call.files.write(path, `${JSON.stringify({ auths }, null, '\t')}\n`, { mode: 0o600 })
  return path
}

export const packed = (user: string, password: string): string => toBase64(`${user}:${password}`)

/** Key of a registry in the file: Docker Hub has an old address for a name. */
export const serverKey = (domain: string): string => (domain === 'docker.io' ? HUB : domain)

/** Name and password of each registry that the client is logged in to, by its host. */
export function allAuths(
  call: ToolCall,
): Readonly<Record<string, { readonly user: string; readonly password: string }>> {
  const found = Object.entries(readAuths(call)).flatMap(([server, { auth }]) => {
    const text = auth === undefined ? undefined : fromBase64(auth)
    const colon = text?.indexOf(':') ?? -1
    const host = server === HUB ? 'docker.io' : server
    return text === undefined || colon < 0
      ? []
      : [[host, { user: text.slice(0, colon), password: text.slice(colon + 1) }] as const]
  })
  return Object.fromEntries(found)
}

/** What the client sends along for an image, as the query has it; nothing for a registry that it is not logged in to. */
export function authFor(call: ToolCall, image: string): Readonly<Record<string, string>> {
  const parsed = parseReference(image)
  if ('error' in parsed) return {}
  const found = readAuths(call)[serverKey(parsed.reference.domain)]?.auth
  const text = found === undefined ? undefined : fromBase64(found)
  const colon = text?.indexOf(':') ?? -1
  return text === undefined || colon < 0
    ? {}
    : { auth: JSON.stringify({ user: text.slice(0, colon), password: text.slice(colon + 1) }) }
}

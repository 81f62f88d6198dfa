/** Ports as docker/go-connections reads them: `[ip:][hostPort]:containerPort[/proto]`, ranges of the same length. */

const HIGHEST = 65_535

export interface PortMapping {
  /** `80/tcp` */
  readonly container: string
  readonly hostIP: string
  /** Empty: the engine picks one. */
  readonly hostPort: string
}

type Result<T> = T | { readonly error: string }

/** A port number; an empty text is 0. */
export function parsePort(text: string): Result<{ readonly port: number }> {
  if (text === '') return { port: 0 }
  if (!/^[+-]?\d+$/.test(text)) return { error: `invalid port '${text}': invalid syntax` }
  const port = Number(text)
  if (port < 0 || port > HIGHEST) return { error: `invalid port '${text}': value out of range (0–${HIGHEST})` }
  return { port }
}

/** `80-8080/udp` → its port and its protocol. */
export function splitProtocol(text: string): { readonly port: string; readonly proto: string } {
  const slash = text.indexOf('/')
  const port = slash < 0 ? text : text.slice(0, slash)
  if (port === '') return { port: '', proto: '' }
  return { port, proto: (slash < 0 ? '' : text.slice(slash + 1)) || 'tcp' }
}

function range(text: string): { readonly from: number; readonly to: number } | undefined {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text)
  if (!match) return undefined
  const from = Number(match[1])
  const to = Number(match[2] ?? match[1])
  return from <= to && to <= HIGHEST ? { from, to } : undefined
}

/** Cuts at the last two colons: addresses of IPv6 have colons of their own. */
function cut(text: string): { readonly ip: string; readonly host: string; readonly container: string } {
  const parts = text.split(':')
  if (parts.length === 1) return { ip: '', host: '', container: text }
  if (parts.length === 2) return { ip: '', host: parts[0]!, container: parts[1]! }
  return { ip: parts.slice(0, -2).join(':'), host: parts.at(-2)!, container: parts.at(-1)! }
}

const isAddress = (text: string): boolean => {
  const octets = text.split('.')
  if (octets.length === 4) return octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256)
  return text.includes(':') && /^[0-9a-fA-F:.]+$/.test(text)
}

/** `-p`: one mapping for each port. After ParsePortSpec. */
export function parsePublish(text: string): Result<{ readonly mappings: readonly PortMapping[] }> {
  const { ip: given, host, container } = cut(text)
  const { port, proto } = splitProtocol(container)
  if (port === '') return { error: `no port specified: ${text}<empty>` }
  const ip = given.startsWith('[') && given.endsWith(']') ? given.slice(1, -1) : given
  if (ip !== '' && !isAddress(ip)) return { error: `invalid IP address: ${given}` }
  const inside = range(port)
  if (!inside) return { error: `invalid containerPort: ${port}` }
  const outside = host === '' ? undefined : range(host)
  if (host !== '' && !outside) return { error: `invalid hostPort: ${host}` }
  const count = inside.to - inside.from
  if (outside && outside.to - outside.from !== count && count !== 0)
    return { error: `invalid ranges specified for container and host Ports: ${port} and ${host}` }
  const kind = proto.toLowerCase()
  if (!['tcp', 'udp', 'sctp'].includes(kind)) return { error: `invalid proto: ${proto}` }
  const mappings: PortMapping[] = []
  for (let i = 0; i <= count; i++) {
    // one port inside and a range outside: the engine takes the first of the range that is free
    const hostPort = !outside ? '' : count === 0 && outside.to !== outside.from ? host : String(outside.from + i)
    mappings.push({ container: `${inside.from + i}/${kind}`, hostIP: ip, hostPort })
  }
  return { mappings }
}

export interface Port {
  readonly IP?: string
  readonly PrivatePort: number
  readonly PublicPort?: number
  readonly Type: string
}

const addressText = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip)

/** IPv4 before IPv6, by their numbers. */
function compareAddresses(a: string, b: string): number {
  if (a.includes(':') !== b.includes(':')) return a.includes(':') ? 1 : -1
  const [left, right] = [a.split(/[.:]/), b.split(/[.:]/)]
  const base = a.includes(':') ? 16 : 10
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (Number.parseInt(left[i] ?? '', base) || 0) - (Number.parseInt(right[i] ?? '', base) || 0)
    if (difference !== 0) return difference
  }
  return 0
}

const byPort = (a: Port, b: Port): number =>
  a.PrivatePort - b.PrivatePort ||
  ((a.IP ?? '') ? 1 : 0) - ((b.IP ?? '') ? 1 : 0) ||
  compareAddresses(a.IP ?? '', b.IP ?? '') ||
  (a.PublicPort ?? 0) - (b.PublicPort ?? 0) ||
  (a.Type < b.Type ? -1 : a.Type > b.Type ? 1 : 0)

/** The PORTS column: neighbours become one range, where outside and inside are the same. After DisplayablePorts in docker/cli. */
export function portsColumn(given: readonly Port[]): string {
  const groups = new Map<string, { ip: string; type: string; from: number; to: number }>()
  const done: string[] = []
  const mapped: string[] = []
  for (const { IP: ip = '', PrivatePort: port, PublicPort = 0, Type: type } of [...given].sort(byPort)) {
    if (ip !== '' && PublicPort !== port) {
      mapped.push(`${addressText(ip)}:${PublicPort}->${port}/${type}`)
      continue
    }
    const key = `${ip}/${type}`
    const group = groups.get(key)
    if (group && port === group.to + 1) group.to = port
    else {
      if (group) done.push(groupText(group))
      // an entry that is replaced keeps its place
      groups.set(key, { ip, type, from: port, to: port })
    }
  }
  return [...done, ...[...groups.values()].map(groupText), ...mapped].join(', ')
}

function groupText({ ip, type, from, to }: { ip: string; type: string; from: number; to: number }): string {
  const ports = from === to ? String(from) : `${from}-${to}`
  return `${ip === '' ? ports : `${addressText(ip)}:${ports}->${ports}`}/${type}`
}

import { hash32 } from '../../engine/hash'

/** Hosts outside the lab that have an address and answer. Everything else outside does not exist (simplified). */
const hosts: ReadonlySet<string> = new Set(
  `example.com example.org example.net google.com github.com kubernetes.io docker.com registry-1.docker.io auth.docker.io hub.docker.com
   registry.k8s.io gcr.io quay.io ghcr.io wikipedia.org cloudflare.com one.one.one.one dns.google api.github.com raw.githubusercontent.com
   get.docker.com get.k8s.io dl.k8s.io httpbin.org ifconfig.me icanhazip.com pypi.org registry.npmjs.org deb.debian.org archive.ubuntu.com
   dl-cdn.alpinelinux.org my.database.example.com`
    .trim()
    .split(/\s+/),
)

const byAddress = new Map<string, string>()
for (const host of hosts) byAddress.set(addressOf(host), host)

function addressOf(host: string): string {
  const n = hash32(host)
  return `93.${184 + (n & 7)}.${(n >>> 3) & 255}.${((n >>> 11) % 254) + 1}`
}

/** The address of a host in the internet; undefined: there is no such name. */
export function internetAddress(name: string): string | undefined {
  const plain = name.startsWith('www.') ? name.slice(4) : name
  return hosts.has(plain) ? addressOf(plain) : undefined
}

/** Whose address it is. */
export const internetHost = (address: string): string | undefined => byAddress.get(address)

/** A round trip into the internet. */
export const INTERNET_MILLIS = 24

import { hash32, type Millis } from '../../engine'
import type { Entry } from '../../platform/image/entry'
import { digestOf } from '../../platform/image/hex'
import { internetAddress } from '../../platform/network/internet'
import { isGit } from '../dockerfile/ports'

/** The host that an address names. */
export function hostOf(address: string): string {
  const match = /^(?:[a-z]+:\/\/)?(?:[^@/]+@)?([^/:]+)/.exec(address)
  return match?.[1] ?? address
}

/** Whether anybody answers there. */
export const isThere = (address: string): boolean =>
  internetAddress(hostOf(address)) !== undefined ||
  /^(download|dl|releases|cdn|get|raw|downloads|packages)\./.test(hostOf(address))

const baseName = (address: string): string => {
  const path = address.replace(/[?#].*$/, '').replace(/^[a-z]+:\/\/[^/]+/, '')
  return (
    path
      .split('/')
      .filter((part) => part !== '')
      .at(-1) ?? '__unnamed__'
  )
}

/** What ADD gets from an address: one file; of a repository some that every one has. Made up, always the same for one address (simplified). */
export function fetched(address: string, now: Millis): readonly Entry[] {
  const bytes = 20_000 + (hash32(address) % 4_000_000)
  const common = { what: 'file' as const, modifiedAt: now }
  if (!isGit(address))
    return [
      { path: `/${baseName(address)}`, ...common, text: '', mode: 0o600, bytes, content: digestOf(`at ${address}`) },
    ]
  const name = baseName(address).replace(/\.git$/, '')
  return [
    { path: '/README.md', ...common, text: `# ${name}\n`, mode: 0o644 },
    { path: '/LICENSE', ...common, text: 'MIT\n', mode: 0o644 },
    { path: `/src/${name}.pack`, ...common, text: '', mode: 0o644, bytes, content: digestOf(`at ${address}`) },
  ]
}

export const remoteBytes = (address: string): number =>
  fetched(address, 0).reduce((sum, { bytes, text }) => sum + (bytes ?? text.length), 0)

/** What tells one state of an address from another. */
export const remoteDigest = (address: string): string => digestOf(`at ${address}`)

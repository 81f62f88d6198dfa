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

/** The Dockerfile of a context that is an address: of what really is there nothing is known (simplified). */
const DOCKERFILE = 'FROM alpine\nWORKDIR /src\nCOPY . .\nCMD ["ls", "/src"]\n'

/** What a context at an address holds: the files of a repository, with a Dockerfile that copies them. */
export function remoteContext(address: string): readonly Entry[] {
  const files = fetched(isGit(address) ? address : `${address.replace(/[?#].*$/, '')}.git`, 0)
  const own = { path: '/Dockerfile', what: 'file', text: DOCKERFILE, mode: 0o644, modifiedAt: 0 } as const
  const folders = [{ path: '/src', what: 'folder', text: '', mode: 0o755, modifiedAt: 0 } as const]
  return [own, ...folders, ...files]
}

/** How progress names the step that fetches it. */
export const remoteStep = (address: string): string =>
  isGit(address) ? `[internal] load git source ${address}` : '[internal] load remote build context'

/** Why a context at an address is not to be had. */
export const remoteProblem = (address: string): string =>
  isGit(address)
    ? `failed to read dockerfile: failed to load cache key: failed to fetch remote ${address.replace(/#.*$/, '')}: git stderr:\nfatal: unable to access '${address.replace(/#.*$/, '')}/': Could not resolve host: ${hostOf(address)}: exit status 128`
    : `failed to read downloaded context: failed to load cache key: Get "${address}": dial tcp: lookup ${hostOf(address)} on 127.0.0.53:53: no such host`

export const remoteBytes = (address: string): number =>
  fetched(address, 0).reduce((sum, { bytes, text }) => sum + (bytes ?? text.length), 0)

/** What tells one state of an address from another. */
export const remoteDigest = (address: string): string => digestOf(`at ${address}`)

import type { World } from '../../engine/kind'
import type { Tools } from '../../engine/plan'
import { parseReference, type Reference, withDefaultTag } from '../image/reference'
import { registryProblem } from '../image/registry'
import { pullError, resolveImage } from '../image/resolve'
import type { StoredImage } from '../image/stored'
import { Fault, type Machine } from '../machine/machine'
import { Effects } from '../network/effects'
import { pushedTo, RegistryClient, UNAVAILABLE, wordsOf } from './client'
import type { Manifest } from './content'
import type { Credentials } from './credentials'
import { HUB_USERS, hostKindOf } from './hosts'
import { pooledImageKey } from './pool'
import { registryAt } from './registry'

/** What a registry gives that is not of the catalogue; undefined: the catalogue decides. `told` is in the daemon's words, `error` in containerd's. */
export type Fetched =
  | { readonly stored: StoredImage; readonly digest: string }
  | { readonly told: string; readonly error: string; readonly status: number }

export const LIMIT_TEXT =
  'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit'

/** Whether a reference means something that was pushed, or may have been: no image of the catalogue. */
function isPushed(world: World, { domain, path }: Reference, text: string): boolean {
  const registry = registryAt(world, domain)
  if (pushedTo(registry.content, path) || registry.users !== undefined) return true
  const [owner = ''] = path.split('/')
  if (domain === 'docker.io') return HUB_USERS[owner] !== undefined
  const answer = resolveImage(text)
  return (
    answer.found === 'missing' &&
    answer.why === 'host' &&
    (isLabHost(world, domain) || hostKindOf(domain) !== undefined)
  )
}

/** A registry inside the lab: on a machine, by its name or an address. */
const isLabHost = (world: World, domain: string): boolean => {
  const host = domain.replace(/:\d+$/, '')
  return (
    host === 'localhost' ||
    /^\d+(\.\d+){3}$/.test(host) ||
    world.get(`platform/Machine//${host}` as never) !== undefined
  )
}

/** Whether the image of a name comes from what was pushed, and not from the catalogue. */
export function isFromRegistry(world: World, text: string): boolean {
  const parsed = parseReference(text)
  return !('error' in parsed) && isPushed(world, withDefaultTag(parsed.reference), text)
}

/** Whether an image's registry stands in the lab: what comes from there does not cross the line to the world outside. */
export function isLabRegistry(world: World, text: string): boolean {
  const parsed = parseReference(text)
  return !('error' in parsed) && isLabHost(world, parsed.reference.domain)
}

export function fetchManifest(
  world: World,
  tools: Tools,
  machine: Machine,
  pull: {
    readonly reference: string
    readonly credentials?: Credentials | undefined
    readonly insecure?: readonly string[] | undefined
  },
): Fetched | undefined {
  const parsed = parseReference(pull.reference)
  if ('error' in parsed) return undefined
  const reference = withDefaultTag(parsed.reference)
  const { domain, path } = reference
  if (isLimited(world, domain, pull.credentials))
    return {
      told: LIMIT_TEXT,
      error: pullError(reference, `unexpected status from HEAD request: 429 Too Many Requests: ${LIMIT_TEXT}`),
      status: 429,
    }
  const problem = registryProblem(world, pull.reference)
  if (problem !== undefined) {
    const isGone = problem.startsWith('rpc error: code = NotFound')
    const gone = `manifest for ${shown(reference)} not found: manifest unknown: manifest unknown`
    return { told: isGone ? gone : UNAVAILABLE, error: problem, status: isGone ? 404 : 503 }
  }
  if (!isPushed(world, reference, pull.reference)) return undefined
  const tag = reference.digest ?? reference.tag ?? 'latest'
  const client = new RegistryClient(world, tools, new Effects(world), machine, pull.insecure ?? [])
  const at = `/v2/${path}/manifests/${tag}`
  const answer = client.ask(domain, { method: 'GET', path: at }, pull.credentials)
  const failed = (told: string, cause: string, status = 500): Fetched => ({
    told,
    error: pullError(reference, cause, status === 404),
    status,
  })
  if ('problem' in answer) {
    const scheme = answer.problem.startsWith('Get "https:') ? 'https' : 'http'
    const why = answer.problem.replace(/^\w+ "[^"]*": /, '')
    return failed(answer.problem, `failed to do request: Head "${scheme}://${domain}${at}": ${why}`)
  }
  if (answer.status === 404)
    return domain === 'docker.io' && !pushedTo(registryAt(world, domain).content, path)
      ? failed(deniedText(path), deniedCause, 404)
      : failed(
          `manifest for ${shown(reference)} not found: manifest unknown: manifest unknown`,
          `${domain}/${path}:${tag}: not found`,
          404,
        )
  if (answer.status !== 200) {
    const words = wordsOf(answer)
    const isBasic = pull.credentials === undefined && words === 'unauthorized: authentication required'
    const scheme = isLabHost(world, domain) ? 'http' : 'https'
    const told = isBasic
      ? `Head "${scheme}://${domain}${at}": no basic auth credentials`
      : `Head "${scheme}://${domain}${at}": ${words}`
    return failed(
      told,
      `pull access denied, repository does not exist or may require authorization: ${isBasic ? 'authorization failed: no basic auth credentials' : words}`,
      answer.status,
    )
  }
  const manifest = JSON.parse(answer.body) as Manifest
  const stored = world.get(pooledImageKey(manifest.id))
  if (!stored) return failed('manifest unknown: manifest unknown', `${domain}/${path}:${tag}: not found`, 404)
  return { stored, digest: answer.headers?.['docker-content-digest'] ?? stored.digest }
}

const shown = ({ domain, path, tag, digest }: Reference): string => {
  const name = domain === 'docker.io' ? path.replace(/^library\//, '') : `${domain}/${path}`
  return digest === undefined ? `${name}:${tag}` : `${name}@${digest}`
}

const deniedText = (path: string): string =>
  `pull access denied for ${path}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`
const deniedCause =
  'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed'

/** Docker Hub counts what comes from one address without a login; a fault says that the count is full. */
const isLimited = (world: World, domain: string, credentials: Credentials | undefined): boolean =>
  domain === 'docker.io' &&
  credentials === undefined &&
  world.list(Fault).some(({ value }) => value.name === 'pull-rate-limit')

import type { Millis } from '../../engine/json'
import type { World } from '../../engine/kind'
import type { Wish } from '../../engine/plan'
import { toBase64 } from '../base64'
import { Fault, type Machine } from '../machine/machine'
import type { Effects } from '../network/effects'
import { INTERNET, reaches } from '../network/reach'
import type { Chance } from '../network/request'
import { send } from '../network/send'
import { answerRegistry, type RegistryContent, type RegistryReply, registryError } from './content'
import type { Credentials } from './credentials'
import { HUB_USERS, hostKindOf } from './hosts'
import { type Registry, registryAt, registryKey } from './registry'

export interface Wanted {
  readonly method: string
  readonly path: string
  readonly body?: string
}

/** A registry's answer; or why there is none, in the words of the daemon. */
export type Answered =
  | (RegistryReply & { readonly millis: Millis })
  | { readonly problem: string; readonly millis: Millis }

const OUTSIDE_MILLIS = 180
const DIAL_TIMEOUT_MILLIS = 30_000

/** Hosts whose registry is a machine of the lab: addresses, `localhost`, names of machines. */
function isInside(world: World, domain: string): boolean {
  const host = domain.replace(/:\d+$/, '')
  if (host === 'localhost' || /^\d+\.\d+\.\d+\.\d+$/.test(host)) return true
  return world.get(`platform/Machine//${host}` as never) !== undefined
}

/** Registries to which the daemon speaks without encryption: those of its own machine, and those it is told of. */
const mayBePlain = (domain: string, insecure: readonly string[]): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+)(:\d+)?$/.test(domain) || insecure.includes(domain)

/**
 * How a machine's daemon speaks to a registry. One inside the lab is asked over its network, and whatever answers there is what it is; one
 * outside is answered from what was pushed to it. Changes of outside registries are gathered until `wishes`.
 */
export class RegistryClient {
  readonly #world: World
  readonly #chance: Chance
  readonly #effects: Effects
  readonly #machine: Machine
  readonly #insecure: readonly string[]
  readonly #outside = new Map<string, Registry>()
  #asked = 0

  constructor(world: World, chance: Chance, effects: Effects, machine: Machine, insecure: readonly string[]) {
    this.#world = world
    this.#chance = chance
    this.#effects = effects
    this.#machine = machine
    this.#insecure = insecure
  }

  ask(domain: string, wanted: Wanted, credentials: Credentials | undefined): Answered {
    return isInside(this.#world, domain)
      ? this.#inside(domain, wanted, credentials)
      : this.#outsideOf(domain, wanted, credentials)
  }

  wishes(): Wish[] {
    return [...this.#outside].map(([host, value]) => ({
      key: registryKey(host),
      value,
      because: { id: 'platform/pushed-to', values: { host } },
    }))
  }

  #inside(domain: string, { method, path, body = '' }: Wanted, credentials: Credentials | undefined): Answered {
    const plain = mayBePlain(domain, this.#insecure)
    const [host = '', port = plain ? '80' : '443'] = domain.split(':')
    const url = `${plain ? 'http' : 'https'}://${domain}${path.split('?')[0]}`
    const verb = method === 'GET' ? 'Get' : method === 'HEAD' ? 'Head' : 'Put'
    const outcome = send(
      this.#world,
      this.#chance,
      {
        from: { machine: this.#machine.name, sandbox: undefined },
        protocol: 'http',
        host,
        port: Number(port),
        method,
        path,
        headers: credentials
          ? { authorization: `Basic ${toBase64(`${credentials.user}:${credentials.password}`)}` }
          : {},
        body,
        timeoutMillis: DIAL_TIMEOUT_MILLIS,
        id: `registry ${this.#machine.name} ${this.#world.revision} ${++this.#asked}`,
        depth: 0,
      },
      this.#effects,
    )
    const { millis } = outcome
    const failed = (why: string): Answered => ({ problem: `${verb} "${url}": ${why}`, millis })
    const address = host === 'localhost' ? '[::1]' : outcome.address || host
    switch (outcome.end) {
      case 'answered':
        if (!plain)
          return { problem: `Get "https://${domain}/v2/": http: server gave HTTP response to HTTPS client`, millis }
        return { status: outcome.status, body: outcome.body, headers: outcome.headers, millis }
      case 'refused':
        return failed(`dial tcp ${address}:${port}: connect: connection refused`)
      case 'unresolved':
      case 'no-dns':
        return failed(`dial tcp: lookup ${host}: no such host`)
      case 'cut-off':
        return failed('EOF')
      case 'reset':
        return failed(`read tcp ${address}:${port}: read: connection reset by peer`)
      case 'unreachable':
        return failed(`dial tcp ${address}:${port}: connect: no route to host`)
      default:
        return failed(
          'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
        )
    }
  }

  #outsideOf(domain: string, wanted: Wanted, credentials: Credentials | undefined): Answered {
    const host = domain === 'docker.io' ? 'registry-1.docker.io' : domain
    const url = `https://${host}${wanted.path.split('?')[0]}`
    const verb = wanted.method === 'GET' ? 'Get' : wanted.method === 'HEAD' ? 'Head' : 'Put'
    const known = this.#outside.get(domain) ?? registryAt(this.#world, domain)
    const isKnown = domain === 'docker.io' || known.users !== undefined || hostKindOf(domain) !== undefined
    if (!reaches(this.#world, this.#machine.name, INTERNET).ok)
      return { problem: `${verb} "${url}": dial tcp: lookup ${host}: i/o timeout`, millis: DIAL_TIMEOUT_MILLIS }
    if (!isKnown) return { problem: `${verb} "${url}": dial tcp: lookup ${host}: no such host`, millis: OUTSIDE_MILLIS }
    const isDown = this.#world
      .list(Fault)
      .some(({ value }) => value.name === 'registry-down' && (value.target === '' || value.target === domain))
    if (isDown) return { status: 503, body: '', millis: OUTSIDE_MILLIS }
    const refused = refusal(domain, known, wanted, credentials)
    if (refused) return { ...refused, millis: OUTSIDE_MILLIS }
    const reply = answerRegistry(known.content, { ...wanted, body: wanted.body ?? '' })
    if (reply.content) this.#outside.set(domain, { ...known, content: reply.content })
    return { ...reply, millis: OUTSIDE_MILLIS }
  }
}

/** Whom an outside registry lets do what: everybody reads what is public, who has logged in writes into what is his. */
function refusal(
  domain: string,
  registry: Registry,
  { method, path }: Wanted,
  credentials: Credentials | undefined,
): RegistryReply | undefined {
  const isLogin = path === '/v2/'
  const kind = hostKindOf(domain)
  const users = registry.users ?? (domain === 'docker.io' ? HUB_USERS : undefined)
  const isValid =
    credentials !== undefined &&
    (users ? users[credentials.user] === credentials.password : kind?.user.test(credentials.user) === true)
  if (credentials && !isValid) return registryError(401, 'UNAUTHORIZED', 'incorrect username or password')
  if (isLogin) return undefined
  const writes = method === 'PUT'
  if (!isValid && (writes || registry.closed || (users === undefined && kind !== undefined)))
    return domain === 'docker.io'
      ? registryError(401, 'DENIED', 'requested access to the resource is denied')
      : registryError(401, 'UNAUTHORIZED', kind?.refusal ?? 'authentication required')
  const owner = /^\/v2\/([^/]+)\//.exec(path)?.[1]
  if (writes && domain === 'docker.io' && owner !== credentials?.user)
    return registryError(403, 'DENIED', 'requested access to the resource is denied')
  return undefined
}

export const UNAVAILABLE = 'received unexpected HTTP status: 503 Service Unavailable'

/** What a registry has under a name, if anything was pushed there. */
export const pushedTo = (content: RegistryContent, path: string): boolean => content.repositories[path] !== undefined

/** The words of a registry's refusal, as the daemon passes them on: `denied: requested access …`. */
export function wordsOf({ status, body }: RegistryReply): string {
  try {
    const [first] = (JSON.parse(body) as { errors?: { code: string; message: string }[] }).errors ?? []
    if (first) {
      const code = first.code.toLowerCase().replaceAll('_', ' ')
      return first.message.startsWith(`${code}:`) ||
        first.message === code ||
        /^(no basic|denied|unauthorized)/.test(first.message)
        ? first.message
        : `${code}: ${first.message}`
    }
  } catch {
    // no JSON: the status says all there is
  }
  return status === 503 ? UNAVAILABLE : `unexpected status code ${status}`
}

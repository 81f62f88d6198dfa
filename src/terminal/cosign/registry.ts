import { fromBase64 } from '../../platform/base64'
import { splitDomain } from '../../platform/image/reference'
import { machineKey } from '../../platform/machine/machine'
import { Effects } from '../../platform/network/effects'
import { type Answered, RegistryClient } from '../../platform/registry/client'
import { fullRepository } from '../../platform/registry/signature'
import type { ToolCall } from '../../platform/shell/tool'
import { chanceOf } from '../../platform/shell/tools/tool-request'
import { readAuths, serverKey } from '../docker/credentials'

/** go-containerregistry speaks without TLS to what is plainly local, and else only where it is told so. */
const isPlain = (domain: string): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+)(:\d+)?$/.test(
    domain,
  ) || /\.local(host)?(:\d+)?$/.test(domain)

/** A registry as a client on this machine asks it, with what docker login has left. */
export class Asking {
  readonly #call: ToolCall
  readonly #client: RegistryClient
  readonly #effects: Effects
  readonly domain: string
  readonly path: string
  #millis = 0

  constructor(call: ToolCall, image: string, allowHttp: boolean) {
    const { domain, remainder: path } = splitDomain(fullRepository(image).replace(/^index\.docker\.io\//, 'docker.io/'))
    const machine = call.world.get(machineKey(call.from.machine))!
    this.#call = call
    this.#effects = new Effects(call.world)
    this.domain = domain
    this.path = path
    const plain = allowHttp || isPlain(domain) ? [domain] : []
    this.#client = new RegistryClient(call.world, chanceOf(call), this.#effects, machine, plain)
  }

  /** How long it has taken so far. */
  get millis(): number {
    return this.#millis
  }

  ask(method: string, rest: string, body?: string): Answered {
    const found = readAuths(this.#call)[serverKey(this.domain)]?.auth
    const text = found === undefined ? undefined : fromBase64(found)
    const colon = text?.indexOf(':') ?? -1
    const credentials =
      text === undefined || colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) }
    const path = rest === '' ? '/v2/' : `/v2/${this.path}/${rest}`
    const answer = this.#client.ask(this.domain, { method, path, ...(body !== undefined && { body }) }, credentials)
    this.#millis += answer.millis
    return answer
  }

  /** Why an answer is none, in the words of go-containerregistry. */
  refusal(answer: Answered, method: string, rest: string): string | undefined {
    if ('problem' in answer) return answer.problem
    if (answer.status < 400) return undefined
    const host = this.domain === 'docker.io' ? 'index.docker.io' : this.domain
    const url = `https://${host}/v2/${this.path}/${rest}`
    try {
      const [first] = (JSON.parse(answer.body) as { errors: { code: string; message: string }[] }).errors
      return `${method} ${url}: ${first!.code}: ${first!.message}`
    } catch {
      return `${method} ${url}: unexpected status code ${answer.status}`
    }
  }

  /** Writes what was changed. */
  commit(): void {
    const changes = [...this.#effects.wishes(), ...this.#client.wishes()]
    if (changes.length > 0) this.#call.apply({ changes })
  }
}

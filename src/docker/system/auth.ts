import { Effects } from '../../platform/network/effects'
import { RegistryClient, wordsOf } from '../../platform/registry/client'
import { type EngineReply, type EngineRequest, refuse } from '../engine/request'
import type { Pass } from '../pass'
import { configurationOf } from './configuration'

/** `POST /auth`: asks a registry whether it knows a name and a password. */
export function checkAuth(pass: Pass, request: EngineRequest): EngineReply {
  const { username, password, serveraddress } = request.body as Readonly<Record<string, string>>
  const { insecureRegistries } = configurationOf(pass.world, pass.machine)
  const client = new RegistryClient(pass.world, pass.tools, new Effects(pass.world), pass.machine, insecureRegistries)
  const domain = serveraddress ?? 'docker.io'
  const credentials = { user: username ?? '', password: password ?? '' }
  const answer = client.ask(domain, { method: 'GET', path: '/v2/' }, credentials)
  if ('problem' in answer) return refuse(500, answer.problem)
  const host = domain === 'docker.io' ? 'registry-1.docker.io' : domain
  const scheme = /^(localhost|127\.)/.test(domain) || insecureRegistries.includes(domain) ? 'http' : 'https'
  if (answer.status === 401)
    return refuse(
      401,
      domain === 'docker.io'
        ? `Get "https://${host}/v2/": ${wordsOf(answer)}`
        : `login attempt to ${scheme}://${host}/v2/ failed with status: 401 Unauthorized`,
    )
  if (answer.status !== 200)
    return refuse(500, `login attempt to ${scheme}://${host}/v2/ failed with status: ${answer.status}`)
  return { status: 200, body: { Status: 'Login Succeeded', IdentityToken: '' } }
}

import { fromBase64 } from '../../platform/base64'
import { parseReference } from '../../platform/image/reference'
import type { Credentials } from '../../platform/registry/credentials'
import { Secret } from '../kinds/configmap'
import type { Pass } from './pass'

interface Auth {
  readonly auth?: string
  readonly username?: string
  readonly password?: string
}

/** Under these names Docker Hub stands in files of the docker client. */
const HUB = ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io', 'registry-1.docker.io']

/**
 * The name and password for an image's registry from the pod's imagePullSecrets: the first that names the registry. What is missing is told, and
 * the pull is tried all the same. After GetPullSecretsForPod; those of service accounts, and paths within a registry, are left out.
 */
export function credentialsFor(pass: Pass, image: string): Credentials | undefined {
  const parsed = parseReference(image)
  const wanted = (pass.pod.spec.imagePullSecrets ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]))
  if ('error' in parsed || wanted.length === 0) return undefined
  const { domain } = parsed.reference
  const missing: string[] = []
  let found: Credentials | undefined
  for (const name of wanted) {
    const secret = pass.world.get(Secret.key(pass.pod.metadata.namespace!, name))
    if (!secret) missing.push(name)
    else found ??= credentialsIn(secret, domain)
  }
  if (missing.length > 0) {
    const because = { id: 'kubernetes/pull-secret-missing', values: { names: missing.join(', ') }, of: [pass.bound()] }
    const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`
    pass.event('Warning', 'FailedToRetrieveImagePullSecret', message, because)
  }
  return found
}

function credentialsIn({ data = {} }: Secret, domain: string): Credentials | undefined {
  const text = fromBase64(data['.dockerconfigjson'] ?? '')
  if (text === undefined || text === '' || text.length > 100_000) return undefined
  let auths: Readonly<Record<string, Auth>>
  try {
    auths = (JSON.parse(text) as { auths?: Record<string, Auth> }).auths ?? {}
  } catch {
    return undefined
  }
  const isMeant = (server: string) =>
    domain === 'docker.io' ? HUB.includes(server) : server.replace(/^https?:\/\//, '').replace(/\/.*$/, '') === domain
  const own = Object.entries(auths).find(([server]) => isMeant(server))?.[1]
  if (!own) return undefined
  if (own.username !== undefined && own.password !== undefined) return { user: own.username, password: own.password }
  const pair = fromBase64(own.auth ?? '') ?? ''
  const colon = pair.indexOf(':')
  return colon < 0 ? undefined : { user: pair.slice(0, colon), password: pair.slice(colon + 1) }
}

import type { Reason } from '../../engine'
import { LocalImage } from '../../platform/image/image'
import { familiarName, localName, parseReference, repositoryOf, withDefaultTag } from '../../platform/image/reference'
import { Push, pushKey } from '../../platform/registry/push'
import { type EngineReply, type EngineRequest, refuse } from '../engine/request'
import type { Pass } from '../pass'
import { configurationOf } from '../system/configuration'
import { credentialsOf } from './credentials'

/** As many layers at a time: max-concurrent-uploads. */
const LANES = 5

/** `POST /images/{name}/push`: begins it, or goes on with it; `told` is how many lines the client has heard. After pushTag in push_v2.go. */
export function push(pass: Pass, request: EngineRequest, text: string): EngineReply {
  const parsed = parseReference(text)
  if ('error' in parsed) return refuse(400, parsed.error)
  if (parsed.reference.digest !== undefined) refuse(400, 'cannot push a digest reference')
  const reference = withDefaultTag(parsed.reference)
  const name = localName(text)
  const key = pushKey(pass.machine.name, name)
  const running = pass.world.get(key)
  const told = Number(request.query?.['told'] ?? '-1')
  const because: Reason = { id: 'docker/push-wanted', values: { image: name } }
  if (told >= 0 && !running) return refuse(500, 'the machine was restarted while the image was pushed')
  if (!running) {
    const known = pass.all(LocalImage).some((image) => image.reference === name)
    if (!known) refuse(404, `An image does not exist locally with the tag: ${familiarName(reference)}`)
    const credentials = credentialsOf(request)
    const wanted: Push = {
      machine: pass.machine.name,
      reference: name,
      ...(credentials && { credentials }),
      insecure: configurationOf(pass.world, pass.machine).insecureRegistries,
      state: 'waiting',
      endsAt: undefined,
      parts: [],
      error: undefined,
      digest: '',
      size: 0,
    }
    pass.set(key, wanted, because)
  }
  const lines = running ? linesOf(running, repositoryOf(reference), reference.tag ?? 'latest', pass.now) : []
  const fresh = lines.slice(Math.max(0, told))
  if (running && (running.state === 'done' || running.state === 'failed')) {
    pass.set(key, undefined, because, true)
    if (running.state === 'done') pass.event('image', 'push', name, { name: familiarName(reference) })
    return { status: 200, body: { lines: fresh, ...(running.error !== undefined && { error: running.error }) } }
  }
  return {
    status: 102,
    body: { lines: fresh },
    next: { ...request, query: { ...request.query, told: String(Math.max(0, told) + fresh.length) } },
    until: { kinds: [Push.id], millis: 100 },
  }
}

const short = (digest: string): string => digest.slice(7, 19)

/** Each line once, in the order in which they happen. */
function linesOf(
  { parts, state, digest, size }: Push,
  repository: string,
  tag: string,
  now: number,
): readonly string[] {
  if (state === 'waiting') return []
  const lines = [`The push refers to repository [${repository}]`]
  for (const part of parts) lines.push(`${short(part.digest)}: Preparing`)
  for (const part of parts.slice(LANES)) lines.push(`${short(part.digest)}: Waiting`)
  const over = parts
    .filter(({ endsAt }) => state === 'done' || endsAt <= now)
    .sort((a, b) => a.endsAt - b.endsAt)
    .map(({ digest: layer, how, from }) => {
      const said = how === 'exists' ? 'Layer already exists' : how === 'mounted' ? `Mounted from ${from}` : 'Pushed'
      return `${short(layer)}: ${said}`
    })
  lines.push(...over)
  if (state === 'done') lines.push(`${tag}: digest: ${digest} size: ${size}`)
  return lines
}

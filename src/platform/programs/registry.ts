import type { Json } from '../../engine/json'
import { fromBase64 } from '../base64'
import { mountsOf } from '../container/processes'
import { answerRegistry, emptyContent, type RegistryContent, registryError } from '../registry/content'
import { passwordHash } from '../registry/password'
import { FileView } from '../shell/files'
import { type Answer, type Call, endsOn, err, type Incoming, type Program, type Situation } from './program'
import { isWeb, pathOf } from './web'

interface Memory {
  readonly content: RegistryContent
  /** Since when something is pushed that its files do not have yet. */
  readonly dirtySince?: number
}

const WRITES_MILLIS = 1000

/** Whom it lets in: `REGISTRY_AUTH=htpasswd` and a file of names and hashes. Undefined: everybody. */
function users({ command, container, world }: Call): ReadonlyMap<string, string> | undefined {
  if (command.env['REGISTRY_AUTH'] !== 'htpasswd') return undefined
  const path = command.env['REGISTRY_AUTH_HTPASSWD_PATH'] ?? '/auth/htpasswd'
  const read = new FileView(world, mountsOf(container), {}).from('/').read(path)
  const lines = 'text' in read ? read.text.split('\n') : []
  return new Map(
    lines.flatMap((line) => {
      const colon = line.indexOf(':')
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1).trim()] as const] : []
    }),
  )
}

function isAllowed(incoming: Incoming, known: ReadonlyMap<string, string>): boolean {
  const given = fromBase64((incoming.headers['authorization'] ?? '').replace(/^Basic /, '')) ?? ''
  const colon = given.indexOf(':')
  return colon > 0 && known.get(given.slice(0, colon)) === passwordHash(given.slice(0, colon), given.slice(colon + 1))
}

function answer(incoming: Incoming, call: Call): Answer {
  if (!isWeb(incoming)) return { status: 0, body: '', millis: 1, cutOff: true }
  const memory = (call.memory as unknown as Memory | undefined) ?? { content: emptyContent }
  const allowed = users(call)
  if (allowed && !isAllowed(incoming, allowed)) {
    const { status, body, headers } = registryError(401, 'UNAUTHORIZED', 'authentication required')
    return { status, body, headers: { ...headers, 'www-authenticate': 'Basic realm="Registry Realm"' }, millis: 2 }
  }
  const reply = answerRegistry(memory.content, {
    method: incoming.method,
    path: pathOf(incoming) + queryOf(incoming),
    body: incoming.body,
    deletes: call.command.env['REGISTRY_STORAGE_DELETE_ENABLED'] === 'true',
  })
  const next: Memory | undefined = reply.content && {
    content: reply.content,
    dirtySince: memory.dirtySince ?? call.now,
  }
  return {
    status: reply.status,
    body: reply.body,
    millis: 3,
    headers: { 'docker-distribution-api-version': 'registry/2.0', ...reply.headers },
    ...(next && { memory: next as unknown as Json }),
  }
}

const queryOf = ({ path }: Incoming): string => {
  const at = path.indexOf('?')
  return at < 0 ? '' : path.slice(at)
}

const content = ({ container }: Situation): Memory | undefined => container.memory as unknown as Memory | undefined

/** The distribution registry (`registry:2`, `registry:3`): what is pushed is in its volume. Without TLS, tokens and deletion. */
export const registry: Program = {
  name: 'registry',
  about: 'a registry of images',
  startMillis: [90, 180],
  cpuMillis: 1,
  memoryBytes: 14_000_000,
  requestCpuMillis: 0.3,
  ports: ({ command }) => [Number(/:(\d+)$/.exec(command.env['REGISTRY_HTTP_ADDR'] ?? '')?.[1] ?? 5000)],
  banner: () => [
    {
      after: 60,
      ...err(
        'level=warning msg="No HTTP secret provided - generated random secret. This may cause problems with uploads if multiple registries are behind a load-balancer."',
      ),
    },
    { after: 90, ...err('level=info msg="listening on [::]:5000"') },
  ],
  answer,
  signal: endsOn(2, 30, 'SIGTERM', 'SIGINT'),
  data: {
    folder: '/var/lib/registry',
    file: 'content.json',
    durable: true,
    due: (situation) => {
      const memory = content(situation)
      if (memory?.dirtySince === undefined) return undefined
      const { dirtySince, ...kept } = memory
      return { at: dirtySince + WRITES_MILLIS, why: 'what was pushed', memory: kept as unknown as Json }
    },
  },
  disk: (memory) => memory && ({ content: (memory as unknown as Memory).content } as unknown as Json),
}

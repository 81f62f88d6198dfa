import type { Json } from '../../engine/json'
import { redisDate } from './dates'
import type { Answer, Incoming, Program, Situation } from './program'
import { hangUp, isWeb } from './web'

/** What a redis keeps: strings and lists (hashes, sets and expiry are not modelled). */
export interface RedisMemory {
  readonly strings: Readonly<Record<string, string>>
  readonly lists: Readonly<Record<string, readonly string[]>>
}

export const emptyRedis: RedisMemory = { strings: {}, lists: {} }

type Reply = { readonly body: string; readonly memory?: RedisMemory }

const wrongType = { body: 'WRONGTYPE Operation against a key holding the wrong kind of value' }

function list(memory: RedisMemory, key: string, items: readonly string[]): RedisMemory {
  const { [key]: _, ...others } = memory.lists
  return { ...memory, lists: items.length > 0 ? { ...others, [key]: items } : others }
}

/** One command on the data. Replies are the bare values, a missing one is empty; errors are redis' words. */
export function redisCommand(memory: RedisMemory, command: string, key: string, value: string): Reply {
  const items = memory.lists[key] ?? []
  const text = memory.strings[key]
  switch (command.toUpperCase()) {
    case 'PING':
      return { body: 'PONG' }
    case 'SET':
      return { body: 'OK', memory: { ...memory, strings: { ...memory.strings, [key]: value } } }
    case 'GET':
      return memory.lists[key] ? wrongType : { body: text ?? '' }
    case 'INCR': {
      const n = Number(text ?? '0') + 1
      if (!Number.isInteger(n)) return { body: 'ERR value is not an integer or out of range' }
      return { body: String(n), memory: { ...memory, strings: { ...memory.strings, [key]: String(n) } } }
    }
    case 'DEL': {
      const { [key]: gone, ...strings } = memory.strings
      const count = (gone === undefined ? 0 : 1) + (items.length > 0 ? 1 : 0)
      return count === 0 ? { body: '0' } : { body: String(count), memory: { ...list(memory, key, []), strings } }
    }
    case 'RPUSH':
      return { body: String(items.length + 1), memory: list(memory, key, [...items, value]) }
    case 'LPUSH':
      return { body: String(items.length + 1), memory: list(memory, key, [value, ...items]) }
    case 'LPOP':
      return items.length === 0 ? { body: '' } : { body: items[0]!, memory: list(memory, key, items.slice(1)) }
    case 'RPOP':
      return items.length === 0
        ? { body: '' }
        : { body: items[items.length - 1]!, memory: list(memory, key, items.slice(0, -1)) }
    case 'LLEN':
      return { body: String(items.length) }
    case 'LRANGE':
      return { body: items.join('\n') }
    case 'KEYS':
      return { body: [...Object.keys(memory.strings), ...Object.keys(memory.lists)].sort().join('\n') }
    case 'DBSIZE':
      return { body: String(Object.keys(memory.strings).length + Object.keys(memory.lists).length) }
    case 'FLUSHALL':
      return { body: 'OK', memory: emptyRedis }
    default:
      return { body: `ERR unknown command '${command}', with args beginning with: ${key === '' ? '' : `'${key}' `}` }
  }
}

function answer(incoming: Incoming, call: { readonly memory: Json | undefined }): Answer {
  if (isWeb(incoming)) return hangUp()
  const reply = redisCommand(
    (call.memory as RedisMemory | undefined) ?? emptyRedis,
    incoming.method,
    incoming.path,
    incoming.body,
  )
  return { status: 0, body: reply.body, millis: 1, memory: reply.memory as Json | undefined }
}

const versionOf = ({ command }: Situation): string => command.env['REDIS_VERSION'] ?? '7.4.6'

/** redis with one database in memory. Requests: method is the command, path the key, body the value. */
export const redis: Program = {
  name: 'redis',
  about: 'a database in memory: strings and lists',
  startMillis: [8, 30],
  cpuMillis: 2,
  memoryBytes: 9_800_000,
  requestCpuMillis: 0.02,
  ports: ({ command }) => {
    const port = command.words[command.words.indexOf('--port') + 1]
    return [command.words.includes('--port') ? Number(port) : 6379]
  },
  banner: (situation) => {
    const version = versionOf(situation)
    const line = (kind: string, text: string) => ({
      after: 8,
      stream: 'out' as const,
      text: `1:${kind === 'C' ? 'C' : 'M'} ${redisDate(situation.epoch + 8)} ${kind === 'C' ? '*' : kind} ${text}\n`,
    })
    return [
      line('C', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo'),
      line('C', `Redis version=${version}, bits=64, commit=00000000, modified=0, pid=1, just started`),
      ...(situation.command.words.length > 1
        ? [line('C', 'Configuration loaded')]
        : [
            line(
              '#',
              'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
            ),
          ]),
      line('*', 'monotonic clock: POSIX clock_gettime'),
      line('*', `Running mode=standalone, port=6379.`),
      line('*', 'Server initialized'),
      line('*', 'Ready to accept connections tcp'),
    ]
  },
  answer,
  /** It saves its data and leaves; the data is in the container's files and comes back if the same container is started again. */
  signal: (signal, { epoch }) => {
    if (signal !== 'SIGTERM' && signal !== 'SIGINT') return 'ignored'
    const line = (mark: string, text: string) => ({
      stream: 'out' as const,
      text: `1:M ${redisDate(epoch)} ${mark} ${text}\n`,
    })
    const lines = [
      line('*', 'User requested shutdown...'),
      line('*', 'Saving the final RDB snapshot before exiting.'),
      line('*', 'DB saved on disk'),
      line('#', 'Redis is now ready to exit, bye bye...'),
    ]
    return { exit: 0, after: 25, print: lines }
  },
  data: { folder: '/data', file: 'dump.rdb' },
  disk: (memory, ended) => (ended === 0 ? memory : undefined),
}

import type { Json } from '../../engine/json'
import { mountsOf } from '../container/processes'
import { FileView } from '../shell/files'
import { redisDate } from './dates'
import type { Answer, Call, Incoming, Program, Situation } from './program'
import { hangUp, isWeb } from './web'

/** What a redis keeps: strings and lists (hashes, sets and expiry are not modelled), and how it was configured when it started. */
export interface RedisMemory {
  readonly strings: Readonly<Record<string, string>>
  readonly lists: Readonly<Record<string, readonly string[]>>
  /** What its file and its arguments say. */
  readonly settings?: Readonly<Record<string, string>>
}

/** What `CONFIG GET` knows of, as redis has it unless told otherwise; only told, never obeyed. */
const DEFAULTS: Readonly<Record<string, string>> = {
  appendonly: 'no',
  databases: '16',
  maxmemory: '0',
  'maxmemory-policy': 'noeviction',
  port: '6379',
  save: '3600 1 300 100 60 10000',
  timeout: '0',
}
const MOST_SETTINGS = 200

/** `2mb` → 2097152, `1k` → 1000: sizes are told in bytes. */
function settingOf(name: string, value: string): string {
  const size = /^(\d+)([kmg]b?)$/i.exec(value)
  if (!size || name !== 'maxmemory') return value
  const unit = { k: 1000, kb: 1024, m: 1000 ** 2, mb: 1024 ** 2, g: 1000 ** 3, gb: 1024 ** 3 }[size[2]!.toLowerCase()]!
  return String(Number(size[1]) * unit)
}

/** From `redis-server FILE --name value …`. */
function settingsOf({ command, container, world }: Call): Record<string, string> {
  const settings: Record<string, string> = {}
  const [, file, ...more] = command.words
  const options = file === undefined || file.startsWith('--') ? command.words.slice(1) : more
  const note = (name: string, value: string) => {
    if (Object.keys(settings).length < MOST_SETTINGS) settings[name] = settingOf(name, value)
  }
  if (file !== undefined && !file.startsWith('--')) {
    const read = new FileView(world, mountsOf(container), {}).from(command.cwd).read(file)
    for (const line of ('text' in read ? read.text : '').split('\n')) {
      const [name, ...value] = line.trim().split(/\s+/)
      if (name && !name.startsWith('#')) note(name.toLowerCase(), value.join(' ').replaceAll('"', ''))
    }
  }
  const text = options.join(' ')
  for (const [, name, value] of text.matchAll(/--([a-z-]+)\s+((?:(?!--)\S+\s*)*)/g)) note(name!, value!.trim())
  return settings
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
    case 'LPUSH': {
      const pushed = value.split('\n')
      const all = command.toUpperCase() === 'RPUSH' ? [...items, ...pushed] : [...pushed.reverse(), ...items]
      return { body: String(all.length), memory: list(memory, key, all) }
    }
    case 'CONFIG': {
      if (key.toUpperCase() !== 'GET') return { body: `ERR unknown subcommand '${key}'. Try CONFIG HELP.` }
      const found = { ...DEFAULTS, ...memory.settings }[value]
      return { body: found === undefined ? '' : `${value}\n${found}` }
    }
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
  tasks: () => 6,
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
  run: (call) => {
    const memory = (call.memory as RedisMemory | undefined) ?? emptyRedis
    const settings = settingsOf(call)
    return memory.settings || Object.keys(settings).length === 0
      ? {}
      : { memory: { ...memory, settings } as unknown as Json }
  },
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
  disk: (memory, ended) => {
    if (ended !== 0 || memory === undefined) return undefined
    const { settings: _, ...data } = memory as unknown as RedisMemory
    return data as unknown as Json
  },
}

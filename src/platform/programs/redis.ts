import type { Json, Millis } from '../../engine/json'
import { mountsOf } from '../container/processes'
import { FileView } from '../shell/files'
import { redisDate } from './dates'
import { type Answer, type Call, type Incoming, out, type Program, type Saving, type Situation } from './program'
import { hangUp, isWeb } from './web'

/** What a redis keeps: strings and lists (hashes, sets and expiry are not modelled), and how it was configured when it started. */
export interface RedisMemory {
  readonly strings: Readonly<Record<string, string>>
  readonly lists: Readonly<Record<string, readonly string[]>>
  /** What its file and its arguments say. */
  readonly settings?: Readonly<Record<string, string>>
  /** Changes since its data was last written, and when that was. */
  readonly dirty?: number
  readonly savedAt?: Millis
  /** It has been told to write now. */
  readonly saveNow?: boolean
  /** How many keys it found when it began; left out: there was no file. */
  readonly loaded?: number
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
    case 'SAVE':
      return { body: 'OK', memory: { ...memory, saveNow: true } }
    case 'BGSAVE':
      return { body: 'Background saving started', memory: { ...memory, saveNow: true } }
    default:
      return { body: `ERR unknown command '${command}', with args beginning with: ${key === '' ? '' : `'${key}' `}` }
  }
}

function answer(incoming: Incoming, call: { readonly memory: Json | undefined }): Answer {
  if (isWeb(incoming)) return hangUp()
  const before = (call.memory as RedisMemory | undefined) ?? emptyRedis
  const reply = redisCommand(before, incoming.method, incoming.path, incoming.body)
  const after = reply.memory
  const { strings: _strings, lists: _lists, ...own } = before
  const memory = after && {
    ...own,
    ...after,
    dirty: (before.dirty ?? 0) + (after.saveNow ? 0 : 1),
  }
  return { status: 0, body: reply.body, millis: 1, memory: memory as Json | undefined }
}

const EVERY_SECOND = 1000

/** After serverCron in redis' server.c: a save point is met when so many changes are older than so many seconds. */
function nextSave(memory: RedisMemory, now: Millis): { readonly at: Millis; readonly why: string } | undefined {
  if (memory.saveNow) return { at: now, why: 'it was told to' }
  const { dirty = 0, savedAt = now, settings } = memory
  if (dirty === 0) return undefined
  if (settings?.['appendonly'] === 'yes')
    return { at: savedAt + EVERY_SECOND, why: 'its log of commands goes to the disk every second' }
  const points = (settings?.['save'] ?? DEFAULTS['save']!).split(' ').map(Number)
  let next: { at: Millis; why: string } | undefined
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [seconds = 0, changes = 0] = points.slice(i)
    const at = savedAt + (seconds + 1) * 1000
    if (dirty >= changes && (!next || at < next.at)) next = { at, why: `${changes} changes in ${seconds} seconds` }
  }
  return next
}

const log = (epoch: number, text: string, mark = '*') => out(`1:M ${redisDate(epoch)} ${mark} ${text}`)

function saving({ now, epoch, container }: Situation): Saving | undefined {
  const memory = container.memory as RedisMemory | undefined
  const next = memory && nextSave(memory, now)
  if (!next) return undefined
  const { saveNow: _, ...kept } = memory
  const after = { ...kept, dirty: 0, savedAt: now } as unknown as Json
  if (memory.settings?.['appendonly'] === 'yes' && !memory.saveNow) return { ...next, memory: after }
  const child = 20 + (Math.floor(now / 1000) % 60)
  const print = [
    ...(memory.saveNow ? [] : [log(epoch, `${next.why}. Saving...`)]),
    log(epoch, `Background saving started by pid ${child}`),
    out(`${child}:C ${redisDate(epoch)} * DB saved on disk`),
    log(epoch, 'Background saving terminated with success'),
  ]
  return { ...next, memory: after, print }
}

const keysOf = ({ strings, lists }: RedisMemory): number => Object.keys(strings).length + Object.keys(lists).length

const versionOf = ({ command }: Situation): string => command.env['REDIS_VERSION'] ?? '7.4.6'

function loadedLines({ command, container }: Situation): readonly string[] {
  const { loaded } = (container.memory as RedisMemory | undefined) ?? emptyRedis
  if (loaded === undefined) return []
  return [
    `Loading RDB produced by version ${command.env['REDIS_VERSION'] ?? '7.4.6'}`,
    `Done loading RDB, keys loaded: ${loaded}, keys expired: 0.`,
    'DB loaded from disk: 0.000 seconds',
  ]
}

/** redis with one database in memory. Requests: method is the command, path the key, body the value. */
export const redis: Program = {
  name: 'redis',
  about: 'a database in memory: strings and lists',
  startMillis: [8, 30],
  cpuMillis: 2,
  memoryBytes: 9_800_000,
  requestCpuMillis: 0.02,
  workers: 1,
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
      ...loadedLines(situation).map((text) => line('*', text)),
      line('*', 'Ready to accept connections tcp'),
    ]
  },
  answer,
  run: (call) => {
    const found = call.memory as RedisMemory | undefined
    if (found?.savedAt !== undefined) return {}
    const settings = settingsOf(call)
    const memory: RedisMemory = {
      ...(found ?? emptyRedis),
      ...(Object.keys(settings).length > 0 && { settings }),
      ...(found && { loaded: keysOf(found) }),
      savedAt: call.now,
    }
    return { memory: memory as unknown as Json }
  },
  /** It saves its data and leaves; the data is in the container's files and comes back if the same container is started again. */
  signal: (signal, { epoch }) => {
    if (signal !== 'SIGTERM' && signal !== 'SIGINT') return 'ignored'
    const lines = [
      log(epoch, 'User requested shutdown...'),
      log(epoch, 'Saving the final RDB snapshot before exiting.'),
      log(epoch, 'DB saved on disk'),
      log(epoch, 'Redis is now ready to exit, bye bye...', '#'),
    ]
    return { exit: 0, after: 25, print: lines }
  },
  /** Told to leave, it writes; killed, it leaves what it wrote last. */
  data: { folder: '/data', file: 'dump.rdb', due: saving },
  disk: (memory, ended) => {
    if ((ended ?? 0) !== 0 || memory === undefined) return undefined
    const { strings, lists } = memory as unknown as RedisMemory
    return { strings, lists } as unknown as Json
  },
}

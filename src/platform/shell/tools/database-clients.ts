import type { Json } from '../../../engine/json'
import type { Tool, ToolCall } from '../tool'
import { ask, type Kept } from './tool-request'

interface Given {
  readonly host: string
  readonly port: number
  readonly words: readonly string[]
  readonly named: Readonly<Record<string, string>>
}

/** `-h host -p port …`: options with a value by their letters, the rest in order. */
function given(argv: readonly string[], letters: string, port: number): Given {
  const named: Record<string, string> = {}
  const words: string[] = []
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i]!
    if (words.length === 0 && /^-[a-zA-Z]/.test(word) && letters.includes(word[1]!))
      named[word[1]!] = word.length > 2 ? word.slice(2) : (argv[++i] ?? '')
    else if (words.length === 0 && word.startsWith('--') && word.includes('='))
      named[word.slice(2, word.indexOf('='))] = word.slice(word.indexOf('=') + 1)
    else if (words.length > 0 || !word.startsWith('-')) words.push(word)
  }
  return {
    host: named['h'] ?? named['host'] ?? '127.0.0.1',
    port: Number(named['p'] ?? named['P'] ?? named['port'] ?? port),
    words,
    named,
  }
}

const TIMEOUT_MILLIS = 130_000

/** Asks once, waits for the answer, tells it. */
const client = (
  name: string,
  about: string,
  letters: string,
  port: number,
  question: (
    call: ToolCall,
    given: Given,
  ) => { method: string; path: string; body: string; headers?: Record<string, string> },
  tell: (call: ToolCall, kept: Kept, given: Given) => number,
): Tool => ({
  name,
  about,
  takes: [3, 10],
  run(call, memory) {
    const own = given(call.argv, letters, port)
    if (memory !== undefined) return { exit: tell(call, memory as unknown as Kept, own) }
    const kept = ask(call, {
      protocol: 'tcp',
      host: own.host,
      port: own.port,
      timeoutMillis: TIMEOUT_MILLIS,
      ...question(call, own),
    })
    return { wait: { millis: Math.max(1, kept.millis) }, memory: kept as unknown as Json }
  },
})

const why = (kept: Kept): string => {
  if (kept.end === 'unresolved') return 'Name or service not known'
  if (kept.end === 'no-dns') return 'Temporary failure in name resolution'
  if (kept.end === 'refused') return 'Connection refused'
  return kept.end === 'unreachable' ? 'No route to host' : 'Connection timed out'
}

/** redis-cli with one command; a prompt of its own is not modelled. */
export const redisCli: Tool = client(
  'redis-cli',
  'sends a command to redis',
  'hpna',
  6379,
  (call, { words }) => {
    const [command = call.stdin.text.trim().split(/\s+/)[0] || 'PING', path = '', ...rest] = words
    // the items of a list stay apart
    return { method: command, path, body: rest.join(/^[rl]push$/i.test(command) ? '\n' : ' ') }
  },
  (call, kept, { host, port, words }) => {
    if (kept.end !== 'answered') {
      call.printError(`Could not connect to Redis at ${host}:${port}: ${why(kept)}\n`)
      return 1
    }
    const command = (words[0] ?? '').toUpperCase()
    const isNumber = ['LLEN', 'RPUSH', 'LPUSH', 'INCR', 'DEL', 'DBSIZE'].includes(command)
    const isList = command === 'LRANGE' || command === 'KEYS' || command === 'CONFIG'
    if (/^(ERR|WRONGTYPE) /.test(kept.body)) call.print(`(error) ${kept.body}\n\n`)
    else if (!call.terminal) call.print(`${kept.body}\n`)
    else if (isNumber) call.print(`(integer) ${kept.body}\n`)
    else if (isList)
      call.print(
        kept.body === ''
          ? '(empty array)\n'
          : `${kept.body
              .split('\n')
              .map((item, i) => `${i + 1}) "${item}"`)
              .join('\n')}\n`,
      )
    else if (kept.body === '') call.print('(nil)\n')
    else call.print(command === 'GET' || command.endsWith('POP') ? `"${kept.body}"\n` : `${kept.body}\n`)
    return 0
  },
)

/** pg_isready: 0 accepting, 1 rejecting, 2 no response. */
export const pgIsReady: Tool = client(
  'pg_isready',
  'tells whether PostgreSQL accepts connections',
  'hpUdt',
  5432,
  () => ({ method: 'PING', path: '', body: '' }),
  (call, kept, { host, port, named }) => {
    const at = named['h'] === undefined && named['host'] === undefined ? '/var/run/postgresql' : host
    const isUp = kept.end === 'answered'
    if (!call.argv.includes('-q')) call.print(`${at}:${port} - ${isUp ? 'accepting connections' : 'no response'}\n`)
    return isUp ? 0 : 2
  },
)

/** psql for what the voting application's table holds; other SQL is not modelled. */
export const psql: Tool = client(
  'psql',
  'asks PostgreSQL',
  'hpUdc',
  5432,
  (call, { named }) => {
    const sql = (named['c'] ?? call.stdin.text).trim()
    const table = /from\s+"?([a-z_]+)"?/i.exec(sql)?.[1]
    if (table === undefined && sql !== '' && !/^select\s+1/i.test(sql))
      call.notice('psql: only counts of a table are modelled')
    return { method: table === undefined ? 'PING' : 'COUNT', path: table ?? '', body: sql }
  },
  (call, kept, { host, port, named }) => {
    if (kept.end !== 'answered') {
      call.printError(
        `psql: error: connection to server at "${host}", port ${port} failed: ${why(kept)}\n\tIs the server running on that host and accepting TCP/IP connections?\n`,
      )
      return 2
    }
    if (kept.status !== 0) {
      call.printError(`ERROR:  ${kept.body}\nLINE 1: ${named['c'] ?? ''}\n`)
      return 1
    }
    const isCount = /count\s*\(/i.test(named['c'] ?? '')
    const counts = kept.body === '' ? {} : (JSON.parse(kept.body) as Record<string, number>)
    const rows = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))
    if (/group\s+by/i.test(named['c'] ?? '')) {
      call.print(
        ` vote | count \n------+-------\n${rows.map(([vote, n]) => ` ${vote.padEnd(4)} | ${String(n).padStart(5)}\n`).join('')}(${rows.length} row${rows.length === 1 ? '' : 's'})\n\n`,
      )
    } else if (isCount)
      call.print(` count \n-------\n${String(rows.reduce((sum, [, n]) => sum + n, 0)).padStart(6)}\n(1 row)\n\n`)
    return 0
  },
)

export const mysqladmin: Tool = client(
  'mysqladmin',
  'tells whether MySQL is alive',
  'hPuw',
  3306,
  () => ({ method: 'PING', path: '', body: '' }),
  (call, kept, { host }) => {
    if (kept.end === 'answered') {
      call.print('mysqld is alive\n')
      return 0
    }
    call.printError(
      `mysqladmin: connect to server at '${host}' failed\nerror: 'Can't connect to MySQL server on '${host}:3306' (111)'\nCheck that mysqld is running on ${host} and that the port is 3306.\n`,
    )
    return 1
  },
)

import type { Json } from '../../engine/json'
import type { Outcome } from '../network/request'
import { type Connection, connectTo, stateOf } from './connection'
import { type Call, err, type Line, out, type Program, type Step } from './program'

type Phase = 'db' | 'redis' | 'work' | 'crash'

interface Memory {
  readonly phase: Phase
  readonly nextAt: number
  /** Printed when `nextAt` has come. */
  readonly say?: string
  /** Redis' address, once its name was resolved: it is not asked for again. */
  readonly redisAddress?: string
  readonly db?: Connection
  readonly redis?: Connection
  readonly loopSince?: number
  /** Since when nothing comes back on a connection. */
  readonly silentSince?: number
}

const PAUSE_MILLIS = 1000
const LOOP_MILLIS = 100
const BOOT_MILLIS = 90
const DB_CONNECT_MILLIS = 15_000
const REDIS_MILLIS = 5000
const DB_COMMAND_MILLIS = 30_000

const step = (call: Call, memory: Memory, print: readonly Line[] = [], wakes: readonly string[] = []): Step => ({
  memory: memory as unknown as Json,
  print: print.length > 0 ? print : undefined,
  wakes,
  again: wakes.length > 0 && memory.nextAt <= call.now ? undefined : Math.max(1, memory.nextAt - call.now),
})

const hosts = ({ command }: Call) => ({
  db: command.env['POSTGRES_HOST'] ?? 'db',
  redis: command.env['REDIS_HOST'] ?? 'redis',
})

/** Opens the database, once a second until it can; then makes the table. */
function openDb(call: Call, memory: Memory): Step {
  const { db: host } = hosts(call)
  const headers = { user: 'postgres', password: 'postgres' }
  const outcome = call.request({
    host,
    port: 5432,
    protocol: 'tcp',
    method: 'CONNECT',
    headers,
    timeoutMillis: DB_CONNECT_MILLIS,
  })
  const db =
    outcome.end === 'answered' && outcome.status === 0
      ? connectTo(call.world, outcome.served, outcome.address)
      : undefined
  if (!db) return later(call, memory, outcome.millis, 'Waiting for db', { db: undefined })
  call.request({
    host: db.address,
    port: 5432,
    protocol: 'tcp',
    method: 'CREATE',
    path: 'votes',
    timeoutMillis: DB_COMMAND_MILLIS,
  })
  const next: Memory = memory.redis
    ? { ...memory, phase: 'work', db, nextAt: call.now + LOOP_MILLIS }
    : { phase: 'redis', nextAt: call.now + 5, db }
  return step(call, next, [err('Connected to db')])
}

/** Tells its line when the attempt has ended, then pauses for a second. */
function later(call: Call, memory: Memory, millis: number, line: string, change: Partial<Memory>): Step {
  if (millis < 20) return step(call, { ...memory, ...change, nextAt: call.now + PAUSE_MILLIS }, [err(line)])
  return step(call, { ...memory, ...change, nextAt: call.now + millis, say: line })
}

/** Resolves redis' name once and connects, once a second. A name that cannot be resolved is an exception that nobody catches until Main. */
function openRedis(call: Call, memory: Memory): Step {
  const host = memory.redisAddress ?? hosts(call).redis
  const outcome = call.request({ host, port: 6379, protocol: 'tcp', method: 'PING', timeoutMillis: REDIS_MILLIS })
  if (outcome.end === 'unresolved' || outcome.end === 'no-dns') {
    return step(call, {
      ...memory,
      phase: 'crash',
      nextAt: call.now + Math.max(20, outcome.millis),
      say: dnsException(outcome),
    })
  }
  const lines: Line[] = memory.redisAddress === undefined ? [out(`Found redis at ${outcome.address}`)] : []
  lines.push(err('Connecting to redis'))
  const redis = outcome.end === 'answered' ? connectTo(call.world, outcome.served, outcome.address) : undefined
  if (redis)
    return step(
      call,
      { phase: 'work', nextAt: call.now + LOOP_MILLIS, db: memory.db, redis, loopSince: call.now },
      lines,
    )
  const failed = later(call, memory, outcome.millis, 'Waiting for redis', { redisAddress: outcome.address })
  return { ...failed, print: [...lines, ...(failed.print ?? [])] }
}

/** One turn of the loop: every 100 ms one vote at most, from the list in redis to a row in the database. */
function work(call: Call, memory: Memory, db: Connection, redis: Connection): Step {
  const phase = (call.now - (memory.loopSince ?? call.now)) % LOOP_MILLIS
  const wakes = [redis.peer, db.peer, 'network']
  // woken in the middle of its sleep
  if (phase !== 0) return step(call, { ...memory, nextAt: call.now + LOOP_MILLIS - phase }, [], wakes)
  const redisState = stateOf(call.world, call.container, redis)
  if (redisState === 'reset')
    return step(call, { phase: 'redis', nextAt: call.now + 1, db }, [out('Reconnecting Redis')])
  if (redisState === 'silent') return silent(call, memory, wakes, REDIS_MILLIS, redisTimeout)
  const popped = call.request({
    host: redis.address,
    port: 6379,
    protocol: 'tcp',
    method: 'LPOP',
    path: 'votes',
    timeoutMillis: REDIS_MILLIS,
  })
  const dbState = stateOf(call.world, call.container, db)
  const vote = popped.body === '' ? undefined : (JSON.parse(popped.body) as { voter_id: string; vote: string })
  const lines = vote ? [out(`Processing vote for '${vote.vote}' by '${vote.voter_id}'`)] : []
  if (dbState === 'reset')
    return { ...step(call, { ...memory, phase: 'crash', nextAt: call.now + 10, say: dbException }, lines) }
  if (dbState === 'silent') return { ...silent(call, memory, wakes, DB_COMMAND_MILLIS, dbTimeout), print: lines }
  const calm: Memory = { phase: 'work', nextAt: 0, db, redis, loopSince: memory.loopSince }
  if (!vote) return step(call, calm, [], wakes)
  call.request({
    host: db.address,
    port: 5432,
    protocol: 'tcp',
    method: 'UPSERT',
    path: `votes/${vote.voter_id}`,
    body: vote.vote,
    timeoutMillis: DB_COMMAND_MILLIS,
  })
  return step(call, { ...calm, nextAt: call.now + LOOP_MILLIS }, lines, wakes)
}

/** Nothing comes back: after the client's own timeout there is an exception. */
function silent(call: Call, memory: Memory, wakes: readonly string[], millis: number, exception: string): Step {
  const since = memory.silentSince ?? call.now
  if (call.now - since >= millis) return { print: [err(exception)], exit: 1 }
  return step(call, { ...memory, silentSince: since, nextAt: since + millis }, [], wakes)
}

function dnsException(outcome: Outcome): string {
  const text = outcome.end === 'no-dns' ? 'Resource temporarily unavailable' : 'Name or service not known'
  const code = outcome.end === 'no-dns' ? '11' : '0xFFFDFFFF'
  return `System.AggregateException: One or more errors occurred. (${text})
 ---> System.Net.Sockets.SocketException (${code}): ${text}
   at System.Net.Dns.GetHostEntryOrAddressesCore(String hostName, Boolean justAddresses, AddressFamily addressFamily, Nullable\`1 startingTimestamp)
   --- End of inner exception stack trace ---
   at System.Threading.Tasks.Task.ThrowIfExceptional(Boolean includeTaskCanceledExceptions)
   at Worker.Program.GetIp(String hostname)
   at Worker.Program.OpenRedisConnection(String hostname)
   at Worker.Program.Main(String[] args)`
}

const redisTimeout = `System.AggregateException: One or more errors occurred. (Timeout awaiting response (outbound=0KiB, inbound=0KiB, 5000ms elapsed, timeout is 5000ms), command=LPOP)
   at Worker.Program.Main(String[] args)`

const dbException = `Npgsql.NpgsqlException (0x80004005): Exception while reading from stream
 ---> System.IO.EndOfStreamException: Attempted to read past the end of the stream.
   at Worker.Program.Main(String[] args)`

const dbTimeout = `Npgsql.NpgsqlException (0x80004005): Exception while reading from stream
 ---> System.TimeoutException: Timeout during reading attempt
   at Worker.Program.Main(String[] args)`

/** The worker (.NET): moves votes from redis to the database. It crashes where the real one does, and is started again by whoever runs it. */
export const worker: Program = {
  name: 'worker',
  about: 'moves votes from redis to the database',
  cpuMillis: 3,
  memoryBytes: 45_000_000,
  run: (call) => {
    const memory = (call.memory as unknown as Memory | undefined) ?? {
      phase: 'db',
      nextAt: (call.container.startedAt ?? call.now) + BOOT_MILLIS,
    }
    // asleep, unless a connection may have broken
    if (call.now < memory.nextAt && memory.silentSince === undefined) return { again: memory.nextAt - call.now }
    if (memory.phase === 'crash') return { print: [err(memory.say ?? '')], exit: 1 }
    if (memory.say !== undefined)
      return step(call, { ...memory, say: undefined, nextAt: call.now + PAUSE_MILLIS }, [err(memory.say)])
    if (memory.phase === 'db' || !memory.db) return openDb(call, memory)
    if (memory.phase === 'redis' || !memory.redis) return openRedis(call, memory)
    return work(call, memory, memory.db, memory.redis)
  },
  /** .NET handles TERM: the process ends at once with the signal's code. */
  signal: (signal) =>
    signal === 'SIGTERM' ? { exit: 143, after: 15 } : signal === 'SIGINT' ? { exit: 130, after: 15 } : 'ignored',
}

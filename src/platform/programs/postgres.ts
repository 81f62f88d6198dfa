import type { Json, Millis } from '../../engine/json'
import { plainDate } from './dates'
import { type Answer, type BannerLine, err, type Incoming, type Program, type Situation } from './program'
import { hangUp, isWeb } from './web'

/** What a database keeps: tables of rows by their id. SQL is not modelled; programs ask for what they need by name. */
export interface PostgresMemory {
  readonly tables: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Since when something is committed that its files do not have yet: it is in the log that goes before them. */
  readonly dirtySince?: Millis
  /** How the last server left the files that this one found: in order or not. Left out: there were none. */
  readonly found?: 'in order' | 'in use'
  /** In the files only. */
  readonly state?: 'in order' | 'in use'
  readonly begun?: boolean
}

const empty: PostgresMemory = { tables: {} }

/** From a commit until its files have it. The log has it at once: see `durable`. */
const WRITES_MILLIS = 1000

/** The image refuses to begin without a password, in its entrypoint's words. */
const noPassword = `Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html`

const hasPassword = ({ command }: Pick<Situation, 'command'>): boolean =>
  (command.env['POSTGRES_PASSWORD'] ?? '') !== '' ||
  (command.env['POSTGRES_PASSWORD_FILE'] ?? '') !== '' ||
  command.env['POSTGRES_HOST_AUTH_METHOD'] === 'trust'

function answer(incoming: Incoming, call: Situation & { readonly memory: Json | undefined }): Answer {
  if (isWeb(incoming)) return hangUp()
  const memory = (call.memory as PostgresMemory | undefined) ?? empty
  const [table = '', id = ''] = incoming.path.split('/')
  const rows = memory.tables[table]
  const reply = (body: string, changed?: PostgresMemory, status = 0): Answer => ({
    status,
    body,
    millis: changed ? 3 : 1,
    memory: changed && ({ ...memory, ...changed, dirtySince: memory.dirtySince ?? call.now } as unknown as Json),
  })
  const missing = () => reply(`relation "${table}" does not exist`, undefined, 1)
  switch (incoming.method) {
    case 'CONNECT': {
      const { user = 'postgres', password } = incoming.headers
      const wanted = call.command.env['POSTGRES_PASSWORD']
      const isUser = user === (call.command.env['POSTGRES_USER'] ?? 'postgres')
      if (isUser && (password === undefined || wanted === undefined || password === wanted)) return reply('')
      const text = `password authentication failed for user "${user}"`
      return { ...reply(text, undefined, 1), print: [err(`${plainDate(call.epoch)} UTC [61] FATAL:  ${text}`)] }
    }
    case 'CREATE':
      return rows ? reply('') : reply('', { tables: { ...memory.tables, [table]: {} } })
    case 'UPSERT':
      return rows ? reply('', { tables: { ...memory.tables, [table]: { ...rows, [id]: incoming.body } } }) : missing()
    case 'COUNT': {
      if (!rows) return missing()
      const counts: Record<string, number> = {}
      for (const value of Object.values(rows)) counts[value] = (counts[value] ?? 0) + 1
      return reply(JSON.stringify(counts))
    }
    default:
      return reply('')
  }
}

const major = (situation: Situation): string => situation.command.env['PG_VERSION'] ?? '17.7'

function banner(situation: Situation): readonly BannerLine[] {
  const { found } = (situation.container.memory as PostgresMemory | undefined) ?? empty
  if (!hasPassword(situation) && found === undefined) return []
  const lines: BannerLine[] = []
  const plain = (after: number, text: string) => lines.push({ after, stream: 'out', text: `${text}\n` })
  const log = (after: number, text: string, pid = 1) =>
    lines.push({ after, stream: 'err', text: `${plainDate(situation.epoch + after)} UTC [${pid}] LOG:  ${text}\n` })
  const starting = (after: number) => {
    log(after, `starting PostgreSQL ${major(situation)} on x86_64-pc-linux-gnu, compiled by gcc, 64-bit`)
    log(after, 'listening on IPv4 address "0.0.0.0", port 5432')
    log(after, 'listening on IPv6 address "::", port 5432')
    log(after + 2, 'listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"')
  }
  if (found !== undefined) {
    plain(60, '')
    plain(60, 'PostgreSQL Database directory appears to contain a database; Skipping initialization')
    plain(60, '')
    const at = 90
    starting(at)
    const then = `${plainDate(situation.epoch)} UTC`
    if (found === 'in order') log(at + 8, `database system was shut down at ${then}`, 29)
    else {
      log(at + 8, `database system was interrupted; last known up at ${then}`, 29)
      log(at + 60, 'database system was not properly shut down; automatic recovery in progress', 29)
      log(at + 64, 'redo starts at 0/1952FD8', 29)
      log(at + 70, 'redo done at 0/1953158 system usage: CPU: user: 0.00 s, system: 0.00 s, elapsed: 0.00 s', 29)
    }
    log(at + 76, 'database system is ready to accept connections')
    return lines
  }
  plain(20, 'The files belonging to this database system will be owned by user "postgres".')
  plain(20, 'This user must also own the server process.')
  plain(20, '')
  plain(40, 'fixing permissions on existing directory /var/lib/postgresql/data ... ok')
  plain(40, 'creating subdirectories ... ok')
  plain(300, 'creating configuration files ... ok')
  plain(420, 'running bootstrap script ... ok')
  plain(900, 'performing post-bootstrap initialization ... ok')
  plain(980, 'syncing data to disk ... ok')
  plain(980, '')
  plain(1000, 'PostgreSQL init process complete; ready for start up.')
  plain(1000, '')
  starting(1010)
  log(1020, 'database system is ready to accept connections')
  return lines
}

/** PostgreSQL as its image starts it. Requests: CONNECT, CREATE table, UPSERT table/id, COUNT table. */
export const postgres: Program = {
  name: 'postgres',
  about: 'a database with tables',
  startMillis: [1020, 1900],
  cpuMillis: 3,
  memoryBytes: 38_000_000,
  requestCpuMillis: 0.4,
  ports: ({ container, command }) => (hasPassword({ command }) || container.memory !== undefined ? [5432] : []),
  tasks: () => 6,
  banner,
  run: (call) => {
    const found = call.memory as PostgresMemory | undefined
    if (found?.begun) return {}
    // a folder with a database in it needs no password for a new superuser
    if (!found && !hasPassword(call)) return { print: [err(noPassword)], exit: 1 }
    const { tables, state } = found ?? empty
    const memory: PostgresMemory = {
      tables,
      begun: true,
      ...(found ? { found: state ?? 'in use' } : { dirtySince: call.now }),
    }
    return { memory: memory as unknown as Json }
  },
  answer,
  /** INT is its fast shutdown, TERM the smart one, which waits for clients to leave (none is kept here). */
  signal: (signal, { epoch }) => {
    if (!['SIGINT', 'SIGTERM', 'SIGQUIT'].includes(signal)) return 'ignored'
    const how = signal === 'SIGINT' ? 'fast' : signal === 'SIGTERM' ? 'smart' : 'immediate'
    return {
      exit: 0,
      after: 120,
      print: [
        err(`${plainDate(epoch)} UTC [1] LOG:  received ${how} shutdown request`),
        err(`${plainDate(epoch)} UTC [1] LOG:  database system is shut down`),
      ],
    }
  },
  data: {
    folder: '/var/lib/postgresql/data',
    file: 'base',
    durable: true,
    due: ({ container }) => {
      const memory = container.memory as PostgresMemory | undefined
      if (memory?.dirtySince === undefined) return undefined
      const { dirtySince, ...kept } = memory
      return { at: dirtySince + WRITES_MILLIS, why: 'what was committed', memory: kept as unknown as Json }
    },
  },
  disk: (memory, exitCode) => {
    if (memory === undefined) return undefined
    const { tables } = memory as unknown as PostgresMemory
    return { tables, state: exitCode === 0 ? 'in order' : 'in use' } as unknown as Json
  },
}

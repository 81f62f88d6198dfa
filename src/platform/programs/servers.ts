import { plainDate } from './dates'
import { endsOn, err, type Program, type Situation } from './program'
import { hangUp, isWeb } from './web'

type Plain = Pick<
  Program,
  'name' | 'about' | 'startMillis' | 'cpuMillis' | 'memoryBytes' | 'run' | 'signal' | 'banner'
> & { readonly port: number }

/** A server of a protocol of its own: it accepts connections, and hangs up on HTTP. What it stores is not modelled. */
const server = ({ port, ...rest }: Plain): Program => ({
  ...rest,
  requestCpuMillis: 0.2,
  ports: ({ command }) => command.image?.config.exposed ?? [port],
  answer: (incoming) =>
    isWeb(incoming) && incoming.port !== 15672 ? hangUp() : { status: isWeb(incoming) ? 200 : 0, body: '', millis: 1 },
  disk: (memory) => memory,
})

const has = ({ command }: Situation, ...names: readonly string[]): boolean =>
  names.some((name) => (command.env[name] ?? '') !== '')

function mysqlRefusal(situation: Situation): readonly { stream: 'out' | 'err'; text: string }[] | undefined {
  const isMaria = situation.command.image?.repository === 'mariadb'
  const known = ['ROOT_PASSWORD', 'ALLOW_EMPTY_PASSWORD', 'RANDOM_ROOT_PASSWORD', 'ROOT_PASSWORD_FILE']
  const own = known.map((name) => `MYSQL_${name}`)
  const maria = [
    'MARIADB_ROOT_PASSWORD',
    'MARIADB_ROOT_PASSWORD_FILE',
    'MARIADB_ROOT_PASSWORD_HASH',
    'MARIADB_ALLOW_EMPTY_ROOT_PASSWORD',
    'MARIADB_RANDOM_ROOT_PASSWORD',
  ]
  if (has(situation, ...own, ...(isMaria ? maria : []))) return undefined
  const date = plainDate(situation.epoch, false)
  const names = isMaria ? maria.slice(0, 1).concat(maria.slice(2)) : own.slice(0, 3)
  return [
    err(
      `${date}+00:00 [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n    You need to specify one of the following as an environment variable:\n${names.map((name) => `    - ${name}`).join('\n')}`,
    ),
  ]
}

export const mysql = server({
  name: 'mysql',
  about: 'MySQL or MariaDB: accepts connections once it has a password',
  startMillis: [5200, 8800],
  cpuMillis: 8,
  memoryBytes: 410_000_000,
  port: 3306,
  banner: ({ epoch, command }) => [
    {
      after: 10,
      stream: 'out',
      text: `${plainDate(epoch + 10, false)}+00:00 [Note] [Entrypoint]: Entrypoint script for MySQL Server ${command.image?.version ?? '8.4'}-1.el9 started.\n`,
    },
  ],
  run: (call) => {
    const refusal = mysqlRefusal(call)
    return refusal ? { print: refusal, exit: 1 } : {}
  },
  signal: endsOn(0, 900, 'SIGTERM', 'SIGINT'),
})

export const mongo = server({
  name: 'mongo',
  about: 'MongoDB: accepts connections',
  startMillis: [900, 2000],
  cpuMillis: 6,
  memoryBytes: 170_000_000,
  port: 27017,
  signal: endsOn(0, 600, 'SIGTERM', 'SIGINT'),
})

export const memcached = server({
  name: 'memcached',
  about: 'memcached: accepts connections',
  startMillis: [5, 15],
  cpuMillis: 0,
  memoryBytes: 2_600_000,
  port: 11211,
  signal: endsOn(0, 20, 'SIGTERM', 'SIGINT'),
})

export const rabbitmq = server({
  name: 'rabbitmq',
  about: 'RabbitMQ: accepts connections',
  startMillis: [5500, 9500],
  cpuMillis: 15,
  memoryBytes: 150_000_000,
  port: 5672,
  signal: endsOn(0, 2500, 'SIGTERM', 'SIGINT'),
})

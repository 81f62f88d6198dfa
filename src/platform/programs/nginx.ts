import { NGINX_WELCOME } from '../image/pages'
import { NOFILE, ulimitOf } from '../limits/ulimits'
import { slashDate } from './dates'
import { contentType, documentAt } from './document-root'
import {
  type Answer,
  type BannerLine,
  type Call,
  err,
  type Program,
  type SignalAnswer,
  type Situation,
} from './program'
import { accessLines, hangUp, isWeb, page, pathOf } from './web'

const versionOf = (situation: Situation): string =>
  situation.command.env['NGINX_VERSION'] ?? situation.command.image?.version ?? '1.29.3'

const errorPage = (version: string, status: string): string =>
  `<html>\r\n<head><title>${status}</title></head>\r\n<body>\r\n<center><h1>${status}</h1></center>\r\n<hr><center>nginx/${version}</center>\r\n</body>\r\n</html>\r\n`

function answer(incoming: Parameters<NonNullable<Program['answer']>>[0], call: Call): Answer {
  if (!isWeb(incoming)) return hangUp()
  const version = versionOf(call)
  const server = `nginx/${version}`
  const path = pathOf(incoming)
  const html = { server, type: 'text/html' }
  const file = documentAt(call, '/usr/share/nginx/html', path)
  const isKnown = file === undefined ? path === '/' || path === '/index.html' : file !== 'missing'
  const more = { connection: 'keep-alive', 'accept-ranges': 'bytes' }
  let result: Answer
  if (file === 'folder') result = page(call, 403, errorPage(version, '403 Forbidden'), html)
  else if (!isKnown) result = page(call, 404, errorPage(version, '404 Not Found'), html)
  else if (incoming.method !== 'GET' && incoming.method !== 'HEAD')
    result = page(call, 405, errorPage(version, '405 Not Allowed'), html)
  else if (typeof file === 'object')
    result = page(call, 200, file.text, { server, type: contentType(path), headers: more })
  else result = page(call, 200, NGINX_WELCOME, { ...html, headers: more })
  return { ...result, print: accessLines(call, incoming, result, ' "-"') }
}

function banner(situation: Situation): readonly BannerLine[] {
  const lines: BannerLine[] = []
  const say = (after: number, text: string) => lines.push({ after, stream: 'out', text: `${text}\n` })
  if (situation.command.argv[0] === '/docker-entrypoint.sh') {
    const script = '/docker-entrypoint.sh:'
    const ipv6 = '10-listen-on-ipv6-by-default.sh: info:'
    say(0, `${script} /docker-entrypoint.d/ is not empty, will attempt to perform configuration`)
    say(0, `${script} Looking for shell scripts in /docker-entrypoint.d/`)
    say(1, `${script} Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh`)
    say(4, `${ipv6} Getting the checksum of /etc/nginx/conf.d/default.conf`)
    say(9, `${ipv6} Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf`)
    say(10, `${script} Sourcing /docker-entrypoint.d/15-local-resolvers.envsh`)
    say(11, `${script} Launching /docker-entrypoint.d/20-envsubst-on-templates.sh`)
    say(13, `${script} Launching /docker-entrypoint.d/30-tune-worker-processes.sh`)
    say(14, `${script} Configuration complete; ready for start up`)
  }
  const notice = (text: string, stream: 'err' = 'err') =>
    lines.push({ after: 18, stream, text: `${slashDate(situation.epoch + 18)} [notice] 1#1: ${text}\n` })
  notice('using the "epoll" event method')
  notice(`nginx/${versionOf(situation)}`)
  notice('built by gcc 12.2.0 (Debian 12.2.0-14+deb12u1) ')
  notice('OS: Linux 6.8.0-60-generic')
  const files = (ulimitOf(situation.container.spec, 'nofile') ?? NOFILE).join(':')
  notice(`getrlimit(RLIMIT_NOFILE): ${files}`)
  notice('start worker processes')
  for (let n = 0; n < (situation.container.spec.cpuset?.length ?? 4); n++) notice(`start worker process ${29 + n}`)
  return lines
}

/** It has to write below these. */
const WRITTEN = [
  { path: '/var/cache/nginx', why: 'mkdir() "/var/cache/nginx/client_temp"' },
  { path: '/run', why: 'open() "/run/nginx.pid"' },
]

function readOnly({ container, epoch }: Situation): SignalAnswer {
  if (container.spec.readOnlyRoot !== true) return 'ignored'
  const free = (path: string) =>
    container.spec.mounts.some((mount) => !mount.readOnly && (mount.path === path || mount.path === `/var${path}`))
  const missing = WRITTEN.find(({ path }) => !free(path))
  if (!missing) return 'ignored'
  const why = `[emerg] 1#1: ${missing.why} failed (30: Read-only file system)`
  return { exit: 1, after: 20, print: [err(`${slashDate(epoch)} ${why}`), err(`nginx: ${why.replace(' 1#1', '')}`)] }
}

/** nginx with the default site of its image. It listens within the time that starting a container takes anyway. */
export const nginx: Program = {
  name: 'nginx',
  about: 'a web server with its welcome page',
  cpuMillis: 0,
  memoryBytes: 9_400_000,
  requestCpuMillis: 0.08,
  tasks: (_, cpus) => 1 + cpus,
  ports: ({ command, container }) =>
    command.image?.repository === 'nginx'
      ? [80]
      : (command.image?.config.exposed ?? container.spec.ports.map(({ port }) => port)),
  banner,
  answer,
  steady: true,
  startProblem: readOnly,
  /** QUIT lets open requests end, TERM and INT do not wait; the master leaves with 0 either way. */
  signal: (signal, { epoch }) => {
    if (signal === 'SIGHUP' || signal === 'SIGWINCH') return 'ignored'
    const notice = (text: string) => ({ stream: 'err' as const, text: `${slashDate(epoch)} [notice] 1#1: ${text}\n` })
    const graceful = signal === 'SIGQUIT'
    const name = `signal ${graceful ? 3 : signal === 'SIGINT' ? 2 : 15} (${signal}) received`
    const how = graceful ? `${name}, shutting down` : `${name}, exiting`
    return { exit: 0, after: graceful ? 90 : 60, print: [notice(how), notice('exit')] }
  },
}

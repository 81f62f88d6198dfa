import { apacheDate } from './dates'
import { contentType, documentAt } from './document-root'
import type { Call, Program, Situation } from './program'
import { accessLines, hangUp, isWeb, page, pathOf } from './web'

const versionOf = ({ command }: Situation): string => command.env['HTTPD_VERSION'] ?? '2.4.65'

const PHP_ROOT = '/var/www/html'

/** The script of PHP that a path means: it is there, and its answer says only that it ran (simplified). */
function scriptAt(call: Call, path: string): string | undefined {
  const script = path.endsWith('/') ? `${path}index.php` : path
  if (!script.endsWith('.php')) return undefined
  return typeof documentAt(call, PHP_ROOT, script) === 'object' ? script : undefined
}

/** Apache with the default page of its image. */
export const httpd: Program = {
  name: 'httpd',
  about: "Apache's web server: It works!",
  startMillis: [20, 60],
  cpuMillis: 1,
  memoryBytes: 24_000_000,
  requestCpuMillis: 0.15,
  steady: true,
  tasks: () => 82,
  ports: ({ command }) => command.image?.config.exposed ?? [80],
  banner: (situation) => {
    const { epoch, container } = situation
    const name = `AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ${container.spec.hostname}.`
    const date = `[${apacheDate(epoch + 40)}]`
    return [
      { after: 20, stream: 'err', text: `${name} Set the 'ServerName' directive globally to suppress this message\n` },
      {
        after: 40,
        stream: 'err',
        text: `${date} [mpm_event:notice] [pid 1:tid 1] AH00489: Apache/${versionOf(situation)} (Unix) configured -- resuming normal operations\n`,
      },
      {
        after: 40,
        stream: 'err',
        text: `${date} [core:notice] [pid 1:tid 1] AH00094: Command line: 'httpd -D FOREGROUND'\n`,
      },
    ]
  },
  answer: (incoming, call) => {
    if (!isWeb(incoming)) return hangUp()
    const server = `Apache/${versionOf(call)} (Unix)`
    const path = pathOf(incoming)
    const isPhp = call.command.words[0]?.endsWith('apache2-foreground') === true
    const script = isPhp ? scriptAt(call, path) : undefined
    if (script !== undefined) {
      const { image, hostname } = call.container.spec
      const made = page(call, 200, `${image} on ${hostname}: ${script}\n`, { server, type: 'text/html; charset=UTF-8' })
      return { ...made, print: accessLines(call, incoming, made) }
    }
    const file = documentAt(call, isPhp ? PHP_ROOT : '/usr/local/apache2/htdocs', path)
    const isKnown = file === undefined ? path === '/' || path === '/index.html' : typeof file === 'object'
    const missing = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n<p>The requested URL was not found on this server.</p>\n</body></html>\n`
    const result = isKnown
      ? page(call, 200, typeof file === 'object' ? file.text : '<html><body><h1>It works!</h1></body></html>\n', {
          server,
          type: file === undefined ? 'text/html' : contentType(path),
        })
      : page(call, 404, missing, { server, type: 'text/html; charset=iso-8859-1' })
    return { ...result, print: accessLines(call, incoming, result) }
  },
  /** WINCH is its graceful stop, TERM the quick one. */
  signal: (signal) => (['SIGWINCH', 'SIGTERM', 'SIGINT'].includes(signal) ? { exit: 0, after: 70 } : 'ignored'),
}

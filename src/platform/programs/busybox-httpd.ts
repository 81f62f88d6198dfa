import { cleanPath } from '../shell/file'
import { contentType, documentAt } from './document-root'
import { type Answer, type Call, out, type Program, type Situation } from './program'
import { hangUp, isWeb, page, pathOf } from './web'

interface Options {
  readonly port: number
  readonly root: string
  readonly foreground: boolean
  readonly verbose: boolean
}

/** `httpd -f -v -p [ADDRESS:]PORT -h FOLDER`; flags may stand together. Not modelled: -c, -u, -r, CGI. */
function optionsOf({ command }: Situation): Options {
  let port = 80
  let root = command.cwd
  let flags = ''
  for (let i = 1; i < command.words.length; i++) {
    const [, letters = '', attached] = /^-([fvi]*)(?:[phcur](.*))?$/.exec(command.words[i]!) ?? []
    flags += letters
    const kind = command.words[i]!.slice(1 + letters.length, 2 + letters.length)
    if (kind === '') continue
    const value = attached !== undefined && attached !== '' ? attached : (command.words[++i] ?? '')
    if (kind === 'p') port = Number(value.slice(value.lastIndexOf(':') + 1))
    if (kind === 'h') root = cleanPath(value.startsWith('/') ? value : `${command.cwd}/${value}`)
  }
  return {
    port: port > 0 && port < 65_536 ? port : 80,
    root,
    foreground: flags.includes('f'),
    verbose: flags.includes('v'),
  }
}

function answer(incoming: Parameters<NonNullable<Program['answer']>>[0], call: Call): Answer {
  if (!isWeb(incoming)) return hangUp()
  const { root, verbose } = optionsOf(call)
  const path = pathOf(incoming)
  const file = documentAt(call, root, path)
  const headers = { connection: 'close' }
  const told = (status: string, why: string) =>
    page(
      call,
      Number(status.slice(0, 3)),
      `<HTML><HEAD><TITLE>${status}</TITLE></HEAD>\n<BODY><H1>${status}</H1>\n${why}\n</BODY></HTML>\n`,
      { type: 'text/html', headers },
    )
  const result =
    incoming.method !== 'GET' && incoming.method !== 'HEAD'
      ? told('501 Not Implemented', 'The requested method is not recognized')
      : typeof file === 'object'
        ? page(call, 200, file.text, { type: contentType(path), headers })
        : told('404 Not Found', 'The requested URL was not found')
  return verbose
    ? { ...result, print: [{ ...out(`[::ffff:${incoming.client}]: response:${result.status}`), stream: 'err' }] }
    : result
}

/** The small web server of busybox: it gives out the files of a folder as they are. As first process it does not hear TERM. */
export const busyboxHttpd: Program = {
  name: 'busybox-httpd',
  about: "busybox's web server: the files of a folder",
  startMillis: [3, 12],
  cpuMillis: 0,
  memoryBytes: 700_000,
  requestCpuMillis: 0.1,
  steady: true,
  /** Without -f it goes into the background, and the container ends with its first process. */
  run: (situation) => (optionsOf(situation).foreground ? {} : { exit: 0 }),
  ports: (situation) => {
    const { foreground, port } = optionsOf(situation)
    return foreground ? [port] : []
  },
  answer,
  signal: () => 'ignored',
}

import type { Image } from '../image/resolve'
import type { Files } from '../shell/tool'
import { listensOn } from './listens'

/** What a container of an image made here runs: found out from its files, when it is created or started. */
export interface Launch {
  readonly image: Image
  /** What runs in the end, behind inits, entry scripts and shells. */
  readonly words: readonly string[]
  readonly init: boolean
  /** A name from `platform/programs`; left out: by the words, as for every image. */
  readonly program?: string
  /** Where it listens, as far as its command line and sources tell. */
  readonly ports?: readonly number[]
  /** Why it cannot start, in runc's words. */
  readonly error?: string
}

const INITS: ReadonlySet<string> = new Set(['tini', 'dumb-init', 'docker-init'])
const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash'])
/** Interpreters and servers of languages: a script of theirs is taken to be an HTTP server. */
const SERVERS: Readonly<Record<string, string>> = {
  node: 'node',
  nodemon: 'node',
  npm: 'node',
  yarn: 'node',
  pnpm: 'node',
  npx: 'node',
  tsx: 'node',
  next: 'node',
  bun: 'node',
  ng: 'node',
  deno: 'node',
  python: 'python',
  python3: 'python',
  flask: 'python',
  gunicorn: 'python',
  uvicorn: 'python',
  uwsgi: 'python',
  fastapi: 'python',
  hypercorn: 'python',
  celery: 'python',
  java: 'http',
  dotnet: 'http',
  ruby: 'http',
  bundle: 'http',
  rails: 'http',
  puma: 'http',
  rackup: 'http',
  php: 'http',
  'php-fpm': 'http',
  caddy: 'http',
  go: 'http',
  cargo: 'http',
}
const MOST_STEPS = 12

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const CHAIN =
  'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init'

/**
 * Follows a command line to what runs in the end. A shell or a script that ends in a server is taken for that server, and what it does
 * before is skipped (simplified); other scripts are run by the shell.
 */
export function launchOf(
  argv: readonly string[],
  image: Image,
  files: Files,
  env: Readonly<Record<string, string>>,
): Launch {
  const first = argv[0]
  if (first === undefined) return { image, words: [], init: false }
  const found = located(first, files, env)
  // what an image of which nothing is known runs is not among its files
  const isLanguage = SERVERS[baseName(first)] !== undefined
  if (typeof found === 'object' && image.generic && (first === '/app' || isLanguage))
    return withPorts({ image, words: argv, init: false, program: votingPart(argv, files) ?? 'http' }, files, env)
  if (typeof found === 'object') return { image, words: argv, init: false, error: `${CHAIN}: ${found.problem}` }
  let words = argv
  let init = false
  for (let step = 0; step < MOST_STEPS; step++) {
    const name = baseName(words[0]!)
    if (INITS.has(name)) {
      init = true
      words = words.slice(words[1] === '--' ? 2 : 1)
      if (words.length === 0) break
      continue
    }
    // the entry scripts of known images prepare, and then run the rest
    if (
      ENTRY_SCRIPTS.has(name) &&
      words.length > 1 &&
      isOpaque(words[0]!, files, env) &&
      SERVERS[baseName(words[1]!)]
    ) {
      words = words.slice(1)
      continue
    }
    const next = last(words, files, env)
    // busybox's server gives out files that the script may only just have made
    if (next === undefined || (baseName(next[0]!) === 'httpd' && image.shell === 'ash')) break
    words = next
  }
  const name = baseName(words[0] ?? '')
  const program = programOf(words, name, image, files, env)
  return withPorts({ image, words, init, ...(program !== undefined && { program }) }, files, env)
}

const ENTRY_SCRIPTS: ReadonlySet<string> = new Set(['docker-entrypoint.sh', 'entrypoint.sh', 'docker-php-entrypoint'])

/** Nothing is known of what it holds. */
function isOpaque(first: string, files: Files, env: Readonly<Record<string, string>>): boolean {
  const path = located(first, files, env)
  return typeof path === 'string' && files.entry(files.resolve(path))?.bytes !== undefined
}

/** Programs whose ports their sources tell. */
const LANGUAGES: readonly (string | undefined)[] = ['node', 'python', 'http']

function withPorts(launch: Launch, files: Files, env: Readonly<Record<string, string>>): Launch {
  const { program, words } = launch
  if (!LANGUAGES.includes(program)) return launch
  const path = located(words[0] ?? '', files, env)
  const content = typeof path === 'string' ? (files.entry(path)?.content ?? '') : ''
  const compiled = Number(/^built .*? port (\d+)(?: |$)/.exec(content)?.[1] ?? 0)
  const ports = compiled > 0 ? [compiled] : listensOn(words, files, env)
  return ports ? { ...launch, ports } : launch
}

/** Where the command is; or why it is not to be run. */
function located(
  first: string,
  files: Files,
  env: Readonly<Record<string, string>>,
): string | { readonly problem: string } {
  const isPath = first.includes('/')
  const path = isPath
    ? first
    : (env['PATH'] ?? '')
        .split(':')
        .map((folder) => `${folder}/${first}`)
        .find((one) => files.stat(one)?.folder === false)
  if (path === undefined) return { problem: `exec: "${first}": executable file not found in $PATH` }
  const stat = files.stat(path)
  if (!stat) return { problem: `exec: "${first}": stat ${first}: no such file or directory` }
  if (stat.folder) return { problem: `exec: "${first}": is a directory` }
  if ((stat.mode & 0o111) === 0) return { problem: `exec: "${first}": permission denied` }
  const read = files.read(path)
  const isText = files.entry(files.resolve(path))?.bytes === undefined && 'text' in read && read.text !== ''
  if (!isText) return path
  const interpreter = /^#! *(\S+)(?: +(\S+))?/.exec(read.text)
  if (!interpreter) return { problem: `exec ${first}: exec format error` }
  const [, program = '', argument] = interpreter
  const wanted = program.endsWith('/env') ? (argument ?? '').replace(/\r$/, '') : program
  // a carriage return at the end of the line belongs to the name
  const bad = read.text.split('\n', 1)[0]!.endsWith('\r')
  if (bad || typeof located(wanted, files, env) === 'object')
    return { problem: `exec ${first}: no such file or directory` }
  return path
}

/** One step nearer to what runs in the end; undefined: there is none. */
function last(
  words: readonly string[],
  files: Files,
  env: Readonly<Record<string, string>>,
): readonly string[] | undefined {
  const [first = '', flag = '', text] = words
  if (SHELLS.has(baseName(first)) && /^-[a-z]*c$/.test(flag) && text !== undefined)
    return lastServer(text, words.slice(4), env)
  if (SHELLS.has(baseName(first)) && flag !== '' && !flag.startsWith('-')) {
    const read = files.read(flag)
    return 'text' in read ? lastServer(read.text, words.slice(2), env) : undefined
  }
  const path = located(first, files, env)
  if (typeof path === 'object') return undefined
  const read = files.read(path)
  if (!('text' in read)) return undefined
  if (/^#!.*\b(ba|da|a)?sh\b/.test(read.text)) return lastServer(read.text, words.slice(1), env)
  const language = /^#!.*\b(python3?|node|ruby|php)\b/.exec(read.text)
  return language ? [language[1]!, ...words] : undefined
}

/** The last command of a script, if that is a server or the script's own arguments. */
function lastServer(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): readonly string[] | undefined {
  const lines = script
    .replace(/\\\n/g, ' ')
    .split(/\n|;|&&/)
    .map((line) => line.trim())
  const line = lines.filter((one) => one !== '' && !one.startsWith('#') && one !== 'fi' && one !== 'done').at(-1)
  if (line === undefined || /[|&<(){}`]|\$\(/.test(line.replace(/\$\{[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?\}/g, '')))
    return undefined
  const bare = line.replace(/^exec\s+/, '')
  if (/^"?\$(@|\*|\{@\})"?$/.test(bare)) return args.length > 0 ? args : undefined
  const words = (bare.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) =>
    word.startsWith("'") ? word.slice(1, -1) : filled(word.replace(/^"(.*)"$/, '$1'), env),
  )
  while (words.length > 0 && /^[A-Za-z_][A-Za-z0-9_]*=/.test(words[0]!)) words.shift()
  const name = baseName(words[0] ?? '')
  const isServer = SERVERS[name] !== undefined || OWN_PROGRAMS.has(name) || /^\.?\//.test(words[0] ?? '')
  return isServer && !SHELLS.has(name) ? words : undefined
}

const filled = (word: string, env: Readonly<Record<string, string>>): string =>
  word.replace(
    /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$([A-Za-z_][A-Za-z0-9_]*)/g,
    (_, braced: string | undefined, otherwise: string | undefined, plain: string | undefined) =>
      env[braced ?? plain ?? ''] || (otherwise ?? ''),
  )

/** Commands that are a program of their own wherever they stand. */
const OWN_PROGRAMS: ReadonlySet<string> = new Set(
  'nginx redis-server postgres mysqld mariadbd mongod memcached httpd-foreground apache2-foreground httpd apache2ctl'.split(
    ' ',
  ),
)

function programOf(
  words: readonly string[],
  name: string,
  image: Image,
  files: Files,
  env: Readonly<Record<string, string>>,
): string | undefined {
  const voting = votingPart(words, files, SERVERS[name])
  if (voting !== undefined) return voting
  if (SERVERS[name] !== undefined) return SERVERS[name]
  if (OWN_PROGRAMS.has(name) || SHELLS.has(name)) return undefined
  const path = located(words[0] ?? '', files, env)
  const entry = typeof path === 'string' ? files.entry(path) : undefined
  // a program that was compiled here; or text for the shell
  if (entry?.content?.startsWith('built ')) return 'http'
  if (entry?.what === 'file' && entry.bytes === undefined && entry.text !== '') return 'shell'
  return image.generic ? 'http' : undefined
}

/** The parts of Docker's voting application are programs of their own: they are known by what is in their sources. */
function votingPart(words: readonly string[], files: Files, language?: string): string | undefined {
  const has = (file: string, ...marks: readonly string[]) => {
    const read = files.read(file)
    return 'text' in read && marks.every((mark) => read.text.includes(mark))
  }
  if (words.length === 0) return undefined
  if (language !== 'node' && has('app.py', 'OPTION_A', 'redis')) return 'vote'
  if (language !== 'python' && has('server.js', 'socket.io', 'votes', 'pg')) return 'result'
  if (words.some((word) => /(^|\/)Worker(\.dll)?$/.test(word))) return 'worker'
  return undefined
}

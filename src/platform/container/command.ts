import { type Image, imageHas, resolveImage } from '../image/resolve'
import type { ContainerSpec } from './container'

/** What a container really runs, once image and overrides are put together. */
export interface Command {
  /** The whole command line: entrypoint and arguments. */
  readonly argv: readonly string[]
  /** Behind wrappers like `/docker-entrypoint.sh` or `tini --`: what runs in the end. */
  readonly words: readonly string[]
  /** An init such as tini is process 1, forwards signals, and reaps. */
  readonly init: boolean
  readonly program: string
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly image: Image | undefined
  /** Signal that asks it to stop, unless the caller says another. */
  readonly stopSignal: string
  /** Why it cannot start, in runc's words; undefined: it can. */
  readonly error: string | undefined
}

/** What is asked of a container once its script has put a command in its own place. */
export function replacedBy(spec: ContainerSpec, argv: readonly string[]): ContainerSpec {
  const { launch, ...rest } = spec
  const image = launch && { launch: { image: launch.image, words: argv, init: launch.init } }
  return { ...rest, ...image, command: argv, args: [] }
}

/** The program that a command line in a container turns into; undefined: it is one for the shell, or none that the image has. */
export function programFor(spec: ContainerSpec, argv: readonly string[]): string | undefined {
  const { program, error, image } = compose(replacedBy(spec, argv))
  const isThere = image !== undefined && imageHas(image, baseName(argv[0] ?? ''))
  return error === undefined && isThere && program !== 'shell' ? program : undefined
}

/** The exit code that containerd notes for a container whose first process could not be started. dockerd derives 126 or 127 from the text. */
export const START_ERROR_EXIT_CODE = 128

/** What the runtime sets where nobody does. */
export const DEFAULT_PATH = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }

const known = new WeakMap<ContainerSpec, Command>()

/** A pure function of the specification; remembered for as long as that lives. */
export function commandOf(spec: ContainerSpec): Command {
  let command = known.get(spec)
  if (!command) {
    command = compose(spec)
    known.set(spec, command)
  }
  return command
}

function compose(spec: ContainerSpec): Command {
  const { launch } = spec
  const answer = launch ? undefined : resolveImage(spec.image)
  const image = launch ? launch.image : answer?.found === 'missing' ? undefined : answer?.image
  const generic = answer?.found === 'generic'
  const entrypoint = spec.command ?? image?.config.entrypoint ?? []
  // an entrypoint of one's own makes the image's CMD of no account
  const args = spec.args ?? (spec.command === undefined ? (image?.config.cmd ?? []) : [])
  const argv = [...entrypoint, ...args]
  const { words, init } = launch?.program !== undefined ? launch : unwrap(launch?.words ?? argv, image)
  return {
    argv,
    words,
    init: init || launch?.init === true || spec.init === true,
    program: launch?.program ?? programOf(words, image, generic),
    env: { ...DEFAULT_PATH, ...image?.config.env, HOSTNAME: spec.hostname, ...spec.env },
    cwd: spec.workingDir ?? image?.config.workingDir ?? '/',
    image,
    stopSignal: spec.stopSignal ?? image?.config.stopSignal ?? 'SIGTERM',
    error: launch && argv.length > 0 ? launch.error : startError(argv, image, generic),
  }
}

const inits: ReadonlySet<string> = new Set(['tini', 'dumb-init', 'docker-init'])
const scripts: ReadonlySet<string> = new Set(['docker-entrypoint.sh', 'entrypoint.sh', 'docker-php-entrypoint'])
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Takes off what only prepares and then runs the rest. */
function unwrap(argv: readonly string[], image: Image | undefined): { words: readonly string[]; init: boolean } {
  let words = argv
  let init = false
  for (;;) {
    const first = baseName(words[0] ?? '')
    if (inits.has(first)) {
      init = true
      words = words.slice(words[1] === '--' ? 2 : 1)
    } else if (scripts.has(first) && imageKnows(first, words[0]!, image)) {
      words = words.slice(1)
      const main = image?.commands[0]
      // `docker run redis --port 7000`: options alone go to the image's own program
      const isOption =
        words.length === 0 || words[0]!.startsWith('-') || (main === 'curl' && !imageHas(image!, words[0]!))
      if (isOption && main !== undefined) words = [main, ...words]
    } else return { words, init }
  }
}

const imageKnows = (name: string, path: string, image: Image | undefined): boolean =>
  image === undefined || image.commands.includes(name) || image.config.entrypoint?.[0] === path

/** Commands that are a program of their own wherever they stand. */
const programs: Readonly<Record<string, string>> = {
  sleep: 'sleep',
  stress: 'stress',
  'redis-server': 'redis',
  postgres: 'postgres',
  mysqld: 'mysql',
  mariadbd: 'mysql',
  mongod: 'mongo',
  memcached: 'memcached',
  'httpd-foreground': 'httpd',
  'apache2-foreground': 'httpd',
  nginx: 'nginx',
  node: 'node',
  nodemon: 'node',
  python: 'python',
  python3: 'python',
  perl: 'perl',
  pause: 'pause',
}

function programOf(words: readonly string[], image: Image | undefined, generic: boolean): string {
  const first = words[0]
  if (first === undefined) return 'shell'
  const name = baseName(first)
  const own = image?.config.entrypoint?.[0] ?? image?.config.cmd?.[0]
  if (image && image.program !== 'shell' && (first === own || name === image.commands[0])) return image.program
  // an image of Apache's own has it as its first command
  const program = name === 'httpd' && image?.shell === 'ash' ? 'busybox-httpd' : programs[name]
  if (program !== undefined) return program
  if (image && imageHas(image, name) && image.commands[0] !== name) return 'shell'
  if (generic) return 'http'
  return image?.program ?? 'shell'
}

/** runc's error when the first word cannot be run. A generic image is taken to have whatever it is told to run. */
function startError(argv: readonly string[], image: Image | undefined, generic: boolean): string | undefined {
  const chain =
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init'
  const first = argv[0]
  if (first === undefined) return 'failed to generate spec: no command specified'
  if (generic || image === undefined) return undefined
  const path = first.includes('/')
  const own = image.config.entrypoint?.[0] === first || image.config.cmd?.[0] === first
  if (own || imageHas(image, baseName(first))) return undefined
  if (path && /^\/(bin|etc|usr|var|tmp|home|root|lib|dev|proc)\/?$/.test(first))
    return `${chain}: exec: "${first}": is a directory`
  return `${chain}: exec: "${first}": ${path ? `stat ${first}: no such file or directory` : 'executable file not found in $PATH'}`
}

import { type Key, partsOf, type World } from '../../engine/kind'
import { baseCommands } from '../image/bases'
import type { Image } from '../image/resolve'
import { type FileMount, newProcess, Process } from '../shell/process'
import type { Command } from './command'
import { type Container, type Mount, Output, type Sandbox, sandboxKey } from './container'
import { userOf } from './user'

export const processKey = (machine: string, id: string): Key<Process> => Process.key(machine, id)

/** The first process of a container whose command the shell runs. */
export const mainProcessKey = (container: Container): Key<Process> => processKey(container.machine, container.id)

/** A process of a container: its files, its commands, its network. Its owner is the container's key. */
function inside(
  world: World,
  key: Key<Container>,
  container: Container,
  command: Command,
  given: Partial<Process>,
): Process {
  return newProcess({
    owner: key,
    machine: container.machine,
    container: container.id,
    sandbox: container.sandbox,
    cwd: command.cwd,
    env: command.env,
    mounts: mountsOf(container),
    base: runtimeFiles(world, container, command),
    ...(command.image && { layers: command.image.layers }),
    commands: command.image && commandsIn(command.image),
    ...(command.image?.generic && { anything: true }),
    shell: command.image?.shell === 'bash' ? 'bash' : 'sh',
    user: userOf(container, command.image),
    output: container.id,
    ...given,
  })
}

/** What a shell-based container runs first. Behind an init it is an ordinary process: signals have their default action. */
export function mainProcess(world: World, key: Key<Container>, container: Container, command: Command): Process {
  const last = world.list(Output, { scope: container.id }).at(-1)
  return inside(world, key, container, command, {
    ...toRun(command.words),
    pidOne: !command.init,
    interactive: container.spec.tty === true && container.spec.stdin === true,
    stdin: container.spec.stdin === true ? undefined : '',
    ...(container.spec.stdin === true && container.spec.tty !== true && { open: true }),
    printed: last ? Number(partsOf(last.key).name) + 1 : 0,
  })
}

/** What `exec` starts; its output goes under its own id. */
export function execProcess(
  world: World,
  key: Key<Container>,
  container: Container,
  command: Command,
  given: Pick<Process, 'argv' | 'output' | 'stdin'> & {
    readonly env: Process['env']
    readonly cwd: string | undefined
    readonly interactive: boolean
    readonly user?: Process['user']
  },
): Process {
  const { env, cwd, argv, ...rest } = given
  return inside(world, key, container, command, {
    ...rest,
    ...toRun(argv ?? []),
    env: { ...command.env, ...env },
    cwd: cwd ?? command.cwd,
  })
}

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash'])

/** `sh -ec 'script'`, `bash -o pipefail -c 'script'` are a script for the shell, which is then the process itself; anything else are words. */
export function toRun(words: readonly string[]): Pick<Process, 'argv' | 'script'> & Partial<Pick<Process, 'shell'>> {
  const [first = ''] = words
  const name = first.slice(first.lastIndexOf('/') + 1)
  const asIs = { argv: words, script: undefined }
  if (!shells.has(name)) return asIs
  const set: string[] = []
  let at = 1
  let isCommand = false
  for (; !isCommand && words[at]?.startsWith('-') === true && words[at] !== '--'; at++) {
    const letters = words[at]!.slice(1)
    if (!/^[a-zA-Z]+$/.test(letters)) return asIs
    for (const letter of letters) {
      if (letter === 'c') isCommand = true
      else if ('eux'.includes(letter)) set.push(`set -${letter}\n`)
      else if (letter === 'o') set.push(`set -o ${words[++at] ?? ''}\n`)
    }
  }
  const script = words[at]
  if (!isCommand || script === undefined) return asIs
  // arguments behind the script are $0, $1 …
  const args = words.slice(at + 2).map((word) => `'${word.replaceAll("'", "'\\''")}'`)
  const given = args.length > 0 ? `set -- ${args.join(' ')}\n` : ''
  return { argv: undefined, script: `${set.join('')}${given}${script}`, shell: name === 'bash' ? 'bash' : 'sh' }
}

type MountsFor = Pick<Container, 'id'> & { readonly spec: Pick<Container['spec'], 'mounts' | 'readOnlyRoot'> }

/** Its own layer, over which volumes are mounted. */
export function mountsOf(container: MountsFor): FileMount[] {
  const volumes = container.spec.mounts.map(({ source, path, readOnly, root }) => ({
    path,
    readOnly,
    ...(root !== undefined && { root }),
    scope: scopeOf(source, container, path),
  }))
  return [{ path: '/', scope: container.id, readOnly: container.spec.readOnlyRoot === true }, ...volumes]
}

/** What the scopes of a container's memory files begin with. */
const tmpfsScope = (id: string): string => `tmpfs:${id}:`

const scopeOf = (source: Mount['source'], { id }: Pick<Container, 'id'>, path: string): string =>
  'volume' in source
    ? `volume:${source.volume}`
    : 'files' in source
      ? source.files
      : `${tmpfsScope(id)}${path.replaceAll('/', '!')}`

const known = new WeakMap<Image, readonly string[]>()

/** Every command that the image brings. */
export function commandsIn(image: Image): readonly string[] {
  let commands = known.get(image)
  if (!commands) {
    commands = [...new Set([...baseCommands(image.base), ...image.commands])].sort()
    known.set(image, commands)
  }
  return commands
}

/** The files that the runtime writes into each container. */
function runtimeFiles(world: World, container: Container, { env }: Command): Record<string, string> {
  const sandbox =
    container.sandbox === undefined ? undefined : world.get(sandboxKey(container.machine, container.sandbox))
  const { hostname } = container.spec
  const dns = sandbox?.dns
  const files: Record<string, string> = {
    '/etc/hostname': `${hostname}\n`,
    '/etc/hosts': hostsFile(sandbox, hostname),
    '/etc/resolv.conf': dns
      ? `${dns.search.length > 0 ? `search ${dns.search.join(' ')}\n` : ''}${(dns.servers ?? [dns.server]).map((server) => `nameserver ${server}\n`).join('')}${optionsLine(dns.options ?? [`ndots:${dns.ndots}`])}`
      : '',
  }
  if (env['HOME'] === undefined) files['/root/.profile'] = ''
  return files
}

const optionsLine = (options: readonly string[]): string =>
  options.length === 0 ? '' : `options ${options.join(' ')}\n`

function hostsFile(sandbox: Sandbox | undefined, hostname: string): string {
  const {
    head = '127.0.0.1\tlocalhost\n',
    fqdn,
    aliases = [],
    heading = '\n# Entries added by HostAliases.\n',
  } = sandbox?.hosts ?? {}
  if (!sandbox) return head
  const own = (sandbox.interfaces ?? [sandbox])
    .map(({ address }) => `${address}\t${fqdn === undefined ? '' : `${fqdn}\t`}${hostname}\n`)
    .join('')
  const more = aliases.map(({ address, names }) => `${address}\t${names.join('\t')}\n`).join('')
  return head + own + (more && heading + more)
}

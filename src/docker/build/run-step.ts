import type { Key, Reason } from '../../engine'
import { Output } from '../../platform/container/container'
import { commandsIn, toRun } from '../../platform/container/processes'
import { groupIn, userIn } from '../../platform/container/user'
import type { Entry } from '../../platform/image/entry'
import type { Image, Layer } from '../../platform/image/resolve'
import { type Tree, treeOf } from '../../platform/image/tree'
import { File } from '../../platform/shell/file'
import { FileView } from '../../platform/shell/files'
import { type FileMount, newProcess, Process } from '../../platform/shell/process'
import { contentOf } from '../dockerfile/heredoc'
import type { Run } from '../dockerfile/instruction'
import type { Step } from '../dockerfile/plan'
import { quoted } from '../dockerfile/problem'
import { joinedPath } from '../dockerfile/scope'
import type { Vertex } from '../dockerfile/vertices'
import { entriesIn } from '../images/commit'
import type { Pass } from '../pass'
import { type Build, buildKey, type CacheMount, cacheMountKey, cacheMountScope } from './build'
import { baseOf } from './images'
import { layersOf } from './status'
import { sentTree } from './work'

/** Files that the runtime puts over those of the image: what a step writes there is lost. */
const RUNTIME = ['/etc/hosts', '/etc/resolv.conf', '/etc/hostname']

const DEFAULT_SHELL: readonly string[] = ['/bin/sh', '-c']

/** What a RUN runs: words, and what of it is a script in a file of its own. */
export function argvOfRun(
  one: Run,
  shell: readonly string[] | undefined,
): { readonly argv: readonly string[]; readonly file?: { readonly path: string; readonly text: string } } {
  if (one.command.form === 'exec') return { argv: one.command.words }
  const own = shell ?? DEFAULT_SHELL
  const text = one.command.words.join(' ')
  const [first] = one.heredocs
  if (!first) return { argv: [...own, text] }
  if (one.heredocs.length === 1 && /^\d*<<-?(["']?)[^\s"'<]+\1$/.test(text.trim())) {
    const content = contentOf(first)
    const path = `/dev/pipes/${first.name}`
    return content.startsWith('#!') ? { argv: [path], file: { path, text: content } } : { argv: [...own, content] }
  }
  const documents = one.heredocs.map(({ name, content }) => `${content}${name}`)
  return { argv: [...own, `${text}\n${documents.join('\n')}\n`] }
}

export interface RunPlace {
  readonly build: Build
  readonly vertex: number
  readonly step: Step
  readonly layers: readonly Layer[]
  /** What the stage stands on in the end. */
  readonly base: Image | undefined
  /** The files that each mount takes from somewhere, in the order of the mounts. */
  readonly sources: readonly (Tree | undefined)[]
  readonly context: () => Tree
}

/** All that a RUN needs, of what is done before it. */
export function placeOfRun(pass: Pass, build: Build, vertices: readonly Vertex[], vertex: Vertex): RunPlace {
  let at: Vertex | undefined = vertex
  while (at && at.kind !== 'FROM') at = at.before === undefined ? undefined : vertices[at.before]
  const root = at?.image
  return {
    build,
    vertex: vertex.id,
    step: vertex.step as Step,
    layers: layersOf(build, vertex.before),
    base: root === undefined ? undefined : baseOf(pass, root, build.images[root])?.image,
    sources: vertex.sources.map((source) =>
      source === undefined ? undefined : treeOf(pass, build.machine, layersOf(build, source)),
    ),
    context: () => sentTree(build),
  }
}

export const outputOf = (build: Build, vertex: number): string => `build:${build.id}:${vertex}`
const scopeOf = outputOf
const mountScope = (build: Build, vertex: number, n: number): string => `${scopeOf(build, vertex)}:${n}`
export const runKey = (build: Build, vertex: number): Key<Process> =>
  Process.key(build.machine, outputOf(build, vertex))

/** Starts the process of a RUN; or says why it cannot be started: what is printed, and the exit code. */
export function beginRun(pass: Pass, place: RunPlace, because: Reason): { readonly problem: string } | undefined {
  const { build, vertex, step, layers, base } = place
  const one = step.instruction as Run
  const { scope } = step
  const tree = treeOf(pass, build.machine, layers)
  const files = new FileView(pass.world, [], {}, tree).from(scope.workdir)
  const { argv, file } = argvOfRun(one, scope.shell)
  const [user = '', group] = scope.user.split(':')
  const own = user === '' ? undefined : userIn(files, user)
  if (user !== '' && !own) return { problem: `unable to find user ${user}: no matching entries in passwd file` }
  const mounted = mountsFor(pass, place)
  if ('problem' in mounted) return mounted
  const env: Record<string, string> = { HOME: own?.home ?? '/root', ...Object.fromEntries(scope.env), ...mounted.env }
  const failed = startProblem(argv[0] ?? '', tree, env, file?.path, build.inputs.options.platform)
  if (failed !== undefined) {
    print(pass, outputOf(build, vertex), `${failed}\n`, because)
    const code = failed.startsWith('exec ') ? 255 : 1
    return { problem: runProblem(argv, code) }
  }
  const hosts = build.inputs.options.extraHosts.map(
    (host) => `${host.slice(host.indexOf(':') + 1)}\t${host.split(':')[0]}\n`,
  )
  const process = newProcess({
    owner: buildKey(build.machine, build.id),
    machine: build.machine,
    output: outputOf(build, vertex),
    cwd: scope.workdir,
    env,
    mounts: [{ path: '/', scope: scopeOf(build, vertex) }, ...mounted.mounts],
    base: {
      '/etc/hosts': `127.0.0.1\tlocalhost buildkitsandbox\n${hosts.join('')}`,
      '/etc/resolv.conf': 'nameserver 127.0.0.53\n',
      '/etc/hostname': 'buildkitsandbox\n',
      ...(file && { [file.path]: file.text }),
      ...mounted.secrets,
    },
    layers,
    commands: base ? commandsIn(base) : [],
    ...(base?.generic && { anything: true }),
    ...(one.network === 'none' || build.inputs.options.network === 'none' ? { sandbox: 'none' } : {}),
    shell: hasBash(tree) ? 'bash' : 'sh',
    called: argv[0] === '/bin/sh' && hasBash(tree) ? '/bin/sh: 1' : (argv[0] ?? 'sh'),
    stdin: '',
    ...toRun(file ? [hasBash(tree) ? '/bin/bash' : '/bin/sh', file.path] : argv),
    ...(own && {
      user: {
        uid: own.uid,
        gid: (group === undefined ? undefined : groupIn(files, group)) ?? own.gid,
        groups: [],
        name: user,
      },
    }),
  })
  pass.set(runKey(build, vertex), process, because, true)
  return undefined
}

const hasBash = (tree: Tree): boolean => tree.get(tree.real('/bin/bash')) !== undefined

/** Why the first process cannot be started, in the words of runc and the kernel. */
function startProblem(
  first: string,
  tree: Tree,
  env: Readonly<Record<string, string>>,
  given: string | undefined,
  platform: string,
): string | undefined {
  const isForeign = !/^linux\/(amd64|386)(\/|$)/.test(platform)
  if (first === given) return undefined
  const chain = 'runc run failed: unable to start container process: error during container init: exec'
  if (first.includes('/')) {
    const file = tree.get(tree.real(first))
    if (!file) return `${chain}: ${quoted(first)}: stat ${first}: no such file or directory`
    if (file.what === 'folder') return `${chain}: ${quoted(first)}: is a directory`
    if ((file.mode & 0o111) === 0) return `${chain}: ${quoted(first)}: permission denied`
  } else if (!(env['PATH'] ?? '').split(':').some((folder) => tree.get(tree.real(`${folder}/${first}`)) !== undefined))
    return `${chain}: ${quoted(first)}: executable file not found in $PATH`
  return isForeign ? `exec ${first}: exec format error` : undefined
}

export const runProblem = (argv: readonly string[], code: number): string =>
  `process ${quoted(argv.join(' '))} did not complete successfully: exit code: ${code}`

function print(pass: Pass, scope: string, text: string, because: Reason): void {
  pass.set(Output.key(scope, '000000000'), { at: pass.now, stream: 'err', text }, because, true)
}

interface Mounted {
  readonly mounts: readonly FileMount[]
  readonly env: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
}

/** What `--mount` brings; files that are taken from somewhere are put into scopes of the step's own. */
function mountsFor(pass: Pass, place: RunPlace): Mounted | { readonly problem: string } {
  const { build, vertex, step } = place
  const because: Reason = { id: 'docker/build-mounted' }
  const mounts: FileMount[] = []
  const env: Record<string, string> = {}
  const secrets: Record<string, string> = {}
  for (const [n, mount] of step.mounts.entries()) {
    const target = mount.target === undefined ? undefined : joinedPath(step.scope.workdir, mount.target)
    const scope = mountScope(build, vertex, n)
    if (mount.type === 'secret') {
      const id = mount.id ?? mount.source ?? (target ?? '').split('/').at(-1) ?? ''
      const text = build.inputs.options.secrets[id]
      if (text === undefined) {
        if (mount.required) return { problem: `secret ${id}: not found` }
        continue
      }
      if (mount.env !== undefined) env[mount.env] = text
      if (mount.env === undefined || target !== undefined) secrets[target ?? `/run/secrets/${id}`] = text
    } else if (mount.type === 'cache') {
      const id = mount.id ?? target ?? '/'
      noteCacheMount(pass, build.machine, id, because)
      mounts.push({ path: target ?? '/', scope: cacheMountScope(build.machine, id) })
    } else if (mount.type === 'tmpfs') mounts.push({ path: target ?? '/tmp', scope })
    else if (mount.type === 'bind') {
      const tree = place.sources[n] ?? (mount.files === undefined ? place.context() : undefined)
      const problem = tree && fill(pass, tree, joinedPath('/', mount.source ?? '/'), scope, because)
      if (typeof problem === 'object') return problem
      mounts.push({
        path: target ?? '/',
        scope,
        readOnly: mount.readonly,
        ...(typeof problem === 'string' && { root: problem }),
      })
    }
  }
  return { mounts, env, secrets }
}

function noteCacheMount(pass: Pass, machine: string, id: string, because: Reason): void {
  const key = cacheMountKey(machine, id)
  const before = pass.get(key)
  const value: CacheMount = before
    ? { ...before, usedAt: pass.now, uses: before.uses + 1 }
    : { id, createdAt: pass.now, usedAt: pass.now, uses: 1 }
  pass.set(key, value, because, true)
}

/** So many files are mounted at most. */
const MOST_MOUNTED = 20_000

/** Puts what is at a path into a scope of files; gives the path of a single file there. */
function fill(
  pass: Pass,
  tree: Tree,
  from: string,
  scope: string,
  because: Reason,
): string | undefined | { readonly problem: string } {
  const real = tree.real(from)
  const file = tree.get(real)
  if (!file && real !== '/') return { problem: `failed to calculate checksum of ref: ${quoted(from)}: not found` }
  if (file && file.what !== 'folder') {
    const name = real.slice(real.lastIndexOf('/'))
    pass.set(File.key(scope, name), file, because, true)
    return name
  }
  let count = 0
  const put = (path: string) => {
    for (const name of tree.names(path === '' ? real : `${real === '/' ? '' : real}${path}`)) {
      const at = `${path}/${name}`
      const one = tree.get(`${real === '/' ? '' : real}${at}`)
      if (!one || ++count > MOST_MOUNTED) continue
      pass.set(File.key(scope, at), one, because, true)
      if (one.what === 'folder') put(at)
    }
  }
  put('')
  return undefined
}

/** What a step that is over has left in its own layer. Its files and its process are forgotten; what it printed stays. */
export function takeRun(
  pass: Pass,
  place: Pick<RunPlace, 'build' | 'vertex' | 'step'>,
  because: Reason,
): readonly Entry[] {
  const { build, vertex, step } = place
  const targets = step.mounts.map(({ target }) =>
    target === undefined ? undefined : joinedPath(step.scope.workdir, target),
  )
  const isMounted = (path: string) =>
    RUNTIME.includes(path) ||
    path.startsWith('/dev/') ||
    targets.some((target) => target !== undefined && (path === target || path.startsWith(`${target}/`)))
  const entries = entriesIn(pass, scopeOf(build, vertex)).filter(({ path }) => !isMounted(path))
  pass.set(runKey(build, vertex), undefined, because, true)
  const scopes = [scopeOf(build, vertex), ...step.mounts.map((_, n) => mountScope(build, vertex, n))]
  for (const scope of scopes)
    for (const { key } of pass.world.list(File, { scope })) pass.set(key, undefined, because, true)
  return entries
}

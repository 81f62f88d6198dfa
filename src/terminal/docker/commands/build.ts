import type { EngineReply, EngineRequest } from '../../../docker'
import { engine } from '../../../docker'
import { Build } from '../../../docker/build/build'
import { fullName } from '../../../docker/build/images'
import { ownIgnore } from '../../../docker/build/transfer'
import type { BuildView } from '../../../docker/build/view'
import { excerpt } from '../../../docker/dockerfile/excerpt'
import { isGit, isUrl } from '../../../docker/dockerfile/ports'
import type { Json } from '../../../engine/json'
import type { Wait } from '../../../platform/shell/tool'
import { Failure, fail } from '../../cli/failure'
import { bool, type Flag, repeated, text } from '../../cli/flags'
import { contextOf, textAt } from '../build/context'
import { type Output, outputsOf } from '../build/outputs'
import { failureTail, freshPlain, isBehind, type Plain, printPlain, TICK_MILLIS, warningsTail } from '../build/plain'
import { deliverFiles, pushed } from '../build/results'
import { redrawn, screenOf } from '../build/screen'
import type { Command } from '../command'
import { allAuths } from '../credentials'
import { isRefusal, type Run, refusalText } from '../run'
import { pairsOf } from './create-body'

const flags: readonly Flag[] = [
  repeated('add-host', 'A line for /etc/hosts (host:ip)', { shows: 'strings' }),
  repeated('allow', 'Extra privileges', { unmodelled: true }),
  repeated('annotation', 'An annotation', { unmodelled: true }),
  repeated('attest', 'Attestations', { unmodelled: true }),
  repeated('build-arg', 'A build argument'),
  repeated('build-context', 'A further context (name=path)', { unmodelled: true }),
  text('builder', 'Another builder', { unmodelled: true }),
  repeated('cache-from', "Images whose builds may be taken from ('name:tag', 'type=registry,ref=name:tag')"),
  repeated('cache-to', "Where the cache goes ('type=inline': into the image)"),
  text('call', "What is done: 'build', 'check', 'outline', 'targets'", { initial: 'build' }),
  text('cgroup-parent', 'The parent of its control groups', { unmodelled: true }),
  bool('check', 'Only the build checks: --call=check'),
  bool('debug', 'More output', { short: 'D', unmodelled: true }),
  text('file', "The Dockerfile (default: 'PATH/Dockerfile')", { short: 'f' }),
  bool('force-rm', 'Of the old builder', { hidden: true }),
  text('iidfile', "Write the image's id to a file"),
  repeated('label', 'A label of the image'),
  bool('load', 'Into the images of the machine (that is the default)'),
  text('memory', 'Of the old builder', { short: 'm', hidden: true, unmodelled: true }),
  text('metadata-file', 'Write what came of it to a file'),
  text('network', "The network of RUN: 'default', 'none', 'host'", { initial: 'default' }),
  bool('no-cache', 'Take nothing from the cache'),
  repeated('no-cache-filter', 'Take nothing from the cache for these stages'),
  repeated('output', "Where the result goes ('type=local,dest=out')", { short: 'o' }),
  repeated('platform', 'For which platform'),
  text('progress', "'auto', 'plain', 'tty', 'quiet', 'rawjson'", { initial: 'auto' }),
  text('provenance', 'An attestation of origin', { unmodelled: true }),
  bool('pull', 'Look for newer base images'),
  bool('push', "To the registry: '--output=type=registry'"),
  bool('quiet', "No output but the image's id", { short: 'q' }),
  bool('rm', 'Of the old builder', { hidden: true, initial: 'true' }),
  text('sbom', 'An attestation of contents', { unmodelled: true }),
  repeated('secret', "A secret for RUN ('id=…,src=…' or 'id=…,env=…')"),
  text('shm-size', 'Of /dev/shm', { unmodelled: true }),
  bool('squash', 'One layer', { hidden: true }),
  repeated('ssh', 'An agent of SSH', { unmodelled: true }),
  repeated('tag', "A name and optionally a tag ('name:tag')", { short: 't' }),
  text('target', 'The stage to build'),
  repeated('ulimit', 'Limits', { unmodelled: true }),
]

/** Of a client that was told to stop. */
const CANCELED = 130

const MODES = ['auto', 'plain', 'tty', 'quiet', 'rawjson', 'none']

/** `NAME=value`; a name alone takes the client's variable, and is left out where there is none. */
function buildArgs(run: Run): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const one of run.values('build-arg')) {
    const cut = one.indexOf('=')
    if (cut >= 0) found[one.slice(0, cut)] = one.slice(cut + 1)
    else if (run.call.env[one] !== undefined) found[one] = run.call.env[one]
  }
  return found
}

/** The secrets' texts by their ids. */
function secretsOf(run: Run): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const one of run.values('secret')) {
    const fields = new Map(
      one.split(',').map((field) => [field.split('=')[0]!.trim(), field.slice(field.indexOf('=') + 1)]),
    )
    const bad = [...fields.keys()].find((name) => !['id', 'src', 'source', 'env', 'type'].includes(name))
    if (bad !== undefined) return fail(`ERROR: unexpected key '${bad}' in '${one}'`)
    const id = fields.get('id') ?? ''
    if (id === '') return fail(`ERROR: secret missing "id" field: ${one}`)
    const path = fields.get('src') ?? fields.get('source')
    const name = fields.get('env') ?? (fields.get('type') === 'env' ? id : undefined)
    if (name !== undefined && path === undefined) found[id] = run.call.env[name] ?? ''
    else {
      const file = path ?? id
      const content = textAt(run.call.files, file)
      if (content !== undefined) found[id] = content
      else if (path === undefined && run.call.env[id] !== undefined) found[id] = run.call.env[id]
      else return fail(`ERROR: failed to stat ${file}: stat ${file}: no such file or directory`)
    }
  }
  return found
}

function platformOf(run: Run): string {
  const given = run.values('platform').flatMap((one) => one.split(','))
  if (given.length > 1)
    return fail(
      'ERROR: failed to build: Multi-platform build is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/build-multi-platform/',
    )
  const [platform = 'linux/amd64'] = given
  if (/^(amd64|x86_64)$/.test(platform)) return 'linux/amd64'
  if (/^(arm64|aarch64)$/.test(platform)) return 'linux/arm64'
  if (!/^[a-z0-9_]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/.test(platform))
    return fail(`ERROR: failed to build: "${platform}": unknown operating system or architecture: invalid argument`)
  return platform
}

/** Images of registries; other kinds of caches are not modelled. */
function cachesOf(run: Run): readonly string[] {
  return run.values('cache-from').flatMap((one) => {
    if (!one.includes('=')) return [one]
    const parts = new Map(one.split(',').map((part) => part.split('=', 2) as [string, string]))
    if (parts.get('type') === 'registry' && parts.get('ref')) return [parts.get('ref')!]
    run.notice(`docker build: a cache of another type than registry is not modelled: ${one}`)
    return []
  })
}

/** The request: the Dockerfile, what is in the context, and what is wanted. */
function bodyOf(run: Run, { exporter }: Output): Json {
  const { files } = run.call
  const [path = '.'] = run.args
  const named = run.value('file')
  const options = {
    tags: [...run.values('tag')],
    target: run.value('target') ?? '',
    buildArgs: buildArgs(run),
    labels: pairsOf(run.values('label')),
    noCache: run.on('no-cache'),
    noCacheFilter: run.values('no-cache-filter').flatMap((one) => one.split(',')),
    pull: run.on('pull'),
    platform: platformOf(run),
    secrets: secretsOf(run),
    extraHosts: [...run.values('add-host')],
    network: run.value('network') ?? 'default',
    check: isCheck(run),
    exporter,
    cacheFrom: cachesOf(run),
    inlineCache: run.given('cache-to') || buildArgs(run)['BUILDKIT_INLINE_CACHE'] === '1',
    auths: allAuths(run.call),
  }
  if (path === '-') {
    const { text: source } = run.takeInput()
    return { file: 'Dockerfile', source, context: [], options } as unknown as Json
  }
  if (isGit(path) || isUrl(path)) {
    const source = named === '-' ? run.takeInput().text : undefined
    const file = named === undefined || named === '-' ? 'Dockerfile' : named
    return { file, ...(source !== undefined && { source }), remote: path, context: [], options } as unknown as Json
  }
  const stat = files.stat(path)
  if (!stat) return fail(`ERROR: unable to prepare context: path ${JSON.stringify(path)} not found`)
  if (!stat.folder) return fail(`ERROR: unable to prepare context: path ${JSON.stringify(path)} is not a directory`)
  const root = path.replace(/\/+$/, '') || '/'
  const file = named === '-' ? 'Dockerfile' : (named ?? `${root}/Dockerfile`)
  const source = named === '-' ? run.takeInput().text : textAt(files, file)
  const own = named === '-' ? undefined : textAt(files, ownIgnore(file))
  const ignore = own ?? textAt(files, `${root}/.dockerignore`)
  return {
    file,
    ...(source !== undefined && { source }),
    context: contextOf(files, root),
    ...(ignore !== undefined && {
      ignore: { name: own === undefined ? '.dockerignore' : ownIgnore(file), text: ignore },
    }),
    options,
  } as unknown as Json
}

const isCheck = (run: Run): boolean => run.on('check') || run.value('call') === 'check' || run.value('call') === 'lint'

interface Following {
  readonly request: EngineRequest
  readonly plain: Plain
  /** Lines on the screen that the next drawing covers. */
  readonly drawn: number
  readonly notices: number
}

/** How often a terminal's drawing is renewed while nothing else happens. */
const REDRAW_MILLIS = 400

type Mode = 'plain' | 'tty' | 'quiet'

function modeOf(run: Run): Mode {
  const wanted = run.given('progress') ? run.value('progress')! : (run.call.env['BUILDKIT_PROGRESS'] ?? 'auto')
  if (!MODES.includes(wanted)) return fail(`ERROR: failed to build: invalid progress mode ${wanted}`)
  if (run.on('quiet') || wanted === 'quiet' || wanted === 'none') return 'quiet'
  if (wanted === 'rawjson') run.notice('docker build: --progress=rawjson is not modelled: plain is printed')
  return wanted === 'tty' || (wanted === 'auto' && run.call.terminal) ? 'tty' : 'plain'
}

interface Followed {
  readonly view: BuildView
  readonly shown: Omit<Following, 'request'>
}

/** Sends the request, and shows how the build goes on until it is over. */
function follow(run: Run, mode: Mode, output: Output): Followed {
  const { call } = run
  return run.loop<Json, Json>(null, (given) => {
    const state = given as unknown as Following | null
    const request: EngineRequest = state?.request ?? {
      machine: call.from.machine,
      method: 'POST',
      path: '/build',
      body: bodyOf(run, output),
    }
    const reply: EngineReply = call.ask(engine, request)
    if (isRefusal(reply)) {
      const { message } = reply.body as { message: string }
      throw new Failure(reply.status === 0 ? `ERROR: ${refusalText(reply)}` : `ERROR: failed to build: ${message}`)
    }
    const view = reply.body as BuildView
    if (!state && mode === 'plain') call.printError('#0 building with "default" instance using docker driver\n')
    const shown = show(run, mode, state, view)
    if (reply.status !== 102) return { done: { view, shown } as unknown as Json }
    const next: Following = { request: reply.next!, ...shown }
    return {
      // a drawing is output too: it must not be what wakes the next one
      wait:
        mode === 'plain'
          ? plainWait(reply, shown.plain, view)
          : { kinds: [Build.id], ...(mode === 'tty' && { millis: REDRAW_MILLIS }) },
      state: next as unknown as Json,
    }
  }) as unknown as Followed
}

function plainWait(reply: EngineReply, plain: Plain, view: BuildView): Wait {
  const kinds = [...(reply.until?.kinds ?? [])]
  return isBehind(plain, view) ? { kinds, millis: TICK_MILLIS } : { kinds }
}

function show(run: Run, mode: Mode, state: Followed['shown'] | null, view: BuildView): Followed['shown'] {
  const { call } = run
  const notices = [
    ...view.notices,
    ...view.steps.flatMap(({ logs }) => logs.flatMap(({ notice, text: said }) => (notice ? [said.trimEnd()] : []))),
  ]
  let plain = state?.plain ?? freshPlain
  let drawn = state?.drawn ?? 0
  if (mode === 'plain') plain = printPlain(plain, view, (line) => call.printError(line))
  if (mode === 'tty') {
    const lines = screenOf(view, call.columns)
    call.printError(redrawn(lines, drawn))
    drawn = lines.length
  }
  for (const one of notices.slice(state?.notices ?? 0)) call.notice(one)
  return { plain, drawn, notices: notices.length }
}

/** `--check`: what the build checks found, each with its place. */
function checked(run: Run, view: BuildView): number {
  const { warnings, source = '', file } = view
  if (warnings.length === 0) {
    run.print('Check complete, no warnings found.\n')
    return 0
  }
  run.print(`Check complete, ${warnings.length} warning${warnings.length === 1 ? ' has' : 's have'} been found!\n`)
  for (const { rule, text: says, start, end } of warnings) {
    const page = rule
      .replace(/([a-z])([A-Z])/g, '$1-$2')
      .replace(/^JSONArgs/, 'json-args')
      .toLowerCase()
    run.print(`\nWARNING: ${rule} - https://docs.docker.com/go/dockerfile/rule/${page}/\n${says}\n`)
    run.print(excerpt(file.slice(file.lastIndexOf('/') + 1), source, [{ start, end }]))
  }
  return 1
}

export const build: Command = {
  name: 'build',
  about: 'Build an image from a Dockerfile',
  usage: '[OPTIONS] PATH | URL | -',
  also: 'docker build, docker builder build, docker image build, docker buildx b',
  least: 1,
  most: 1,
  flags,
  run(run) {
    const isInline = run.values('cache-to').every((one) => one.split(',').includes('type=inline'))
    if (run.given('cache-to') && !isInline)
      return fail(
        'ERROR: failed to build: Cache export is not supported for the docker driver.\nSwitch to a different driver, or turn on the containerd image store, and try again.\nLearn more at https://docs.docker.com/go/build-cache-backends/',
      )
    const mode = modeOf(run)
    const output = outputsOf(run)
    const followed = follow(run, mode, output)
    const { view } = followed
    if (view.state !== 'done') {
      run.error(failureTail(view))
      return view.state === 'canceled' ? CANCELED : 1
    }
    if (isCheck(run)) return checked(run, view)
    if (output.dest !== '') deliverFiles(run, view, output)
    if (output.push && !pushAll(run, mode, followed)) return 1
    if (mode !== 'quiet') run.error(warningsTail(view))
    const image = view.image ?? ''
    if (run.on('quiet') && image !== '') run.print(`${image}\n`)
    const iidfile = run.value('iidfile')
    if (iidfile !== undefined) write(run, iidfile, image)
    const metadata = run.value('metadata-file')
    if (metadata !== undefined) write(run, metadata, JSON.stringify(metadataOf(run, view), null, 2))
    return 0
  },
}

/** Pushes every name, one after the other; false: one could not be pushed, and that has been told. */
function pushAll(run: Run, mode: Mode, { view: built, shown: before }: Followed): boolean {
  let view = built
  let shown = before
  for (const name of run.values('tag')) {
    ;({ view, shown } = pushed(run, view, name, { shown, show: (now, since) => show(run, mode, since, now) }))
    const { error } = view.steps.at(-1)!
    if (error === undefined) continue
    run.error(failureTail({ ...view, problem: `ERROR: failed to build: ${error}` }))
    return false
  }
  return true
}

/** Left out: the attestation of origin. */
function metadataOf(run: Run, { id, image }: BuildView): Json {
  const names = run.values('tag').map((name) => fullName(name))
  return {
    'buildx.build.ref': `default/default/${id.slice(0, 25)}`,
    ...(image !== undefined && { 'containerimage.config.digest': image, 'containerimage.digest': image }),
    ...(names.length > 0 && { 'image.name': names.join(',') }),
  }
}

function write(run: Run, path: string, content: string): void {
  const problem = run.loop<Json, Json>(null, () => ({ done: run.call.files.write(path, content)?.error ?? null }))
  if (problem !== null) fail(`ERROR: open ${path}: ${String(problem).toLowerCase()}`)
}

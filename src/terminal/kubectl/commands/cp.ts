import type { Json } from '../../../engine/json'
import { partsOf } from '../../../engine/kind'
import { Container, commandOf, imageHas, Output, type Process } from '../../../platform'
import type { ToolStep } from '../../../platform/shell/tool'
import { fail } from '../../cli/failure'
import { bool, int, text } from '../../cli/flags'
import { failureOf } from '../client'
import type { Command, Run } from '../command'
import { defaultContainer } from '../pods-of'

const POD = { group: '', version: 'v1', resource: 'pods' }
const MOST_FILES = 500

export const cp: Command = {
  name: 'cp',
  group: 'Troubleshooting and Debugging Commands',
  about: 'Copy files and directories to and from containers',
  help: 'Copies files into a container or out of it. The container needs tar. Folders come out of a container four levels deep, without hidden files.',
  usage: '<file-spec-src> <file-spec-dest>',
  examples: ['kubectl cp index.html web-1:/usr/share/nginx/html/', 'kubectl cp web-1:/etc/hostname ./hostname'],
  completes: 'files',
  flags: [
    text('container', 'Which container.', { short: 'c' }),
    bool('no-preserve', 'Owners and rights are not kept.', { unmodelled: true }),
    int('retries', 'How often to try again.', { initial: '0', unmodelled: true }),
  ],
  run(run, memory) {
    return memory === undefined ? begin(run) : goOn(run, memory as unknown as Copying)
  },
}

interface Spec {
  readonly namespace: string
  readonly pod: string
  readonly path: string
}

/** One command in the container: what it reads, and into which file what it prints is put. `list`: it tells what there is to copy. */
interface Step {
  readonly script: string
  readonly stdin?: string
  readonly saveTo?: string
  readonly list?: { readonly from: string; readonly to: string }
}

interface Copying {
  readonly at: Omit<Spec, 'path'>
  readonly container: string
  readonly process: string
  readonly steps: readonly Step[]
}

function specOf(run: Run, word: string): Spec | { readonly path: string } {
  const colon = word.indexOf(':')
  if (colon < 0 || word.startsWith('.') || word.startsWith('/')) return { path: word }
  const [pod, path] = [word.slice(0, colon), word.slice(colon + 1)]
  const parts = pod.split('/')
  if (pod === '' || parts.length > 2 || path === '')
    return fail('error: filespec must match the canonical format: [[namespace/]pod:]file/path')
  return parts.length === 2 ? { namespace: parts[0]!, pod: parts[1]!, path } : { namespace: run.namespace, pod, path }
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
const lastPart = (path: string) => path.replace(/\/+$/, '').split('/').pop() || '.'

function begin(run: Run): ToolStep {
  if (run.args.length !== 2) fail('error: source and destination are required')
  const [source, target] = [specOf(run, run.args[0]!), specOf(run, run.args[1]!)]
  if ('pod' in source && 'pod' in target) fail('error: one of src or dest must be a local file specification')
  const remote = 'pod' in source ? source : 'pod' in target ? target : undefined
  if (!remote) return fail('error: one of src or dest must be a remote file specification')
  if ('pod' in target && !run.call.files.stat(source.path))
    fail(`error: ${source.path} doesn't exist in local filesystem`)
  const { namespace, pod: name } = remote
  const pod = run.client.ask({ verb: 'get', resource: POD, namespace, name })
  const container = run.value('container') ?? defaultContainer(run, pod)
  needTar(run, pod, container)
  const at = { namespace, pod: name }
  return next(run, {
    at,
    container,
    process: '',
    steps: 'pod' in source ? [listing(run, remote.path, target.path)] : into(run, source.path, remote.path),
  })
}

/** The real one runs tar at both ends. */
function needTar(run: Run, pod: any, name: string): void {
  const id: string = (pod.status.containerStatuses ?? []).find((one: any) => one.name === name)?.containerID ?? ''
  const container = run.call.world.get(Container.key(pod.spec.nodeName ?? '', id.slice(id.indexOf('//') + 2)))
  const image = container && commandOf(container.spec).image
  if (!image || imageHas(image, 'tar')) return
  fail(
    'error: Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: "tar": executable file not found in $PATH: unknown',
  )
}

/** Everything below a local path, each file by a command of its own. */
function into(run: Run, from: string, to: string): readonly Step[] {
  const { files } = run.call
  const steps: Step[] = []
  // a folder that is made on the way must not be taken for one that was there before
  const target =
    files.stat(from)?.folder && !to.endsWith('/')
      ? `d=${quoted(to)};`
      : `d=${quoted(to)}; if [ -d "$d" ]; then d="$d/"${quoted(lastPart(from))}; fi;`
  const copy = (path: string, below: string): void => {
    if (steps.length >= MOST_FILES) fail(`error: more than ${MOST_FILES} files`)
    if (files.stat(path)?.folder) {
      steps.push({ script: `${target} mkdir -p "$d"${quoted(below)}` })
      for (const name of files.list(path) ?? []) copy(`${path}/${name}`, `${below}/${name}`)
      return
    }
    const read = files.read(path)
    if ('error' in read) fail(`error: open ${path}: ${read.error.toLowerCase()}`)
    else steps.push({ script: `${target} cat > "$d"${quoted(below)}`, stdin: read.text })
  }
  copy(from, '')
  return steps
}

function listing(run: Run, from: string, to: string): Step {
  const local = run.call.files.stat(to)?.folder || to.endsWith('/') ? `${to.replace(/\/+$/, '')}/${lastPart(from)}` : to
  const path = quoted(from)
  const script = `if [ -d ${path} ]; then echo folder; cd ${path}; for f in * */* */*/* */*/*/*; do if [ -f "$f" ]; then echo "$f"; fi; done; elif [ -f ${path} ]; then echo file; else exit 2; fi`
  return { script, list: { from, to: local } }
}

/** Starts the next command in the container; none is left: done. */
function next(run: Run, memory: Copying): ToolStep {
  const [step] = memory.steps
  if (!step) return { exit: 0 }
  const reply = run.client.try({
    verb: 'create',
    resource: { ...POD, subresource: 'exec' },
    namespace: memory.at.namespace,
    name: memory.at.pod,
    body: { container: memory.container, command: ['sh', '-c', step.script], tty: false, stdin: step.stdin ?? '' },
  })
  if (!reply.ok && reply.status.message?.startsWith('unable to upgrade')) return fail(`error: ${reply.status.message}`)
  if (!reply.ok) throw failureOf(reply.status)
  if ('error' in reply.body) return fail(`error: ${reply.body.error}`)
  return waiting({ ...memory, process: reply.body.process })
}

const waiting = (memory: Copying): ToolStep => ({
  wait: { kinds: ['platform/Process'] },
  memory: memory as unknown as Json,
})

function goOn(run: Run, memory: Copying): ToolStep {
  const { world } = run.call
  const process = world.get<Process>(memory.process as never)
  if (process?.state === 'running') return waiting(memory)
  const [step, ...rest] = memory.steps
  const outputs = process ? world.list(Output, { scope: process.output }) : []
  const printed = [...outputs].sort((a, b) => Number(partsOf(a.key).name) - Number(partsOf(b.key).name))
  const said = (stream: 'out' | 'err') =>
    printed
      .filter(({ value }) => value.stream === stream)
      .map(({ value }) => value.text)
      .join('')
  const exit = process?.exitCode ?? 137
  if (exit !== 0) {
    run.error(
      step!.list
        ? `tar: ${step!.list.from.replace(/^\/+/, '')}: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n`
        : said('err'),
    )
    run.error(`command terminated with exit code ${exit}\n`)
    return { exit: 1 }
  }
  if (step!.saveTo !== undefined) {
    const folder = step!.saveTo.slice(0, step!.saveTo.lastIndexOf('/'))
    if (folder !== '' && !run.call.files.stat(folder)) run.call.files.makeFolder(folder)
    const failed = run.call.files.write(step!.saveTo, said('out'))
    if (failed) return fail(`error: open ${step!.saveTo}: ${failed.error.toLowerCase()}`)
  }
  return next(run, { ...memory, steps: step!.list ? outOf(run, step!.list, said('out')) : rest })
}

function outOf(
  run: Run,
  { from, to }: { readonly from: string; readonly to: string },
  listed: string,
): readonly Step[] {
  const [what, ...names] = listed.trimEnd().split('\n')
  if (from.startsWith('/')) run.error("tar: Removing leading `/' from member names\n")
  if (what === 'file') return [{ script: `cat ${quoted(from)}`, saveTo: to }]
  if (names.length > MOST_FILES) fail(`error: more than ${MOST_FILES} files`)
  return (
    names
      // a path out of the target folder is not followed
      .filter((name) => !name.split('/').includes('..'))
      .map((name) => ({ script: `cat ${quoted(`${from}/${name}`)}`, saveTo: `${to}/${name}` }))
  )
}

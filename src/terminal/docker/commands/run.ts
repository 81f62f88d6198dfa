import type { CreateBody } from '../../../docker/containers/create'
import type { Json } from '../../../engine/json'
import { localImageKey } from '../../../platform/image/image'
import { localName, parseReference, withDefaultTag } from '../../../platform/image/reference'
import { resolveImage } from '../../../platform/image/resolve'
import { imageOf } from '../../../platform/image/stored'
import { fail } from '../../cli/failure'
import { bool, text } from '../../cli/flags'
import { detachFlag, exitCode, follow } from '../attached'
import type { Command } from '../command'
import { pullImage } from '../pull-image'
import { isRefusal, type Run, refusalText } from '../run'
import { createBody } from './create-body'
import { createFlags } from './run-flags'

/** Creates a container, pulling its image where that is missing; gives its id. */
function create(run: Run): string {
  const pull = run.value('pull') ?? 'missing'
  if (!['always', 'missing', 'never'].includes(pull))
    fail(`invalid pull option: '${pull}': must be one of "always", "missing" or "never"`)
  const body: CreateBody = createBody(run)
  const image = body.config.Image
  const parsed = parseReference(image)
  if ('error' in parsed && !/^[0-9a-f]{64}$/.test(image)) fail(parsed.error)
  if (pull === 'always') fetch(run, image)
  const ask = () =>
    run.try({
      method: 'POST',
      path: '/containers/create',
      query: { name: run.value('name') ?? '' },
      body: body as unknown as Json,
    })
  let reply = ask()
  if (reply.status === 404 && /^No such image/.test(reply.body.message) && pull === 'missing') {
    if ('reference' in parsed) run.error(`Unable to find image '${printed(image)}' locally\n`)
    fetch(run, image)
    reply = ask()
  }
  if (isRefusal(reply)) return fail(refusalText(reply))
  for (const warning of reply.body.Warnings) run.error(`WARNING: ${warning}\n`)
  const answer = resolveImage(image)
  if (answer.found === 'generic' && !isBuilt(run, image)) run.notice(answer.notice)
  return reply.body.Id
}

/** Made by somebody here: what is in it is known. */
function isBuilt({ call }: Run, image: string): boolean {
  const local = call.world.get(localImageKey(call.from.machine, localName(image)))
  return local !== undefined && imageOf(call.world, local)?.built === true
}

const fetch = (run: Run, image: string) => pullImage(run, image, { quiet: run.on('quiet'), where: 'err' })

const printed = (image: string): string => {
  const parsed = parseReference(image)
  if ('error' in parsed) return image
  const { tag, digest } = withDefaultTag(parsed.reference)
  return tag === undefined || image.includes(`:${tag}`) || digest !== undefined ? image : `${image}:${tag}`
}

function writeId(run: Run, id: string): void {
  const path = run.value('cidfile')
  if (path === undefined) return
  const problem = run.loop<Json, Json>(null, () => ({ done: (run.call.files.write(path, id)?.error ?? null) as Json }))
  if (problem !== null) fail(`failed to create the container ID file: open ${path}: ${String(problem).toLowerCase()}`)
}

/** By the text of the daemon's refusal to start. After toStatusError in docker/cli's container/run.go. */
function startExit(message: string): number {
  if (/executable file not found|no such file or directory|system cannot find the file specified/.test(message))
    return 127
  return /permission denied|is a directory/.test(message) ? 126 : 125
}

export const runCommand: Command = {
  name: 'run',
  about: 'Create and run a new container from an image',
  usage: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
  also: 'docker container run, docker run',
  least: 1,
  flagsFirst: true,
  withHelp: true,
  completes: 'images',
  flags: [
    bool('detach', 'Run it in the background and print its id', { short: 'd' }),
    bool('sig-proxy', 'Pass signals on to it', { initial: 'true' }),
    detachFlag,
    ...createFlags,
  ],
  run(run) {
    const detached = run.on('detach')
    if (detached && run.given('attach')) fail('conflicting options: cannot specify both --attach and --detach')
    const id = create(run)
    writeId(run, id)
    const { tty, stdin } = { tty: run.on('tty'), stdin: run.on('interactive') }
    const removes = run.on('rm')
    const started = run.try({ method: 'POST', path: `/containers/${id}/start` })
    if (isRefusal(started)) return fail(refusalText(started), startExit(started.body.message))
    if (detached) {
      run.print(`${id}\n`)
      return 0
    }
    if (follow(run, id, { logs: true, stdin, tty, proxy: run.on('sig-proxy') })) return 0
    return exitCode(run, id, removes)
  },
}

export const createCommand: Command = {
  name: 'create',
  about: 'Create a new container',
  usage: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
  also: 'docker container create, docker create',
  least: 1,
  flagsFirst: true,
  withHelp: true,
  completes: 'images',
  flags: createFlags,
  run(run) {
    const id = create(run)
    writeId(run, id)
    run.print(`${id}\n`)
    return 0
  },
}

export const startCommand: Command = {
  name: 'start',
  about: 'Start one or more stopped containers',
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  also: 'docker container start, docker start',
  least: 1,
  completes: 'containers',
  flags: [
    bool('attach', 'Show what it prints and pass signals on', { short: 'a' }),
    bool('interactive', 'Pass standard input on', { short: 'i' }),
    text('checkpoint', 'Restore from this checkpoint', { unmodelled: true }),
    text('checkpoint-dir', 'Where checkpoints are', { unmodelled: true }),
    detachFlag,
  ],
  run(run) {
    const attaches = run.on('attach') || run.on('interactive')
    if (attaches && run.args.length > 1) return fail('you cannot start and attach multiple containers at once')
    if (attaches) {
      const [name = ''] = run.args
      const before = run.ask({ method: 'GET', path: `/containers/${name}/json` })
      const begun = run.try({ method: 'GET', path: `/containers/${before.Id}/logs`, query: {} })
      const reply = run.try({ method: 'POST', path: `/containers/${before.Id}/start` })
      if (isRefusal(reply)) return fail(refusalText(reply))
      const options = { stdin: run.on('interactive'), tty: before.Config.Tty, proxy: true }
      if (follow(run, before.Id, { ...options, logs: begun.body.lines.length === 0 })) return 0
      return exitCode(run, before.Id, false)
    }
    let failed = false
    for (const name of run.args) {
      const reply = run.try({ method: 'POST', path: `/containers/${name}/start` })
      if (isRefusal(reply)) {
        run.error(`${refusalText(reply)}\n`)
        failed = true
      } else run.print(`${name}\n`)
    }
    if (failed) return fail(`Error: failed to start containers: ${run.args.join(', ')}`)
    return 0
  },
}

export const attachCommand: Command = {
  name: 'attach',
  about: 'Attach local standard input, output, and error streams to a running container',
  usage: '[OPTIONS] CONTAINER',
  also: 'docker container attach, docker attach',
  least: 1,
  most: 1,
  completes: 'containers',
  flags: [
    detachFlag,
    bool('no-stdin', 'Do not attach standard input'),
    bool('sig-proxy', 'Pass signals on', { initial: 'true' }),
  ],
  run(run) {
    const [name = ''] = run.args
    const { Id, State, Config } = run.ask({ method: 'GET', path: `/containers/${name}/json` })
    if (!State.Running) return fail('You cannot attach to a stopped container, start it first')
    if (State.Paused) return fail('You cannot attach to a paused container, unpause it first')
    if (State.Restarting) return fail('You cannot attach to a restarting container, wait until it is running')
    const options = { stdin: Config.OpenStdin && !run.on('no-stdin'), tty: Config.Tty, proxy: run.on('sig-proxy') }
    if (follow(run, Id, { ...options, logs: false })) return fail('read escape sequence')
    return exitCode(run, Id, false)
  },
}

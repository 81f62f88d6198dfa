/**
 * docker 28.2: each command is a file in `commands/` and a line in the table `commands.ts`. Flags, help, completion and the errors of wrong
 * flags come from what a command declares. Everything goes through the daemon's door; a command that waits is run again from its beginning
 * with the answers it has had (see Run).
 *
 * Not here: Compose, Swarm, contexts and plug-ins: these commands say so.
 */
import { engine } from '../../docker'
import type { Json } from '../../engine/json'
import type { Tool, ToolCall, ToolStep } from '../../platform/shell/tool'
import { Failure } from '../cli/failure'
import { isTrue, parseFlags } from '../cli/flags'
import { signalled } from './attached'
import type { Command } from './command'
import { commands } from './commands'
import { complete } from './complete'
import { globalFlags, helpFlag, helpOf, overview, usageOf } from './help'
import { attachedTo, Run, Suspended } from './run'

const FLAG_ERROR = 125
/** Commands that would ask for signatures with DOCKER_CONTENT_TRUST=1. */
const TRUSTING = /^docker (image |container )?(pull|push|run|create|build)$/

export const docker: Tool = {
  name: 'docker',
  about: 'runs containers',
  takes: [30, 80],
  streams: true,
  heeds: true,
  raw: hasTerminal,
  reads: readsInput,
  run: (call, memory) => {
    if (call.signal === undefined) return started(call, memory)
    const { attached, build, signals, rest } = attachedTo(memory)
    if (build !== undefined) {
      const { machine } = call.from
      call.ask(engine, { machine, method: 'POST', path: '/build/cancel', query: { id: build } })
      return started({ ...call, signal: undefined }, rest)
    }
    const exit = signalled(call, attached, signals)
    return exit === undefined ? started({ ...call, signal: undefined }, rest) : { exit }
  },
  complete,
}

const ASKING = ['prune', 'load', 'import', 'login']
/** A dash as an argument stands for standard input. */
const readsDash = (words: readonly string[]): boolean => words.includes('cp') && words.includes('-')
/** A Dockerfile may come on it. */
const isBuild = (words: readonly string[]): boolean => words.includes('build') && words.includes('-')

/** Standard input goes to a container with `-i`, and answers questions. */
function readsInput(argv: readonly string[]): boolean {
  const words = argv.slice(1)
  if (words.some((word) => ASKING.includes(word)) || words.includes('attach') || isBuild(words) || readsDash(words))
    return true
  const isRunning = words.some((word) => ['run', 'exec', 'start', 'create'].includes(word))
  return isRunning && words.some((word) => word === '--interactive' || /^-[a-zA-Z]*i[a-zA-Z]*$/.test(word))
}

/** Whether keys go to a container's own terminal, which echoes them. */
function hasTerminal(argv: readonly string[]): boolean {
  const words = argv.slice(1)
  if (words.includes('attach') || words.includes('start')) return true
  return words.some((word) => word === '--tty' || /^-[a-zA-Z]*t[a-zA-Z]*$/.test(word))
}

type Found = { readonly command: Command | undefined; readonly path: string; readonly words: readonly string[] }

/** The command that words name; flags of docker itself stand before it. */
function commandOf(words: readonly string[]): Found {
  let at = 0
  while (at < words.length && words[at]!.startsWith('-')) {
    const flag = globalFlags.find(({ name, short }) => words[at] === `--${name}` || words[at] === `-${short}`)
    at += flag && flag.type !== 'bool' ? 2 : 1
  }
  let level: readonly Command[] = commands
  let command: Command | undefined
  let path = 'docker'
  while (at < words.length) {
    const next = level.find((one) => one.name === words[at] || one.aliases?.includes(words[at]!))
    if (!next) break
    command = next
    path = `${path} ${words[at]}`
    at++
    if (!next.children) break
    level = next.children
  }
  return { command, path, words: words.slice(at) }
}

function started(call: ToolCall, memory: Json | undefined): ToolStep {
  const given = call.argv.slice(1)
  const { command, path, words } = commandOf(given)
  if (!command) return withoutCommand(call, given)
  if (command.children && !command.run) return group(call, command, path, words)
  const flags = [...(command.flags ?? []), helpFlag]
  const parsed = parseFlags(words, flags, command.flagsFirst)
  const usage = usageOf(command, path)
  if ('error' in parsed)
    return told(call, `${parsed.error}\n\n${usage}\n\nRun '${path} --help' for more information\n`, FLAG_ERROR)
  if (isTrue(parsed.values.get('help')?.[0])) {
    call.print(helpOf(command, path))
    return { exit: 0 }
  }
  const count = countProblem(command, path, parsed.args.length)
  if (count !== undefined)
    return told(call, `docker: ${count.text}\n\n${usage}\n\n${count.see} '${path} --help' for more information\n`, 1)
  if (memory === undefined)
    for (const flag of flags)
      if (flag.unmodelled && parsed.values.has(flag.name))
        call.notice(`${path}: --${flag.name} is accepted but not modelled`)
  if (call.env['DOCKER_CONTENT_TRUST'] === '1' && TRUSTING.test(path)) {
    call.notice(
      'DOCKER_CONTENT_TRUST asks for signatures of Notary, which are not modelled: sign with cosign, or unset it',
    )
    return told(call, `${path}: DOCKER_CONTENT_TRUST is not modelled here\n`, 1)
  }
  const run = new Run(call, path, flags, parsed, memory)
  try {
    return { exit: command.run!(run) ?? 0 }
  } catch (error) {
    if (error instanceof Suspended) return run.step(error.wait)
    if (!(error instanceof Failure)) throw error
    if (error.message === '') return { exit: error.exit }
    if (!command.withHelp) return told(call, `${error.message}\n`, error.exit)
    const exit = error.exit === 1 ? FLAG_ERROR : error.exit
    return told(call, `docker: ${error.message}\n\nRun '${path} --help' for more information\n`, exit)
  }
}

function told(call: ToolCall, text: string, exit: number): ToolStep {
  call.printError(text)
  return { exit }
}

function withoutCommand(call: ToolCall, given: readonly string[]): ToolStep {
  const first = given.find((word) => !word.startsWith('-'))
  const parsed = parseFlags(given, [...globalFlags, helpFlag], true)
  if ('error' in parsed)
    return told(
      call,
      `${parsed.error}\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\nRun 'docker --help' for more information\n`,
      FLAG_ERROR,
    )
  if (isTrue(parsed.values.get('version')?.[0])) {
    call.print('Docker version 28.2.2, build e6534b4\n')
    return { exit: 0 }
  }
  if (first !== undefined)
    return told(call, `docker: unknown command: docker ${first}\n\nRun 'docker --help' for more information\n`, 1)
  call.print(overview(commands))
  return { exit: 0 }
}

function group(call: ToolCall, command: Command, path: string, words: readonly string[]): ToolStep {
  const [word] = words
  if (word !== undefined && !word.startsWith('-'))
    return told(
      call,
      `docker: unknown command: ${path} ${word}\n\nUsage:  ${path}\n\nRun '${path} --help' for more information\n`,
      1,
    )
  const parsed = parseFlags(words, [helpFlag])
  if ('error' in parsed)
    return told(
      call,
      `${parsed.error}\n\n${usageOf(command, path)}\n\nRun '${path} --help' for more information\n`,
      FLAG_ERROR,
    )
  call.print(helpOf(command, path))
  return { exit: 0 }
}

/** In the words of cobra's argument checks as docker/cli has them. */
function countProblem(
  { least = 0, most = Number.POSITIVE_INFINITY }: Command,
  path: string,
  count: number,
): { text: string; see: 'See' | 'Run' } | undefined {
  const many = (n: number) => `${n} argument${n === 1 ? '' : 's'}`
  if (count >= least && count <= most) return undefined
  if (most === 0) return { text: `'${path}' accepts no arguments`, see: 'Run' }
  if (least === most) return { text: `'${path}' requires ${many(least)}`, see: 'Run' }
  if (most === Number.POSITIVE_INFINITY) return { text: `'${path}' requires at least ${many(least)}`, see: 'See' }
  if (least === 0) return { text: `'${path}' requires at most ${many(most)}`, see: 'Run' }
  return { text: `'${path}' requires at least ${least} and at most ${many(most)}`, see: 'Run' }
}

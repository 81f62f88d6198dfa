/**
 * kubectl 1.34: each command is a file in `commands/`, one line in the table `commands.ts`. Flags, help, completion and the errors of
 * unknown flags come from what a command declares. Everything goes through the API server; a command that waits gives its memory back
 * as plain data and goes on when something that it watches changes.
 *
 * Not here: debug, proxy, certificate, autoscaling, plug-ins; of kustomize components, replacements, functions and charts.
 */
import type { Json } from '../../engine/json'
import { MOST_MANIFEST_CHARACTERS, parseDuration } from '../../kubernetes'
import type { Tool, ToolCall, ToolStep } from '../../platform/shell/tool'
import { Failure } from '../cli/failure'
import { type Flag, isTrue, type Parsed, parseFlags } from '../cli/flags'
import { clientOf, Unreachable } from './client'
import type { Command, Run } from './command'
import { commands } from './commands'
import { complete } from './complete'
import { type Config, namespaceOf, readConfig } from './config'
import { globalFlags, helpOf, overview } from './help'

/** A connection whose packets vanish is given up after this long. */
const DIAL_TIMEOUT_MILLIS = 30_000
/** etcd gives a request up after five seconds and two elections. */
const ETCD_TIMEOUT_MILLIS = 7_000

export const kubectl: Tool = {
  name: 'kubectl',
  about: 'controls a Kubernetes cluster',
  takes: [60, 150],
  streams: true,
  tidiesUp: true,
  reads: readsInput,
  run(call, memory) {
    if (call.signal !== undefined && !call.argv.includes('port-forward')) return { exit: 130 }
    const silence = (memory as { unreachable?: string } | null | undefined)?.unreachable
    if (silence !== undefined) {
      call.printError(`${silence}\n`)
      return { exit: 1 }
    }
    const collected = memory as { collected?: string } | null | undefined
    if ((memory === undefined || collected?.collected !== undefined) && readsManifest(call.argv))
      return collect(call, collected?.collected ?? '')
    return guarded(call, memory)
  },
  complete,
}

/** A manifest on standard input, or a command that passes it on. */
function readsInput(argv: readonly string[]): boolean {
  const words = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined)
  if (readsManifest(argv)) return true
  return (
    (words.includes('exec') || words.includes('run')) &&
    words.some((word) => word === '--stdin' || word === '--stdin=true' || /^-[a-zA-Z]*i[a-zA-Z]*$/.test(word))
  )
}

const readsManifest = (argv: readonly string[]) =>
  argv.some(
    (word, i) =>
      word === '-f-' ||
      word === '-f=-' ||
      word === '--filename=-' ||
      (word === '-' && ['-f', '--filename'].includes(argv[i - 1] ?? '')),
  )

/** Waits until all of standard input is there. */
function collect(call: ToolCall, before: string): ToolStep {
  const text = before + call.stdin.text
  if (text.length > MOST_MANIFEST_CHARACTERS)
    return print(call, `error: the manifest is longer than ${MOST_MANIFEST_CHARACTERS} characters\n`, 1)
  if (!call.stdin.ended) return { wait: { input: true }, memory: { collected: text } }
  return guarded({ ...call, stdin: { text, ended: true } }, undefined)
}

function guarded(call: ToolCall, memory: Json | undefined): ToolStep {
  try {
    return start(call, memory)
  } catch (error) {
    if (error instanceof Unreachable) return giveUp(call, error.message)
    if (!(error instanceof Failure)) throw error
    if (error.message !== '') call.printError(`${error.message}\n`)
    return { exit: error.exit }
  }
}

function giveUp(call: ToolCall, text: string): ToolStep {
  if (text.endsWith('i/o timeout')) {
    const given = requestTimeout(call.argv)
    if (given === undefined || given >= DIAL_TIMEOUT_MILLIS) {
      return { wait: { millis: DIAL_TIMEOUT_MILLIS }, memory: { unreachable: text } }
    }
    const early =
      'Unable to connect to the server: net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)'
    return { wait: { millis: given }, memory: { unreachable: early } }
  }
  if (text.endsWith('request timed out'))
    return { wait: { millis: ETCD_TIMEOUT_MILLIS }, memory: { unreachable: text } }
  call.printError(`${text}\n`)
  return { exit: 1 }
}

/** `--request-timeout=5s`: milliseconds, where it is given and not 0. A number alone means seconds. */
function requestTimeout(argv: readonly string[]): number | undefined {
  const at = argv.findIndex((word) => word.startsWith('--request-timeout'))
  const text =
    at < 0 ? '' : argv[at]!.includes('=') ? argv[at]!.slice(argv[at]!.indexOf('=') + 1) : (argv[at + 1] ?? '')
  return parseDuration(/^\d+$/.test(text) ? `${text}s` : text) || undefined
}

function start(call: ToolCall, memory: Json | undefined): ToolStep {
  const found = commandOf(call.argv.slice(1))
  if ('error' in found) throw new Failure(found.error)
  const { command, path, words } = found
  if (!command) return print(call, overview(commands))
  const flags = [...(command.flags ?? []), ...globalFlags]
  const parsed = parseFlags(words, flags)
  if ('error' in parsed) throw new Failure(`error: ${parsed.error}\nSee '${path} --help' for usage.`)
  if (isTrue(parsed.values.get('help')?.[0])) return print(call, helpOf(command, path))
  if (!command.run) {
    const [word] = parsed.args
    if (word !== undefined)
      throw new Failure(`error: unknown command ${JSON.stringify(word)}\nSee '${path} -h' for help and examples`)
    return print(call, helpOf(command, path))
  }
  if (memory === undefined && !path.startsWith('kubectl config')) tellUnmodelled(call, flags, parsed)
  return command.run(runOf(call, flags, parsed, path), memory)
}

function print(call: ToolCall, text: string, exit = 0): ToolStep {
  if (exit === 0) call.print(text)
  else call.printError(text)
  return { exit }
}

function tellUnmodelled(call: ToolCall, flags: readonly Flag[], parsed: Parsed): void {
  for (const flag of flags)
    if (flag.unmodelled && parsed.values.has(flag.name))
      call.notice(`kubectl: --${flag.name} is accepted but not modelled`)
}

type Found =
  | { readonly command: Command | undefined; readonly path: string; readonly words: readonly string[] }
  | { readonly error: string }

/** The command that words name; flags may stand between its parts. */
function commandOf(words: readonly string[]): Found {
  let level: readonly Command[] = commands
  let command: Command | undefined
  let path = 'kubectl'
  const rest: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '--') {
      rest.push(...words.slice(i))
      break
    }
    if (word.startsWith('-') && word !== '-') {
      rest.push(word)
      if (!command?.run && takesWord(word) && words[i + 1] !== undefined) rest.push(words[++i]!)
      continue
    }
    const next = level.find((one) => one.name === word || one.aliases?.includes(word))
    if (!next) {
      if (!command) return unknown(word, rest)
      rest.push(...words.slice(i))
      break
    }
    command = next
    path = `${path} ${next.name}`
    level = next.children ?? []
    if (level.length === 0) {
      rest.push(...words.slice(i + 1))
      break
    }
  }
  if (!command && rest.length > 0) {
    const parsed = parseFlags(rest, globalFlags)
    if ('error' in parsed) return { error: `error: ${parsed.error}\nSee 'kubectl --help' for usage.` }
  }
  return { command, path, words: rest }
}

/** Whether a global flag takes the next word. */
function takesWord(word: string): boolean {
  if (word.includes('=')) return false
  const flag = globalFlags.find((one) => word === `--${one.name}` || word === `-${one.short}`)
  return flag !== undefined && flag.type !== 'bool'
}

function unknown(word: string, _flags: readonly string[]): { readonly error: string } {
  const near = commands
    .filter(({ name }) => distance(name, word) <= 2 || name.startsWith(word))
    .map(({ name }) => `\t${name}`)
  const hint = near.length > 0 ? `\n\nDid you mean this?\n${near.join('\n')}` : ''
  return { error: `error: unknown command ${JSON.stringify(word)} for "kubectl"${hint}` }
}

/** How many letters have to be changed, added or left out. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

/** The configuration, in the context that the user names. */
function configFor(call: ToolCall, context: string | undefined): Config {
  const config = readConfig(call.files, call.env)
  if (context === undefined) return config
  if (!config.contexts.some(({ name }) => name === context))
    throw new Failure(`error: context ${JSON.stringify(context)} does not exist`)
  return { ...config, current: context }
}

/** Commands that write under a name of their own; the others are just kubectl. */
const OWN_MANAGERS = /^kubectl (annotate|autoscale|create|edit|expose|label|patch|replace|rollout|run|set|taint)\b/

const managerOf = (path: string): string => OWN_MANAGERS.exec(path)?.[0].replace(' ', '-') ?? 'kubectl'

function runOf(call: ToolCall, flags: readonly Flag[], parsed: Parsed, path: string): Run {
  const initial = (name: string) => flags.find((flag) => flag.name === name)?.initial
  const value = (name: string) => parsed.values.get(name)?.at(-1) ?? initial(name)
  const namespace = parsed.values.get('namespace')?.at(-1)
  return {
    call,
    client: clientOf(call, value('field-manager') || managerOf(path)),
    path,
    args: parsed.args,
    dash: parsed.dash,
    namespace: namespace || namespaceOf(configFor(call, value('context'))),
    namespaceGiven: namespace !== undefined && namespace !== '',
    value,
    values: (name) => parsed.values.get(name) ?? (initial(name) === undefined ? [] : [initial(name)!]),
    on: (name) => isTrue(value(name)),
    given: (name) => parsed.values.has(name),
    int: (name) => (value(name) === undefined ? undefined : Number(value(name))),
    millis: (name) => (value(name) === undefined ? undefined : parseDuration(value(name)!)),
    print: (text) => call.print(text),
    error: (text) => call.printError(text),
  }
}

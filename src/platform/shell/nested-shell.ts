import type { Machine } from './machine'
import type { Environment, Frame, Thread } from './state'

/** By which names the shell of a machine or an image may be called. */
const NAMES: Readonly<Record<string, readonly string[]>> = { bash: ['bash', 'sh'], sh: ['sh', 'ash', 'dash'] }

export function isShell({ state }: Machine, path: string): boolean {
  const name = /^(?:(?:\/usr)?\/bin\/)?([a-z]+)$/.exec(path)?.[1]
  return name !== undefined && (NAMES[state.shell] ?? []).includes(name)
}

interface Given {
  readonly script: string
  readonly name: string
  readonly args: readonly string[]
  readonly options: readonly string[]
}

const OPTIONS: Readonly<Record<string, keyof Environment['options']>> = { e: 'errexit', u: 'nounset', x: 'xtrace' }

/**
 * `sh -c SCRIPT`, `sh FILE`, `… | sh`: another shell, which knows of this one only the exported variables. It has been started, unless a
 * status says that it could not be. Left out: one that a person types into.
 */
export function runShell(machine: Machine, thread: Thread, frame: Frame): number | 'waiting' | undefined {
  const given = givenTo(machine, thread, frame)
  if (typeof given !== 'object') return given
  const child = machine.spawn(thread, { ends: { ...thread.ends }, copyEnvironment: true })
  const environment = machine.environmentOf(child)
  const variables = Object.entries(environment.variables).filter(([, variable]) => variable.exported)
  environment.variables = Object.fromEntries(variables)
  for (const [name, value] of Object.entries(frame.keep.env as Record<string, string>))
    environment.variables[name] = { value, exported: true }
  environment.functions = {}
  environment.traps = {}
  environment.name = given.name
  environment.positional = [...given.args]
  environment.options = { errexit: false, nounset: false, xtrace: false, pipefail: false, noglob: false }
  for (const letter of given.options) if (OPTIONS[letter]) environment.options[OPTIONS[letter]] = true
  if (!machine.runText(child, given.script)) machine.end(child, 2)
  frame.keep.child = child.id
  frame.op = 'waiting-tool'
  return undefined
}

function givenTo(machine: Machine, thread: Thread, frame: Frame): Given | number | 'waiting' {
  const words = (frame.keep.argv as string[]).slice(1)
  const options: string[] = []
  while (/^-[a-z]+$/.test(words[0] ?? '')) options.push(...words.shift()!.slice(1))
  const shell: string = frame.keep.name
  if (options.includes('c')) {
    const [script, name = shell, ...args] = words
    if (script !== undefined) return { script, name, args, options }
    machine.write(thread, 2, `${shell}: -c: option requires an argument\n`)
    return 2
  }
  const [file, ...args] = words
  if (file !== undefined) {
    const read = machine.filesOf(thread).read(file)
    if ('text' in read) return { script: read.text, name: file, args, options }
    machine.write(thread, 2, `${shell}: ${file}: ${read.error}\n`)
    return read.error === 'Is a directory' ? 126 : 127
  }
  if ('terminal' in (thread.ends['0'] ?? {})) return 0
  const input = machine.input(thread)
  if (!input.ended) {
    thread.state = 'waiting'
    thread.input = 'all'
    return 'waiting'
  }
  const script = input.text
  input.take(script.length)
  return { script, name: shell, args: [], options }
}

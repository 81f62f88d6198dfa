import { hash32 } from '../../../../engine'
import { portIn } from '../../../container/listens'
import { INTERNET, reaches } from '../../../network/reach'
import type { Tool, ToolCall, ToolStep } from '../../tool'

/** One part of what a tool does: time passes, then something is printed and files are written. */
export interface Phase {
  /** Waiting for the network or a disk. */
  readonly millis?: number
  /** Processor time on one CPU. */
  readonly cpuMillis?: number
  readonly threads?: number
  readonly print?: string
  readonly error?: string
  readonly effect?: (call: ToolCall) => void
  /** It ends here with this status. */
  readonly exit?: number
}

/** What a tool does, worked out from its arguments and the files: the same in each of its steps. Or another command that it runs. */
export type Job = readonly Phase[] | { readonly run: readonly string[] }

/** A tool that goes through phases; at its end it leaves with 0. `reads`: whether it takes standard input when called so, all of it. */
export const jobTool = (
  name: string,
  about: string,
  plan: (call: ToolCall) => Job,
  reads: (argv: readonly string[]) => boolean = () => false,
): Tool => ({
  name,
  about,
  reads,
  run(given, memory): ToolStep {
    const { at = 0, text = given.stdin.text } = (memory ?? {}) as { readonly at?: number; readonly text?: string }
    const call = { ...given, stdin: { ...given.stdin, text } }
    const job = plan(call)
    if ('run' in job) return { run: job.run }
    // what is due now is the end of the phase before
    const done = at > 0 ? job[at - 1] : undefined
    if (done?.print !== undefined) call.print(done.print)
    if (done?.error !== undefined) call.printError(done.error)
    const next = done?.exit === undefined ? job[at] : undefined
    if (!next) {
      // files change at the end only: until then every step comes to the same plan
      for (const phase of job.slice(0, at)) phase.effect?.(call)
      return { exit: done?.exit ?? 0 }
    }
    const memoryNext = { at: at + 1, ...(text !== '' && { text }) }
    if (next.cpuMillis !== undefined)
      return { wait: { cpu: { millis: next.cpuMillis, threads: next.threads ?? 1 } }, memory: memoryNext }
    return { wait: { millis: Math.max(1, next.millis ?? 1) }, memory: memoryNext }
  },
})

/** Whether the internet can be reached from where it runs. */
export const online = (call: ToolCall): boolean =>
  call.from.sandbox !== 'none' && reaches(call.world, call.from.machine, INTERNET).ok

/** Milliseconds for so many bytes from the internet. */
export const downloadMillis = (bytes: number): number => 60 + bytes / 12_000

/** A size that a name always has, between two bounds. */
export const sizeOf = (name: string, from: number, to: number): number => from + (hash32(name) % Math.max(1, to - from))

/** Makes a folder with those above it. */
export function folder(call: ToolCall, path: string): void {
  const parts = call.files
    .resolve(path)
    .split('/')
    .filter((part) => part !== '')
  for (let i = 1; i <= parts.length; i++) {
    const at = `/${parts.slice(0, i).join('/')}`
    if (!call.files.stat(at)) call.files.makeFolder(at)
  }
}

/** Puts a file whose content is not text; folders above it are made. */
export function pack(call: ToolCall, path: string, bytes: number, content: string, mode = 0o644): void {
  const full = call.files.resolve(path)
  folder(call, full.slice(0, full.lastIndexOf('/')) || '/')
  call.files.put(full, { what: 'file', text: '', mode, modifiedAt: call.now, bytes: Math.round(bytes), content })
}

export function textFile(call: ToolCall, path: string, text: string, mode = 0o644): void {
  const full = call.files.resolve(path)
  folder(call, full.slice(0, full.lastIndexOf('/')) || '/')
  call.files.write(full, text, { mode })
}

export const textOf = (call: ToolCall, path: string): string | undefined => {
  const read = call.files.read(path)
  return 'text' in read ? read.text : undefined
}

/** Flags, and the words that are none; a flag in `valued` takes the next word. */
export function wordsOf(
  args: readonly string[],
  valued: readonly string[] = [],
): {
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  readonly rest: readonly string[]
} {
  const flags = new Set<string>()
  const values = new Map<string, string>()
  const rest: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (!arg.startsWith('-') || arg === '-') {
      rest.push(arg)
      continue
    }
    const cut = arg.indexOf('=')
    const name = cut > 0 ? arg.slice(0, cut) : arg
    if (cut > 0) values.set(name, arg.slice(cut + 1))
    else if (valued.includes(name) && args[i + 1] !== undefined) values.set(name, args[++i]!)
    flags.add(name)
  }
  return { flags, values, rest }
}

/** What tells the sources of a program from others: the names and texts of the files that fit, below a folder. `port`: the one that they name. */
export function sourcesDigest(
  call: ToolCall,
  folderPath: string,
  fits: RegExp,
): { readonly digest: string; readonly files: number; readonly port: number | undefined } {
  let digest = 0
  let files = 0
  let port: number | undefined
  const look = (path: string, depth: number) => {
    for (const name of call.files.list(path) ?? []) {
      if (files > 5_000 || depth > 20 || name === 'node_modules' || name === '.git') continue
      const at = `${path === '/' ? '' : path}/${name}`
      const file = call.files.entry(at)
      if (file?.what === 'folder') look(at, depth + 1)
      else if (file && fits.test(name)) {
        files++
        port ??= portIn(file.text)
        digest = hash32(`${digest} ${name} ${file.content ?? file.text}`)
      }
    }
  }
  look(call.files.resolve(folderPath), 0)
  return { digest: digest.toString(16), files, port }
}

import { end, pause } from './command-end'
import type { Machine } from './machine'
import type { Frame, Thread } from './state'
import type { Files } from './tool'

/** Looking for a program that is not there takes a little, so that a loop around it does not turn without end in one moment. */
const SEARCH_MILLIS = 20

/** A name that is neither a builtin nor a tool: a script, a program of which nothing is known, or nothing. */
export function notFound(machine: Machine, thread: Thread, frame: Frame): void {
  const { path, name, argv, env } = frame.keep as { path: string; name: string; argv: string[]; env: object }
  const isPath = path.includes('/')
  const files = machine.filesOf(thread)
  const place = isPath ? path : inPath(machine, thread, name)
  const stat = place === undefined ? undefined : files.stat(place)
  const mayRun = stat && !stat.folder && (stat.mode & 0o111) !== 0
  if (place !== undefined && mayRun && isScript(files, place)) return runScript(machine, thread, frame, place)
  // `exec nginx`; so does the last command of `sh -c`. Simplified: what follows a server in a script is never reached.
  if (isProcess(machine, thread) && machine.host.isProgram(argv))
    return machine.become(thread, { argv, env: { ...machine.exported(thread), ...env } })
  if (mayRun || (machine.host.anything && !stat)) return unknownProgram(machine, thread, frame)
  if (!machine.state.interactive && !isPath && !frame.keep.begun) {
    frame.keep.begun = true
    pause(thread, { wakeAt: machine.host.now + SEARCH_MILLIS })
    return
  }
  if (stat) machine.complain(thread, `${path}: ${stat.folder ? 'Is a directory' : 'Permission denied'}`)
  else if (isPath) machine.complain(thread, `${path}: No such file or directory`)
  else {
    machine.complain(thread, machine.state.shell === 'sh' ? `${name}: not found` : `${name}: command not found`)
    machine.host.unknownCommand(name)
  }
  end(machine, thread, frame, stat ? 126 : 127)
}

/** Whether a thread is the process itself, and no child of it. */
const isProcess = ({ host, state }: Machine, { parent }: Thread): boolean =>
  parent === 0 || (host.isCommand && state.threads.find(({ id }) => id === parent)?.parent === 0)

/** Where a command stands in the folders of PATH, if a file stands for it. */
function inPath(machine: Machine, thread: Thread, name: string): string | undefined {
  const files = machine.filesOf(thread)
  return (machine.variable(thread, 'PATH') ?? '')
    .split(':')
    .map((folder) => `${folder}/${name}`)
    .find((one) => files.stat(one)?.folder === false)
}

/** Text that a shell runs: of another interpreter's scripts nothing is known. */
function isScript(files: Files, path: string): boolean {
  const read = files.read(path)
  if (!('text' in read) || files.entry(path)?.bytes !== undefined) return false
  // a link to a program, as all commands of busybox are
  if (read.text === '' && (files.stat(path)?.size ?? 0) > 0) return false
  const first = /^#![^\n]*/.exec(read.text)?.[0]
  return first === undefined ? true : /\b(ba|da|a|k|z)?sh\b/.test(first)
}

/** A script: run by a shell of its own, as its first line says. */
function runScript(machine: Machine, thread: Thread, frame: Frame, path: string): void {
  const read = machine.filesOf(thread).read(path)
  const { argv, saved } = frame.keep
  const environment = machine.environmentOf(thread)
  const positional = environment.positional
  thread.stack.pop()
  machine.push(thread, 'return', -1, 0, { positional, locals: {}, saved })
  environment.positional = argv.slice(1)
  const text = 'text' in read ? read.text : ''
  if (!machine.runText(thread, text.replace(/^#![^\n]*\n/, '\n'))) machine.environmentOf(thread).status = 2
}

/** What a program takes of which nothing is known. */
const UNKNOWN_MILLIS = 1_000
const UNKNOWN_BYTES = 4_096

/** It is there, and nobody here knows what it does: it is taken to run for a second, to leave a little, and to succeed. */
function unknownProgram(machine: Machine, thread: Thread, frame: Frame): void {
  const { name, argv } = frame.keep as { name: string; argv: string[] }
  if (!frame.keep.begun) {
    frame.keep.begun = true
    pause(thread, { wakeAt: machine.host.now + UNKNOWN_MILLIS })
    return
  }
  machine.host.notice(
    `${argv.join(' ').slice(0, 80)}: nothing is known of this program; it is taken to succeed after a second`,
  )
  const path = `/var/tmp/${name}.state`
  const files = machine.filesOf(thread)
  const [, from, to, ...others] = argv
  const source =
    from === undefined || to === undefined || others.length > 0 ? undefined : files.entry(files.resolve(from))
  // `compiler in.x out.y`: of what was there it makes what was not
  if (source?.what === 'file' && !from!.startsWith('-') && /^[^-].*\.[a-z0-9]+$/i.test(to!) && !files.stat(to!))
    files.put(files.resolve(to!), {
      what: 'file',
      text: '',
      mode: 0o644,
      modifiedAt: machine.host.now,
      bytes: UNKNOWN_BYTES,
      content: `${name} of ${source.content ?? source.text.slice(0, 200)}`,
    })
  if (files.stat('/var/tmp'))
    files.put(path, {
      what: 'file',
      text: '',
      mode: 0o644,
      modifiedAt: machine.host.now,
      bytes: UNKNOWN_BYTES,
      content: `of ${argv.join(' ')}`,
    })
  end(machine, thread, frame, 0)
}

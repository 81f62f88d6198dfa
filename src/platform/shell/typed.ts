import type { Machine } from './machine'
import type { Process } from './process'
import type { ShellState } from './state'

/** Notices: what was accepted but is not modelled, told apart from the real output. */
export type PrintedTo = 'out' | 'err' | 'notice' | 'in'

export type Printed = { stream: PrintedTo; text: string }[]

export const SHELLS: readonly string[] = ['sh', 'bash', 'ash', 'dash', '/bin/sh', '/bin/bash', '/bin/ash']

/** A person types into it, unless it was started for one command. */
export function typedInto(process: Process): boolean {
  const { argv, script, interactive } = process
  return (
    interactive &&
    script === undefined &&
    (argv === undefined || argv.every((word, i) => (i === 0 ? SHELLS.includes(word) : /^-[il]+$/.test(word))))
  )
}

export function mainThread(machine: Machine): ShellState['threads'][number] {
  const { state } = machine
  const terminal = { terminal: true } as const
  const thread = {
    id: state.next++,
    parent: 0,
    environment: 0,
    stack: [],
    ends: { '0': terminal, '1': { to: 'out' as const }, '2': { to: 'err' as const } },
    state: 'ready' as const,
    status: 0,
  }
  state.threads.push(thread)
  return thread
}

export const isBusy = (machine: Machine): boolean =>
  machine.state.threads.some((thread) => thread.state !== 'done' && !thread.background)

/** Somebody in the foreground waits for what is typed. */
export const reads = ({ state }: Machine): boolean =>
  state.threads.some((thread) => thread.state === 'waiting' && thread.input !== undefined && !thread.background)

export function runLine(machine: Machine, process: Process, text: string, printed: Printed): void {
  printed.push(
    { stream: 'in', text },
    ...(process.container === undefined ? [] : [{ stream: 'out' as const, text: `${text}\n` }]),
  )
  const thread = mainThread(machine)
  if (!machine.runText(thread, text)) {
    machine.end(thread, 2)
    machine.environmentOf(thread).status = 2
  }
}

/** A line that was typed while something else ran, once that has ended. */
export function takeTyped(machine: Machine, process: Process, printed: Printed): boolean {
  const { state } = machine
  const end = state.input.indexOf('\n')
  if (!typedInto(process) || state.exited || end < 0 || isBusy(machine)) return false
  const text = state.input.slice(0, end)
  state.input = state.input.slice(end + 1)
  prompt(machine, process, printed)
  runLine(machine, process, text, printed)
  return true
}

/** A terminal shows what is typed into it, unless the command does that itself. */
export function echoed(machine: Machine, process: Process, text: string): readonly Printed[number][] {
  const raw = machine.state.threads.some((thread) => {
    const keep = thread.stack[thread.stack.length - 1]?.keep
    return keep?.argv !== undefined && machine.host.tool(keep.name)?.raw?.(keep.argv)
  })
  return raw || !process.interactive ? [] : [{ stream: 'out', text: `${text}\n` }]
}

/** What the shell of a container shows when it waits for a line; that of the learner's own terminal is the page's. */
export function prompt({ state }: Machine, process: Process, printed: Printed): void {
  if (!typedInto(process) || process.container === undefined || state.exited) return
  const { cwd } = state.environments['0']!
  const { uid, name = 'I have no name!' } = process.user ?? { uid: 0, name: 'root' }
  const sign = uid === 0 ? '#' : '$'
  const text =
    state.shell === 'bash'
      ? `${name}@${process.env['HOSTNAME'] ?? ''}:${cwd}${sign} `
      : process.commands?.includes('busybox')
        ? `${cwd} ${sign} `
        : `${sign} `
  printed.push({ stream: 'out', text })
}

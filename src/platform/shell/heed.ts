import type { Machine } from './machine'
import type { Thread } from './state'

/** Whether a signal does anything to a thread that waits: a trap has to wait for the command in the foreground. */
export function heeds(machine: Machine, thread: Thread): boolean {
  const { signal } = thread
  if (signal === undefined) return false
  if (signal === 'KILL' || signal === 'INT' || waits(thread) || turns(thread)) return true
  return machine.environmentOf(thread).traps[signal] === undefined && !machine.state.pidOne
}

/** A signal that no trap takes ends the thread (but not PID 1 of a container). */
export function dies(machine: Machine, thread: Thread): boolean {
  if (thread.signal === undefined || machine.environmentOf(thread).traps[thread.signal] !== undefined) return false
  return thread.signal === 'KILL' || !(machine.state.pidOne && thread.parent === 0)
}

/** A loop of the shell's own looks at its signals in every round. */
const turns = ({ work, stack }: Thread): boolean => work !== undefined && stack[stack.length - 1]?.op !== 'tool'

/** The `wait` builtin is left at once for a trap. */
export function waits(thread: Thread): boolean {
  return thread.signal !== undefined && thread.stack[thread.stack.length - 1]?.keep?.name === 'wait'
}

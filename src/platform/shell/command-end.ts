import type { Machine } from './machine'
import { restoreEnds } from './redirect'
import type { Frame, Thread } from './state'

/** A command is over: its redirections are undone. */
export function end(machine: Machine, thread: Thread, frame: Frame, status: number): void {
  restoreEnds(thread, frame.keep.saved)
  machine.finish(thread, status)
}

/** A command waits: until a time, for a change of these kinds, or for input. */
export function pause(thread: Thread, wait: Pick<Thread, 'wakeAt' | 'kinds' | 'input' | 'work'>): void {
  thread.state = 'waiting'
  Object.assign(thread, wait)
}

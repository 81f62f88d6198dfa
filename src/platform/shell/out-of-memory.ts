import type { Machine } from './machine'
import { restoreEnds } from './redirect'
import { ready } from './run'
import type { Thread } from './state'

/** What the command of a thread holds. */
export const heldBytes = ({ stack }: Thread): number => stack.at(-1)?.keep?.bytes ?? 0

/** Ends the command that holds most as SIGKILL does; a script goes on with status 137 and is told of it. */
export function loseLargest(machine: Machine): void {
  const [largest] = [...machine.state.threads].sort((a, b) => heldBytes(b) - heldBytes(a) || a.id - b.id)
  if (!largest || heldBytes(largest) === 0) return
  const isOwn = largest.stack.length === 1
  if (!isOwn) machine.write(largest, 2, 'Killed\n')
  restoreEnds(largest, largest.stack.at(-1)!.keep.saved ?? {})
  machine.finish(largest, 137)
  ready(largest)
}

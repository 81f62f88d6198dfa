import type { World } from '../../engine'
import { containerKey } from '../container/container'
import { containerTasks } from '../limits/processes'
import { BUILTINS } from './builtins'
import type { Process } from './process'
import type { ShellState, Thread } from './state'

/** Whether a thread waits for a program, which is a process of its own; a builtin is not. */
function runsProgram({ stack }: Thread): boolean {
  const frame = stack[stack.length - 1]
  return frame?.op.endsWith('tool') === true && !BUILTINS[frame.keep?.name]
}

/** The processes of a shell: itself, its subshells and jobs, and the programs that they wait for. A single command takes the shell's place. */
export function forksOf({ threads }: Pick<ShellState, 'threads'>, { argv }: Pick<Process, 'argv'>): number {
  let count = 0
  for (const thread of threads) {
    if (thread.state === 'done') continue
    const isOwn = thread.parent === 0 && (argv !== undefined || thread.stack.length === 1)
    // a subshell that has only one command left is that command
    count += runsProgram(thread) && !isOwn && thread.parent === 0 ? 2 : 1
  }
  return Math.max(1, count)
}

/** Whether pids.max of its container leaves room for one more. */
export function mayFork(world: World, process: Process, state: ShellState): boolean {
  if (process.container === undefined) return true
  const key = containerKey(process.machine, process.container)
  const limit = world.get(key)?.spec.pidsLimit
  if (limit === undefined) return true
  const others = containerTasks(world, key) - (process.forks ?? 1)
  return others + forksOf(state, process) + 1 <= limit
}

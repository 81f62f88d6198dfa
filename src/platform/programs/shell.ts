import type { Program } from './program'

/** Shells that end at once when nobody gives them anything to read. */
const bare: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'python', 'python3', 'node', 'perl'])

/** Whether the command is a shell and nothing else, without a standard input: it reads the end of file and leaves with 0. */
export function isBareShell(words: readonly string[], hasInput: boolean): boolean {
  const [first = ''] = words
  return words.length === 1 && !hasInput && bare.has(first.slice(first.lastIndexOf('/') + 1))
}

/**
 * A command that the shell of this room runs, as a Process of its own: the container lives as long as that does. The runtime
 * makes the Process, passes signals on, and hears of its end.
 */
export const shell: Program = {
  name: 'shell',
  about: 'a command or script, run by the shell',
  cpuMillis: 0,
  memoryBytes: 900_000,
  run: ({ command, container }) => (isBareShell(command.words, container.spec.stdin === true) ? { exit: 0 } : {}),
}

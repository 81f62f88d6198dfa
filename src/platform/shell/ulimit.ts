import type { Machine } from './machine'
import type { Thread } from './state'

const NAMES: Readonly<Record<string, string>> = { n: 'nofile', u: 'nproc' }

/** `ulimit -n`, `-Hn`, `-u`: what the container was given. Setting one is not modelled: it is lost with the shell anyway. */
export function ulimit(machine: Machine, thread: Thread, argv: readonly string[]): number {
  const flags = argv.slice(1).filter((word) => word.startsWith('-'))
  const letter = flags.join('').replace(/[-HS]/g, '')
  const name = NAMES[letter]
  const isHard = flags.some((flag) => flag.includes('H'))
  const values = name === undefined ? undefined : machine.host.ulimit(name)
  machine.write(thread, 1, `${values?.[isHard ? 1 : 0] ?? 'unlimited'}\n`)
  return 0
}

import { err, type Program } from './program'

const units: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of the words `5 1m 0.5h`; undefined: one of them is no interval. */
export function sleepMillis(words: readonly string[]): number | undefined {
  let millis = 0
  for (const word of words) {
    if (word === 'infinity' || word === 'inf') return Number.POSITIVE_INFINITY
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(word)
    if (!match) return undefined
    millis += Number(match[1]) * units[match[2]!]!
  }
  return Math.round(millis)
}

/** `sleep` as first process: it has no handler, so the kernel drops every signal but KILL. */
export const sleep: Program = {
  name: 'sleep',
  about: 'waits, then ends',
  cpuMillis: 0,
  memoryBytes: 460_000,
  run: ({ command, container, now }) => {
    const words = command.words.slice(1)
    if (words.length === 0)
      return { print: [err('sleep: missing operand'), err("Try 'sleep --help' for more information.")], exit: 1 }
    const millis = sleepMillis(words)
    if (millis === undefined) return { print: [err(`sleep: invalid time interval '${words[0]}'`)], exit: 1 }
    const left = (container.startedAt ?? now) + millis - now
    if (left <= 0) return { exit: 0 }
    return Number.isFinite(left) ? { again: left } : {}
  },
}

import type { Tool } from '../tool'

const UNITS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** Seconds of `1.5`, `2m`, `1h`; undefined where it is no time. */
export function secondsOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d*)?|\.\d+)([smhd]?)$/.exec(text)
  return match ? Number(match[1]) * UNITS[match[2]!]! : undefined
}

export const sleep: Tool = {
  name: 'sleep',
  about: 'waits for the given time',
  streams: true,
  run(call, memory) {
    if (memory !== undefined) return { exit: 0 }
    if (call.argv.length < 2) {
      call.printError("sleep: missing operand\nTry 'sleep --help' for more information.\n")
      return { exit: 1 }
    }
    let seconds = 0
    for (const arg of call.argv.slice(1)) {
      const one = arg === 'infinity' ? 1e9 : secondsOf(arg)
      if (one === undefined) {
        call.printError(`sleep: invalid time interval '${arg}'\nTry 'sleep --help' for more information.\n`)
        return { exit: 1 }
      }
      seconds += one
    }
    return { wait: { millis: seconds * 1000 }, memory: null }
  },
}

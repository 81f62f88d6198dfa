/**
 * `sim`: what no real tool can do. Faults and their healing, simulated time, load, the machines of the lab, and the chain of
 * causes. One file for each command, and this list. `undo` and `reset` only ask: the session around the simulation does them.
 */
import type { Tool } from '../../platform/shell/tool'
import type { SimCommand } from './command'
import { fault } from './fault'
import { faults, heal } from './heal'
import { load } from './load'
import { machine } from './machine'
import { notices, reset, seed, time, undo } from './small'
import { wait } from './wait'
import { why } from './why'

export { SessionWish } from './small'

export const simCommands: readonly SimCommand[] = [
  fault,
  heal,
  faults,
  why,
  wait,
  load,
  time,
  machine,
  notices,
  seed,
  undo,
  reset,
]

const help = (): string => {
  const width = Math.max(...simCommands.map((command) => command.name.length))
  return `${simCommands.map((command) => `  ${command.name.padEnd(width)}  ${command.about}\n                ${command.usage}\n`).join('')}`
}

export const sim: Tool = {
  name: 'sim',
  about: 'acts on the simulation itself: faults, time, load, causes',
  streams: true,
  tidiesUp: true,
  run(call, memory) {
    const [name, ...words] = call.argv.slice(1)
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
      call.print(`sim COMMAND\n\n${help()}`)
      return { exit: 0 }
    }
    const command = simCommands.find((one) => one.name === name)
    if (!command) {
      call.printError(`sim: there is no command ${name}; sim help lists them\n`)
      return { exit: 2 }
    }
    if (call.signal !== undefined) {
      if (memory !== undefined) command.interrupted?.(call, memory)
      return { exit: 130 }
    }
    if (words.includes('--help')) {
      call.print(`sim ${command.usage}\n  ${command.about}\n`)
      return { exit: 0 }
    }
    return command.run(call, words, memory)
  },
  complete(words, call) {
    const begun = words[words.length - 1] ?? ''
    if (words.length <= 2) return simCommands.map((command) => command.name).filter((name) => name.startsWith(begun))
    return simCommands.find((command) => command.name === words[1])?.complete?.(words.slice(2), call) ?? []
  },
}

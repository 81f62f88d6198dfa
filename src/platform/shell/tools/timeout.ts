import type { Tool } from '../tool'
import { secondsOf } from './sleep'

export const timeout: Tool = {
  name: 'timeout',
  about: 'runs a command and ends it after the given time (status 124)',
  streams: true,
  // standard input is for the command that it runs
  reads: () => false,
  run(call) {
    const args = call.argv.slice(1)
    while (args[0]?.startsWith('-')) {
      const flag = args.shift()!
      if (flag === '-s' || flag === '-k') args.shift()
    }
    const seconds = secondsOf(args[0] ?? '')
    if (seconds === undefined || args.length < 2) {
      const why = args.length < 2 ? 'missing operand' : `invalid time interval '${args[0]}'`
      call.printError(`timeout: ${why}\nTry 'timeout --help' for more information.\n`)
      return { exit: 125 }
    }
    return { run: args.slice(1), ...(seconds > 0 ? { timeoutMillis: seconds * 1000 } : {}) }
  },
}

import type { Key } from '../engine'
import { Output } from '../platform/container/container'
import { Machine, machineKey } from '../platform/machine/machine'
import { reaches } from '../platform/network/reach'
import { Process } from '../platform/shell/process'
import type { Tool } from '../platform/shell/tool'
import { rootProcess } from './root-process'

const TIMEOUT_MILLIS = 130_000

interface Memory {
  readonly process?: string
  readonly printed?: number
  readonly timedOut?: string
}

/** `ssh MACHINE COMMAND`: runs a command on another machine. An interactive login is not modelled. */
export const ssh: Tool = {
  name: 'ssh',
  about: 'runs a command on another machine',
  takes: [120, 260],
  run(call, given) {
    const memory = (given ?? {}) as Memory
    if (memory.timedOut !== undefined) {
      call.printError(`ssh: connect to host ${memory.timedOut} port 22: Connection timed out\n`)
      return { exit: 255 }
    }
    if (memory.process !== undefined) return follow(call, memory)
    const first = call.argv.findIndex((arg, i) => i > 0 && !/^-[tTqA]+$/.test(arg))
    const args = first < 0 ? [] : call.argv.slice(first)
    const [target, ...words] = args
    if (target === undefined) {
      call.printError('usage: ssh destination [command [argument ...]]\n')
      return { exit: 255 }
    }
    const name = target.slice(target.indexOf('@') + 1)
    const machine = call.world.get(machineKey(name))
    if (!machine) {
      call.printError(`ssh: Could not resolve hostname ${name}: Name or service not known\n`)
      return { exit: 255 }
    }
    const reach = reaches(call.world, call.from.machine, name)
    if (!reach.ok) {
      if (reach.silent) return { wait: { millis: TIMEOUT_MILLIS }, memory: { timedOut: name } }
      call.printError(`ssh: connect to host ${name} port 22: Connection refused\n`)
      return { exit: 255 }
    }
    if (words.length === 0) {
      call.notice('An interactive login is not modelled: give the command, as in `ssh worker-1 hostname`.')
      return { exit: 0 }
    }
    const key = Process.key(name, `ssh-${call.world.revision + 1}`)
    const script = words.join(' ')
    const process = {
      ...rootProcess(machine, key, `${name}-ssh-${call.world.revision + 1}`, script),
      stdin: call.stdin.text,
    }
    call.apply({
      changes: [
        { key, value: process, because: { id: 'terminal/ssh', values: { machine: name, script } }, quiet: true },
      ],
    })
    return { wait: { kinds: [Process.id], millis: 1 }, memory: { process: key, printed: 0 } }
  },
  complete: (_words, call) => call.world.list(Machine).map((head) => head.value.name),
}

function follow(call: Parameters<Tool['run']>[0], memory: Memory): ReturnType<Tool['run']> {
  const process = call.world.get(memory.process as Key<Process>)
  if (!process) return { exit: 255 }
  const chunks = call.world.list(Output, { scope: process.output })
  for (const chunk of chunks.slice(memory.printed ?? 0)) {
    if (chunk.value.stream === 'err') call.printError(chunk.value.text)
    else if (chunk.value.stream === 'out') call.print(chunk.value.text)
  }
  if (process.state === 'exited') return { exit: process.exitCode ?? 0 }
  return { wait: { kinds: [Process.id] }, memory: { ...memory, printed: chunks.length } }
}

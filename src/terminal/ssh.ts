import type { Key, World } from '../engine'
import { Output } from '../platform/container/container'
import { Machine, machineKey } from '../platform/machine/machine'
import { reaches } from '../platform/network/reach'
import { Process } from '../platform/shell/process'
import type { Tool } from '../platform/shell/tool'
import { passInput } from './cli/pass-input'
import { rootProcess } from './root-process'

export const TIMEOUT_MILLIS = 130_000

interface Memory {
  readonly process?: string
  readonly printed?: number
  readonly timedOut?: string
  /** All of standard input has gone over. */
  readonly closed?: boolean
}

/** Another machine as a client of ssh finds it; `silent`: it waits until it gives up. */
export function peerOf(
  world: World,
  from: string,
  name: string,
): { readonly machine: Machine } | { readonly problem: string; readonly silent?: boolean } {
  const machine = world.get(machineKey(name))
  if (!machine) return { problem: `ssh: Could not resolve hostname ${name}: Name or service not known\n` }
  const reach = reaches(world, from, name)
  if (reach.ok) return { machine }
  return { problem: `ssh: connect to host ${name} port 22: Connection refused\n`, silent: reach.silent }
}

export const timedOutText = (name: string): string => `ssh: connect to host ${name} port 22: Connection timed out\n`

/** `ssh MACHINE COMMAND`: runs a command on another machine, with standard input going over. An interactive login is not modelled. */
export const ssh: Tool = {
  name: 'ssh',
  about: 'runs a command on another machine',
  takes: [120, 260],
  run(call, given) {
    const memory = (given ?? {}) as Memory
    if (memory.timedOut !== undefined) {
      call.printError(timedOutText(memory.timedOut))
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
    const peer = peerOf(call.world, call.from.machine, name)
    if ('problem' in peer) {
      if (peer.silent) return { wait: { millis: TIMEOUT_MILLIS }, memory: { timedOut: name } }
      call.printError(peer.problem)
      return { exit: 255 }
    }
    if (words.length === 0) {
      call.notice('An interactive login is not modelled: give the command, as in `ssh worker-1 hostname`.')
      return { exit: 0 }
    }
    const key = Process.key(name, `ssh-${call.world.revision + 1}`)
    const script = words.join(' ')
    const { text, ended, terminal } = call.stdin
    const closed = ended || terminal === true
    const value: Process = {
      ...rootProcess(peer.machine, key, `${name}-ssh-${call.world.revision + 1}`, script),
      stdin: text,
      ...(!closed && { open: true }),
    }
    call.apply({
      changes: [{ key, value, because: { id: 'terminal/ssh', values: { machine: name, script } }, quiet: true }],
    })
    return {
      wait: { kinds: [Process.id], millis: 1, ...(!closed && { input: true }) },
      memory: { process: key, printed: 0, closed },
    }
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
  const closed = memory.closed === true || call.stdin.ended
  if (memory.closed !== true) passInput(call, call.stdin, memory.process!, false)
  return {
    wait: { kinds: [Process.id], ...(!closed && { input: true }) },
    memory: { ...memory, printed: chunks.length, closed },
  }
}

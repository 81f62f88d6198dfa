import { type Container, containerKey } from '../../container/container'
import { machineMemory } from '../../limits/kernel-files'
import { machineKey } from '../../machine/machine'
import type { Tool, ToolCall, ToolStep } from '../tool'
import { flagsOf } from './input'

const containerOf = (call: ToolCall): Container | undefined =>
  call.container === undefined ? undefined : call.world.get(containerKey(call.from.machine, call.container))

/** How many CPUs a process may run on: those of the machine or of its cpuset; a quota changes nothing about it. */
export const nproc: Tool = {
  name: 'nproc',
  about: 'prints how many CPUs there are to run on',
  reads: () => false,
  run(call) {
    const machine = call.world.get(machineKey(call.from.machine))
    const all = Math.max(1, Math.floor((machine?.cpuMillis ?? 1000) / 1000))
    call.print(`${call.argv.includes('--all') ? all : (containerOf(call)?.spec.cpuset?.length ?? all)}\n`)
    return { exit: 0 }
  },
}

/** The machine's memory, in a container too: limits are not seen here. */
export const free: Tool = {
  name: 'free',
  about: "prints the machine's memory",
  reads: () => false,
  run(call) {
    const machine = call.world.get(machineKey(call.from.machine))
    if (!machine) return { exit: 1 }
    const { flags } = flagsOf(call.argv.slice(1))
    const { total, used, cache, free: unused, available, swap, swapUsed } = machineMemory(call.world, machine)
    const unit = flags.has('g') ? 1024 ** 3 : flags.has('m') ? 1024 ** 2 : flags.has('b') ? 1 : 1024
    const shown = (bytes: number) => (flags.has('h') ? human(bytes) : String(Math.floor(bytes / unit)))
    const row = (name: string, ...values: number[]) =>
      `${name.padEnd(8)}${values.map((value) => shown(value).padStart(12)).join('')}\n`
    const heads = ['total', 'used', 'free', 'shared', 'buff/cache', 'available']
    call.print(`${' '.repeat(8)}${heads.map((head) => head.padStart(12)).join('')}\n`)
    call.print(row('Mem:', total, used, unused, 0, cache, available) + row('Swap:', swap, swapUsed, swap - swapUsed))
    return { exit: 0 }
  },
}

function human(bytes: number): string {
  const units = ['B', 'Ki', 'Mi', 'Gi', 'Ti']
  let n = bytes
  let unit = 0
  while (n >= 1024 && unit < units.length - 1) {
    n /= 1024
    unit++
  }
  return `${n >= 10 || unit === 0 ? Math.round(n) : n.toFixed(1)}${units[unit]}`
}

/** What the runtime leaves root where nobody says otherwise, as far as a command here would notice. */
const USUAL: ReadonlySet<string> = new Set(['CHOWN', 'FOWNER', 'NET_RAW', 'KILL', 'NET_BIND_SERVICE'])

/** Whether a command may do what needs a capability: on a machine itself always, in a container as root that has it. */
export function may(call: ToolCall, capability: string): boolean {
  const container = containerOf(call)
  if (!container) return true
  if ((call.user?.uid ?? 0) !== 0) return false
  return container.spec.capabilities?.includes(capability) ?? USUAL.has(capability)
}

const refused = (call: ToolCall, text: string, exit = 1): ToolStep => {
  call.printError(text)
  return { exit }
}

/** Files have no owners (simplified): whoever may change them is told that all went well. */
export const chown: Tool = {
  name: 'chown',
  about: 'gives files to somebody else',
  reads: () => false,
  run(call) {
    const [owner, ...paths] = call.argv.slice(1).filter((word) => !word.startsWith('-'))
    if (owner === undefined || paths.length === 0) return refused(call, 'chown: missing operand\n')
    let exit = 0
    for (const path of paths) {
      const why = call.files.stat(path)
        ? may(call, 'CHOWN')
          ? undefined
          : 'Operation not permitted'
        : 'No such file or directory'
      if (why === undefined) continue
      call.printError(`chown: ${call.container === undefined ? `cannot access '${path}'` : path}: ${why}\n`)
      exit = 1
    }
    if (exit === 0) call.notice('files have no owners here: nothing follows from chown (simplified)')
    return { exit }
  },
}

export const mount: Tool = {
  name: 'mount',
  about: 'mounts filesystems',
  reads: () => false,
  run(call) {
    if (!may(call, 'SYS_ADMIN')) return refused(call, 'mount: permission denied (are you root?)\n')
    call.notice('mounting from within is not modelled; --mount and -v are')
    return refused(call, 'mount: mounting failed: Function not implemented\n')
  },
}

import { machineMemory } from '../../limits/kernel-files'
import { machineKey } from '../../machine/machine'
import type { Tool, ToolCall, ToolStep } from '../tool'
import { flagsOf } from './input'
import { containerOf, may } from './rights'

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

const refused = (call: ToolCall, text: string, exit = 1): ToolStep => {
  call.printError(text)
  return { exit }
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

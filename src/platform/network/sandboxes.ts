import type { World } from '../../engine/kind'
import { Sandbox, sandboxKey } from '../container/container'
import type { Machine } from '../machine/machine'
import type { Caller } from './request'

/** The network namespace that a caller stands in; undefined: the machine's own. */
export function sandboxOf(world: World, from: Caller): Sandbox | undefined {
  return from.sandbox === undefined ? undefined : world.get(sandboxKey(from.machine, from.sandbox))
}

/** The sandbox with this address, as a machine finds it: networks that are kept apart use the same addresses on other machines too. */
export function sandboxAt(world: World, address: string, machine?: string): Sandbox | undefined {
  const found = world.list(Sandbox, { address })
  if (found.length === 1 && found[0]!.value.interfaces === undefined) return found[0]!.value
  return found.find(({ value }) => value.interfaces === undefined || machine === undefined || value.machine === machine)
    ?.value
}

export const octets = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
export const dotted = (n: number): string => `${(n / 16_777_216) | 0}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`

/** Whether an address lies in a range like `10.244.1.0/24`. */
export function inRange(address: string, cidr: string): boolean {
  const [base = '', bits = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  return Math.floor(octets(address) / size) === Math.floor(octets(base) / size)
}

/**
 * The next address for a sandbox on a machine, as the `host-local` plugin hands them out: upwards from the second of the
 * machine's range (the first is its gateway), going on behind the last one given, so that a freed address is not used again
 * at once. undefined: the range is used up or missing.
 */
export function allocateAddress(world: World, machine: Machine): string | undefined {
  if (machine.podCidr === undefined) return undefined
  const [base = '', bits = '24'] = machine.podCidr.split('/')
  const network = octets(base)
  const size = 2 ** (32 - Number(bits))
  const present = world.list(Sandbox, { scope: machine.name })
  // the youngest comes last
  let last = 1
  for (let i = present.length - 1; i >= 0 && last === 1; i--) {
    const offset = octets(present[i]!.value.address) - network
    if (offset >= 2 && offset < size - 1) last = offset
  }
  for (let step = 1; step <= size - 3; step++) {
    const address = dotted(network + ((last - 2 + step) % (size - 3)) + 2)
    if (!present.some(({ value }) => value.address === address)) return address
  }
  return undefined
}

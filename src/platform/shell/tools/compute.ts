import { machineDiskBytes } from '../../limits/disk'
import { machineKey } from '../../machine/machine'
import type { Tool, ToolCall, ToolStep } from '../tool'

/** Bytes a millisecond on one CPU of the lab's machines: what `dd`, `cat` and checksums of Debian come to on a usual server. */
const COPIED = 8_000_000
const NEVER_ENDING: ReadonlySet<string> = new Set(['/dev/zero', '/dev/urandom', '/dev/random', '/dev/full'])

export const isEndless = (path: string): boolean => NEVER_ENDING.has(path)

/** It computes until somebody ends it. */
export const forEver: ToolStep = { wait: { cpu: {} }, memory: null }

/** `yes`: into a pipe it writes a portion at a time until nobody reads; where nobody sees it, it only computes. */
export const yes: Tool = {
  name: 'yes',
  about: 'prints a word for ever',
  streams: true,
  reads: () => false,
  run(call) {
    const line = `${call.argv.slice(1).join(' ') || 'y'}\n`
    if (call.discards) return forEver
    call.print(line.repeat(Math.max(1, Math.floor(4096 / line.length))))
    return { wait: { cpu: { millis: 20 } }, memory: null }
  },
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  c: 1,
  w: 2,
  b: 512,
  k: 1024,
  K: 1024,
  kB: 1000,
  KB: 1000,
  M: 1024 ** 2,
  MB: 1e6,
  G: 1024 ** 3,
  GB: 1e9,
}

/** `1M`, `512`, `2x3k` in bytes; undefined: it is no number. */
function bytesOf(text: string): number | undefined {
  let product = 1
  for (const part of text.split('x')) {
    const match = /^(\d{1,12})([a-zA-Z]{0,2})$/.exec(part)
    const unit = match ? UNITS[match[2]!] : undefined
    if (!match || unit === undefined) return undefined
    product *= Number(match[1]) * unit
  }
  return product
}

const OPERANDS: ReadonlySet<string> = new Set([
  'if',
  'of',
  'bs',
  'ibs',
  'obs',
  'count',
  'conv',
  'status',
  'oflag',
  'iflag',
  'seek',
  'skip',
])

interface Copy {
  readonly bytes: number
  readonly blocks: number
  readonly rest: number
  readonly since: number
}

/** `dd`: reads files and /dev/zero; what it writes is kept up to the size that a file may have here. */
export const dd: Tool = {
  name: 'dd',
  about: 'copies blocks',
  reads: (argv) => !argv.some((word) => word.startsWith('if=')),
  run(call, memory) {
    const given = new Map(call.argv.slice(1).map((word) => [word.split('=')[0]!, word.slice(word.indexOf('=') + 1)]))
    const unknown = call.argv.slice(1).find((word) => !word.includes('=') || !OPERANDS.has(word.split('=')[0]!))
    if (unknown !== undefined) return complain(call, `unrecognized operand '${unknown}'`)
    const size = bytesOf(given.get('bs') ?? given.get('ibs') ?? '512')
    const count = given.has('count') ? bytesOf(given.get('count')!) : Number.POSITIVE_INFINITY
    if (!size) return complain(call, `invalid number: '${given.get('bs') ?? given.get('ibs')}'`)
    if (count === undefined) return complain(call, `invalid number: '${given.get('count')}'`)
    const from = given.get('if')
    const to = given.get('of')
    const done = memory as unknown as Copy | undefined
    if (done) return copied(call, done)
    let text: string | undefined
    if (from === undefined) text = call.stdin.text
    else if (!isEndless(from)) {
      const read = call.files.read(from)
      if ('error' in read) return complain(call, `failed to open '${from}': ${read.error}`, false)
      text = read.text
    }
    const bytes = Math.min(size * count, text?.length ?? Number.POSITIVE_INFINITY)
    if (bytes === Number.POSITIVE_INFINITY)
      return to === '/dev/null' || (to === undefined && call.discards) ? forEver : full(call, to)
    const problem = kept(call, to, text?.slice(0, bytes), bytes)
    if (problem) return problem
    const copy: Copy = { bytes, blocks: Math.floor(bytes / size), rest: bytes % size > 0 ? 1 : 0, since: call.now }
    return { wait: { cpu: { millis: Math.max(0.1, bytes / COPIED) } }, memory: { ...copy } }
  },
}

/** Where what it copies goes: zeros are not kept one by one. */
function kept(call: ToolCall, to: string | undefined, text: string | undefined, bytes: number): ToolStep | undefined {
  if (to === '/dev/null' || (to === undefined && call.discards)) return undefined
  if (to === undefined) {
    if (bytes > MOST_PRINTED) return full(call, to)
    call.print(text ?? '\0'.repeat(bytes))
    return undefined
  }
  const machine = call.world.get(machineKey(call.from.machine))
  if (machine && bytes > machine.diskBytes - machineDiskBytes(call.world, machine)) return full(call, to)
  const { uid, gid } = call.user ?? {}
  const zeros = { what: 'file' as const, text: '', bytes, content: `zeros ${bytes}`, mode: 0o644, modifiedAt: call.now }
  const problem =
    text === undefined
      ? call.files.put(to, { ...zeros, ...(uid !== undefined && { uid }), ...(gid !== undefined && { gid }) })
      : call.files.write(to, text)
  return problem && complain(call, `failed to open '${to}': ${problem.error}`, false)
}

/** More than this nobody reads from a pipe here. */
const MOST_PRINTED = 8_000_000

function full(call: ToolCall, to: string | undefined): ToolStep {
  call.printError(`dd: error writing '${to ?? 'standard output'}': No space left on device\n`)
  return { exit: 1 }
}

function complain(call: ToolCall, text: string, help = true): ToolStep {
  call.printError(`dd: ${text}\n${help ? "Try 'dd --help' for more information.\n" : ''}`)
  return { exit: 1 }
}

function copied(call: ToolCall, { bytes, blocks, rest, since }: Copy): ToolStep {
  const seconds = Math.max(0.001, (call.now - since) / 1000)
  const rate = bytes / seconds
  const size = (n: number, digits: number) =>
    n >= 1e9
      ? `${(n / 1e9).toFixed(digits)} GB`
      : n >= 1e6
        ? `${(n / 1e6).toFixed(digits)} MB`
        : `${(n / 1e3).toFixed(digits)} kB`
  call.printError(`${blocks}+${rest} records in\n${blocks}+${rest} records out\n`)
  const human = bytes >= 1000 ? ` (${size(bytes, bytes % 1e6 === 0 || bytes >= 1e8 ? 0 : 1)}, ${binary(bytes)})` : ''
  call.printError(`${bytes} bytes${human} copied, ${seconds.toFixed(seconds < 1 ? 4 : 3)} s, ${size(rate, 1)}/s\n`)
  return { exit: 0 }
}

function binary(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let n = bytes
  let unit = 0
  while (n >= 1024 && unit < units.length - 1) {
    n /= 1024
    unit++
  }
  return `${n >= 10 || Number.isInteger(n) ? Math.round(n) : n.toFixed(1)} ${units[unit]}`
}

/** Bytes a millisecond that one CPU touches for the first time. */
const TOUCHED = 1_500_000
const FIRST_BYTES = 8 * 1024 * 1024

/** `tail /dev/zero` looks for the end of a line that has none: it keeps ever more of it in memory, until somebody stops it. */
export function hoard(call: ToolCall, before: number | undefined): ToolStep {
  if (call.container === undefined) {
    call.notice('memory of commands on the machine itself is not counted')
    call.printError(`${call.argv[0]}: memory exhausted\n`)
    return { exit: 1 }
  }
  const next = before === undefined ? FIRST_BYTES : 2 * before
  const fresh = next - (before ?? 0)
  return { wait: { cpu: { millis: fresh / TOUCHED } }, memory: { hoarded: next }, holdsBytes: next }
}

/** Checksums of /dev/zero and its like never end; of what does end they are not computed (not modelled). */
const checksum = (name: string): Tool => ({
  name,
  about: 'checksums',
  run(call) {
    const paths = call.argv.slice(1).filter((word) => !word.startsWith('-'))
    if (paths.some(isEndless)) return forEver
    call.notice(`${name} of a file is not modelled; of /dev/zero it computes for ever`)
    call.printError(`${name}: ${paths[0] ?? '-'}: Function not implemented\n`)
    return { exit: 1 }
  },
})

export const checksums: readonly Tool[] = ['md5sum', 'sha1sum', 'sha256sum', 'sha512sum'].map(checksum)

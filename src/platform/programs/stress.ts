import type { Work } from '../cpu/task'
import { err, type Line, out, type Program, type Situation } from './program'

const suffixes: Readonly<Record<string, number>> = {
  '': 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
  b: 1,
}

/** Bytes of `150M`, `250Mi`. */
export function sizeBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(text)
  return match ? Math.floor(Number(match[1]) * (suffixes[match[2]!.toLowerCase()] ?? 1)) : 0
}

interface Wanted {
  readonly cpus: number
  readonly workers: number
  readonly bytes: number
  readonly seconds: number | undefined
  /** Held and not touched again: no processor time. */
  readonly hang: boolean
}

/** Both known programs of that name: `--vm 1 --vm-bytes 150M --cpu 2 --timeout 60s`, and `-cpus 2 -mem-total 250Mi`. */
function wanted({ command }: Situation): Wanted {
  const { words } = command
  const value = (...names: string[]): string | undefined => {
    for (let i = 0; i < words.length; i++) {
      const [name = '', own] = words[i]!.split('=')
      if (names.includes(name)) return own ?? words[i + 1]
    }
    return undefined
  }
  const workers = Number(value('--vm', '-m') ?? '0')
  const timeout = /^(\d+)([smhd]?)$/.exec(value('--timeout', '-t') ?? '')
  const scale = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 } as Record<string, number>
  const total = value('-mem-total', '--mem-total')
  return {
    cpus: Number(value('--cpu', '-c', '-cpus') ?? '0'),
    workers: total === undefined ? workers : 1,
    bytes: total === undefined ? workers * sizeBytes(value('--vm-bytes') ?? '256M') : sizeBytes(total),
    seconds: timeout ? Number(timeout[1]) * scale[timeout[2]!]! : undefined,
    hang: total !== undefined || value('--vm-hang') !== undefined,
  }
}

/** What it keeps: its memory has been touched once. */
const FULL = 'full'
/** Bytes that one core touches for the first time in a millisecond. */
const TOUCH_BYTES = 1_500_000

/** What stress 1.0.4 prints when a worker has been killed. */
function lostWorker(pid: number, seconds: number): readonly Line[] {
  return [
    err(`stress: FAIL: [${pid}] (415) <-- worker ${pid + 6} got signal 9`),
    err(`stress: WARN: [${pid}] (417) now reaping child worker processes`),
    err(`stress: FAIL: [${pid}] (421) kill error: No such process`),
    err(`stress: FAIL: [${pid}] (451) failed run completed in ${seconds}s`),
  ]
}

/** Eats processor time and memory as its arguments say. */
export const stress: Program = {
  name: 'stress',
  about: 'eats processor time and memory, on purpose',
  cpuMillis: 0,
  memoryBytes: 700_000,
  banner: (situation) => {
    const { cpus, workers } = wanted(situation)
    if (situation.command.image?.repository === 'vish/stress') return []
    return [
      {
        after: 1,
        stream: 'out',
        text: `stress: info: [1] dispatching hogs: ${cpus} cpu, 0 io, ${workers} vm, 0 hdd\n`,
      },
    ]
  },
  run: (call) => {
    const { cpus, workers, bytes, seconds, hang } = wanted(call)
    const started = call.container.startedAt ?? call.now
    const age = call.now - started
    if (seconds !== undefined && age >= seconds * 1000) {
      return { exit: 0, print: [out(`stress: info: [1] successful run completed in ${seconds}s`)] }
    }
    const left = seconds === undefined ? undefined : seconds * 1000 - age
    const again = left === undefined ? {} : { again: left }
    const works: Work[] = []
    if (cpus > 0) works.push({ name: 'cpu', what: `stress --cpu ${cpus}`, threads: cpus })
    if (workers === 0) return { works, ...again }
    const isFull = call.memory === FULL || call.task('fill')?.ended === true
    if (!isFull) {
      const cpuMillis = Math.max(20 * workers, bytes / TOUCH_BYTES)
      works.push({ name: 'fill', what: `stress --vm ${workers}: touching its memory`, threads: workers, cpuMillis })
      return { works, ...again }
    }
    if (!hang) works.push({ name: 'vm', what: `stress --vm ${workers}`, threads: workers })
    return { works, memory: FULL, memoryBytes: stress.memoryBytes + bytes, ...again }
  },
  tasks: (situation) => 1 + wanted(situation).cpus + wanted(situation).workers,
  /** The worker that the kernel takes is a child: the parent tells, and leaves with 1. vish/stress has threads instead. */
  loseChild: ({ command, container, now }) => {
    if (command.image?.repository === 'vish/stress') return { exit: 137, print: [] }
    return { exit: 1, print: lostWorker(1, Math.floor((now - (container.startedAt ?? now)) / 1000)) }
  },
}

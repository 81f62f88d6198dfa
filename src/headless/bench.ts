import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { benchmarks } from './benchmarks'
import type { Measured } from './measured'
import { optionsOf } from './options'

const RUNS = 3
const DEFAULTS = [
  'deploy:10x100',
  'deploy:100x1000',
  'roll:10x100',
  'nodefail:10x100',
  'seek',
  'branch',
  'requests',
  'build',
]

const median = (numbers: readonly number[]) => numbers.slice().sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!
const round = (n: number) => Math.round(n * 100) / 100

/** Runs benchmarks, each run in a fresh process of its own; medians, and the first run's CPU apart. */
export function bench(args: string[]): number {
  const options = optionsOf(args, { json: 'flag', child: 'value', runs: 'value' })
  if ('problem' in options) {
    process.stderr.write(`drydock bench: ${options.problem}\n`)
    return 2
  }
  const { values, rest } = options
  if (values['child'] !== undefined) {
    const found = measureOf(values['child'])
    if (!found) return 2
    process.stdout.write(`${JSON.stringify(found())}\n`)
    return 0
  }
  const names = rest.length > 0 ? rest : DEFAULTS
  for (const name of names) {
    if (!measureOf(name)) {
      process.stderr.write(`drydock bench: there is no benchmark ${name}: ${Object.keys(benchmarks).join(', ')}\n`)
      return 2
    }
    const runs = Array.from({ length: Number(values['runs'] ?? RUNS) }, () => fresh(name))
    if (runs.some((run) => run === undefined)) return 1
    report(name, runs as Measured[], values['json'] !== undefined)
  }
  return 0
}

/** `deploy:10x100` → the benchmark deploy with its argument. */
function measureOf(name: string): (() => Measured) | undefined {
  const [kind, argument = ''] = name.split(':') as [string, string?]
  const found = benchmarks[kind]
  return found && (() => found(argument))
}

function fresh(name: string): Measured | undefined {
  const start = join(process.env['DRYDOCK_ROOT'] ?? '.', 'src', 'headless', 'start.mjs')
  const child = spawnSync(process.execPath, [...process.execArgv, start, 'bench', '--child', name], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  if (child.status === 0) return JSON.parse(child.stdout.trim().split('\n').at(-1)!) as Measured
  process.stderr.write(child.stderr)
  return undefined
}

function report(name: string, runs: readonly Measured[], json: boolean): void {
  const of = (pick: (run: Measured) => number) => round(median(runs.map(pick)))
  const phases =
    runs[0]!.phases &&
    Object.fromEntries(Object.keys(runs[0]!.phases).map((key) => [key, of((run) => run.phases?.[key] ?? 0)]))
  const line = {
    name,
    firstCpuMillis: round(runs[0]!.cpuMillis),
    cpuMillis: of((run) => run.cpuMillis),
    wallMillis: of((run) => run.wallMillis),
    simMillis: of((run) => run.simMillis),
    heapMb: of((run) => run.heapMb),
    maxBlockMillis: of((run) => run.maxBlockMillis),
    runs: runs.length,
    ...(phases ? { phases } : {}),
  }
  if (json) process.stdout.write(`${JSON.stringify(line)}\n`)
  else {
    const told = phases
      ? `  ${Object.entries(phases)
          .map(([key, value]) => `${key} ${value}`)
          .join('  ')}`
      : ''
    process.stdout.write(
      `${name.padEnd(18)} cpu ${String(line.cpuMillis).padStart(9)} ms  (first ${line.firstCpuMillis})  wall ${line.wallMillis} ms  simulated ${line.simMillis / 1000} s  heap ${line.heapMb} MB  longest step ${line.maxBlockMillis} ms${told}\n`,
    )
  }
}

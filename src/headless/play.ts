import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { freezeEdits } from '../engine'
import { playScenario, readScenario, type Scenario } from '../lesson'
import { projectLibrary } from './library'
import { optionsOf } from './options'

/** Plays scenarios without a picture, under several seeds, and counts which pass. */
export function play(args: string[]): number {
  const options = optionsOf(args, { seeds: 'value', all: 'flag' })
  if ('problem' in options) return wrong(options.problem)
  const { values, rest } = options
  const seeds = Number(values['seeds'] ?? 1)
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > 1000) return wrong('--seeds is a number from 1 to 1000')
  if (rest.length === 0 && !values['all']) return wrong('name a scenario, or --all')
  freezeEdits(false)
  const library = projectLibrary()
  let failed = library.problems.length
  for (const { path, problem } of library.problems) process.stdout.write(`FAILED ${path}: ${problem}\n`)
  const chosen: Scenario[] = values['all'] ? [...library.scenarios] : []
  for (const name of rest) {
    const known = library.scenarios.find((scenario) => scenario.id === name)
    if (known) chosen.push(known)
    else if (existsSync(name)) {
      const read = readScenario(basename(dirname(name)), readFileSync(name, 'utf8'))
      if ('problem' in read) return wrong(`${name}: ${read.problem}`)
      chosen.push(read)
    } else return wrong(`there is no scenario ${name}: ${library.scenarios.map((scenario) => scenario.id).join(', ')}`)
  }
  let passed = 0
  for (const scenario of chosen) {
    const problems = Array.from(
      { length: seeds },
      (_, i) => playScenario(scenario, library, scenario.seed + i).problems,
    ).flat()
    if (problems.length === 0) passed++
    else failed++
    process.stdout.write(
      `${problems.length === 0 ? 'passed' : 'FAILED'} ${scenario.id} (${seeds} ${seeds === 1 ? 'seed' : 'seeds'})\n${problems.map((problem) => `  ${problem}\n`).join('')}`,
    )
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`)
  return failed === 0 ? 0 : 1
}

function wrong(problem: string): number {
  process.stderr.write(`drydock play: ${problem}\n`)
  return 2
}

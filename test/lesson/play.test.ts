import { expect, test } from 'vitest'
import { projectLibrary } from '../../src/headless/library'
import { playScenario } from '../../src/lesson'

const library = projectLibrary()

test('every lesson can be read', () => {
  expect(library.problems).toEqual([])
})

test.each(library.scenarios.map((scenario) => [scenario.id, scenario] as const))(
  '%s: each check fails before the solution of its step, and holds after it',
  (_, scenario) => {
    expect(playScenario(scenario, library, scenario.seed).problems).toEqual([])
  },
)

test.each(library.scenarios.map((scenario) => [scenario.id, scenario] as const))(
  '%s: has bets, hints and solutions',
  (_, { steps }) => {
    expect(steps.some((step) => step.bet)).toBe(true)
    for (const step of steps) {
      expect(step.checks.length, step.title).toBeGreaterThan(0)
      expect(step.hints.length, step.title).toBeGreaterThan(0)
    }
  },
)

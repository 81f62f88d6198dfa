import { expect, test } from 'vitest'
import { projectLibrary } from '../../src/headless/library'
import { judge, playScenario } from '../../src/lesson'
import { namedLab } from '../../src/terminal/lab/lab'
import { Session } from '../../src/terminal/session'

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

test('what cannot be mended is told, and what can be is not', () => {
  const scenario = library.scenarios.find(({ id }) => id === 'e7-a-node-fails')!
  const lab = namedLab(scenario.lab)
  if ('problem' in lab) throw new Error(lab.problem)
  const session = new Session({ lab, seed: scenario.seed, files: library.files(scenario.files) })
  session.run(scenario.steps[0]!.solution)
  const broken = () => scenario.steps[1]!.broken.filter((check) => judge(check, session.worldAt(session.revision)).ok)
  session.run('kubectl scale deployment vote --replicas=0')
  expect(broken()).toEqual([])
  session.run('kubectl delete deployment vote')
  expect(broken().map(({ text }) => text)).toEqual([expect.stringContaining('vote has been deleted')])
})

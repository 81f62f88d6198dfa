import { namedLab } from '../terminal/lab/lab'
import { Session } from '../terminal/session'
import { judge } from './check'
import type { Library } from './library'
import type { Scenario } from './scenario'

export interface Played {
  readonly passed: boolean
  /** What went wrong, one line each. */
  readonly problems: readonly string[]
}

/** After the last step so much time may pass until nothing converges any more. */
const SETTLE_MILLIS = 30_000

/** Plays a scenario without a picture: each check must fail before its step's solution and pass after it. */
export function playScenario(scenario: Scenario, library: Library, seed: number): Played {
  const lab = namedLab(scenario.lab)
  if ('problem' in lab) return { passed: false, problems: [lab.problem] }
  const session = new Session({ lab, seed, files: library.files(scenario.files) })
  const problems: string[] = []
  scenario.steps.forEach((step, i) => {
    const place = `step ${i + 1} (${step.title}), seed ${seed}`
    for (const check of step.checks) {
      const before = judge(check, session.worldAt(session.revision))
      if (before.ok) problems.push(`${place}: "${check.text}" holds before the solution: ${before.detail}`)
    }
    const broken = () => step.broken.filter((check) => judge(check, session.worldAt(session.revision)).ok)
    for (const check of broken()) problems.push(`${place}: it is broken before the solution: "${check.text}"`)
    const output = session.run(step.solution)
    session.advance(session.now)
    for (const check of step.checks) {
      const after = judge(check, session.worldAt(session.revision))
      if (!after.ok)
        problems.push(`${place}: "${check.text}" does not hold after the solution: ${after.detail}\n${output}`)
    }
    for (const check of broken()) problems.push(`${place}: it is broken after the solution: "${check.text}"`)
  })
  const settled = session.revision
  session.advance(session.now + SETTLE_MILLIS)
  const moving = session.sentencesSince(settled).filter((one) => one.key.startsWith('kubernetes/'))
  if (moving.length > 0) problems.push(`seed ${seed}: something still converges: ${moving[0]!.by} ${moving[0]!.says}`)
  return { passed: problems.length === 0, problems }
}

import type { World } from '../../engine'
import { judge, type Library, libraryOf, type Scenario } from '../../lesson'
import type { CheckState, LessonInfo, LessonText } from './protocol'

const files = import.meta.glob<string>('../../../scenarios/files/**/*', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const ROOT = '../../../scenarios/'

let scenarios: Readonly<Record<string, string>> | undefined
let library: Library | undefined

/** Fetches the texts of the lessons, once: a lab that is no lesson is shown without them. */
export async function fetchLessons(): Promise<void> {
  if (scenarios) return
  scenarios = (await import('./scenario-texts')).scenarioTexts
  library = undefined
}

/** The scenarios that have been fetched, and the files of all. */
export function lessons(): Library {
  library ??= libraryOf(
    Object.fromEntries(
      Object.entries({ ...files, ...scenarios }).map(([path, text]) => [path.slice(ROOT.length), text]),
    ),
  )
  return library
}

export function lessonList(): LessonInfo[] {
  return lessons().scenarios.map(({ id, title, topic, level, minutes, about, steps }) => ({
    id,
    title,
    topic,
    level,
    minutes,
    about,
    judged: steps.filter(({ checks }) => checks.length > 0).length,
  }))
}

export function scenarioNamed(id: string): Scenario | undefined {
  return lessons().scenarios.find((scenario) => scenario.id === id)
}

export function lessonText(scenario: Scenario): LessonText {
  return {
    title: scenario.title,
    topic: scenario.topic,
    steps: scenario.steps.map(({ title, view, text, bet, hints, solution, checks }) => ({
      title,
      text,
      hints,
      solution: solution.trim().split('\n'),
      checks: checks.length,
      ...(view && { view }),
      ...(bet && { bet }),
    })),
  }
}

/** What has made a step impossible to pass; empty: it can still be passed. */
export function brokenBy(scenario: Scenario, step: number, world: World): string {
  return scenario.steps[step]?.broken.find((check) => judge(check, world).ok)?.text ?? ''
}

/** How the checks of a step stand in a world. */
export function judged(scenario: Scenario, step: number, world: World): CheckState[] {
  return (scenario.steps[step]?.checks ?? []).map((check) => {
    const { ok, detail } = judge(check, world)
    return { text: check.text, ok, detail }
  })
}

import { parseYamlText } from '../kubernetes'

/** A question before a decision; `answer` is the index of the right option. */
export interface Bet {
  readonly question: string
  readonly options: readonly string[]
  readonly answer: number
  readonly explain: string
}

/** A test of the state, never of what was typed. Exactly one of the tests is given. */
export interface Check {
  readonly text: string
  /** These Deployments have all their replicas updated and available. */
  readonly available?: readonly string[]
  /** `evicted`: only counts once a pod has been deleted by taint eviction. */
  readonly after?: 'evicted'
  /** So many requests of a load have been answered. */
  readonly answered?: number
  readonly node?: { readonly name: string; readonly ready: boolean }
  readonly endpoints?: { readonly service: string; readonly noneOn: string }
  /** The pods of these Deployments that are not being deleted run elsewhere; `deleted`: and some of them were deleted there. */
  readonly placed?: { readonly away: string; readonly deployments: readonly string[]; readonly deleted?: boolean }
  /** Exactly so many pods are being deleted. */
  readonly terminating?: number
}

export interface Step {
  readonly title: string
  /** Markdown without HTML; fences marked `run` can be clicked. */
  readonly text: string
  readonly bet: Bet | undefined
  readonly hints: readonly string[]
  /** Shell lines that pass the checks. */
  readonly solution: string
  readonly checks: readonly Check[]
}

/** A lesson: data only. One folder in `scenarios/`, with `scenario.yaml` in it. */
export interface Scenario {
  readonly id: string
  readonly title: string
  readonly topic: string
  readonly level: number
  readonly minutes: number
  readonly lab: string
  readonly seed: number
  /** Folders of `scenarios/files` that the learner finds in hers. */
  readonly files: readonly string[]
  readonly about: string
  readonly steps: readonly Step[]
}

const LONGEST = 200_000
const MOST_STEPS = 40
const MOST_CHECKS = 20
export const TESTS = ['available', 'answered', 'node', 'endpoints', 'placed', 'terminating'] as const

type Path = string

/** Reads a scenario file; untrusted: everything is bounded and checked, and a mistake is told with its place. */
export function readScenario(id: string, source: string): Scenario | { readonly problem: string } {
  if (source.length > LONGEST) return { problem: `a scenario has at most ${LONGEST} characters` }
  const read = parseYamlText(source)
  if ('error' in read) return { problem: read.error }
  try {
    return scenario(id, read.value)
  } catch (error) {
    if (error instanceof Misread) return { problem: error.message }
    throw error
  }
}

class Misread extends Error {}

const object = (value: unknown, path: Path, known: readonly string[]): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Misread(`${path}: an object is needed`)
  for (const key of Object.keys(value)) if (!known.includes(key)) throw new Misread(`${path}.${key}: unknown field`)
  return value as Record<string, unknown>
}
const text = (value: unknown, path: Path, longest = 20_000): string => {
  if (typeof value !== 'string' || value === '' || value.length > longest)
    throw new Misread(`${path}: a text of at most ${longest} characters is needed`)
  return value
}
const whole = (value: unknown, path: Path, least: number, most: number): number => {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new Misread(`${path}: a whole number from ${least} to ${most} is needed`)
  return value
}
const list = <T>(value: unknown, path: Path, most: number, of: (item: unknown, path: Path) => T): T[] => {
  if (!Array.isArray(value) || value.length > most) throw new Misread(`${path}: a list of at most ${most} is needed`)
  return value.map((item, i) => of(item, `${path}[${i}]`))
}
const name = (value: unknown, path: Path): string => {
  const found = text(value, path, 253)
  if (!/^[a-z0-9]([-a-z0-9./]*[a-z0-9])?$/.test(found)) throw new Misread(`${path}: not a name`)
  return found
}

function scenario(id: string, value: unknown): Scenario {
  const top = object(value, 'scenario', [
    '$schema',
    'title',
    'topic',
    'level',
    'minutes',
    'lab',
    'seed',
    'files',
    'about',
    'steps',
  ])
  return {
    id,
    title: text(top['title'], 'title', 200),
    topic: text(top['topic'], 'topic', 60),
    level: whole(top['level'], 'level', 1, 5),
    minutes: whole(top['minutes'], 'minutes', 1, 600),
    lab: text(top['lab'], 'lab', 100),
    seed: whole(top['seed'], 'seed', 0, 2 ** 31 - 1),
    files: list(top['files'] ?? [], 'files', 20, name),
    about: text(top['about'], 'about', 2_000),
    steps: list(top['steps'], 'steps', MOST_STEPS, step),
  }
}

function step(value: unknown, path: Path): Step {
  const one = object(value, path, ['title', 'text', 'bet', 'hints', 'solution', 'checks'])
  return {
    title: text(one['title'], `${path}.title`, 200),
    text: text(one['text'], `${path}.text`),
    bet: one['bet'] === undefined ? undefined : bet(one['bet'], `${path}.bet`),
    hints: list(one['hints'] ?? [], `${path}.hints`, 10, (item, at) => text(item, at, 1_000)),
    solution: text(one['solution'], `${path}.solution`, 5_000),
    checks: list(one['checks'] ?? [], `${path}.checks`, MOST_CHECKS, check),
  }
}

function bet(value: unknown, path: Path): Bet {
  const one = object(value, path, ['question', 'options', 'answer', 'explain'])
  const options = list(one['options'], `${path}.options`, 6, (item, at) => text(item, at, 300))
  return {
    question: text(one['question'], `${path}.question`, 500),
    options,
    answer: whole(one['answer'], `${path}.answer`, 0, options.length - 1),
    explain: text(one['explain'], `${path}.explain`, 2_000),
  }
}

function check(value: unknown, path: Path): Check {
  const one = object(value, path, ['text', 'after', ...TESTS])
  const given = TESTS.filter((test) => one[test] !== undefined)
  if (given.length !== 1) throw new Misread(`${path}: exactly one of ${TESTS.join(', ')} is needed`)
  const base = {
    text: text(one['text'], `${path}.text`, 300),
    ...(one['after'] === undefined ? {} : { after: after(one['after'], path) }),
  }
  const names = (given: unknown, at: Path) => list(given, at, 50, name)
  switch (given[0]!) {
    case 'available':
      return { ...base, available: names(one['available'], `${path}.available`) }
    case 'answered':
      return { ...base, answered: whole(one['answered'], `${path}.answered`, 1, 1e9) }
    case 'terminating':
      return { ...base, terminating: whole(one['terminating'], `${path}.terminating`, 0, 1e6) }
    case 'node': {
      const node = object(one['node'], `${path}.node`, ['name', 'ready'])
      return { ...base, node: { name: name(node['name'], `${path}.node.name`), ready: node['ready'] === true } }
    }
    case 'endpoints': {
      const endpoints = object(one['endpoints'], `${path}.endpoints`, ['service', 'noneOn'])
      return {
        ...base,
        endpoints: {
          service: name(endpoints['service'], `${path}.endpoints.service`),
          noneOn: name(endpoints['noneOn'], `${path}.endpoints.noneOn`),
        },
      }
    }
    default: {
      const placed = object(one['placed'], `${path}.placed`, ['away', 'deployments', 'deleted'])
      return {
        ...base,
        placed: {
          away: name(placed['away'], `${path}.placed.away`),
          deployments: names(placed['deployments'], `${path}.placed.deployments`),
          deleted: placed['deleted'] === true,
        },
      }
    }
  }
}

function after(value: unknown, path: Path): 'evicted' {
  if (value !== 'evicted') throw new Misread(`${path}.after: evicted is the only one there is`)
  return value
}

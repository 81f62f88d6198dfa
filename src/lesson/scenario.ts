import { parseYamlText } from '../kubernetes'
import {
  type BuildCheck,
  type ContainerCheck,
  DOCKER_TESTS,
  type FileCheck,
  type ImageCheck,
  type PushedCheck,
} from './docker-checks'
import { flag, jsonSchemaOf, list, MANY, Misread, name, object, read, type Shape, text, whole } from './shape'

/** A question before a decision; `answer` is the index of the right option. */
export interface Bet {
  readonly question: string
  readonly options: readonly string[]
  readonly answer: number
  readonly explain: string
}

/** A field of an object, by JSON path: it has this value, or at least this number. */
export interface FieldCheck {
  /** `deployment/web` */
  readonly of: string
  readonly path: string
  readonly is?: string
  readonly least?: number
}

/** Pods with these labels: so many show this status (as kubectl does), are ready or not, have this image, are on this node. */
export interface PodsCheck {
  readonly labels: string
  readonly count?: number
  readonly least?: number
  readonly status?: string
  readonly ready?: boolean
  readonly image?: string
  readonly node?: string
}

/** An Event has been written. `about`: `pod/web` and whatever follows. */
export interface EventCheck {
  readonly reason: string
  readonly about?: string
}

/** Requests lost of the newest load, of which at least `sent` have been sent. */
export interface LossCheck {
  readonly least?: number
  readonly most?: number
  readonly sent?: number
}

/** A connection that would, or (`ok: false`) would not come about. */
export interface ReachCheck {
  /** A container's name, or a machine's. */
  readonly from: string
  /** `db:6379` */
  readonly to: string
  readonly ok?: boolean
}

/** A test of the state, never of what was typed. Exactly one of the tests is given. */
export interface Check {
  readonly text: string
  /** These Deployments have all their replicas updated and available. */
  readonly available?: readonly string[]
  /** `evicted`: only counts once a pod has been deleted by taint eviction. */
  readonly after?: 'evicted'
  /** So many requests of all loads have been answered. */
  readonly answered?: number
  readonly node?: { readonly name: string; readonly ready: boolean }
  readonly endpoints?: { readonly service: string; readonly noneOn: string }
  /** The pods of these Deployments that are not being deleted run elsewhere; `deleted`: and some of them were deleted there. */
  readonly placed?: { readonly away: string; readonly deployments: readonly string[]; readonly deleted?: boolean }
  /** Exactly so many pods are being deleted. */
  readonly terminating?: number
  readonly field?: FieldCheck
  readonly pods?: PodsCheck
  readonly event?: EventCheck
  readonly lost?: LossCheck
  readonly container?: ContainerCheck
  readonly image?: ImageCheck
  readonly pushed?: PushedCheck
  readonly build?: BuildCheck
  readonly file?: FileCheck
  readonly reach?: ReachCheck
  /** `pod/web`, `container/web`, `volume/data`, `machine/docker-2/home/file`: there is no such object. */
  readonly absent?: string
  /** No machine has an image of this name: `web:1`. */
  readonly gone?: string
}

/** The page's views, by their names there. */
const VIEWS = [
  'machines',
  'images',
  'storage',
  'life-cycle',
  'namespaces',
  'rollout',
  'network',
  'limits',
  'control-plane',
  'scheduling',
] as const

export interface Step {
  readonly title: string
  /** The view that shows it best: the page opens it with the step. */
  readonly view: (typeof VIEWS)[number] | undefined
  /** Markdown without HTML; fences marked `run` can be clicked. */
  readonly text: string
  readonly bet: Bet | undefined
  readonly hints: readonly string[]
  /** Shell lines that pass the checks. */
  readonly solution: string
  readonly checks: readonly Check[]
  /** States from which the step cannot be passed any more: the learner is shown the way back. */
  readonly broken: readonly Check[]
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

const TESTS: Readonly<Record<string, Shape>> = {
  available: list(name('A Deployment.'), 50, 'Deployments that have all their replicas updated and available.'),
  answered: whole(1, MANY, 'So many requests of all loads have been answered.'),
  node: object('A node is Ready, or is not.', { name: name('Its name.'), ready: flag('Ready or not.') }),
  endpoints: object('A service sends nobody to a machine, and has endpoints elsewhere.', {
    service: name('The service.'),
    noneOn: name('The machine.'),
  }),
  placed: object(
    'The pods of Deployments that are expected to run are on other machines than this one.',
    {
      away: name('The machine.'),
      deployments: list(name('A Deployment.'), 50, 'Whose pods.'),
      deleted: flag('And some of them were deleted on the machine.'),
    },
    ['deleted'],
  ),
  terminating: whole(0, 1_000_000, 'Exactly so many pods are being deleted.'),
  field: object(
    'A field of an object in namespace default has a value.',
    {
      of: name('The object: deployment/web.'),
      path: text(300, 'A JSON path: .spec.replicas.'),
      is: text(300, 'It is exactly this text.'),
      least: whole(-MANY, MANY, 'It is at least this number.'),
    },
    ['is', 'least'],
    ['is', 'least'],
  ),
  pods: object(
    'So many pods with these labels show a status, as kubectl get does.',
    {
      labels: text(300, 'A label selector: app=web.'),
      count: whole(0, 1_000_000, 'Exactly so many.'),
      least: whole(0, 1_000_000, 'At least so many; 1 when left out.'),
      status: text(80, 'Running, CrashLoopBackOff, Pending …'),
      ready: flag('Only those count whose containers are all ready, or (false) are not.'),
      image: text(300, 'Only those with a container of this image count.'),
      node: name('Only those on this node count.'),
    },
    ['count', 'least', 'status', 'ready', 'image', 'node'],
  ),
  event: object(
    'An Event of this reason has been written.',
    { reason: text(80, 'Its reason.'), about: text(260, 'About an object whose kind and name begin so: pod/web.') },
    ['about'],
  ),
  lost: object(
    'So many requests of the newest load are lost.',
    {
      least: whole(0, MANY, 'At least.'),
      most: whole(0, MANY, 'At most.'),
      sent: whole(1, MANY, 'Once so many have been sent.'),
    },
    ['least', 'most', 'sent'],
  ),
  ...DOCKER_TESTS,
  reach: object(
    'A connection would come about, or would not.',
    {
      from: name('From this container, or this machine.'),
      to: text(260, 'To this name or address, and port: db:6379.'),
      ok: flag('It would; false: it must not.'),
    },
    ['ok'],
  ),
  absent: name('There is no such object: pod/web, container/web, volume/data, machine/docker-2/home/file.'),
  gone: text(300, 'No machine has an image of this name.'),
}
const TEST_NAMES = Object.keys(TESTS)

const CHECK = object(
  'A test of the state, never of what was typed: exactly one of the tests.',
  {
    text: text(300, 'What should hold, for the learner.'),
    after: { type: 'choice', of: ['evicted'], about: 'It counts only after a pod has been evicted.' },
    ...TESTS,
  },
  ['after', ...TEST_NAMES],
  TEST_NAMES,
)

const BET = object('A question before a decision.', {
  question: text(500, 'What will happen?'),
  options: list(text(300, 'One answer.'), 6, 'The answers to choose from.'),
  answer: whole(0, 5, 'Which of them is right, counted from 0.'),
  explain: text(2_000, 'Why.'),
})

const STEP = object(
  'One step.',
  {
    title: text(200, 'Its title.'),
    view: { type: 'choice', of: VIEWS, about: 'The view that shows it best: the page opens it with the step.' },
    text: text(20_000, 'Markdown without HTML; fences marked `run` can be clicked.'),
    bet: BET,
    hints: list(text(1_000, 'One hint.'), 10, 'Hints, from the vague to the exact.'),
    solution: text(5_000, 'Shell lines that pass the checks.'),
    checks: list(CHECK, 20, 'What must hold at the end of the step, and did not before its solution.'),
    broken: list(CHECK, 10, 'What makes the step impossible to pass; its text says what has happened.'),
  },
  ['view', 'bet', 'hints', 'checks', 'broken'],
)

const SCENARIO = object(
  'A lesson for Drydock.',
  {
    $schema: text(300, 'Where this schema is.'),
    title: text(200, 'Its title.'),
    topic: text(60, 'Its shelf in the library.'),
    level: whole(1, 5, '1: first steps … 5: for experts.'),
    minutes: whole(1, 600, 'How long it takes.'),
    lab: text(100, 'kubernetes, kubernetes:5, docker, both …'),
    seed: whole(0, 2 ** 31 - 1, 'What chance does in it.'),
    files: list(name('A folder.'), 20, "Folders of scenarios/files that lie in the learner's own."),
    about: text(2_000, 'What it is about, in two sentences.'),
    steps: list(STEP, 40, 'The steps, in order.'),
  },
  ['$schema', 'files'],
)

/** JSON Schema of a scenario file: `scenarios/scenario.schema.json`. */
export const scenarioSchema = (): object => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Drydock scenario',
  ...jsonSchemaOf(SCENARIO),
})

/** Reads a scenario file; untrusted: everything is bounded and checked, and a mistake is told with its place. */
export function readScenario(id: string, source: string): Scenario | { readonly problem: string } {
  if (source.length > LONGEST) return { problem: `a scenario has at most ${LONGEST} characters` }
  const parsed = parseYamlText(source)
  if ('error' in parsed) return { problem: parsed.error }
  try {
    const made = read(SCENARIO, parsed.value, 'scenario') as Partial<Scenario> & { $schema?: string }
    const { $schema: _, ...rest } = made
    return { ...rest, id, files: made.files ?? [], steps: made.steps!.map(completed) } as Scenario
  } catch (error) {
    if (error instanceof Misread) return { problem: error.message }
    throw error
  }
}

function completed(step: Partial<Step>, i: number): Step {
  if (step.bet && step.bet.answer >= step.bet.options.length)
    throw new Misread(`scenario.steps[${i}].bet.answer: there is no such option`)
  return { hints: [], checks: [], broken: [], bet: undefined, view: undefined, ...step } as Step
}

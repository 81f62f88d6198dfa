import fc from 'fast-check'
import { describe, test } from 'vitest'
import type { Session } from '../../src/terminal/session'
import { begin, type Course, courses, DEEDS, type Deed, type DeedName, freePrompt, heal, lineOf } from './course/course'
import { budgetsAreKept, holds, rollsGently, unrest } from './course/promises'

/** Without more ado the same courses each time; `npm run soak` makes twenty times as many new ones and prints the seeds that fail. */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 500)
const FIRST_SEED = Number(process.env['PROPERTY_SEED'] ?? 1)
const RUNS_A_SEED = 50
/** Of all runs, so many of a hundred try the one property. */
const SHARES = { healing: 50, rollouts: 20, drains: 12, again: 6, steps: 6, branches: 6 }

/** More messages in a simulated second than this are a storm in labs so small. */
const MOST_MESSAGES = 3_000
const HOUR = 3_600_000

function always<T>(share: number, arbitrary: fc.Arbitrary<T>, property: (given: T) => void): void {
  const runs = Math.ceil((RUNS * share) / 100)
  const seeds = Array.from({ length: Math.ceil(runs / RUNS_A_SEED) }, (_, i) => FIRST_SEED + i)
  test.each(seeds)('seed %i', { timeout: HOUR }, (seed) => {
    fc.assert(fc.property(arbitrary, property), { seed, numRuns: Math.min(RUNS_A_SEED, runs) })
  })
}

function advance(session: Session, seconds: number, check: (session: Session) => void): void {
  for (let i = 0; i < seconds; i++) {
    const before = session.simulation.handled
    session.advance(session.now + 1_000)
    if (session.simulation.handled - before > MOST_MESSAGES) throw new Error(`a storm at ${session.now} ms`)
    check(session)
  }
}

function act(session: Session, given: Course, deed: Deed, check = holds): void {
  advance(session, deed.after, check)
  const line = lineOf(session, given, deed)
  if (line === undefined) return
  freePrompt(session)
  session.submit(line)
}

/** Runs on until nothing is left to do. */
function rest(session: Session, millis: number): void {
  const until = session.now + millis
  while (unrest(session) !== undefined && session.now < until) advance(session, 5, holds)
  const left = unrest(session)
  if (left !== undefined) throw new Error(`${millis / 60_000} minutes later: ${left}`)
}

const plain = (given: Course): Course => ({
  ...given,
  webs: given.webs.map((one) => ({ ...one, cpuMillis: Math.min(one.cpuMillis, 50) })),
})

describe('whatever is done, promises are kept, and what is healed becomes whole and falls silent', () => {
  const twice: readonly DeedName[] = [...DEEDS, 'fault', 'fault', 'fault', 'job', 'daemonset']
  always(SHARES.healing, courses(twice, 10), (given) => {
    const session = begin(given)
    for (const deed of given.deeds) act(session, given, deed)
    advance(session, 20, holds)
    heal(session, given)
    rest(session, 1_500_000)
    const before = session.simulation.handled
    session.advance(session.now + 60_000)
    const messages = session.simulation.handled - before
    if (messages > 2_000) throw new Error(`${messages} messages in a quiet minute`)
  })
})

describe('a rollout takes no more and leaves no less than its strategy allows', () => {
  always(SHARES.rollouts, courses(['image', 'undo', 'restart', 'config'], 5), (course) => {
    const given = plain(course)
    const session = begin(given)
    for (let i = 0; i < 60 && unrest(session) !== undefined; i++) session.advance(session.now + 1_000)
    for (const deed of given.deeds) act(session, given, deed, rollsGently)
    advance(session, 40, rollsGently)
  })
})

describe('evictions break no budget', () => {
  always(SHARES.drains, courses(['drain', 'uncordon', 'drain', 'cordon'], 6), (course) => {
    const given = plain({ ...course, webs: course.webs.map((one) => ({ ...one, replicas: one.replicas + 1 })) })
    const session = begin(given)
    for (let i = 0; i < 60 && unrest(session) !== undefined; i++) session.advance(session.now + 1_000)
    given.webs.forEach((one, i) => {
      const bound = i % 2 ? `--min-available=${Math.max(1, one.replicas - 2)}` : '--max-unavailable=1'
      session.run(`kubectl create pdb web-${i} --selector=app=web-${i} ${bound}`)
    })
    advance(session, 5, () => {})
    for (const deed of given.deeds) act(session, given, deed, budgetsAreKept)
    advance(session, 40, budgetsAreKept)
  })
})

describe('a run of a cluster is a function of seed and inputs', () => {
  const END = 90_000
  function straight(given: Course, seed: number): Session {
    const session = begin(given, seed)
    for (const deed of given.deeds) act(session, given, { ...deed, after: Math.min(deed.after, 8) }, () => {})
    session.advance(session.now + END)
    return session
  }
  const same = (got: string, wanted: string) => {
    if (got !== wanted) throw new Error(`${got}, not ${wanted}`)
  }

  describe('the same again gives the same digest', () => {
    always(SHARES.again, fc.tuple(courses(DEEDS, 6), fc.integer({ min: 1, max: 1e6 })), ([given, seed]) =>
      same(straight(given, seed).digest(), straight(given, seed).digest()),
    )
  })

  describe('in steps as in one go', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 30 })
    always(SHARES.steps, fc.tuple(courses(DEEDS, 6), steps), ([given, sizes]) => {
      const { simulation } = straight(given, 2)
      const session = begin(given, 2)
      let n = 0
      const stepwise = (until: number) => {
        while (session.now < until) session.advance(Math.min(until, session.now + sizes[n++ % sizes.length]!))
      }
      for (const input of simulation.inputs.slice(session.simulation.inputs.length)) {
        stepwise(input.at)
        session.simulation.input({ to: input.to, about: input.about, body: input.body, says: input.says })
      }
      stepwise(simulation.now)
      same(session.digest(), simulation.digest())
    })
  })

  describe('a branch at any moment, given the same inputs again, comes to the same', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 })
    always(SHARES.branches, fc.tuple(courses(DEEDS, 6), shares), ([given, moments]) => {
      const { simulation } = straight(given, 3)
      const expected = simulation.digest()
      const { inputs, now } = simulation
      for (const share of moments) {
        simulation.rewind(Math.floor(share * now))
        for (const input of inputs.slice(simulation.inputs.length)) {
          simulation.run({ until: input.at })
          simulation.input({ to: input.to, about: input.about, body: input.body, says: input.says })
        }
        simulation.run({ until: now })
        same(simulation.digest(), expected)
      }
    })
  })
})

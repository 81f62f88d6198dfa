import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/engine'
import { act, Crowd, type Deed, toySimulation } from '../engine/toy'

const deed: fc.Arbitrary<Deed> = fc.record({
  after: fc.integer({ min: 0, max: 900 }),
  do: fc.constantFrom('want', 'want', 'kill'),
  crowd: fc.constantFrom('a', 'b', 'c'),
  n: fc.integer({ min: 0, max: 9 }),
})
const deeds = fc.array(deed, { minLength: 1, maxLength: 12 })
const END = 12_000

function straight(seed: number, course: readonly Deed[]) {
  const simulation = toySimulation(seed)
  for (const one of course) act(simulation, one)
  simulation.run({ until: END })
  return simulation
}

describe('a run is a function of seed and inputs', () => {
  test('same seed, same digest; another seed, another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), deeds, (seed, course) => {
        const once = straight(seed, course)
        expect(straight(seed, course).digest()).toBe(once.digest())
        const grew = once.store.history().some((change) => change.because.id === 'toy/grew')
        if (grew) expect(straight(seed + 1, course).digest()).not.toBe(once.digest())
      }),
      { numRuns: 60 },
    )
  })

  test('in steps or in one go', () => {
    fc.assert(
      fc.property(deeds, fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 30 }), (course, steps) => {
        const simulation = toySimulation(7)
        for (const one of course) {
          const target = simulation.now + one.after
          for (const step of steps) simulation.run({ until: Math.min(target, simulation.now + step) })
          simulation.run({ until: target })
          act(simulation, { ...one, after: 0 })
        }
        let messages = 0
        simulation.run({ until: END, stop: () => ++messages > 3 })
        for (const step of steps) simulation.run({ until: Math.min(END, simulation.now + step) })
        simulation.run({ until: END })
        expect(simulation.digest()).toBe(straight(7, course).digest())
      }),
      { numRuns: 60 },
    )
  })

  test('a branch at any moment, given the same inputs again, comes to the same', () => {
    fc.assert(
      fc.property(
        deeds,
        fc.array(fc.integer({ min: 0, max: END }), { minLength: 1, maxLength: 4 }),
        (course, moments) => {
          const simulation = straight(3, course)
          const expected = simulation.digest()
          const inputs = simulation.inputs
          for (const at of moments) {
            simulation.rewind(at)
            for (const input of inputs.slice(simulation.inputs.length)) {
              simulation.run({ until: input.at })
              simulation.input({ to: input.to, about: input.about, body: input.body, says: input.says })
            }
            simulation.run({ until: END })
            expect(simulation.digest()).toBe(expected)
          }
        },
      ),
      { numRuns: 80 },
    )
  })

  test('another future does not harm the saved one', () => {
    fc.assert(
      fc.property(deeds, deeds, fc.integer({ min: 0, max: END }), (course, other, at) => {
        const simulation = straight(5, course)
        const expected = simulation.digest()
        const saved = simulation.save()
        simulation.rewind(at)
        for (const one of other) act(simulation, one)
        const otherDigest = simulation.digest()
        const otherSaved = simulation.save()
        simulation.restore(saved)
        expect(simulation.digest()).toBe(expected)
        simulation.restore(otherSaved)
        expect(simulation.digest()).toBe(otherDigest)
        simulation.restore(saved)
        simulation.run({ until: END + 3000 })
        const further = straight(5, course)
        further.run({ until: END + 3000 })
        expect(simulation.digest()).toBe(further.digest())
      }),
      { numRuns: 60 },
    )
  })
})

test('one unrelated object more changes nobody else’s log', () => {
  const told = (changes: readonly Change[]) =>
    changes
      .filter((c) => !c.key.includes('/z') && c.by !== 'lab')
      .map((c) => [c.at, c.by, c.key, c.uid, c.because.id, c.value])
  fc.assert(
    fc.property(deeds, (course) => {
      const plain = toySimulation(11)
      const fuller = toySimulation(11, [
        { key: Crowd.key('', 'z'), value: { wanted: 5, made: 0 }, because: { id: 'toy/asked' } },
      ])
      for (const simulation of [plain, fuller]) {
        for (const one of course) act(simulation, one)
        simulation.run({ until: END })
      }
      expect(told(fuller.store.history())).toEqual(told(plain.store.history()))
    }),
    { numRuns: 60 },
  )
})

test('looking back gives what was', () => {
  fc.assert(
    fc.property(deeds, (course) => {
      const simulation = toySimulation(2)
      const seen: { revision: number; members: unknown; crowds: unknown }[] = []
      const look = () => ({
        revision: simulation.store.revision,
        members: simulation.store.list(Crowd).map((c) => [c.key, c.value]),
        crowds: simulation.store.list(Crowd, { scope: '' }).map((c) => c.value),
      })
      for (const one of course) {
        act(simulation, one)
        seen.push(look())
      }
      simulation.run({ until: END })
      for (const was of seen) {
        const past = simulation.store.at(was.revision)
        expect(past.list(Crowd).map((c) => [c.key, c.value])).toEqual(was.members)
        expect(past.list(Crowd, { scope: '' }).map((c) => c.value)).toEqual(was.crowds)
      }
    }),
    { numRuns: 60 },
  )
})

test('compaction keeps the present, the inputs and the digest', () => {
  fc.assert(
    fc.property(deeds, fc.integer({ min: 1, max: 60 }), (course, cut) => {
      const simulation = straight(9, course)
      const plain = straight(9, course)
      simulation.compact(Math.min(cut, simulation.store.revision))
      for (const input of simulation.inputs) {
        expect(
          simulation.store
            .history()
            .concat(kept(simulation))
            .some((c) => c.value === input),
        ).toBe(true)
      }
      act(simulation, { after: 50, do: 'want', crowd: 'a', n: 3 })
      act(plain, { after: 50, do: 'want', crowd: 'a', n: 3 })
      simulation.run({ until: END + 2000 })
      plain.run({ until: END + 2000 })
      expect(simulation.digest()).toBe(plain.digest())
    }),
    { numRuns: 40 },
  )
})

function kept(simulation: ReturnType<typeof toySimulation>): Change[] {
  const found: Change[] = []
  for (let revision = 1; revision <= simulation.store.horizon; revision++) {
    const change = simulation.store.change(revision)
    if (change) found.push(change)
  }
  return found
}

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Demand, fairShares, type Group } from '../../../src/platform/cpu/shares'

const group = (weight: number, quota?: number, parent = -1): Group => ({ parent, weight, quota })
const demand = (at: number, threads = 1, cpus?: readonly number[]): Demand => ({
  group: at,
  weight: threads,
  most: 1000 * threads,
  cpus,
})
const rounded = (values: readonly number[]) => values.map((value) => Math.round(value * 10) / 10)

describe('who gets how much', () => {
  test.each<[string, Group[], Demand[], number, number[]]>([
    ['alone, one thread has one CPU of four', [group(100)], [demand(0)], 4, [1000]],
    ['weights count where the CPUs are short', [group(200), group(100)], [demand(0, 4), demand(1, 4)], 3, [2000, 1000]],
    ['and not where they are not', [group(10), group(10_000)], [demand(0, 2), demand(1, 2)], 4, [2000, 2000]],
    ['a quota holds although CPUs are idle', [group(100, 500)], [demand(0, 4)], 4, [500]],
    [
      'what a quota leaves is for the others',
      [group(100, 500), group(100)],
      [demand(0, 4), demand(1, 4)],
      4,
      [500, 3500],
    ],
    ['two on one CPU share it', [group(100), group(39)], [demand(0, 1, [0]), demand(1, 1, [0])], 4, [719.4, 280.6]],
    [
      'who is not bound to the crowded CPU goes elsewhere',
      [group(100), group(100), group(100)],
      [demand(0, 1, [0]), demand(1, 1, [0]), demand(2)],
      2,
      [500, 500, 1000],
    ],
    [
      'a group below another divides what that one gets',
      [group(100), group(100), group(300, undefined, 1), group(100, undefined, 1)],
      [demand(0, 4), demand(2, 4), demand(3, 4)],
      4,
      [2000, 1500, 500],
    ],
    ['threads of one group are equal', [group(100)], [demand(0, 3), demand(0, 1)], 2, [1500, 500]],
    ['nobody wants anything', [group(100)], [], 4, []],
  ])('%s', (_, groups, demands, cpus, given) => expect(rounded(fairShares(groups, demands, cpus))).toEqual(given))

  const cases = fc
    .record({
      cpus: fc.integer({ min: 1, max: 8 }),
      slices: fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 3 }),
      groups: fc.array(
        fc.record({
          slice: fc.nat(2),
          weight: fc.integer({ min: 1, max: 10_000 }),
          quota: fc.option(fc.integer({ min: 10, max: 4000 }), { nil: undefined }),
          cpus: fc.option(fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 3 }), { nil: undefined }),
          threads: fc.integer({ min: 1, max: 9 }),
        }),
        { minLength: 1, maxLength: 8 },
      ),
    })
    .map(({ cpus, slices, groups }) => {
      const tree: Group[] = [
        ...slices.map((weight) => group(weight)),
        ...groups.map(({ slice, weight, quota }) => group(weight, quota, slice % slices.length)),
      ]
      const demands = groups.map((one, i) => {
        const own = one.cpus?.map((cpu) => cpu % cpus)
        return demand(slices.length + i, one.threads, own && [...new Set(own)].sort())
      })
      return { cpus, tree, demands }
    })

  test('never more than there is, than is wanted, than a quota or a set of CPUs allows; and no CPU idle that somebody could use', () => {
    fc.assert(
      fc.property(cases, ({ cpus, tree, demands }) => {
        const given = fairShares(tree, demands, cpus)
        const sum = given.reduce((a, b) => a + b, 0)
        expect(sum).toBeLessThanOrEqual(1000 * cpus + 1e-3)
        let hungry = false
        given.forEach((value, i) => {
          const { most, group: at, cpus: own } = demands[i]!
          const top = Math.min(most, tree[at]!.quota ?? most, own ? 1000 * own.length : most)
          expect(value).toBeGreaterThan(0)
          expect(value).toBeLessThanOrEqual(top + 1e-3)
          if (!own && value < top - 1e-3) hungry = true
        })
        // who may run anywhere and is held by no quota goes short only when every CPU is busy
        if (hungry) expect(sum).toBeGreaterThan(1000 * cpus - 1e-2)
      }),
    )
  })

  test('nobody who asks gets less than his weighted share, or all that he can use', () => {
    fc.assert(
      fc.property(cases, ({ cpus, tree, demands }) => {
        const given = fairShares(tree, demands, cpus)
        const anywhere = demands.every(({ cpus: own }) => own === undefined)
        if (!anywhere) return
        const busy = new Set(demands.flatMap(({ group: at }) => [at, tree[at]!.parent]))
        demands.forEach(({ group: at, most }, i) => {
          let share = 1000 * cpus
          for (let g = at; g >= 0; g = tree[g]!.parent) {
            const beside = tree.reduce(
              (total, { parent, weight }, other) =>
                parent === tree[g]!.parent && busy.has(other) ? total + weight : total,
              0,
            )
            share *= tree[g]!.weight / beside
          }
          expect(given[i]!).toBeGreaterThanOrEqual(Math.min(share, most, tree[at]!.quota ?? most) - 1e-3)
        })
      }),
    )
  })
})

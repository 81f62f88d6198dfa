import { expect, test } from 'vitest'
import { Cabinet } from '../../src/app/kept/cabinet'
import type { KeptSession } from '../../src/app/kept/kept-session'
import type { Shelf, Slip } from '../../src/app/kept/shelf'

function shelf(): Shelf & { readonly slips: Map<string, Slip> } {
  const slips = new Map<string, Slip>()
  return {
    slips,
    all: async (id) => [...slips.values()].filter(({ place }) => id === undefined || place.startsWith(`${id}/`)),
    put: async (slip) => void slips.set(slip.place, slip),
    remove: async (places) => {
      for (const place of places) slips.delete(place)
    },
  }
}

const session = (id: string, at: number, name = ''): KeptSession => ({
  id,
  name,
  lab: 'kubernetes',
  seed: 3,
  scenario: undefined,
  folders: [],
  moment: {
    version: '0.1',
    at,
    digest: 'd',
    inputs: [{ at: 5, to: 'shell', about: 'p', body: { line: 'ls' }, says: 'typed' }],
  },
  branches: undefined,
  step: 0,
  passed: [],
  playing: true,
  keptAt: at,
})

test('two places by turns: the newest is what is read, the one before it stays', async () => {
  const place = shelf()
  const cabinet = new Cabinet(place)
  for (const at of [10, 20, 30]) await cabinet.keep(session('a', at))
  expect(place.slips.size).toBe(2)
  expect((await cabinet.generations('a')).map((kept) => kept.moment.at)).toEqual([30, 20])
})

test('a torn generation is passed over, and written over next', async () => {
  const place = shelf()
  const cabinet = new Cabinet(place)
  for (const at of [10, 20]) await cabinet.keep(session('a', at))
  const newest = [...place.slips.values()].find((slip) => slip.serial === 2)!
  place.slips.set(newest.place, { ...newest, text: newest.text.slice(0, 90) })
  expect((await cabinet.generations('a')).map((kept) => kept.moment.at)).toEqual([10])
  await cabinet.keep(session('a', 40))
  expect((await cabinet.generations('a')).map((kept) => kept.moment.at)).toEqual([40, 10])
})

test('what is no session is not listed, whatever it claims', async () => {
  const place = shelf()
  const cabinet = new Cabinet(place)
  await cabinet.keep(session('a', 10))
  const whole = place.slips.get('a/0')!
  place.slips.set('b/0', { ...whole, place: 'b/0' })
  await cabinet.keep({ ...session('c', 10), moment: { ...session('c', 10).moment, at: -1 } })
  await cabinet.keep({ ...session('d', 10), id: '../d' })
  expect((await cabinet.list()).map(({ id }) => id)).toEqual(['a'])
})

test('of many only the named and the newest stay', async () => {
  const cabinet = new Cabinet(shelf())
  await cabinet.keep(session('old', 0, 'mine'))
  for (let i = 1; i <= 34; i++) await cabinet.keep(session(`s${i}`, i))
  await cabinet.tidy()
  const ids = (await cabinet.list()).map(({ id }) => id)
  expect(ids).toHaveLength(31)
  expect(ids).toContain('old')
  expect(ids).not.toContain('s4')
  expect(ids).toContain('s5')
})

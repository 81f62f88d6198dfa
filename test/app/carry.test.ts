import { expect, test } from 'vitest'
import { notesText } from '../../src/app/carry/notes'
import { qrOf } from '../../src/app/carry/qr'
import { orderOf } from '../../src/app/embed/orders'
import { sumOf } from '../../src/app/kept/cabinet'

/** A code as rows of 0 and 1; the sums below are of codes that an independent reader has read. */
const rows = (text: string) =>
  qrOf(text)
    ?.map((row) => row.map(Number).join(''))
    .join('\n')

test.each([
  ['https://a.bc', 21],
  ['x'.repeat(150), 45],
  ['y'.repeat(1300), 121],
])('a QR code of %s has %i modules, its three finders and its dark module', (text, size) => {
  const code = qrOf(text)!
  expect(code).toHaveLength(size)
  for (const [x, y] of [
    [0, 0],
    [size - 7, 0],
    [0, size - 7],
  ] as const)
    expect(code[y + 3]!.slice(x, x + 7)).toEqual([true, false, true, true, true, false, true])
  expect(code[size - 8]![8]).toBe(true)
})

test('codes are as a reader has read them', () => {
  expect(['https://a.bc', 'x'.repeat(150), 'y'.repeat(1300)].map((text) => sumOf(rows(text)!))).toEqual([
    1477564731, 1780793671, 2538492921,
  ])
})

test('what is too long has no code', () => {
  expect(qrOf('z'.repeat(2953))).toHaveLength(177)
  expect(qrOf('z'.repeat(2954))).toBeUndefined()
  expect(qrOf('z'.repeat(1300), 25)).toBeUndefined()
})

test('notes are prose, whatever the names hold', () => {
  const line = { revision: 1, at: 65_000, by: 'you', says: 'made **x**\n# y', detail: '<script>', key: 'k' }
  expect(notesText('A run', 'Seed 1.', [line])).toBe(
    '# A run\n\nSeed 1.\n\n- `1:05.0` **You** made \\*\\*x\\*\\* \\# y: \\<script\\>\n',
  )
})

test('only orders are orders', () => {
  expect(orderOf({ drydock: 'seek', at: 5, more: 1 })).toEqual({ drydock: 'seek', at: 5 })
  for (const not of [
    null,
    'play',
    {},
    { drydock: 'seek', at: -1 },
    { drydock: 'seek', at: '5' },
    { drydock: 'run', line: 'ls' },
    { drydock: 'run', line: 'a'.repeat(30_000), number: 1 },
    { drydock: 'theme', theme: 'x' },
  ])
    expect(orderOf(not)).toBeUndefined()
})

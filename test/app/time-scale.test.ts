import { describe, expect, test } from 'vitest'
import { fitLabels, spanFor, spokenTime } from '../../src/app/timeline/scale'
import { clockOf, shortBytes, shorten } from '../../src/picture'
import { readTime } from '../../src/picture/read-time'

test.each([
  [0, 30_000],
  [25_000, 30_000],
  [26_000, 60_000],
  [408_000, 480_000],
  [3_600_000, 5_400_000],
  [80_000_000, 172_800_000],
  [400_000_000, 518_400_000],
])('after %i ms the line spans %i', (now, span) => {
  expect(spanFor(now)).toBe(span)
  expect(span).toBeGreaterThanOrEqual(now)
})

test.each([
  ['65', 65_000],
  ['1:05', 65_000],
  ['1:05.5', 65_500],
  ['1:02:05', 3_725_000],
  ['2m30s', 150_000],
  ['1h', 3_600_000],
  ['1d 2h', 93_600_000],
  ['1.5s', 1500],
  ['', undefined],
  ['soon', undefined],
  ['1:2:3:4', undefined],
  ['-5', undefined],
])('a typed time %j is %s', (text, millis) => {
  expect(readTime(text)).toBe(millis)
})

test.each([
  [65_900, '1:05.9'],
  [19_700, '0:19.7'],
  [3_725_000, '1:02:05'],
  [183_845_000, '2 d 3:04:05'],
  [-178_100, '−2:58.1'],
  [0, '0:00.0'],
])('%i ms is written %s', (millis, text) => {
  expect(clockOf(millis)).toBe(text)
})

test('a time is spoken in words', () => {
  expect(spokenTime(64_800)).toBe('1 minute 4.8 seconds')
  expect(spokenTime(3_600_000)).toBe('1 hour 0 minutes 0 seconds')
})

test.each([
  ['short', 20, 'short'],
  ['web-7c9d85f6bd-q4x2z', 14, 'web-7…bd-q4x2z'],
])('%s in %i characters', (name, most, expected) => {
  expect(shorten(name, most)).toBe(expected)
  expect(shorten(name, most).length).toBeLessThanOrEqual(most)
})

test.each([
  [8 * 1024 ** 3, '8 G'],
  [2.2 * 1024 ** 3, '2.2 G'],
  [380 * 1024 ** 2, '380 M'],
])('%i bytes', (bytes, text) => {
  expect(shortBytes(bytes)).toBe(text)
})

describe('labels on the line', () => {
  const label = (x: number, weight = 0) => ({ x, width: 60, weight })
  const shown = (...labels: ReturnType<typeof label>[]) => fitLabels(labels, 300).map(({ index }) => index)
  test('of two that would overlap the later is shown', () => {
    expect(shown(label(10), label(40), label(200))).toEqual([1, 2])
  })
  test('unless the earlier one weighs more', () => {
    expect(shown(label(10, 3), label(40), label(200))).toEqual([0, 2])
  })
  test('none runs over an end', () => {
    const [first] = fitLabels([label(290)], 300)
    expect(first!.left + 60).toBeLessThanOrEqual(300)
    expect(fitLabels([label(0)], 300)[0]!.left).toBe(0)
  })
})

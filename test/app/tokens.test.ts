import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { states } from '../../src/picture'

const css = readFileSync(new URL('../../src/app/theme/tokens.css', import.meta.url), 'utf8')
type Theme = 'light' | 'dark'

/** The value of a token in a theme: `--ink: light-dark(#1c2530, #e6ebf1)`, or the same in both. */
function token(name: string, theme: Theme): string {
  const found = new RegExp(`--${name}:\\s*(?:light-dark\\((#[0-9a-f]{6}),\\s*(#[0-9a-f]{6})\\)|(#[0-9a-f]{6}))`).exec(
    css,
  )
  if (!found) throw new Error(`no colour --${name}`)
  return found[3] ?? found[theme === 'light' ? 1 : 2]!
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const share = Number.parseInt(hex.slice(i, i + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG 2's contrast ratio, 1…21. */
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const grounds = ['ground', 'panel', 'sunken', 'raised'] as const
const texts = ['ink', 'ink-soft', 'ink-faint', 'accent', 'warn-ink', 'good-ink'] as const
const pairs: [text: string, ground: string][] = [
  ...texts.flatMap((text) => grounds.map((ground): [string, string] => [text, ground])),
  ['on-accent', 'accent'],
  ['ink', 'accent-soft'],
  ['accent', 'accent-soft'],
  ['warn-ink', 'warn-soft'],
  ['good-ink', 'good-soft'],
  ...states.filter((state) => state !== 'terminating').map((state): [string, string] => [`on-${state}`, state]),
  ['on-terminating', 'terminating-ground'],
  ...['term-ink', 'term-soft', 'term-green', 'term-amber', 'term-red'].map((ink): [string, string] => [
    ink,
    'term-ground',
  ]),
]
const marks: [mark: string, ground: string][] = [
  ...[1, 2, 3, 4, 5, 6].flatMap((n) =>
    ['ground', 'panel', 'sunken'].map((ground): [string, string] => [`id-${n}`, ground]),
  ),
  ...['request', 'refused', 'timed-out'].map((mark): [string, string] => [mark, 'ground']),
  ...['accent', 'line-strong', 'unhealthy', 'used'].flatMap((mark) =>
    ['panel', 'ground'].map((ground): [string, string] => [mark, ground]),
  ),
]

describe.each<Theme>(['light', 'dark'])('%s', (theme) => {
  test.each(pairs)('text %s on %s has a contrast of 4.5', (text, ground) => {
    expect(contrast(token(text, theme), token(ground, theme))).toBeGreaterThanOrEqual(4.5)
  })
  test.each(marks)('mark %s on %s has a contrast of 3', (mark, ground) => {
    expect(contrast(token(mark, theme), token(ground, theme))).toBeGreaterThanOrEqual(3)
  })
})

test('black on white has a contrast of 21, and a colour on itself of 1', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#0b63a5', '#0b63a5')).toBe(1)
})

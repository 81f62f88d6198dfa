import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { english } from '../../src/app/words/en'
import { grammarOf } from '../../src/app/words/grammar'
import { languageFor } from '../../src/app/words/languages'
import { pseudo, pseudoEnglish } from '../../src/app/words/pseudo'
import { completed, type Translation, untranslated } from '../../src/app/words/translation'

test('what a language has no words for yet is said in English, function or text', () => {
  const partly: Translation<{ a: { b: string; c: string }; d: (n: number) => string; e: (n: number) => string }> = {
    a: { b: 'eins', c: untranslated },
    d: untranslated,
    e: (n) => `${n} Stück`,
  }
  const whole = completed(
    { a: { b: 'one', c: 'two' }, d: (n: number) => `${n} left`, e: (n: number) => `${n} of` },
    partly,
  )
  expect([whole.a, whole.d(3), whole.e(4)]).toEqual([{ b: 'eins', c: 'two' }, '3 left', '4 Stück'])
})

test('what a language has forgotten the compiler tells, and English is said', () => {
  // @ts-expect-error a text is missing
  const forgetful: Translation<{ a: string; b: string }> = { a: 'eins' }
  expect(completed({ a: 'one', b: 'two' }, forgetful)).toEqual({ a: 'eins', b: 'two' })
})

test.each([
  [['de-DE', 'en'], ['en-XA', null, null], 'en-XA'],
  [['de-DE', 'en-GB'], [null, undefined, ''], 'en'],
  [['en-XA'], [null], 'en'],
  [['de'], ['constructor', '../en', 'en'], 'en'],
] as const)('a browser that speaks %j, where %j is asked for, gets %s', (browser, asked, tag) => {
  expect(languageFor(asked, browser)).toBe(tag)
})

test('words are counted by the rules of their own language', () => {
  const polish = grammarOf('pl')
  const of = (count: number) => polish.plural(count, { one: 'plik', few: 'pliki', other: 'plików' })
  expect([1, 3, 5, 22].map(of)).toEqual(['plik', 'pliki', 'plików', 'pliki'])
  expect([english.pair.differences(1), english.pair.differences(1200)]).toEqual([
    '1 difference at this moment, outlined in both',
    '1,200 differences at this moment, outlined in both',
  ])
})

test('the trial language is longer, accented and in brackets, and leaves values alone', () => {
  expect(pseudo('Next change')).toBe('[Ñéxţ çĥåñĝé ẋẋẋẋ]')
  expect(pseudoEnglish.faults.none('web-1')).toMatch(/^\[.*web-1.*\]$/)
  expect(pseudoEnglish.pair.differences(2)).toMatch(/^\[2 ðîƒƒéŕéñçéš/)
  expect(renderToStaticMarkup(pseudoEnglish.scheduling.where('web'))).toMatch(/^\[.*web.*\]$/)
})

import { cloneElement, isValidElement, type ReactElement, type ReactNode } from 'react'
import { words } from '.'
import type { Words } from './en'
import { type LateWords, lateEnglish } from './en/late'

const PLAIN = 'ABCDEFGHIJKLMNOPRSTUVWYZabcdefghijklmnoprstuvwyz'
const ACCENTED = 'ÅƁÇÐÉƑĜĤÎĴĶĻḾÑÖÞŔŠŢÛṼŴÝŽåƀçðéƒĝĥîĵķļḿñöþŕšţûṽŵýž'
const accents = new Map([...PLAIN].map((letter, i) => [letter, [...ACCENTED][i]!]))
const FILLER = 'ẋẋẋẋẋ '

/** Values stand in a text as single characters of the private area while it is made strange. */
const FIRST_VALUE = 0xe000

const strange = (text: string): string => [...text].map((letter) => accents.get(letter) ?? letter).join('')

/** Accented, longer by a third and in brackets: what is not, is in no catalogue, and what does not fit, would not in German. */
export const pseudo = (text: string): string => text.split('\n').map(pseudoLine).join('\n')

function pseudoLine(line: string): string {
  // a value alone, or a sign
  if (!/\p{L}|[\ue000-\uf8ff].*[\ue000-\uf8ff]/u.test(line)) return line
  const [, before, inner, after] = /^(\s*)(.*?)(\s*)$/.exec(line)!
  const more = FILLER.repeat(inner!.length).slice(0, Math.ceil(inner!.length / 3))
  return `${before}[${strange(inner!)} ${more.trim()}]${after}`
}

function pseudoFunction(say: (...values: unknown[]) => unknown) {
  return (...values: unknown[]): unknown => {
    const kept: string[] = []
    const hide = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(hide)
      return typeof value === 'string' ? String.fromCharCode(FIRST_VALUE + kept.push(value) - 1) : value
    }
    const show = (text: string) =>
      pseudo(text).replace(/[\ue000-\uf8ff]/g, (sign) => kept[sign.charCodeAt(0) - FIRST_VALUE] ?? sign)
    const said = say(...values.map(hide))
    return isValidElement(said)
      ? pseudoElement(said as ReactElement<{ children?: ReactNode }>, show)
      : show(String(said))
  }
}

/** The element's own texts, not those of the parts that were given to it. */
function pseudoElement(element: ReactElement<{ children?: ReactNode }>, show: (text: string) => string): ReactNode {
  const { children } = element.props
  const parts = Array.isArray(children) ? children : [children]
  return cloneElement(
    element,
    {},
    ...parts.map((part) => (typeof part === 'string' && part !== '' ? show(part) : part)),
  )
}

function pseudoPart(part: unknown): unknown {
  if (typeof part === 'string') return pseudo(part)
  if (typeof part === 'function') return pseudoFunction(part as (...values: unknown[]) => unknown)
  return Object.fromEntries(Object.entries(part as object).map(([key, text]) => [key, pseudoPart(text)]))
}

/** `en-XA`: a language made of the English texts, to see that all of them are in the catalogue and have room. */
export const pseudoEnglish: Words & LateWords = {
  ...(pseudoPart({ ...words, ...lateEnglish }) as Words & LateWords),
  written: words.written,
}

import { createElement, Fragment, type ReactNode } from 'react'

/** The forms of a word by the language's own rules for numbers; what a form leaves out is the other one. */
type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string }

/** How a language counts and writes numbers and dates. */
export function grammarOf(language: string) {
  const rules = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(language)
  return {
    number: (value: number): string => numbers.format(value),
    plural: (count: number, forms: Forms): string => forms[rules.select(count)] ?? forms.other,
    /** A moment of the reader's own calendar, as it is written in the reader's region where that speaks the language. */
    date: (millis: number): string => new Date(millis).toLocaleString(regionOf(language)),
  }
}

const regionOf = (language: string): string =>
  globalThis.navigator?.languages?.find((one) => one.split('-')[0] === language) ?? language

/** A text with parts that are more than text: ``mixed`Where may ${<b>web</b>} run?` ``. */
export const mixed = (texts: TemplateStringsArray, ...parts: readonly ReactNode[]): ReactNode =>
  createElement(Fragment, null, ...texts.flatMap((text, i) => (i < parts.length ? [text, parts[i]] : [text])))

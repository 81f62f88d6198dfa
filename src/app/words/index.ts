/**
 * Every text of the page that is its own: the catalogue. Its rooms are in `en`; a language is one more file of the type
 * `Translation` and a line in `languages.ts`. What the model says (reasons, names, what tools print, pictures and lessons)
 * is English in every language, and marked as such by `modelText`.
 */
import { english, type Words } from './en'
import type { Translation } from './translation'

/** The texts in the language that is spoken. Read them where they are shown, not when a module is loaded: it may be chosen after that. */
export const words: Words = { ...english }

/** The language that is spoken, where it is not English. */
export const spoken: { translation: Translation | undefined } = { translation: undefined }

/** For elements that hold what the model or a simulated tool says, whatever the page speaks. */
export const modelText = { lang: 'en', dir: 'ltr' } as const

import type { Words } from './en'
import type { LateWords } from './en/late'

/** What the file of a language holds: each text of the English one, or `untranslated` until somebody has found the words. */
export type Translation<Part = Words & LateWords> = {
  readonly [Key in keyof Part]: Part[Key] extends string | ((...values: never[]) => unknown)
    ? Part[Key] | undefined
    : Translation<Part[Key]>
}

/** English stands where this is written. */
export const untranslated = undefined

/** The texts of a language, in English where it has none. */
export function completed<Part extends object>(english: Part, translated: Translation<Part>): Part {
  return Object.fromEntries(
    Object.entries(english).map(([key, text]) => {
      const own = (translated as Record<string, unknown>)[key]
      return [key, typeof text === 'object' ? completed(text, (own ?? {}) as object) : (own ?? text)]
    }),
  ) as Part
}

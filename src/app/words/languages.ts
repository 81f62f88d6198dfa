import type { Translation } from './translation'

export interface Language {
  /** As its speakers call it. */
  readonly name: string
  readonly dir: 'ltr' | 'rtl'
  /** Fetched only when it is chosen; undefined: it comes with the page. */
  readonly load: (() => Promise<Translation>) | undefined
  /** Made to try the page with, offered to nobody. */
  readonly isTrial?: boolean
}

/** By BCP 47 tag. Another one: a line here and a file beside `en`. */
export const languages: Readonly<Record<string, Language>> = {
  en: { name: 'English', dir: 'ltr', load: undefined },
  'en-XA': {
    name: 'Pseudo-English',
    dir: 'ltr',
    load: async () => (await import('./pseudo')).pseudoEnglish,
    isTrial: true,
  },
}

const KEPT = 'drydock-lang'

/** What asks for a language, the weightiest first: the address, the tab, the reader's setting, the browser. */
export function languageFor(asked: readonly (string | null | undefined)[], browser: readonly string[]): string {
  for (const tag of asked) if (tag && Object.hasOwn(languages, tag)) return tag
  for (const tag of browser) {
    const known = [tag, tag.split('-')[0]!].find((one) => Object.hasOwn(languages, one) && !languages[one]!.isTrial)
    if (known !== undefined) return known
  }
  return 'en'
}

/** The language for this page. One that the address names is the tab's from then on, for links within the page do not name it. */
export function chosenLanguage(address: URL): string {
  const named = address.searchParams.get('lang')
  try {
    if (named !== null && Object.hasOwn(languages, named)) sessionStorage.setItem(KEPT, named)
    const asked = [named, sessionStorage.getItem(KEPT), localStorage.getItem(KEPT)]
    return languageFor(asked, navigator.languages)
  } catch {
    // A frame without storage is told by its address.
    return languageFor([named], navigator.languages)
  }
}

/** The reader's setting: it is kept, and the page loaded anew in it. */
export function chooseLanguage(tag: string): void {
  try {
    localStorage.setItem(KEPT, tag)
    sessionStorage.removeItem(KEPT)
  } catch {
    // It is asked again next time.
  }
  const address = new URL(location.href)
  address.searchParams.set('lang', tag)
  history.replaceState(history.state, '', address)
  location.reload()
}

/** What may be chosen here: none where there is but one. The trial language is offered only to those who try it. */
export function offeredLanguages(spoken: string): readonly (readonly [tag: string, name: string])[] {
  const offered = Object.entries(languages).filter(([tag, { isTrial }]) => !isTrial || tag === spoken)
  return offered.length > 1 ? offered.map(([tag, { name }]) => [tag, name] as const) : []
}

import { spoken, words } from '.'
import { chosenLanguage, type Language, languages } from './languages'
import { completed } from './translation'

/** Before anything is drawn: speaks the reader's language from here on, or English where its texts do not come. */
export async function speak(address: URL): Promise<void> {
  const tag = chosenLanguage(address)
  const language: Language | undefined = languages[tag]
  const { documentElement: root } = document
  try {
    spoken.translation = await language?.load?.()
    if (spoken.translation) Object.assign(words, completed(words, spoken.translation))
  } catch {
    return
  }
  root.lang = tag
  root.dir = language?.dir ?? 'ltr'
}

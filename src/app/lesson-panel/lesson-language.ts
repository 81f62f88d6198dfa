import { useShown } from '../desk/use-desk'
import { modelText } from '../words'

/** For elements that hold a lesson's text: scenarios are in English, the first steps in the page's language. */
export const useLessonLanguage = (): { readonly lang?: string; readonly dir?: string } =>
  useShown((state) => state.lesson !== undefined) ? modelText : {}

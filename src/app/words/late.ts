import { spoken } from '.'
import { type LateWords, lateEnglish } from './en/late'
import { completed } from './translation'

/** The texts of what is fetched only when somebody opens it, and of that only: they come with it. */
export const lateWords: LateWords = spoken.translation ? completed(lateEnglish, spoken.translation) : lateEnglish

import { cockpit } from './cockpit'
import { editor } from './editor'

/** The texts of what is fetched late: `late.ts` above. */
export const lateEnglish = { cockpit, editor }

export type LateWords = typeof lateEnglish

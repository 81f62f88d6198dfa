import { carry } from './carry'
import { cockpit } from './cockpit'
import { editor } from './editor'
import { facts } from './facts'

/** The texts of what is fetched late: `late.ts` above. */
export const lateEnglish = { carry, cockpit, editor, facts }

export type LateWords = typeof lateEnglish

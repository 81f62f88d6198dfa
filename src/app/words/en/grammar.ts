import { grammarOf } from '../grammar'

export const { number, plural, date } = grammarOf('en')

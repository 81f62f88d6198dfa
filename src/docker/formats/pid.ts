import { hash32 } from '../../engine'

/** A number between 2000 and 32,000 that a text always gives: process ids of a machine. */
export const pidOf = (text: string): number => 2000 + (hash32(text) % 30_000)

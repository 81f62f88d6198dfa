import { number, plural } from './grammar'

/** What is said of files that were brought in. */
export const ownFiles = {
  taken: (count: number, names: string) =>
    `${names} ${plural(count, { one: 'is', other: 'are' })} now in the terminal's folder.`,
  leftOut: (names: string) => `Left out, as too large or no text: ${names}.`,
  andMore: (names: string, more: number) => `${names} and ${number(more)} more`,
  before: (verdicts: string) => `Before anything is applied: ${verdicts}.`,
  inOrder: (count: number) => `${number(count)} in order`,
  partly: (count: number) => `${number(count)} in order but not modelled in full`,
  refused: (count: number) => `${number(count)} refused`,
  skipped: (count: number) => `${number(count)} of other kinds`,
}

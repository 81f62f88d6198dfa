import type { Hue } from './scene'
import type { State } from './state-words'

/** The same content as a picture, to read: what a screen reader and who likes tables get. */
export interface Table {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
}
export interface Row {
  readonly id: string
  /** The object that its first cell chooses. */
  readonly key: string | undefined
  readonly cells: readonly string[]
  /** Drawn before the cell at this place, in the colours of the picture. */
  readonly mark?: { readonly cell: number; readonly state: State; readonly hue: Hue }
}

import type { State } from '../scenes/state-words'

/** A glyph in a box of 16 by 16: what is stroked and what is filled. Drawn, not typed, so that it looks alike everywhere. */
export interface Glyph {
  readonly line?: string
  readonly solid?: string
  readonly dash?: string
}

const ring = (r: number) => `M8 ${8 - r}a${r} ${r} 0 1 1 0 ${2 * r}a${r} ${r} 0 1 1 0 ${-2 * r}z`

export const glyphs: Readonly<Record<State, Glyph>> = {
  pending: { line: ring(5), dash: '1.4 2.5' },
  pulling: { line: 'M8 2.4v7.2M4.8 6.6L8 9.8l3.2-3.2M3.6 13.2h8.8' },
  starting: { line: ring(5.2), solid: 'M8 8V2.8A5.2 5.2 0 0 1 13.2 8z' },
  running: { solid: ring(4.4) },
  ready: { line: 'M3.4 8.6l3.1 3.1 6.1-6.8' },
  unhealthy: { line: 'M8 2.8v6.4M8 12.9v.01' },
  crash: { line: 'M12.7 8.3a4.8 4.8 0 1 1-1.5-3.7M11.7 1.6v3.3H8.4' },
  oom: { solid: 'M8 2.4l6 10.6H2z' },
  terminating: { line: ring(5), solid: 'M8 3a5 5 0 0 1 0 10z' },
  exited: { solid: 'M4.2 4.2h7.6v7.6H4.2z' },
  unknown: { line: 'M5.3 5.9a2.7 2.7 0 1 1 4 2.3C8.3 8.8 8 9.3 8 10.2M8 13.1v.01' },
}

export const crownPath = 'M0 13h18l1.6-9-5.6 3.6-5-6.2-5 6.2L-1.6 4z'
/** Two halves of a chain that do not meet. */
export const brokenLinkPath =
  'M6.2 9.8l-1.6 1.6a2.6 2.6 0 0 1-3.7-3.7l1.6-1.6M9.8 6.2l1.6-1.6a2.6 2.6 0 0 1 3.7 3.7l-1.6 1.6M5.2 3.4l-.7-1.7M3.4 5.2l-1.7-.7M10.8 12.6l.7 1.7M12.6 10.8l1.7.7'
export const arrowOutPath = 'M2 8h10M8.4 4.2L12.2 8l-3.8 3.8'

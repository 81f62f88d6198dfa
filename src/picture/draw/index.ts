/** The part of the picture that touches the page: D3 lives here and nowhere else. */
export { Drawing, type Look } from './drawing'
export { glyphs } from './glyphs'
export type { Pace } from './motion'

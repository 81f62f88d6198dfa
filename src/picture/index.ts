/**
 * The picture: objects in, drawing out. `scenes` turns a world into plain keyed marks (pure, run beside the store),
 * `place` gives the marks their places for a size (pure), `draw` moves them on the page with D3, which is used nowhere
 * else. Nothing here knows the terminal, React or the worker.
 *
 * It has three doors, so that neither the worker loads D3 nor the page the engine: `picture/scenes` for the worker,
 * `picture/draw` for the page, and this one with the words that both share.
 */
export { amountOf, clockOf, shortBytes, shorten } from './scenes/amount'
export * from './scenes/docker-views'
export * from './scenes/scene'
export { type PodLook, type State, states, stateWords } from './scenes/state-words'
export type { Row, Table } from './scenes/table'
export { tablesOf } from './scenes/tables'
export * from './scenes/views'

/**
 * The picture: objects in, drawing out. `scenes` turns a world into plain keyed marks (pure, run beside the store),
 * `place` gives the marks their places for a size (pure), `draw` moves them on the page with D3, which is used nowhere
 * else. Nothing here knows the terminal, React or the worker.
 */
export { Book } from './place/book'
export { amountOf, clockOf, shortBytes, shorten } from './scenes/amount'
export { machinesScene } from './scenes/machines'
export * from './scenes/scene'
export { podLook, type State, states, stateWords } from './scenes/state'

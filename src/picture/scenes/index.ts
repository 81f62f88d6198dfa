/** The part of the picture that runs beside the store: worlds in, scenes out. Pure but for the Book, which is a cache of the log. */
export { Book } from '../place/book'
export { controlPlaneScene } from './control-plane'
export { type Differences, differencesOf } from './differences'
export { limitsScene } from './limits'
export { machinesScene } from './machines'
export { networkScene } from './network'
export { rolloutScene } from './rollout'

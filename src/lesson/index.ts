/**
 * What a scenario is, how its checks are judged, and how it is played. Data only: a scenario cannot run code. Checks look at the
 * state, never at what was typed, and say what still differs. Here is no drawing and no page.
 */
export { judge } from './check'
export { type Library, libraryOf } from './library'
export { type Played, playScenario } from './play'
export { type Bet, type Check, readScenario, type Scenario, type Step, scenarioSchema } from './scenario'
export type { Verdict } from './state'

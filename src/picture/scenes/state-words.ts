/** How a tile looks: fill and glyph. One list for every view, the legend and the inspector. */
export const states = [
  'ready',
  'running',
  'starting',
  'pulling',
  'pending',
  'unhealthy',
  'crash',
  'oom',
  'terminating',
  'exited',
  'unknown',
] as const
export type State = (typeof states)[number]

export const stateWords: Readonly<Record<State, string>> = {
  ready: 'ready',
  running: 'running',
  starting: 'starting',
  pulling: 'pulling its image',
  pending: 'pending',
  unhealthy: 'unhealthy',
  crash: 'crash loop',
  oom: 'out of memory',
  terminating: 'terminating',
  exited: 'exited',
  unknown: 'unknown',
}

export interface PodLook {
  readonly state: State
  /** What the real tool would call it, when that says more than the state: `ImagePullBackOff`. */
  readonly word: string | undefined
  readonly restarts: number
}

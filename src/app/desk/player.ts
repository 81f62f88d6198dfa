import { assign, setup } from 'xstate'
import type { Millis } from '../../engine'

/** Where the reader is in time, and how it goes on. */
export interface PlayerContext {
  /** The moment shown. */
  readonly at: Millis
  /** How far the engine has run. */
  readonly now: Millis
  /** Looking at what has been: the engine is read, not run. */
  readonly past: boolean
  readonly speed: number
  /** On the way to this moment as fast as the engine can; then it pauses. */
  readonly goal: Millis | undefined
}

export type PlayerEvent =
  | { readonly type: 'PLAY' }
  | { readonly type: 'PAUSE' }
  | { readonly type: 'GRAB' }
  | { readonly type: 'RELEASE' }
  | { readonly type: 'SEEK'; readonly at: Millis }
  | { readonly type: 'GO'; readonly goal: Millis }
  | { readonly type: 'LIVE' }
  | { readonly type: 'SPEED'; readonly speed: number }
  | { readonly type: 'REACHED'; readonly at: Millis; readonly now: Millis }
  | { readonly type: 'TURNED'; readonly now: Millis }

export const speeds = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100] as const

/**
 * The player: playing, paused, or held while the time line is dragged. `past` says whether it reads or runs. Acting in
 * the past (TURNED) makes that moment the present.
 */
export const playerMachine = setup({
  types: { context: {} as PlayerContext, events: {} as PlayerEvent, input: {} as { speed: number } },
  actions: {
    seek: assign(({ context, event }) => (event.type === 'SEEK' ? placeAt(event.at, context.now) : {})),
    reach: assign(({ context, event }) => (event.type === 'REACHED' ? reached(context, event) : {})),
    turn: assign(({ event }) =>
      event.type === 'TURNED' ? { at: event.now, now: event.now, past: false, goal: undefined } : {},
    ),
    setSpeed: assign(({ event }) => (event.type === 'SPEED' ? { speed: event.speed } : {})),
    setGoal: assign(({ context, event }) =>
      event.type !== 'GO'
        ? {}
        : event.goal <= context.now
          ? placeAt(event.goal, context.now)
          : { goal: event.goal, past: false, at: context.now },
    ),
    goLive: assign(({ context }) => ({ at: context.now, past: false, goal: undefined })),
    dropGoal: assign({ goal: undefined }),
  },
  guards: {
    arrived: ({ context, event }) => event.type === 'REACHED' && context.goal !== undefined && event.at >= context.goal,
  },
}).createMachine({
  id: 'player',
  context: ({ input }) => ({ at: 0, now: 0, past: false, speed: input.speed, goal: undefined }),
  initial: 'playing',
  on: {
    SEEK: { actions: 'seek' },
    SPEED: { actions: 'setSpeed' },
    TURNED: { target: '.playing', actions: 'turn' },
    LIVE: { target: '.playing', actions: 'goLive' },
    GO: { target: '.paused', actions: 'setGoal' },
    REACHED: { actions: 'reach' },
  },
  states: {
    playing: { on: { PAUSE: { target: 'paused', actions: 'dropGoal' }, GRAB: 'heldPlaying' } },
    paused: {
      on: { PLAY: { target: 'playing', actions: 'dropGoal' }, GRAB: 'heldPaused', PAUSE: { actions: 'dropGoal' } },
    },
    heldPlaying: { on: { RELEASE: 'playing', PAUSE: 'heldPaused' } },
    heldPaused: { on: { RELEASE: 'paused', PLAY: 'heldPlaying' } },
  },
})

function placeAt(at: Millis, now: Millis): Partial<PlayerContext> {
  const there = Math.max(0, Math.min(at, now))
  return { at: there, past: there < now, goal: undefined }
}

/** The engine's answer: it may not have come as far as it was asked to. */
function reached(context: PlayerContext, event: { at: Millis; now: Millis }): Partial<PlayerContext> {
  const goal = context.goal !== undefined && event.at >= context.goal ? undefined : context.goal
  if (!context.past) return { at: event.at, now: event.now, goal }
  return { at: event.at, now: event.now, past: event.at < event.now, goal }
}

/** The moment to ask for, `elapsed` milliseconds of the reader's clock after the last one. */
export function wantedAfter(context: PlayerContext, playing: boolean, elapsed: number): Millis {
  if (context.goal !== undefined) return context.goal
  return playing ? context.at + elapsed * context.speed : context.at
}

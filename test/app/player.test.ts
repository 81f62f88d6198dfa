import { describe, expect, test } from 'vitest'
import { createActor } from 'xstate'
import { type PlayerEvent, playerMachine, wantedAfter } from '../../src/app/desk/player'

function played(...events: PlayerEvent[]) {
  const player = createActor(playerMachine, { input: { speed: 1 } }).start()
  for (const event of events) player.send(event)
  const { value, context } = player.getSnapshot()
  return { value, ...context }
}
const reached = (at: number, now = at): PlayerEvent => ({ type: 'REACHED', at, now })

describe('the player', () => {
  test('begins playing at the present', () => {
    expect(played()).toMatchObject({ value: 'playing', at: 0, past: false, speed: 1 })
  })
  test('time goes on as far as the engine came', () => {
    expect(played(reached(500))).toMatchObject({ at: 500, now: 500, past: false })
  })
  test('going back is looking at the past; catching up ends it', () => {
    expect(played(reached(5000), { type: 'SEEK', at: 2000 })).toMatchObject({ at: 2000, past: true })
    expect(played(reached(5000), { type: 'SEEK', at: 2000 }, reached(5000, 5000))).toMatchObject({ past: false })
  })
  test('no further than the present, no earlier than the beginning', () => {
    expect(played(reached(5000), { type: 'SEEK', at: 9000 })).toMatchObject({ at: 5000, past: false })
    expect(played(reached(5000), { type: 'SEEK', at: -1 })).toMatchObject({ at: 0, past: true })
  })
  test('dragging holds it, letting go plays on as before', () => {
    expect(played({ type: 'GRAB' }).value).toBe('heldPlaying')
    expect(played({ type: 'GRAB' }, { type: 'RELEASE' }).value).toBe('playing')
    expect(played({ type: 'PAUSE' }, { type: 'GRAB' }, { type: 'RELEASE' }).value).toBe('paused')
  })
  test('a goal ahead is gone to and then it stands', () => {
    expect(played(reached(1000), { type: 'GO', goal: 9000 })).toMatchObject({
      value: 'paused',
      goal: 9000,
      past: false,
    })
    expect(played(reached(1000), { type: 'GO', goal: 9000 }, reached(4000))).toMatchObject({ at: 4000, goal: 9000 })
    expect(played(reached(1000), { type: 'GO', goal: 9000 }, reached(9000))).toMatchObject({
      at: 9000,
      goal: undefined,
      value: 'paused',
    })
  })
  test('a goal behind is looked at', () => {
    expect(played(reached(1000), { type: 'GO', goal: 400 })).toMatchObject({ at: 400, past: true, goal: undefined })
  })
  test('acting in the past makes that moment the present', () => {
    expect(played(reached(5000), { type: 'SEEK', at: 2000 }, { type: 'TURNED', now: 2000 })).toMatchObject({
      value: 'playing',
      at: 2000,
      now: 2000,
      past: false,
    })
  })
  test('live is the present, playing', () => {
    expect(played(reached(5000), { type: 'SEEK', at: 2000 }, { type: 'PAUSE' }, { type: 'LIVE' })).toMatchObject({
      value: 'playing',
      at: 5000,
      past: false,
    })
  })
})

test.each([
  ['playing at 10×', { at: 1000, now: 1000, past: false, speed: 10, goal: undefined }, true, 16, 1160],
  ['paused', { at: 1000, now: 1000, past: false, speed: 10, goal: undefined }, false, 16, 1000],
  ['on the way', { at: 1000, now: 1000, past: false, speed: 1, goal: 7000 }, false, 16, 7000],
])('%s: which moment is asked for', (_, context, playing, elapsed, wanted) => {
  expect(wantedAfter(context, playing, elapsed)).toBe(wanted)
})

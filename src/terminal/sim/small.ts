import { type Door, defineKind, type Millis, rfc3339 } from '../../engine'
import { Output } from '../../platform/container/container'
import type { SimCommand } from './command'
import { clockOf } from './durations'

export const time: SimCommand = {
  name: 'time',
  usage: 'time',
  about: 'tells the simulated time',
  run(call) {
    call.print(`${clockOf(call.now)}  ${rfc3339(call.epoch)}\n`)
    return { exit: 0 }
  },
}

/** Only doors are told the seed. */
const seedDoor: Door<null, number> = {
  name: 'sim',
  about: 'tells the seed',
  handle: (_request, _world, tools) => ({ reply: tools.seed }),
}

export const seed: SimCommand = {
  name: 'seed',
  usage: 'seed',
  about: 'tells the seed of this run',
  run(call) {
    call.print(`${call.ask(seedDoor, null)}\n`)
    return { exit: 0 }
  },
}

export const notices: SimCommand = {
  name: 'notices',
  usage: 'notices',
  about: 'repeats what was accepted but is not modelled',
  run(call) {
    const told = new Set<string>()
    for (const { value } of call.world.list(Output, { scope: 'terminal' }))
      if (value.stream === 'notice') told.add(value.text)
    call.print(told.size === 0 ? 'nothing so far\n' : [...told].join(''))
    return { exit: 0 }
  },
}

/** Something that only the session around the simulation can do; it does so when this object appears. */
export interface SessionWish {
  readonly what: 'undo' | 'reset'
  readonly at: Millis
}
export const SessionWish = defineKind<SessionWish>('terminal/SessionWish', {
  about: 'what the session is asked to do',
  quiet: true,
})

const wishFor = (what: SessionWish['what'], about: string): SimCommand => ({
  name: what,
  usage: what,
  about,
  run(call) {
    const key = SessionWish.key('', what)
    call.apply({
      changes: [{ key, value: { what, at: call.now }, because: { id: 'terminal/session-asked', values: { what } } }],
    })
    return { exit: 0 }
  },
})

export const undo = wishFor('undo', 'takes back the last thing that you did')
export const reset = wishFor('reset', 'begins the lab again')

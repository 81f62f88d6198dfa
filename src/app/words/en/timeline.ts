import { number, plural } from './grammar'

export const timeline = {
  label: 'Time line',
  previous: 'Previous change',
  next: 'Next change',
  play: 'Play',
  pause: 'Pause',
  reset: 'Reset',
  resetTitle: 'Reset: from the beginning',
  undo: 'Undo',
  undoTitle: 'Undo the last thing you did',
  speed: 'Speed',
  time: 'Time',
  /** Spoken: where the reader is, and how far the run has come. */
  of: (at: string, now: string) => `${at} of ${now}`,
  hours: (count: number) => `${number(count)} ${plural(count, { one: 'hour', other: 'hours' })}`,
  minutes: (count: number) => `${number(count)} ${plural(count, { one: 'minute', other: 'minutes' })}`,
  seconds: (count: number) => `${number(count)} ${plural(count, { one: 'second', other: 'seconds' })}`,
  branches: 'Branches',
  compare: (branch: string) => `Compare with ${branch}`,
  compareTitle: 'Show it beside this one',
  goTo: 'Go to a time',
  backToLive: 'in the past · Live',
  live: 'live',
  atPresent: 'at the present',
}

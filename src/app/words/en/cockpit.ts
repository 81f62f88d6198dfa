import { number } from './grammar'

export const cockpit = {
  title: 'Cockpit',
  windowTitle: 'Drydock, cockpit',
  alone: 'The window of the show does not answer: open the cockpit from it again.',
  looking: 'Looking for the show …',
  show: 'The show',
  goOn: 'Go on',
  toBeatStart: 'Back to the start of this beat',
  inPast: (clock: string) => `${clock}, in the past`,
  notes: 'Notes',
  beatOf: (lesson: string, beat: number, count: number) => `${lesson}: beat ${number(beat)} of ${number(count)}`,
  lines: 'Lines of this beat',
  reached: 'reached',
  notYet: 'not yet',
  beats: 'Beats',
  machine: 'Machine',
  timer: 'Time since the talk began',
  fromZero: 'From 0',
  open: 'Open cockpit',
  leave: 'Leave presenting',
  windowRefused: 'This browser did not let a second window open: allow it for this page.',
}

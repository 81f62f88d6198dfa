import { number } from './grammar'

export const inspector = {
  label: 'Inspector',
  why: 'Why?',
  tabs: { why: 'Why', state: 'State', yaml: 'YAML', events: 'Events', logs: 'Logs' },
  tabsLabel: 'What to see of it',
  choose: 'Choose anything in the picture: a pod, a machine, a service.',
  chooseAbout: 'Here it says why the thing is there and why it is as it is, step by step, back to what you did.',
  on: (machine: string) => `on ${machine}`,
  gone: 'gone',
  fromBeginning: 'It was there from the beginning of this lab.',
  likeThis: (count: number) => `… ${number(count)} like this`,
  goTo: (clock: string) => `Go to ${clock}`,
  verdicts: "The scheduler's verdict on each node",
  node: 'node',
  verdict: 'verdict',
  preemption: 'preemption',
  score: 'score',
  nothingToPrint: 'It is gone: there is nothing left to print.',
  noEvents: 'No component has left a note about it.',
  noLogs: 'Nothing has been printed.',
}

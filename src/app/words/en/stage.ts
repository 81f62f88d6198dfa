import { stateWords } from '../../../picture'
import { number, plural } from './grammar'

export const stage = {
  label: 'Picture',
  views: 'Views',
  asPicture: 'As a picture',
  asTable: 'As a table',
  /** Of a view. */
  labelAsTable: (view: string) => `${view}, as a table`,
  labelOther: (view: string) => `${view}, the other branch`,
  legend: 'Legend: choose states to see only those',
  zoom: 'Zoom',
  farther: 'Farther',
  nearer: 'Nearer',
  percent: (percent: number) => `${number(percent)} %`,
  percentLabel: (percent: number) => `${number(percent)} %, back to the whole`,
}

/** The names of the views. */
export const views = {
  machines: 'Machines',
  images: 'Images',
  storage: 'Storage',
  'life-cycle': 'Life cycle',
  namespaces: 'Namespaces',
  rollout: 'Rollout',
  network: 'Network',
  limits: 'Limits',
  'control-plane': 'Control plane',
  scheduling: 'Scheduling',
}

/** States of pods and containers, in the legend and beside their marks. */
export const states = { ...stateWords, ghost: 'wanted, missing' }

export const pair = {
  here: (branch: string) => `This branch: ${branch}`,
  thisBranch: 'this branch',
  there: (branch: string) => `Beside it: ${branch}`,
  beside: 'beside it',
  onItsWay: (clock: string) => `on its way, at ${clock}`,
  goOn: 'Go on here',
  stop: 'Stop comparing',
  running: 'The other branch is being run to this moment …',
  same: 'No difference at this moment.',
  differences: (count: number) =>
    `${number(count)} ${plural(count, { one: 'difference', other: 'differences' })} at this moment, outlined in both`,
  aBranch: 'a branch',
  from: (branch: string, clock: string) => `${branch} · from ${clock}`,
}

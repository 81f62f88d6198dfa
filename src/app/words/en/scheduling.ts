import type { ReactNode } from 'react'
import { mixed } from '../grammar'
import { number } from './grammar'

export const scheduling = {
  none: 'The scheduler has decided nothing yet. Choose a pod, or make one.',
  where: (pod: ReactNode) => mixed`Where may ${pod} run?`,
  clearing: (node: string, how: string) => `No node has room. ${node} is being cleared for it: ${how}.`,
  lessImportantGo: 'less important pods must go',
  allRefused: 'Every node was refused by a rule, so it waits.',
  oneLeft: 'First each node is asked by rules that refuse. Only one was left: no points were needed.',
  mostWin: (left: number) =>
    `First each node is asked by rules that refuse; the ${number(left)} that are left get points. The most points win.`,
  chanceDecided: (left: number, equal: number) =>
    `First each node is asked by rules that refuse; the ${number(left)} that are left get points. The most points win; ${number(equal)} nodes had as many, and chance decided.`,
  may: 'may it run there?',
  howGood: 'how good a place is it?',
  whyNot: 'why not',
  ifOthersWent: 'if less important pods went',
  node: 'node',
  refusedBy: 'refused by',
  points: 'points',
  preemption: 'preemption',
  beingCleared: 'being cleared',
  ofRule: (rule: string, verdict: string) => `${rule} ${verdict}`,
  passed: 'lets it pass',
  refused: 'refuses it',
  unasked: 'was not asked any more',
  whatRulesAsk: 'What the rules ask',
  weight: (weight: number) => `weight ${number(weight)}`,
}

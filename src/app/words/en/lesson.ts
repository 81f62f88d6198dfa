import { number } from './grammar'

export const lesson = {
  label: 'Lesson',
  stepOf: (step: number, count: number) => `Step ${number(step)} of ${number(count)}`,
  step: (step: number, title: string) => `Step ${number(step)}: ${title}`,
  back: 'Back',
  next: 'Next step',
  finished: 'That was the whole lesson.',
  broken: 'This step cannot be passed any more.',
  toStart: 'Back to the beginning of this step',
  anotherBranch: 'What you do there begins another branch.',
  done: 'done',
  notYet: 'not yet',
  run: 'Run',
  runThis: (line: string) => `Run ${line}`,
  write: (line: string) => `Write at the prompt: ${line}`,
  toPrompt: 'to the prompt',
  hint: 'A hint',
  anotherHint: 'Another hint',
  solution: 'Show the solution',
  yourBet: (option: string) => `Your bet: ${option}`,
  right: 'Right.',
  wrong: (answer: string) => `No: ${answer}.`,
  playOn: 'Play it on and see.',
  tellNow: 'Tell me now',
}

/** The first steps where no lesson was asked for; the commands that stand in them are given. */
export const welcome = {
  topic: 'First steps',
  cluster: {
    title: 'A cluster, already running',
    text: (create: string, list: string) =>
      `Four machines: one holds the control plane, three do the work. Everything you see is computed here, in this page.

Put three web servers on it and watch the picture:

${create}

Each tile is a pod. Choose one: at the right it says why it stands on that machine, step by step, back to your command.

${list}`,
  },
  takeAway: {
    title: 'Take one away',
    text: (scale: string, remove: string) =>
      `Nobody has asked for *these* three pods, only for three. Scale, then delete a pod by hand, and see who puts it right.

${scale}

${remove}

**Next change** at the foot of the page goes from one decision to the next.`,
  },
  breakIt: {
    title: 'Break something',
    text: (list: string) =>
      `Open *Break something*, choose worker-2, and cut its power. Nothing happens at first: a dead machine and a slow network look the same from here.

Set the speed to 10× and wait for a minute. Then for five more.

${list}

Drag the time line back to the moment before. A command there begins another future; both are kept.`,
  },
  machine: {
    title: 'A machine with Docker',
    text: (run: string, ask: string) =>
      `One machine, and on it Docker's daemon. Everything you see is computed here, in this page.

Run a web server, and publish its port:

${run}

The image comes first, layer by layer, then the container. Choose its tile: at the right it says why it is as it is.

${ask}`,
  },
  ownWorld: {
    title: 'Its own world',
    text: (look: string, top: string) =>
      `A container is a process that sees little of the machine. Look from inside: its name, its processes, its address.

${look}

The view *Namespaces* shows the same from outside.

${top}`,
  },
  stays: {
    title: 'What stays',
    text: (write: string, read: string, stop: string) =>
      `What a container writes goes with it. What it writes into a volume stays:

${write}

${read}

The view *Storage* shows where data lives. Then end the first one, and see with which code it goes:

${stop}`,
  },
}

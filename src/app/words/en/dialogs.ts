import { number } from './grammar'

export const help = {
  label: 'Help',
  title: 'Keys and marks',
  close: 'Close help',
  keys: 'Keys',
  playPause: 'Play and pause',
  changes: 'Next and previous change',
  markers: 'Next and previous marker',
  speed: 'Faster and slower',
  search: 'Search',
  terminal: 'Into the terminal',
  fromMarkToMark: 'In the picture: from mark to mark',
  lookAtMark: 'In the picture: look at a mark',
  zoom: 'Nearer, farther, the whole picture',
  present: 'Present: picture, prompt and time only',
  beats: 'Presenting: go on, back to the start of this beat',
  letGo: 'Let go, close',
  thisPage: 'This page',
  marks: 'Marks',
  wantedMissing: 'wanted, and missing',
  also: 'Also',
  hues: "The border's hue says which workload; the corner, which version of it; ticks, how often it was restarted.",
  language: 'Language',
}

/** As they stand on keys. */
export const keys = {
  space: 'Space',
  enter: 'Enter',
  escape: 'Esc',
  pageDown: 'PageDown',
  pageUp: 'PageUp',
}

export const search = {
  label: 'Search',
  results: 'Results',
  none: (asked: string) => `Nothing here is called “${asked}”.`,
  /** Kinds of things that are found; the names of Kubernetes' kinds are the same in all languages. */
  kinds: {
    machine: 'machine',
    container: 'container',
    volume: 'volume',
    Deployment: 'Deployment',
    Service: 'Service',
    Pod: 'Pod',
    ReplicaSet: 'ReplicaSet',
  },
  in: (kind: string, place: string) => `${kind} in ${place}`,
  playPause: 'Play or pause',
  next: 'Next change',
  previous: 'Previous change',
  present: 'Back to the present',
  fault: 'Break something',
  undo: 'Undo the last thing I did',
  reset: 'Reset',
  fromBeginning: 'from the beginning',
  asTable: 'As a table',
  presenting: 'Present',
  pictureAndPrompt: 'picture and prompt only',
  help: 'Help',
  run: 'run',
}

export const lessons = {
  title: 'Lessons',
  close: 'Close lessons',
  level: 'Level',
  everyLevel: 'every level',
  levels: { 1: 'first steps', 2: 'basics', 3: 'further', 4: 'advanced', 5: 'expert' },
  time: 'Time',
  howeverLong: 'however long',
  upTo: (minutes: number) => `up to ${number(minutes)} minutes`,
  none: 'There is no such lesson yet.',
  about: (level: string, minutes: number) => `${level} · ${number(minutes)} min`,
  aboutPassed: (level: string, minutes: number) => `${level} · ${number(minutes)} min · passed`,
  aboutPartly: (level: string, minutes: number, done: number, of: number) =>
    `${level} · ${number(minutes)} min · ${number(done)} of ${number(of)} steps passed`,
}

export const sessions = {
  begin: 'New session',
  lab: 'Lab',
  labs: {
    kubernetes: 'A Kubernetes cluster of four machines',
    'kubernetes:6': 'A larger one, six workers',
    docker: 'One machine with Docker',
    'docker:2': 'Two machines with Docker',
    both: 'From code to users: Docker, a registry and a cluster',
    swarm: 'Five machines for a swarm',
  },
  seed: 'Seed',
  start: 'Begin',
  aboutSeed: 'The seed decides every chance in it: the same seed and the same commands give the same run.',
  title: 'Sessions kept on this device',
  keptOn: 'This session is kept as it goes on. Nothing leaves the device.',
  notYetKept: 'A session is kept from the first thing that you do in it. Nothing leaves the device.',
  openElsewhere: 'Another tab has this session open: close it there first.',
  refused: 'The browser’s storage refused it.',
  nameOf: (session: string) => `Name of the session of ${session}`,
  ofLab: (lab: string) => `lab ${lab}`,
  about: (what: string, seed: string, clock: string) => `${what}, seed ${seed}, at ${clock}`,
  thisOne: 'this one',
  takeUp: 'Take up',
  delete: (session: string) => `Delete ${session}`,
}

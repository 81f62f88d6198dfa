import type { ReactNode } from 'react'
import { mixed } from '../grammar'
import { number } from './grammar'

/** The frame round everything: panels, what lies over them, what is said aloud. */
export const bench = {
  lessonPanel: 'Lesson panel',
  inspectorPanel: 'Inspector panel',
  close: 'Close',
  stopped: 'The simulation has stopped: this is a mistake of ours.',
  stoppedAt: (seed: ReactNode, lab: ReactNode, millis: ReactNode) => mixed`Seed ${seed}, lab ${lab}, at ${millis} ms.`,
  renewal: 'A newer Drydock is ready. This session is kept and taken up again.',
  renewNow: 'Use it now',
  renewLater: 'Later',
  /** Before the newest of several changes is spoken. */
  changesBefore: (count: number) => `${number(count)} changes, then: `,
}

export const dock = {
  label: 'Terminal, files, notes',
  terminal: 'terminal',
  files: 'files',
  deeds: 'what you did',
  notes: 'notes of this run',
  lesson: 'lesson',
  inspector: 'why',
  height: 'Height of the terminal',
  editorComes: 'The editor is on its way …',
  nothingYet: 'Nothing has happened yet.',
}

export const deeds = {
  none: 'You have not done anything yet.',
  about: 'Take a tick away, and the run goes again up to now as if you had not done that. What was stays as a branch.',
  /** `deed`: what was done, as the model says it. */
  at: (clock: string, deed: string) => `At ${clock} you ${deed}`,
}

export const terminal = {
  label: 'Terminal',
  commandLine: 'Command line',
  drop: "Drop files into the terminal's folder",
  past: (clock: string) => `You see ${clock}. A command here begins a new branch.`,
  live: 'Live',
}

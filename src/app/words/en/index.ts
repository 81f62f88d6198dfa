import { bench, deeds, dock, terminal } from './bench'
import { help, keys, lessons, search, sessions } from './dialogs'
import { date, number } from './grammar'
import { faults, header } from './header'
import { inspector } from './inspector'
import { figure, kept } from './kept'
import { lesson, welcome } from './lesson'
import { ownFiles } from './own-files'
import { said } from './said'
import { scheduling } from './scheduling'
import { pair, stage, states, views } from './stage'
import { timeline } from './timeline'

/** The texts of the page in English, by the part of the page that shows them. */
export const english = {
  bench,
  deeds,
  dock,
  faults,
  figure,
  header,
  help,
  inspector,
  kept,
  keys,
  lesson,
  lessons,
  ownFiles,
  pair,
  said,
  scheduling,
  search,
  sessions,
  stage,
  states,
  terminal,
  timeline,
  views,
  welcome,
  /** How numbers and dates are written. */
  written: { number, date },
}

export type Words = typeof english

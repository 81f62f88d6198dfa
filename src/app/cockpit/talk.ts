import type { CheckState, LessonText } from '../session/protocol'

/** What the cockpit, a second window with the speaker's notes, asks of the show. */
export type CockpitOrder =
  | { readonly order: 'hello' }
  | { readonly order: 'toggle' }
  | { readonly order: 'forward' }
  | { readonly order: 'next-change' }
  | { readonly order: 'beat'; readonly step: number }
  | { readonly order: 'beat-start' }
  | { readonly order: 'run'; readonly line: string }
  | { readonly order: 'fault'; readonly name: string; readonly target: string }
  | { readonly order: 'heal'; readonly name: string; readonly target: string }

export interface FaultChoice {
  readonly name: string
  readonly target: string
}

/** How the show stands; the window that shows it sends this a few times a second. */
export interface ShowNews {
  readonly at: number
  readonly playing: boolean
  readonly past: boolean
  readonly lesson: LessonText
  /** It is a scenario's, not the page's own first steps. */
  readonly isScripted: boolean
  readonly step: number
  /** What solves this beat, and how many of these lines have been run. */
  readonly lines: readonly string[]
  readonly done: number
  readonly checks: readonly CheckState[]
  readonly caption: string
  readonly active: readonly (FaultChoice & { readonly says: string })[]
  readonly faults: readonly FaultChoice[]
}

export const channelOf = (session: string) => new BroadcastChannel(`drydock cockpit ${session}`)

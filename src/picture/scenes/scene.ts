import type { Millis, Revision } from '../../engine'
import type { State } from './state-words'

/** A request is drawn for so long after it was sent, on the reader's clock. */
export const REQUEST_FLIGHT_MILLIS: Millis = 2_200

/**
 * A Scene is what is seen, as plain keyed data without places: it crosses from the worker to the page, where `place`
 * finds the places for the size at hand and `draw` draws them. Marks are joined on `id` (the object's uid), so that a pod
 * deleted and made again under its name is another mark.
 */
export interface Mark {
  readonly id: string
  /** The object behind it, for selection and the inspector. */
  readonly key: string
  readonly name: string
  /** The whole mark in words: its accessible name and its tooltip. */
  readonly title: string
}

/** Workload identity: 1…5, and 6 for what belongs to the system. */
export type Hue = 1 | 2 | 3 | 4 | 5 | 6

export interface Bar {
  readonly label: string
  /** Shares of the capacity, 0…1. */
  readonly used: number
  readonly requested: number
  readonly limit: number | undefined
  readonly text: string
}

export type MachineLook = 'on' | 'booting' | 'off' | 'cut-off' | 'cordoned' | 'draining'

export interface MachineMark extends Mark {
  readonly look: MachineLook
  /** The lamp: green, amber, or orange square. */
  readonly lamp: 'good' | 'doubt' | 'bad'
  /** At the right of the name plate: a zone, or what is wrong (then `warns`). */
  readonly note: string
  readonly warns: boolean
  readonly crown: boolean
  /** Under the tiles, in place of the bars, where they have nothing to say. */
  readonly foot: string | undefined
  readonly cpu: Bar
  readonly memory: Bar
  /** One more than the highest slot in use. */
  readonly slots: number
  /** Pods are shown as counts per workload, for there are too many for tiles. */
  readonly collapsed: boolean
  readonly pods: number
}

export interface TileMark extends Mark {
  readonly label: string
  readonly shortLabel: string | undefined
  readonly hue: Hue
  /** Which version of its workload's template, 0 the first: the pattern in the corner. */
  readonly version: number
  readonly state: State
  /** What the real tool calls the state, where that says more. */
  readonly word: string | undefined
  readonly restarts: number
  readonly workload: string | undefined
  /** A slot of a machine, or undefined: in the pending tray. */
  readonly machine: string | undefined
  readonly slot: number
  /** Broken on purpose, whatever the cluster believes of it: `answers 500`. */
  readonly broken: string | undefined
  /** One of the machine's own daemons: small, in the plate. */
  readonly small: boolean
  /** In the tray: why it waits. */
  readonly note: string | undefined
}

/** Wanted, and not there yet. */
export interface GhostMark {
  readonly id: string
  readonly hue: Hue
  readonly workload: string
  readonly count: number
}

/** Many pods of one workload on one machine. */
export interface StackMark extends Mark {
  readonly machine: string
  readonly hue: Hue
  readonly total: number
  readonly counts: readonly { readonly state: State; readonly count: number }[]
}

export interface HubMark extends Mark {
  readonly hue: Hue
  readonly address: string
  readonly note: string
  /** Tiles behind it that take requests. */
  readonly endpoints: readonly string[]
  /** Tile chosen last. */
  readonly chosen: string | undefined
  /** Requests a second from outside. */
  readonly rate: number
}

/** Wanted and ready: one row a workload. */
export interface RowMark extends Mark {
  readonly hue: Hue
  readonly wanted: number
  readonly ready: number
}

export interface RequestMark {
  readonly id: string
  readonly hub: string
  readonly tile: string | undefined
  readonly at: Millis
  readonly millis: Millis
  readonly end: 'answered' | 'refused' | 'timed-out'
  /** One sentence: why it ended so. */
  readonly why: string
}

export interface FaultMark {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly target: string
  readonly since: Millis
  readonly says: string
}

/** One source of load: what became of its requests. */
export interface LedgerMark extends Mark {
  readonly sent: number
  readonly ok: number
  readonly failed: number
  readonly reasons: readonly { readonly says: string; readonly count: number }[]
}

export interface Scene {
  readonly view: 'machines'
  readonly at: Millis
  readonly revision: Revision
  readonly machines: readonly MachineMark[]
  readonly tiles: readonly TileMark[]
  /** How many pods have no machine; only the first of them are among the tiles. */
  readonly waiting: number
  readonly ghosts: readonly GhostMark[]
  readonly stacks: readonly StackMark[]
  readonly hubs: readonly HubMark[]
  readonly rows: readonly RowMark[]
  readonly requests: readonly RequestMark[]
  readonly ledger: readonly LedgerMark[]
  readonly faults: readonly FaultMark[]
  readonly legend: readonly { readonly state: State | 'ghost'; readonly count: number }[]
  /** Somebody decides where things run: then there is a tray, and a list of what is wanted. */
  readonly orchestrated: boolean
}

/** The numbers of a why-chain on the marks concerned. */
export interface Numbered {
  readonly key: string
  readonly number: number
  readonly root: boolean
}

export const emptyScene: Scene = {
  view: 'machines',
  at: 0,
  revision: 0,
  machines: [],
  tiles: [],
  waiting: 0,
  ghosts: [],
  stacks: [],
  hubs: [],
  rows: [],
  requests: [],
  ledger: [],
  faults: [],
  legend: [],
  orchestrated: true,
}

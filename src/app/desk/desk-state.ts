import type { Millis, Revision } from '../../engine'
import { emptyScene, type Numbered, type Scene, type State, type ViewId, type ViewScene } from '../../picture'
import type {
  Beside,
  BranchInfo,
  CheckState,
  Deed,
  FileText,
  LessonText,
  Marker,
  Opening,
  OutputChunk,
  SentenceLine,
} from '../session/protocol'

export type DockTab = 'terminal' | 'files' | 'deeds' | 'notes' | 'lesson' | 'inspector'
export type InspectorTab = 'why' | 'state' | 'yaml' | 'events' | 'logs'
export type Theme = 'system' | 'light' | 'dark'

/** All that is shown. One object, replaced as a whole; components look at the parts they need. */
export interface DeskState {
  readonly opening: Opening
  readonly ready: boolean
  readonly problem: string | undefined
  readonly at: Millis
  readonly now: Millis
  readonly revision: Revision
  readonly playing: boolean
  readonly held: boolean
  readonly past: boolean
  readonly speed: number
  readonly view: ViewId
  readonly scene: Scene
  readonly viewScene: ViewScene | undefined
  readonly numbers: readonly Numbered[]
  readonly selected: string | undefined
  readonly filter: ReadonlySet<State | 'ghost'>
  readonly busy: boolean
  readonly prompt: string
  readonly output: readonly OutputChunk[]
  /** Goes up when the output is another one, not only longer. */
  readonly outputTurn: number
  readonly sentences: readonly SentenceLine[]
  readonly markers: readonly Marker[]
  readonly branches: readonly BranchInfo[]
  readonly deeds: readonly Deed[]
  /** The branch that is looked at beside the one that runs, and what is seen of it. */
  readonly besideBranch: string | undefined
  readonly beside: Beside | undefined
  readonly files: readonly FileText[]
  readonly dock: DockTab
  readonly inspector: InspectorTab
  readonly asTable: boolean
  readonly presenting: boolean
  /** How many times nearer than the whole picture. */
  readonly zoom: number
  readonly theme: Theme
  /** The lesson that was asked for; without one, first steps. */
  readonly lesson: LessonText | undefined
  readonly step: number
  /** Steps whose checks have all been passed once. */
  readonly passed: ReadonlySet<number>
  readonly checks: readonly CheckState[]
  /** Why the step cannot be passed any more; empty: it can. */
  readonly broken: string
  /** When each step was begun. */
  readonly begun: ReadonlyMap<number, Millis>
  readonly dialog: 'search' | 'help' | 'faults' | 'lessons' | 'share' | undefined
  readonly drawer: 'lesson' | 'inspector' | undefined
  readonly openFile: string | undefined
  readonly toast: string
  /** A newer version of the page waits to be taken. */
  readonly renewal: { readonly take: () => void } | undefined
  /** Whether this session would survive the page, and why not. */
  readonly keeping: { readonly kept: boolean; readonly says: string }
}

/** Before anything has been opened. */
export function firstState(opening: Opening, theme: Theme): DeskState {
  return {
    opening,
    ready: false,
    problem: undefined,
    at: 0,
    now: 0,
    revision: 0,
    playing: true,
    held: false,
    past: false,
    speed: 1,
    view: 'machines',
    scene: emptyScene,
    viewScene: undefined,
    numbers: [],
    selected: undefined,
    filter: new Set(),
    busy: false,
    prompt: '',
    output: [],
    outputTurn: 0,
    sentences: [],
    markers: [],
    branches: [],
    deeds: [],
    besideBranch: undefined,
    beside: undefined,
    files: [],
    dock: 'terminal',
    inspector: 'why',
    asTable: false,
    presenting: false,
    zoom: 1,
    theme,
    lesson: undefined,
    step: 0,
    passed: new Set(),
    checks: [],
    broken: '',
    begun: new Map([[0, 0]]),
    dialog: undefined,
    drawer: undefined,
    openFile: undefined,
    toast: '',
    renewal: undefined,
    keeping: { kept: false, says: '' },
  }
}

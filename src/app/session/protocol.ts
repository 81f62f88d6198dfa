import type { CheckedDockerfile, Explanation, Proposal } from '../../docker/dockerfile'
import type { Millis, Revision } from '../../engine'
import type { Checked } from '../../kubernetes'
import type { Numbered, Scene, ViewId, ViewScene } from '../../picture'
import type { Differences } from '../../picture/scenes'
import type { KeptBranches } from '../../terminal/kept-branches'
import type { Moment as SharedMoment } from '../../terminal/moment'
import type { LateWords } from '../words/en/late'

/**
 * What passes between the page and the engine beside it. Two ways: calls (a name and arguments, answered once) and frames
 * (the page asks for the moment it is about to show; the answer carries only what has changed since the last one).
 */
export interface Opening {
  readonly lab: string
  /** Left out: the scenario's own, or 1. */
  readonly seed?: number
  /** A scenario brings its own lab and files. */
  readonly scenario?: string
  readonly files?: readonly FileText[]
  /** Without a scenario: these folders of the project's own files are in the learner's. */
  readonly folders?: readonly string[]
  /** A moment to come back to. */
  readonly moment?: SharedMoment
  /** The other futures of that run. */
  readonly branches?: KeptBranches
  /** To be looked at rather than worked in: what commands need is fetched with the first of them, not ahead of it. */
  readonly lookedAt?: boolean
}

export interface FileText {
  readonly path: string
  readonly text: string
}

export interface FrameRequest {
  /** The moment to show, in milliseconds and parts of them. In the present the engine runs there, in the past it only reads. */
  readonly wanted: Millis
  readonly past: boolean
  readonly selected: string | undefined
  /** How far back requests are still on their way on the screen. */
  readonly window: Millis
  readonly view: ViewId
  /** Another branch to look at beside this one. */
  readonly beside: string | undefined
  /** The step of the lesson whose checks are to be judged. */
  readonly step: number
}

export interface OutputChunk {
  readonly n: number
  readonly at: Millis
  readonly revision: Revision
  readonly stream: 'in' | 'out' | 'err' | 'notice'
  readonly text: string
}

export interface Marker {
  readonly at: Millis
  readonly label: string
  readonly tone: 'input' | 'bad' | 'doubt' | 'good'
}

export interface BranchInfo {
  readonly id: string
  readonly parent: string | undefined
  /** Where it left its parent. */
  readonly at: Millis
  readonly label: string
  readonly current: boolean
}

/** Something that was done from outside; `done`: false, it has been left out of this course. */
export interface Deed {
  readonly at: Millis
  readonly says: string
  readonly done: boolean
}

/** Another branch at the same moment, and in what the two differ. */
export interface Beside {
  readonly branch: string
  /** How far it has come: less than the moment shown while the engine is still running it there. */
  readonly now: Millis
  readonly scene: Scene
  readonly viewScene: ViewScene | undefined
  readonly differences: Differences
}

export interface SentenceLine {
  readonly revision: Revision
  readonly at: Millis
  readonly by: string
  readonly says: string
  readonly detail: string | undefined
  readonly key: string
}

/** Only what changed since the last frame is there, but for the clock and the prompt. */
export interface Frame {
  readonly at: Millis
  readonly now: Millis
  readonly revision: Revision
  readonly busy: boolean
  readonly prompt: string
  readonly scene?: Scene
  /** The scene of another view than the machines', where such a one is looked at. */
  readonly viewScene?: ViewScene
  readonly numbers?: readonly Numbered[]
  /** `fresh`: forget what came before, the course is another one. */
  readonly output?: { readonly fresh: boolean; readonly chunks: readonly OutputChunk[] }
  readonly sentences?: { readonly fresh: boolean; readonly lines: readonly SentenceLine[] }
  readonly markers?: readonly Marker[]
  readonly branches?: readonly BranchInfo[]
  readonly deeds?: readonly Deed[]
  /** While another branch is looked at beside this one, and something is new. */
  readonly beside?: Beside
  readonly files?: readonly FileText[]
  readonly checks?: readonly CheckState[]
  /** Why the step cannot be passed any more; empty: it can. */
  readonly broken?: string
}

/** What a scenario is, in a list of them. */
export interface LessonInfo {
  readonly id: string
  readonly title: string
  readonly topic: string
  readonly level: number
  readonly minutes: number
  readonly about: string
  /** How many of its steps have checks to pass. */
  readonly judged: number
}

export interface LessonStep {
  readonly title: string
  /** The view that shows it best. */
  readonly view?: ViewId
  /** Markdown; commands in ```` ```run ```` can be clicked. */
  readonly text: string
  readonly bet?: {
    readonly question: string
    readonly options: readonly string[]
    readonly answer: number
    readonly explain: string
  }
  readonly hints: readonly string[]
  /** Shell lines that pass the checks. */
  readonly solution: readonly string[]
  /** How many checks there are. */
  readonly checks: number
}

export interface LessonText {
  readonly title: string
  readonly topic: string
  readonly steps: readonly LessonStep[]
}

export interface CheckState {
  readonly text: string
  readonly ok: boolean
  /** How it stands; what still differs. */
  readonly detail: string
}

export interface WhyLine {
  readonly number: number
  readonly at: Millis
  readonly by: string
  readonly says: string
  readonly detail: string | undefined
  readonly key: string
  readonly revision: Revision
  readonly folded: number
  readonly root: boolean
}

/** What a rule gave a node: its own measure, the same as 0…100, and how much that counts. */
export interface Points {
  readonly raw: number
  readonly normalised: number
  readonly weight: number
}

export interface Verdict {
  readonly node: string
  readonly verdict: string
  readonly score: number | undefined
  readonly chosen: boolean
  /** By rule. */
  readonly points: Readonly<Record<string, Points>>
  /** The rule that refused it. */
  readonly plugin: string | undefined
  /** Where no node had room: who would have had to go there, or why that would not have helped. */
  readonly clearing: string | undefined
  /** It is being cleared for the pod. */
  readonly nominated: boolean
}

/** A rule of the scheduler, in the order in which nodes are asked. */
export interface Rule {
  readonly name: string
  readonly about: string
  readonly note?: string
  readonly filters: boolean
  readonly scores: boolean
  readonly weight: number
}

/** A text that is the page's own: which one of its catalogue, and the values in it. */
type Own<Room> = {
  [Key in keyof Room]: Room[Key] extends (...values: infer Values) => string
    ? readonly [Key, ...Values]
    : readonly [Key]
}[keyof Room]

/** Words of the model as they are, or of the page, which says them in its language. */
export type FactText = string | Own<LateWords['facts']>

export interface Fact {
  readonly name: FactText
  readonly value: FactText
  readonly tone?: 'good' | 'bad'
}

/** All that the inspector tells of one object at one revision. */
export interface Inspection {
  readonly key: string
  readonly name: string
  readonly kind: string
  readonly about: string
  /** A pod's machine. */
  readonly node: string | undefined
  readonly gone: boolean
  readonly why: readonly WhyLine[]
  readonly verdicts: readonly Verdict[]
  readonly facts: readonly Fact[]
  readonly yaml: string
  readonly events: readonly {
    readonly at: Millis
    readonly tone: 'good' | 'bad'
    readonly reason: string
    readonly says: string
    readonly count: number
  }[]
  readonly logs: readonly { readonly at: Millis; readonly text: string }[]
  readonly related: readonly { readonly key: string; readonly says: FactText }[]
}

export interface Found {
  readonly key: string
  readonly name: string
  readonly kind: string
  readonly about: string
}

/** Every node and every rule for one pod. */
export interface SchedulingTable {
  readonly key: string
  readonly verdicts: readonly Verdict[]
  readonly rules: readonly Rule[]
}

/** The calls. Those that act take the moment shown: acting in the past begins a branch there. */
export interface Calls {
  /** Gives the lesson, where the opening names one. */
  open(opening: Opening): {
    readonly lab: string
    readonly seed: number
    readonly lesson: LessonText | undefined
    readonly sameCourse: boolean
  }
  lessons(): readonly LessonInfo[]
  frame(request: FrameRequest): Frame
  submit(line: string, at: Moment): void
  interrupt(): void
  /** Keys for the running command, as a terminal sends them. */
  type(keys: string): void
  complete(line: string): readonly string[]
  /** Gives a problem where it cannot be saved. */
  saveFile(path: string, text: string, at: Moment): string | undefined
  removeFile(path: string, at: Moment): void
  fault(name: string, target: string, at: Moment): void
  heal(name: string, target: string, at: Moment): void
  faultsFor(key: string): readonly { readonly name: string; readonly about: string; readonly target: string }[]
  inspect(key: string, revision: Revision): Inspection | undefined
  /** The scheduler's table for a pod, or for the youngest one it has dealt with. */
  scheduling(key: string | undefined, revision: Revision): SchedulingTable | undefined
  /** JSON Schema of the kinds that manifests may hold, for completion. */
  editorSchema(): object
  /** What the API would say of a manifest, or the builder of a Dockerfile, and what Drydock does not model of it. */
  checkText(path: string, text: string): Promise<Checked | CheckedDockerfile>
  /** What could stand at a place of a Dockerfile, and what stands there; line and column from 1. */
  dockerfileProposals(text: string, line: number, column: number): Promise<readonly Proposal[]>
  dockerfileExplanation(text: string, line: number, column: number): Promise<Explanation | undefined>
  find(words: string): readonly Found[]
  nextVisible(after: Millis): Millis
  switchTo(branch: string): Millis
  /** Runs again up to now without a deed, or with one that was left out: its place in the list, and its words. Undefined: there is no such one. */
  toggleDeed(place: number, says: string): Millis | undefined
  undo(): Millis
  reset(): void
  digest(): string
  /** The moment shown, to be shared. */
  moment(at: Moment): SharedMoment
  /** The present with all that led to it, and its other futures, to be kept. */
  keep(): { readonly moment: SharedMoment; readonly branches: KeptBranches | undefined }
  /** A line to its end at once: what it printed, and the moment at which it ended. */
  run(line: string): { readonly printed: string; readonly now: Millis }
}
/** Where the reader is: a time in the past, or undefined at the present. */
export type Moment = Millis | undefined

export interface Call {
  readonly id: number
  readonly name: keyof Calls
  readonly args: readonly unknown[]
}
export type Answer = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string }

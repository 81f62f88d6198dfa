import {
  type Change,
  type Key,
  type Millis,
  partsOf,
  type Simulation,
  sentenceOf,
  type WhyLink,
  type World,
} from '../engine'
import type { Pod } from '../kubernetes/kinds/pod'
import { type Verdicts, verdictsFor } from '../kubernetes/scheduler/verdicts'
import type { Output } from '../platform/container/container'
import { Output as OutputKind } from '../platform/container/container'
import { faultKinds } from '../platform/faults'
import { machineKey } from '../platform/machine/machine'
import { File } from '../platform/shell/file'
import type { Process } from '../platform/shell/process'
import type { ShellState } from '../platform/shell/state'
import { type BesideView, Branches, type BranchInfo, type Deed } from './branches'
import { commandsOf } from './commands-of'
import { completionsOf } from './completion'
import { saysOf } from './deeds'
import type { KeptBranches } from './kept-branches'
import type { Lab } from './lab/lab'
import { DESK, HOME, handKey, startLab, terminalKey } from './lab/start'
import { type Marker, markerOf } from './markers'
import { SessionWish } from './sim'
import { whyWithProcessor } from './why-held'

/** Commands that never end by themselves are given up after so much simulated time. */
const PRESSED = 'pressed Ctrl-C'
const LONGEST_COMMAND_MILLIS = 48 * 3_600_000
const undoKey = SessionWish.key('', 'undo')
const resetKey = SessionWish.key('', 'reset')
const MOST_FILE_CHARACTERS = 16_000_000

export interface Line {
  readonly n: number
  readonly at: Millis
  readonly revision: number
  readonly stream: Output['stream']
  readonly text: string
}

/** A learner's seat: a lab that runs, a terminal in it, the past to look at, and other futures. Everything that she does is an Input. */
export class Session {
  readonly lab: Lab
  readonly seed: number
  readonly #files: Readonly<Record<string, string>>
  simulation: Simulation
  #branches: Branches
  #rest: { readonly inputs: number; readonly at: Millis; readonly digest: string } | undefined
  #markers: { readonly upTo: number; readonly list: Marker[] } = { upTo: 0, list: [] }

  constructor(options: { lab: Lab; seed: number; files?: Readonly<Record<string, string>> }) {
    this.lab = options.lab
    this.seed = options.seed
    this.#files = options.files ?? {}
    this.simulation = startLab(this.lab, this.seed, this.#files)
    this.#branches = new Branches(this.simulation)
  }

  get now(): Millis {
    return this.simulation.now
  }

  get revision(): number {
    return this.simulation.store.revision
  }

  /** Runs simulated time on to a moment, or until `stop` says so. */
  advance(until: Millis, stop?: () => boolean): void {
    this.#run(until, stop)
  }

  /** Runs on, and heeds a `sim undo` or `sim reset` at once: what comes after it is another past. */
  #run(until: Millis, stop?: () => boolean): void {
    const { store } = this.simulation
    const asked = () => store.get(undoKey) !== undefined || store.get(resetKey) !== undefined
    this.simulation.run({ until, stop: stop ? () => asked() || stop() : asked })
    if (store.get(resetKey)) this.reset()
    else if (store.get(undoKey)) {
      this.undo()
      this.undo()
    }
  }

  get #terminal(): Process {
    return this.simulation.store.get(terminalKey)!
  }

  /** A command of the learner still runs. */
  get busy(): boolean {
    return this.#terminal.busy
  }

  /** The exit status of the last command; `exited`: the script asked its shell to end. */
  get status(): { readonly code: number; readonly exited: boolean; readonly errexit: boolean } {
    const state = this.#terminal.memory as unknown as ShellState | undefined
    const environment = state?.environments['0']
    return {
      code: environment?.status ?? 0,
      exited: state?.exited ?? false,
      errexit: environment?.options.errexit ?? false,
    }
  }

  get cwd(): string {
    return (this.#terminal.memory as unknown as ShellState | undefined)?.environments['0']?.cwd ?? HOME
  }

  /** `you@laptop ~/voting $` */
  prompt(): string {
    const { cwd } = this
    const shown = cwd === HOME ? '~' : cwd.startsWith(`${HOME}/`) ? `~${cwd.slice(HOME.length)}` : cwd
    return `you@${this.lab.prompt} ${shown} $ `
  }

  /** Types a line and presses Enter. What runs before it ends as by Ctrl-C when the line comes from another time. */
  submit(line: string): void {
    this.simulation.input({ to: 'shell', about: terminalKey, body: { do: 'line', text: line }, says: saysOf(line) })
  }

  /** Gives text to the running command's standard input. */
  type(text: string): void {
    this.simulation.input({
      to: 'shell',
      about: terminalKey,
      body: { do: 'input', text },
      says: 'typed into the running command',
    })
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.simulation.input({
      to: 'shell',
      about: terminalKey,
      body: { do: 'signal', signal: 'INT', keys: true },
      says: PRESSED,
    })
  }

  /** Ends whatever runs at the prompt, also what takes no notice of Ctrl-C. */
  #leave(): void {
    this.interrupt()
    this.simulation.input({ to: 'shell', about: terminalKey, body: { do: 'signal', signal: 'KILL' }, says: PRESSED })
  }

  /** Runs a script, command by command, as fast as the computer can, and gives what the terminal printed. */
  run(script: string): string {
    let from = this.printed
    for (const command of commandsOf(script)) {
      this.runCommand(command.text)
      // a command that was taken back takes its output with it
      from = Math.min(from, this.printed)
      const { code, exited, errexit } = this.status
      if (exited || (errexit && code !== 0)) break
    }
    return this.outputSince(from)
      .filter((line) => line.stream === 'out' || line.stream === 'err')
      .map((line) => line.text)
      .join('')
  }

  /**
   * Runs a script as `drydock exec` would: time that has merely passed since the last one ended (or since the beginning), with nothing done in
   * it, has not passed. So the same lines give the same digest whatever the clock of the page has shown meanwhile.
   */
  runUntimed(script: string): string {
    const inputs = this.simulation.inputs.length
    if (inputs === 0) this.simulation.rewind(0)
    else if (this.#rest?.inputs === inputs) this.simulation.rewind(this.#rest.at)
    this.#forgetMarkers()
    const output = this.run(script)
    this.advance(this.now)
    this.#rest = { inputs: this.simulation.inputs.length, at: this.now, digest: this.digest() }
    return output
  }

  /** The digest at the end of what `runUntimed` ran last, as long as nothing else has been done since; else of now. */
  restDigest(): string {
    return this.#rest?.inputs === this.simulation.inputs.length ? this.#rest.digest : this.digest()
  }

  runCommand(text: string): void {
    this.submit(text)
    const { store } = this.simulation
    const latest = this.now + LONGEST_COMMAND_MILLIS
    const given = this.revision
    const done = () => {
      const head = store.head(terminalKey)!
      return head.revision > given && !head.value.busy
    }
    this.#run(latest, done)
  }

  /** How many chunks have been printed. */
  get printed(): number {
    return this.#terminal.printed
  }

  /** What was printed, from chunk number n on. */
  outputSince(n: number): Line[] {
    const prefix = OutputKind.key('terminal', '').length
    return this.simulation.store
      .list(OutputKind, { scope: 'terminal' })
      .map((head) => ({
        n: Number(head.key.slice(prefix)),
        at: head.at,
        revision: head.revision,
        stream: head.value.stream,
        text: head.value.text,
      }))
      .filter((line) => line.n >= n)
  }

  complete(line: string): readonly string[] {
    return completionsOf(line, this.simulation.store, this.cwd)
  }

  /** The learner's files, by path relative to her folder. */
  files(revision?: number): { readonly path: string; readonly text: string }[] {
    const world = revision === undefined ? this.simulation.store : this.worldAt(revision)
    const prefix = File.key(DESK, `${HOME}/`)
    return world
      .list(File, { scope: DESK })
      .filter((head) => head.value.what === 'file' && head.key.startsWith(prefix))
      .map((head) => ({ path: head.key.slice(prefix.length), text: head.value.text }))
  }

  /** Saves a file from the editor or a drop. Gives a problem instead of saving what is too large or has no proper name. */
  saveFile(path: string, text: string): string | undefined {
    if (text.length > MOST_FILE_CHARACTERS) return `a file has at most ${MOST_FILE_CHARACTERS} characters`
    if (path === '' || path.startsWith('/') || path.split('/').includes('..') || path.length > 400)
      return `${path}: not a path in this folder`
    const folder = path.includes('/') ? `mkdir -p ${quoted(path.slice(0, path.lastIndexOf('/')))} && ` : ''
    const line = `cd ${HOME} && ${folder}cat > ${quoted(path)} <<'END OF ${path.length} ${text.length}'\n${text}${text.endsWith('\n') || text === '' ? '' : '\n'}END OF ${path.length} ${text.length}`
    this.#byHand(line, `saved ${path}`)
    return undefined
  }

  removeFile(path: string): void {
    this.#byHand(`cd ${HOME} && rm -f ${quoted(path)}`, `removed ${path}`)
  }

  /** Breaks something, as `sim fault` does. */
  fault(name: string, target?: string, seconds?: number): void {
    const line = `sim fault ${name}${target === undefined ? '' : ` ${quoted(target)}`}${seconds === undefined ? '' : ` --for ${seconds}s`}`
    this.#byHand(line, saysOf(line))
  }

  heal(name?: string): void {
    const line = `sim heal ${name === undefined ? 'all' : quoted(name)}`
    this.#byHand(line, saysOf(line))
  }

  #byHand(line: string, says: string): void {
    this.simulation.input({ to: 'shell', about: handKey, body: { do: 'line', text: line }, says })
    this.#run(this.now)
  }

  /** What can be broken about an object: each fault with the target that it would take. */
  faultsFor(key: Key): { readonly name: string; readonly about: string; readonly target: string }[] {
    const world = this.simulation.store
    const { kind, name } = partsOf(key)
    const wanted = kind === 'kubernetes/Node' ? machineKey(name) : key
    return faultKinds.flatMap((fault) => {
      const target = fault
        .targets(world)
        .find(
          (one) =>
            one.key === wanted ||
            (kind === 'kubernetes/Pod' && fault.name === 'container-kill' && one.name.includes(name)),
        )
      return target
        ? [{ name: fault.name, about: fault.about, target: kind === 'kubernetes/Pod' ? name : target.name }]
        : []
    })
  }

  worldAt(revision: number): World {
    return this.simulation.store.at(revision)
  }

  revisionAt(at: Millis): number {
    return this.simulation.store.revisionAt(at)
  }

  change(revision: number): Change | undefined {
    return this.simulation.store.change(revision)
  }

  /** Goes back to a moment to act there: the future that was stays as a branch. */
  branchAt(at: Millis): void {
    if (at >= this.now) return
    this.#branches.begin(at)
    this.#otherPast()
    if (this.busy) this.#leave()
  }

  branches(): BranchInfo[] {
    return this.#branches.list()
  }

  /** What is needed to have all branches again, beside the inputs of this course. */
  keptBranches(): KeptBranches {
    return this.#branches.keep()
  }

  /** The branches of a session whose own course has just been played again. */
  takeUpBranches(kept: KeptBranches): void {
    this.#branches.takeUp(kept)
  }

  switchTo(id: number): void {
    if (this.#branches.switchTo(id)) this.#otherPast()
  }

  /** What was done, and what was left out of this course; by time. */
  deeds(): readonly Deed[] {
    return this.#branches.deeds()
  }

  /** Runs again up to now without the deed at this place of `deeds()`, or with one that was left out; what was stays as a branch. */
  toggleDeed(place: number): boolean {
    const toggled = this.#branches.toggle(place)
    if (toggled) this.#otherPast()
    return toggled
  }

  /** Another branch at a moment, run on as far as needed until `stop` says so. */
  beside(id: number, at: Millis, stop?: () => boolean): BesideView | undefined {
    return this.#branches.beside(id, at, stop)
  }

  /** Takes the last input back. */
  undo(): boolean {
    const { inputs } = this.simulation
    const last = inputs[inputs.length - 1]
    if (!last) return false
    this.simulation.rewind(last.at, inputs.length - 1)
    this.#otherPast()
    return true
  }

  reset(): void {
    this.simulation = startLab(this.lab, this.seed, this.#files)
    this.#branches = new Branches(this.simulation)
    this.#otherPast()
  }

  digest(): string {
    return this.simulation.digest()
  }

  get #tables() {
    return this.simulation.rooms.map((room) => room.sentences)
  }

  /** Why an object is as it is, newest first, to the Input that began it. */
  why(key: Key, revision = this.revision): readonly WhyLink[] {
    return whyWithProcessor(key, this.worldAt(revision), this.#tables)
  }

  /** The scheduler's table for a pod, computed again from the world before the decision. */
  verdicts(key: Key<Pod>, revision = this.revision): Verdicts | undefined {
    const head = this.worldAt(revision).head(key)
    return head && verdictsFor(head, (past) => this.worldAt(past))
  }

  /** The moments worth a mark on the time line. */
  markers(): readonly Marker[] {
    const { store } = this.simulation
    const { upTo, list } = this.#markers
    if (upTo < store.revision) {
      for (const change of store.since(Math.max(upTo, store.horizon))) {
        if (change.at < 0) continue
        const marker = markerOf(change)
        if (marker) list.push(marker)
      }
      this.#markers = { upTo: store.revision, list }
    }
    return list
  }

  /** What is remembered of the course does not hold for another one. */
  #otherPast(): void {
    this.#rest = undefined
    this.#forgetMarkers()
  }

  #forgetMarkers(): void {
    this.#markers = { upTo: 0, list: [] }
  }

  /** The time of the next change worth seeing after a moment; runs on, at most an hour, when it has not happened yet. */
  nextVisible(after: Millis): Millis | undefined {
    const known = this.#visibleAfter(after)
    if (known !== undefined) return known
    const from = this.revision
    const { store } = this.simulation
    let seen = from
    const found = () => {
      for (; seen < store.revision; seen++) if (isVisible(store.change(seen + 1))) return true
      return false
    }
    this.#run(Math.max(this.now, after) + 3_600_000, found)
    return this.#visibleAfter(after)
  }

  #visibleAfter(after: Millis): Millis | undefined {
    const { store } = this.simulation
    for (let revision = store.revisionAt(after) + 1; revision <= store.revision; revision++) {
      const change = store.change(revision)
      if (isVisible(change)) return change.at
    }
    return undefined
  }

  /** The sentences of what has happened since a revision. */
  sentencesSince(revision: number): {
    readonly revision: number
    readonly at: Millis
    readonly by: string
    readonly says: string
    readonly detail: string | undefined
    readonly key: Key
  }[] {
    return this.simulation.store
      .since(revision)
      .filter(isVisible)
      .map((change) => {
        const { says, detail } = sentenceOf(change, this.#tables)
        return { revision: change.revision, at: change.at, by: change.by, says, detail, key: change.key }
      })
  }
}

function isVisible(change: Change | undefined): change is Change {
  return change !== undefined && !change.quiet && change.at >= 0
}

const quoted = (text: string) => (/^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

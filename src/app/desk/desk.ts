import { type ActorRefFrom, createActor } from 'xstate'
import type { Millis } from '../../engine'
import { clockOf, REQUEST_FLIGHT_MILLIS, type State, type ViewId } from '../../picture'
import type { Moment as SharedMoment } from '../../terminal/moment'
import type { Client } from '../session/client'
import type { Frame, Opening } from '../session/protocol'
import { words } from '../words'
import { type DeskState, firstState, type Theme } from './desk-state'
import { type PlayerContext, playerMachine, speeds, wantedAfter } from './player'

/** After a longer gap (a tab in the background) time does not jump. */
const LONGEST_STEP = 64
const zooms: readonly number[] = [1, 1.5, 2, 3, 4, 6]
const MOST_SENTENCES = 1500

/**
 * The desk: what the page knows and can do. It owns the player and the render clock, asks the engine for each frame, and
 * tells listeners. It has a life: open it once, `end` it.
 */
export class Desk {
  readonly client: Client
  readonly #player: ActorRefFrom<typeof playerMachine>
  readonly #listeners = new Set<() => void>()
  #state: DeskState
  #asked = false
  #dirty = true
  #last = 0
  #loop = 0

  constructor(client: Client, opening: Opening, theme: Theme) {
    this.client = client
    this.#player = createActor(playerMachine, { input: { speed: 1 } }).start()
    this.#state = firstState(opening, theme)
    this.#player.subscribe(() => this.#readPlayer())
  }

  get state(): DeskState {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async open(opening: Opening = this.#state.opening): Promise<void> {
    const { lab, seed, lesson, sameCourse } = await this.client.call('open', opening)
    const view = lesson?.steps[this.#state.step]?.view ?? this.#state.view
    this.set({ lesson, view, opening: { ...opening, lab, seed } })
    const { moment } = opening
    if (moment) this.#player.send({ type: 'TURNED', now: Math.floor(moment.at) })
    await this.#ask(0)
    this.set({ ready: true })
    if (!sameCourse) this.say(words.said.otherVersion)
    this.#loop = requestAnimationFrame(this.#tick)
  }

  end(): void {
    cancelAnimationFrame(this.#loop)
    this.#player.stop()
    this.client.end()
  }

  /** Changes what is shown; for the parts that only the page knows. */
  set(part: Partial<DeskState>): void {
    this.#state = { ...this.#state, ...part }
    for (const listener of this.#listeners) listener()
  }

  /** For what has changed beside the clock: the next frame is asked for although time stands. */
  touch(): void {
    this.#dirty = true
  }

  play(): void {
    this.#player.send({ type: 'PLAY' })
  }
  pause(): void {
    this.#player.send({ type: 'PAUSE' })
  }
  toggle(): void {
    if (this.#state.playing) this.pause()
    else this.play()
  }
  grab(): void {
    this.#player.send({ type: 'GRAB' })
  }
  release(): void {
    this.#player.send({ type: 'RELEASE' })
  }
  live(): void {
    this.#player.send({ type: 'LIVE' })
  }
  setSpeed(speed: number): void {
    this.#player.send({ type: 'SPEED', speed })
  }
  faster(by: 1 | -1): void {
    const i = speeds.indexOf(this.#state.speed as (typeof speeds)[number])
    this.setSpeed(speeds[Math.max(0, Math.min(speeds.length - 1, i + by))]!)
  }

  seek(at: Millis): void {
    this.#player.send({ type: 'SEEK', at })
    this.touch()
  }

  /** Goes to a moment that may lie ahead: the engine runs there as fast as it can. */
  go(at: Millis): void {
    this.#player.send({ type: 'GO', goal: at })
    this.touch()
  }

  async nextChange(): Promise<void> {
    const { at, past, sentences } = this.#state
    const next = past ? sentences.find((line) => line.at > at)?.at : undefined
    this.pause()
    this.go(next ?? (await this.client.call('nextVisible', at)))
  }

  previousChange(): void {
    const { at, sentences } = this.#state
    const before = sentences.findLast((line) => line.at < at)
    this.pause()
    this.seek(before?.at ?? 0)
  }

  toMarker(direction: 1 | -1): void {
    const { at, markers, now } = this.#state
    const next =
      direction === 1 ? markers.find((marker) => marker.at > at + 1) : markers.findLast((marker) => marker.at < at - 1)
    this.seek(next?.at ?? (direction === 1 ? now : 0))
  }

  toStep(step: number): void {
    const { begun, at } = this.#state
    this.set({ step, checks: [], broken: '', begun: begun.has(step) ? begun : new Map(begun).set(step, at) })
    this.look(this.#state.lesson?.steps[step]?.view ?? this.#state.view)
  }

  /** Goes to where this step began: what is done there begins a branch. */
  toStepStart(): void {
    const { begun, step } = this.#state
    this.pause()
    this.seek(begun.get(step) ?? 0)
  }

  select(key: string | undefined): void {
    this.set({ selected: key, ...(key === undefined ? {} : { drawer: 'inspector' as const }) })
    this.touch()
  }

  look(view: ViewId): void {
    this.set({ view, viewScene: undefined })
    this.touch()
  }

  /** A step nearer or farther; 0: back to the whole. */
  zoom(by: 1 | -1 | 0): void {
    const i = by === 0 ? 0 : zooms.indexOf(this.#state.zoom) + by
    this.set({ zoom: zooms[Math.max(0, Math.min(zooms.length - 1, i))]! })
  }

  toggleFilter(state: State | 'ghost'): void {
    const filter = new Set(this.#state.filter)
    if (!filter.delete(state)) filter.add(state)
    this.set({ filter })
  }

  /** A command, as typed at the prompt. */
  async submit(line: string): Promise<void> {
    await this.#act((at) => this.client.call('submit', line, at))
  }
  /** A command run to its end at once, for tests and embedding pages; gives what it printed. */
  async run(line: string): Promise<string> {
    const { printed, now } = await this.client.call('run', line)
    this.#turned(now)
    return printed
  }
  async fault(name: string, target: string): Promise<void> {
    await this.#act((at) => this.client.call('fault', name, target, at))
  }
  async heal(name: string, target: string): Promise<void> {
    await this.#act((at) => this.client.call('heal', name, target, at))
  }
  /** Whether it could be saved; why not is said. */
  async saveFile(path: string, text: string): Promise<boolean> {
    const problem = await this.#act((at) => this.client.call('saveFile', path, text, at))
    if (problem !== undefined) this.say(problem)
    return problem === undefined
  }
  async removeFile(path: string): Promise<void> {
    await this.#act((at) => this.client.call('removeFile', path, at))
  }
  async interrupt(): Promise<void> {
    await this.client.call('interrupt')
    this.play()
  }

  /** Keys that the running command gets as they are: Ctrl-P Ctrl-Q leaves a container running. */
  async type(keys: string): Promise<void> {
    await this.client.call('type', keys)
    this.play()
  }

  /** Goes on in another branch; one that was looked at beside this one changes places with it. */
  async switchTo(branch: string): Promise<void> {
    const { branches, besideBranch } = this.#state
    if (branch === besideBranch) this.compare(branches.find((one) => one.current)?.id)
    this.#turned(await this.client.call('switchTo', branch))
  }
  /** Shows another branch beside this one, always at the same moment; undefined: no longer. */
  compare(branch: string | undefined): void {
    this.set({ besideBranch: branch, beside: undefined })
    this.touch()
  }
  /** Runs again up to now without something that was done, or with something that was left out. */
  async toggleDeed(place: number): Promise<void> {
    const deed = this.#state.deeds[place]
    const parted = this.#state.branches.find((one) => one.current)?.id
    const now = deed && (await this.client.call('toggleDeed', place, deed.says))
    if (!deed || now === undefined) return
    this.#turned(now)
    this.pause()
    this.compare(parted)
    this.say((deed.done ? words.said.ranWithout : words.said.ranWith)(clockOf(now), deed.says))
  }
  async undo(): Promise<void> {
    this.#turned(await this.client.call('undo'))
    this.say(words.said.undone)
  }
  async reset(): Promise<void> {
    await this.client.call('reset')
    this.compare(undefined)
    this.#turned(0)
    this.say(words.said.atBeginning)
  }

  /** The moment shown with all that led to it. */
  async moment(): Promise<SharedMoment> {
    const { past, at } = this.#state
    return this.client.call('moment', past ? at : undefined)
  }

  /** Shown for a moment and spoken. */
  say(toast: string): void {
    this.set({ toast })
  }

  /** Acting at a moment of the past makes another future; it says so. */
  async #act<T>(deed: (at: Millis | undefined) => Promise<T>): Promise<T> {
    const { past, at } = this.#state
    const result = await deed(past ? at : undefined)
    if (past) {
      this.#turned(at)
      this.say(words.said.newBranch(clockOf(at)))
    } else if (!this.#state.playing) this.play()
    this.touch()
    return result
  }

  #turned(now: Millis): void {
    this.#player.send({ type: 'TURNED', now })
    this.touch()
  }

  #readPlayer(): void {
    const { context, value } = this.#player.getSnapshot()
    const playing = value === 'playing' || value === 'heldPlaying' || context.goal !== undefined
    const held = value === 'heldPlaying' || value === 'heldPaused'
    this.set({ at: context.at, now: context.now, past: context.past, speed: context.speed, playing, held })
  }

  readonly #tick = (time: number): void => {
    this.#loop = requestAnimationFrame(this.#tick)
    const elapsed = Math.min(LONGEST_STEP, Math.max(0, time - this.#last))
    if (this.#asked) return
    this.#last = time
    const { playing, held } = this.#state
    if (!this.#dirty && (!playing || held)) return
    void this.#ask(held ? 0 : elapsed)
  }

  async #ask(elapsed: number): Promise<void> {
    this.#asked = true
    this.#dirty = false
    const { context, value } = this.#player.getSnapshot()
    const wanted = wantedAfter(context, value === 'playing', elapsed)
    try {
      const frame = await this.client.call('frame', {
        wanted,
        past: context.past,
        selected: this.#state.selected,
        window: REQUEST_FLIGHT_MILLIS * Math.max(1, context.speed),
        step: this.#state.step,
        view: this.#state.view,
        beside: this.#state.besideBranch,
      })
      this.#take(frame.at === Math.floor(wanted) ? { ...frame, at: wanted } : frame, context)
    } catch (problem) {
      this.pause()
      this.set({ problem: problem instanceof Error ? problem.message : String(problem) })
    }
    this.#asked = false
  }

  #take(frame: Frame, asked: PlayerContext): void {
    const state = this.#state
    const news: { -readonly [K in keyof DeskState]?: DeskState[K] } = {
      revision: frame.revision,
      busy: frame.busy,
      prompt: frame.prompt,
    }
    if (frame.scene) news.scene = frame.scene
    if (frame.viewScene) news.viewScene = frame.viewScene
    if (frame.numbers) news.numbers = frame.numbers
    if (frame.markers) news.markers = frame.markers
    if (frame.branches) news.branches = frame.branches
    if (frame.deeds) news.deeds = frame.deeds
    if (frame.beside && frame.beside.branch === state.besideBranch) news.beside = frame.beside
    if (frame.files) news.files = frame.files
    if (frame.broken !== undefined) news.broken = frame.broken
    if (frame.checks) {
      news.checks = frame.checks
      if (frame.checks.length > 0 && frame.checks.every((check) => check.ok))
        news.passed = new Set([...state.passed, state.step])
    }
    if (frame.output) {
      news.output = frame.output.fresh ? frame.output.chunks : [...state.output, ...frame.output.chunks]
      if (frame.output.fresh) news.outputTurn = state.outputTurn + 1
    }
    if (frame.sentences) {
      news.sentences = (
        frame.sentences.fresh ? frame.sentences.lines : [...state.sentences, ...frame.sentences.lines]
      ).slice(-MOST_SENTENCES)
    }
    this.#state = { ...state, ...news }
    // While the frame was on its way the reader may have gone elsewhere: then this answer is about a moment that is over.
    const { context } = this.#player.getSnapshot()
    const stale = context.at !== asked.at || context.past !== asked.past
    if (stale) this.#dirty = true
    else this.#player.send({ type: 'REACHED', at: frame.at, now: frame.now })
  }
}

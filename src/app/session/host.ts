import { isDockerfile } from '../../docker/dockerfile/file-name'
import type { Millis, Revision } from '../../engine'
import { checkManifest, editorSchema } from '../../kubernetes'
import { Pod } from '../../kubernetes/kinds/pod'
import type { Scenario } from '../../lesson'
import { emptyScene, type Numbered, type Scene, type ViewScene } from '../../picture'
import { asOf } from '../../picture/as-of'
import { Book, differencesOf, machinesScene } from '../../picture/scenes'
import { catalogue } from '../../platform/image/catalogue'
import { bring } from '../../terminal/bring'
import { MODEL_VERSION, type Moment as SharedMoment } from '../../terminal/moment'
import { find } from './find'
import { inspect } from './inspect'
import { brokenBy, fetchLessons, judged, lessonList, lessons, lessonText, scenarioNamed } from './lessons'
import type { Answer, Call, Calls, Frame, FrameRequest, Moment, Opening, OutputChunk } from './protocol'
import { type Seat, seatIn } from './seat'
import { sameFiles, untold } from './told'
import { viewSceneOf } from './view-scene'

/** In one go the engine runs no longer than this, so that nobody waits for an answer. Milliseconds of the computer's time. */
export interface Slices {
  readonly perFrame: number
}

const imageNames = catalogue.map(({ name }) => name).filter((name) => !name.includes('/'))

const dockerfiles = () => import('../../docker/dockerfile')

const needsLessons = ({ name, args }: Call): boolean =>
  name === 'lessons' || (name === 'open' && (args[0] as Opening).scenario !== undefined)

/** A lab of machines without Docker is shown before the commands are there; whatever acts needs them. */
function needsAll({ name, args }: Call): boolean {
  if (name === 'frame' || name === 'lessons' || name === 'digest') return false
  if (name !== 'open') return true
  const { lab, scenario, moment } = args[0] as Opening
  return (
    moment !== undefined ||
    !/^kubernetes(:|$)/.test(scenario === undefined ? lab : (scenarioNamed(scenario)?.lab ?? ''))
  )
}

/** Between two changes the picture still ages a little (how long something has been starting). */
const REDRAW_EVERY: Millis = 500

/**
 * The engine's side of the protocol: owns the session, runs it no further than what is shown, and answers each frame with
 * what is new. It lives in the worker; where there is none, in the page itself.
 */
export class Host {
  #session: Seat | undefined
  #scenario: Scenario | undefined
  #book = new Book()
  readonly #bookBeside = new Book()
  /** The machines as the page has them. */
  #scene = emptyScene
  /** Goes up when the past has become another one: a branch, an undo, a reset. */
  #course = 0
  #told = untold(0)
  #last: Promise<unknown> = Promise.resolve()
  #late: Promise<void> | undefined
  #lookedAt = false
  readonly #slices: Slices
  readonly #calls: Calls

  constructor(slices: Slices) {
    this.#slices = slices
    this.#calls = this.#make()
  }

  /** Answers in the order of the calls. */
  answer(call: Call): Promise<Answer> {
    const answer = this.#last.then(() => this.#answer(call))
    this.#last = answer
    return answer
  }

  async #answer(call: Call): Promise<Answer> {
    try {
      if (needsLessons(call)) await fetchLessons()
      if (needsAll(call)) await this.#all()
      const run = this.#calls[call.name] as (...args: readonly unknown[]) => unknown
      const value = await run(...call.args)
      // the first picture is on its way: now for what the first command needs
      if (call.name === 'frame' && !this.#lookedAt) void this.#all()
      return { id: call.id, value }
    } catch (problem) {
      return {
        id: call.id,
        error: problem instanceof Error ? `${problem.message}\n${problem.stack ?? ''}` : String(problem),
      }
    }
  }

  /** The command lines and Docker's room, fetched once; again where it failed, for the network may come back. */
  #all(): Promise<void> {
    this.#late ??= import('../../terminal/late').then(
      ({ late }) => bring(late),
      (problem) => {
        this.#late = undefined
        throw problem
      },
    )
    return this.#late
  }

  get #live(): Seat {
    if (!this.#session) throw new Error('no session is open')
    return this.#session
  }

  #make(): Calls {
    return {
      open: (opening) => this.#open(opening),
      lessons: () => lessonList(),
      frame: (request) => this.#frame(request),
      submit: (line, at) => this.#act(at, (session) => session.submit(line)),
      interrupt: () => this.#live.interrupt(),
      type: (keys) => this.#live.type(keys),
      complete: (line) => this.#live.complete(line),
      saveFile: (path, text, at) => this.#act(at, (session) => session.saveFile(path, text)),
      removeFile: (path, at) => this.#act(at, (session) => session.removeFile(path)),
      fault: (name, target, at) => this.#act(at, (session) => session.fault(name, target)),
      heal: (name, target, at) => this.#act(at, (session) => session.heal(name, target)),
      faultsFor: (key) => this.#live.faultsFor(key),
      inspect: (key, revision) => inspect(this.#live, key, revision),
      scheduling: (key, revision) => this.#scheduling(key, revision),
      editorSchema: () => editorSchema(),
      checkText: async (file, text) =>
        isDockerfile(file) ? (await dockerfiles()).checkDockerfile(text, file) : checkManifest(text, { file }),
      dockerfileProposals: async (...place) => (await dockerfiles()).proposalsAt(...place, imageNames),
      dockerfileExplanation: async (...place) => (await dockerfiles()).explanationAt(...place),
      find: (words) => find(this.#live.worldAt(this.#live.revision), words),
      nextVisible: (after) => this.#nextVisible(after),
      switchTo: (branch) => this.#turn((session) => session.switchTo(branch)),
      toggleDeed: (place, says) =>
        this.#live.deeds()[place]?.says === says ? this.#turn((session) => session.toggleDeed(place)) : undefined,
      undo: () => this.#turn((session) => session.undo()),
      reset: () => void this.#turn((session) => session.reset()),
      digest: () => this.#live.digest(),
      moment: (at) => this.#moment(at),
      keep: () => ({ moment: this.#moment(undefined), branches: this.#live.keptBranches() }),
      run: (line) => this.#run(line),
    }
  }

  #open(opening: Opening): ReturnType<Calls['open']> {
    const scenario = opening.scenario === undefined ? undefined : scenarioNamed(opening.scenario)
    if (opening.scenario !== undefined && !scenario) throw new Error(`there is no lesson ${opening.scenario}`)
    const own = Object.entries(scenario ? lessons().files(scenario.files) : lessons().files(opening.folders ?? [])).map(
      ([path, text]) => ({ path, text }),
    )
    const lab = scenario?.lab ?? opening.lab
    const seed = opening.seed ?? scenario?.seed ?? 1
    this.#session = seatIn({ lab, seed, files: [...own, ...(opening.files ?? [])] })
    this.#scenario = scenario
    this.#lookedAt = opening.lookedAt === true
    this.#book = new Book()
    this.#told = untold(++this.#course)
    return { lab, seed, lesson: scenario && lessonText(scenario), sameCourse: this.#comeBack(opening) }
  }

  /** Plays a shared run again up to its moment; false: with this version of the model it went otherwise. */
  #comeBack({ moment, branches }: Opening): boolean {
    if (!moment) return true
    const session = this.#live
    session.replay(moment.inputs)
    session.advance(Math.floor(moment.at))
    if (branches) session.takeUpBranches(branches)
    return moment.digest === undefined || moment.digest === session.digestNow()
  }

  #moment(at: Moment): SharedMoment {
    const session = this.#live
    const until = Math.floor(at ?? session.now)
    return {
      version: MODEL_VERSION,
      at: until,
      digest: at === undefined ? session.digestNow() : undefined,
      inputs: session.inputsUntil(until),
    }
  }

  #scheduling(key: string | undefined, revision: Revision): ReturnType<Calls['scheduling']> {
    const session = this.#live
    const world = session.worldAt(revision)
    const own = key?.startsWith(`${Pod.id}/`) ? session.scheduling(key, revision) : undefined
    if (own) return own
    const youngest = world.list(Pod).findLast((pod) => pod.value.metadata.namespace !== 'kube-system')
    return youngest && session.scheduling(youngest.key, revision)
  }

  /** Does something at the moment shown: in the past that begins a branch. */
  #act<T>(at: Moment, deed: (session: Seat) => T): T {
    const session = this.#live
    if (at !== undefined && at < session.now) {
      session.branchAt(Math.floor(at))
      this.#told = untold(++this.#course)
    }
    return deed(session)
  }

  /** Idle time before it is taken back (see `runUntimed`): what has been told of it is void. */
  #run(line: string): ReturnType<Calls['run']> {
    const printed = this.#live.run(line)
    this.#told = untold(++this.#course)
    return { printed, now: this.#live.now }
  }

  #turn(deed: (session: Seat) => void): Millis {
    deed(this.#live)
    this.#told = untold(++this.#course)
    return this.#live.now
  }

  #frame({ wanted: asked, past, selected, window, step, view, beside }: FrameRequest): Frame {
    const session = this.#live
    // The engine knows whole milliseconds only; the reader's clock goes on in between.
    const wanted = Math.floor(asked)
    if (!past && wanted > session.now) {
      const deadline = performance.now() + this.#slices.perFrame
      session.advance(wanted, () => performance.now() > deadline)
    }
    const at = past ? Math.min(wanted, session.now) : session.now
    const revision = at >= session.now ? session.revision : session.revisionAt(at)
    return {
      at,
      now: session.now,
      revision,
      busy: session.busy,
      prompt: session.prompt,
      ...this.#newScene({ at, revision, selected, window, view }),
      ...this.#newBeside({ at, revision, selected, window, view, beside }),
      ...this.#newOutput(),
      ...this.#newSentences(),
      ...this.#newLists(),
      ...this.#newChecks(step, revision),
    }
  }

  #newScene({
    at,
    revision,
    selected,
    window,
    view,
  }: Pick<FrameRequest, 'selected' | 'window' | 'view'> & { at: Millis; revision: Revision }): Pick<
    Frame,
    'scene' | 'viewScene' | 'numbers'
  > {
    const told = this.#told
    const changed = `${this.#course} ${revision}`
    const due = view === 'machines' ? changed : `${changed} ${view} ${selected}`
    const numbered = `${changed} ${selected}`
    const news: { scene?: Scene; viewScene?: ViewScene; numbers?: readonly Numbered[] } = {}
    if (due !== told.scene || Math.abs(at - told.sceneAt) >= REDRAW_EVERY) {
      told.scene = due
      told.sceneAt = at
      const session = this.#live
      this.#book.follow(session.worldAt(session.revision))
      const world = asOf(session.worldAt(revision), at)
      this.#scene = machinesScene(world, this.#book, window)
      news.scene = this.#scene
      news.viewScene = viewSceneOf(world, this.#book, { view, window, selected })
    }
    if (numbered !== told.numbers) {
      told.numbers = numbered
      news.numbers =
        selected === undefined
          ? []
          : this.#live.why(selected, revision).map((line) => ({ key: line.key, number: line.number, root: line.root }))
    }
    return news
  }

  /** The other branch at the same moment; it may take a few frames until it has come there. */
  #newBeside({
    at,
    revision,
    selected,
    window,
    view,
    beside,
  }: Pick<FrameRequest, 'selected' | 'window' | 'view' | 'beside'> & { at: Millis; revision: Revision }): Pick<
    Frame,
    'beside'
  > {
    if (beside === undefined) return {}
    const session = this.#live
    const deadline = performance.now() + this.#slices.perFrame
    const other = session.beside(beside, at, () => performance.now() > deadline)
    if (!other) return {}
    const due = `${this.#course} ${beside} ${view} ${selected} ${revision} ${other.world.revision} ${Math.floor(at / REDRAW_EVERY)}`
    if (due === this.#told.beside) return {}
    this.#told.beside = due
    const world = asOf(other.world, Math.min(at, other.now))
    const book = this.#bookBeside.follow(other.whole)
    const scene = machinesScene(world, book, window)
    return {
      beside: {
        branch: beside,
        now: other.now,
        scene,
        viewScene: viewSceneOf(world, book, { view, window, selected }),
        differences: differencesOf(this.#scene, scene),
      },
    }
  }

  #newChecks(step: number, revision: Revision): Pick<Frame, 'checks' | 'broken'> {
    if (!this.#scenario) return {}
    const world = this.#live.worldAt(revision)
    const checks = judged(this.#scenario, step, world)
    const broken = brokenBy(this.#scenario, step, world)
    const told = JSON.stringify([step, checks, broken])
    if (told === this.#told.checks) return {}
    this.#told.checks = told
    return { checks, broken }
  }

  #newOutput(): Pick<Frame, 'output'> {
    const told = this.#told
    const chunks: readonly OutputChunk[] = this.#live.outputSince(told.output)
    const fresh = told.output < 0
    const last = chunks[chunks.length - 1]
    if (!last) return fresh && told.course === this.#course ? this.#nothingPrinted() : {}
    told.output = last.n
    return { output: { fresh, chunks } }
  }

  #nothingPrinted(): Pick<Frame, 'output'> {
    this.#told.course = -1
    return { output: { fresh: true, chunks: [] } }
  }

  #newSentences(): Pick<Frame, 'sentences'> {
    const told = this.#told
    const lines = this.#live.sentencesSince(told.sentences)
    const last = lines[lines.length - 1]
    if (!last) return {}
    const fresh = told.sentences === 0
    told.sentences = Math.max(last.revision, told.sentences)
    return { sentences: { fresh, lines: lines.slice(-400) } }
  }

  #newLists(): Pick<Frame, 'markers' | 'branches' | 'deeds' | 'files'> {
    const told = this.#told
    const session = this.#live
    const news: { -readonly [K in 'markers' | 'branches' | 'deeds' | 'files']?: Frame[K] } = {}
    const markers = session.markers()
    const marked = `${markers.length} ${markers.at(-1)?.at}`
    if (marked !== told.markers) {
      told.markers = marked
      news.markers = markers
    }
    const branches = session.branches()
    const branched = branches.map((branch) => `${branch.id} ${branch.current} ${branch.label}`).join()
    if (branched !== told.branches) {
      told.branches = branched
      news.branches = branches
    }
    const deeds = session.deeds()
    const doneDeeds = `${deeds.length} ${this.#course}`
    if (doneDeeds !== told.deeds) {
      told.deeds = doneDeeds
      news.deeds = deeds
    }
    const files = session.files()
    if (!sameFiles(files, told.files)) {
      told.files = files
      news.files = files
    }
    return news
  }

  #nextVisible(after: Millis): Millis {
    return this.#live.nextVisible(Math.floor(after)) ?? Math.max(this.#live.now, after)
  }
}

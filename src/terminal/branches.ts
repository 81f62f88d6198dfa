import type { Course, Input, Millis, Simulation, World } from '../engine'
import { type BranchRoot, type KeptBranches, type LeftOut, MOST_BRANCHES } from './kept-branches'
import { isPersons } from './moment'

export interface BranchInfo {
  readonly id: number
  readonly parent: number | undefined
  /** Where it parts from its parent. */
  readonly at: Millis
  readonly label: string
  readonly current: boolean
}

/** Another branch, read beside the one that runs. */
export interface BesideView {
  /** At the moment asked for, or as near to it as it has come. */
  readonly world: World
  /** With all that has happened in it. */
  readonly whole: World
  readonly now: Millis
}

/** Something that was done from outside, or left out of this course. */
export interface Deed {
  readonly at: Millis
  /** A sentence that follows "you": `ran kubectl apply -f web.yaml`. */
  readonly says: string
  readonly done: boolean
}

interface Branch extends BranchRoot {
  /** Where it was left; undefined while it is the current one, or not played again yet. */
  course: Course | undefined
  /** One that was kept: what happened in it, to be played again once somebody looks. */
  recipe?: { readonly inputs: readonly Omit<Input, 'n'>[]; readonly until: Millis } | undefined
}

const FIRST: Branch = {
  id: 1,
  parent: undefined,
  at: 0,
  kept: 0,
  label: 'first course',
  leftOut: [],
  course: undefined,
}

type Done = { readonly deed: LeftOut['deed']; readonly done: boolean }

/** The futures of one simulation: one of them runs, the others wait as they were left. */
export class Branches {
  readonly #simulation: Simulation
  #all: Branch[] = [{ ...FIRST }]
  #current = 1
  #companion: { readonly course: Course; readonly simulation: Simulation } | undefined

  constructor(simulation: Simulation) {
    this.#simulation = simulation
  }

  get #own(): Branch {
    return this.#all.find((branch) => branch.id === this.#current)!
  }

  list(): BranchInfo[] {
    return this.#all.map((branch) => {
      const { id, parent, at, kept, label } = branch
      const inputs = this.#inputsOf(branch)
      const first = inputs.slice(kept).find((input) => input.says !== 'pressed Ctrl-C')
      return {
        id,
        parent,
        at,
        label: label ?? (first ? `you ${first.says}` : 'another future'),
        current: id === this.#current,
      }
    })
  }

  #inputsOf({ course, recipe }: Branch): readonly Omit<Input, 'n'>[] {
    return course?.inputs ?? recipe?.inputs ?? this.#simulation.inputs
  }

  /** What is needed to have all futures again, beside the inputs of the current one. */
  keep(): KeptBranches {
    const present = this.#simulation.inputs
    const all = this.#all.map((branch) => {
      const { id, parent, at, kept, label, leftOut, course, recipe } = branch
      const inputs = this.#inputsOf(branch)
      const shared = sharedBy(inputs, present)
      const own = inputs.slice(shared).map(({ at, to, about, body, says }) => ({ at, to, about, body, says }))
      const until = course?.now ?? recipe?.until ?? this.#simulation.now
      return { id, parent, at, kept, label, leftOut, shared, own, until }
    })
    return { current: this.#current, all }
  }

  /** The futures of a session whose current course has just been played again; the others are, when they are looked at. */
  takeUp({ current, all }: KeptBranches): void {
    const present = this.#simulation.inputs
    this.#all = all.map(({ shared, own, until, ...branch }) => ({
      ...branch,
      course: undefined,
      ...(branch.id !== current && { recipe: { inputs: [...present.slice(0, shared), ...own], until } }),
    }))
    this.#current = current
  }

  /** Where a branch was left; one that was kept is played again first. Undefined: it runs, or the past it parts from is forgotten. */
  #courseOf(branch: Branch): Course | undefined {
    if (branch.course || !branch.recipe) return branch.course
    const { inputs, until } = branch.recipe
    const other = this.#simulation.beside(this.#simulation.save())
    if (!other) return undefined
    const shared = sharedBy(inputs, other.inputs)
    const parting = Math.min(inputs[shared]?.at ?? until, other.inputs[shared]?.at ?? until, until)
    if (parting < other.now) other.rewind(parting, shared)
    for (const { at, to, about, body, says } of inputs.slice(shared)) {
      other.run({ until: at })
      if (isPersons({ to, about }, other.store)) other.input({ to, about, body, says })
    }
    other.run({ until })
    branch.course = other.save()
    branch.recipe = undefined
    return branch.course
  }

  /** Goes back to a moment to act there: the future that was stays as a branch. */
  begin(at: Millis): void {
    const leftOut = this.#own.leftOut.filter(({ deed }) => deed.at <= at)
    this.#begin({ at, label: undefined, leftOut }, () => this.#simulation.rewind(at))
  }

  #begin(branch: Pick<Branch, 'at' | 'label' | 'leftOut'>, rewind: () => void): void {
    const current = this.#own
    current.course = this.#simulation.save()
    const id = Math.max(...this.#all.map((one) => one.id)) + 1
    rewind()
    this.#all.push({ ...branch, id, parent: current.id, kept: this.#simulation.inputs.length, course: undefined })
    while (this.#all.length > MOST_BRANCHES) {
      const oldest = this.#all.findIndex((branch) => branch.id !== 1 && branch.id !== id && branch.id !== current.id)
      this.#all.splice(oldest, 1)
    }
    this.#current = id
  }

  switchTo(id: number): boolean {
    const wanted = this.#all.find((branch) => branch.id === id)
    const course = wanted && id !== this.#current ? this.#courseOf(wanted) : undefined
    if (!wanted || !course) return false
    this.#own.course = this.#simulation.save()
    this.#simulation.restore(course)
    wanted.course = undefined
    this.#current = id
    return true
  }

  /** What was done in this course, and what was left out of it, by time. */
  deeds(): Deed[] {
    return this.#deeds().map(({ deed: { at, says }, done }) => ({ at, says, done }))
  }

  #deeds(): Done[] {
    const all: Done[] = this.#simulation.inputs.map((deed) => ({ deed, done: true }))
    for (const { deed, place } of this.#own.leftOut) all.splice(place, 0, { deed, done: false })
    return all
  }

  /**
   * Does the course again up to the same moment, without the deed at this place of `deeds()`; or with it, where it was left
   * out. What was stays as a branch. False: there is no such deed.
   */
  toggle(place: number): boolean {
    const deeds = this.#deeds()
    const chosen = deeds[place]
    if (!chosen) return false
    const simulation = this.#simulation
    const { now } = simulation
    const before = deeds.slice(0, place).filter(({ done }) => done).length
    const again = deeds.slice(place + 1).flatMap(({ deed, done }) => (done ? [deed] : []))
    const { deed, done } = chosen
    const leftOut = deeds.flatMap((one, i) => ((i === place) === one.done ? [{ deed: one.deed, place: i }] : []))
    const label = `${done ? 'without' : 'with'}: you ${deed.says}`
    this.#begin({ at: deed.at, label, leftOut }, () => simulation.rewind(deed.at, before))
    for (const { at, to, about, body, says } of done ? again : [deed, ...again]) {
      simulation.run({ until: at })
      simulation.input({ to, about, body, says })
    }
    simulation.run({ until: now })
    return true
  }

  /**
   * Another course beside the one that runs, as far as `at`: it goes on by itself from where it was left, until `stop` says
   * so; `now` is how far it has come. Undefined: there is none, or it is too long a one.
   */
  beside(id: number, at: Millis, stop?: () => boolean): BesideView | undefined {
    const branch = this.#all.find((one) => one.id === id)
    const course = branch && this.#courseOf(branch)
    if (!course) return undefined
    if (this.#companion?.course !== course) {
      const simulation = this.#simulation.beside(course)
      if (!simulation) return undefined
      this.#companion = { course, simulation }
    }
    const { simulation } = this.#companion
    if (at > simulation.now) simulation.run({ until: at, ...(stop && { stop }) })
    const { store } = simulation
    return { world: at >= store.now ? store : store.at(store.revisionAt(at)), whole: store, now: store.now }
  }
}

/** With how many equal inputs two courses begin. */
function sharedBy(a: readonly Omit<Input, 'n'>[], b: readonly Omit<Input, 'n'>[]): number {
  let n = 0
  while (n < a.length && n < b.length && isSame(a[n]!, b[n]!)) n++
  return n
}

const isSame = (a: Omit<Input, 'n'>, b: Omit<Input, 'n'>): boolean =>
  a === b ||
  (a.at === b.at && a.to === b.to && a.about === b.about && JSON.stringify(a.body) === JSON.stringify(b.body))

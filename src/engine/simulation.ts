import { Agenda } from './agenda'
import { assert } from './assert'
import { draw, uuid } from './chance'
import type { Change, Reason } from './change'
import { type Checkpoint, thin } from './checkpoint'
import { Digest } from './digest'
import { Input } from './input'
import type { Json, Millis, Revision } from './json'
import { type Key, kindIdOf, kindOf } from './kind'
import type { Cache, Controller, Door, Message, Plan, Room, Tools, Wish } from './plan'
import { Store } from './store'

/** A checkpoint is taken after so many revisions, counted by the engine itself and not by one call of run(). */
const CHECKPOINT_EVERY = 1_500
/** More messages than this in one instant are a loop, told as such instead of a frozen page. */
const MOST_IN_AN_INSTANT = 2_000_000
/** When the log is longer, its older half is compacted. */
const LONGEST_LOG = 1_200_000

/** What a change of one kind sets going. */
interface Route {
  /** The kind's own id, so that equal ids are one string. */
  readonly kind: string
  readonly quiet: boolean
  readonly listeners: readonly Listener[]
  readonly caches: { readonly cache: Cache<any>; readonly view: any }[]
}

interface Listener {
  readonly to: string
  readonly after: Millis | ((change: Change, world: Store) => Millis)
  readonly wake: ((change: Change, world: Store) => readonly string[] | string | undefined) | undefined
}

export interface NewInput {
  readonly to: string
  readonly about: string
  readonly body: Json
  readonly says: string
}

export interface Until {
  /** Run every message due at or before this time, then let the clock stand here. Left out: only `stop` ends it. */
  readonly until?: Millis
  /** Asked after every message; true: stop here, in the middle of the instant if need be. */
  readonly stop?: () => boolean
}

/** A saved course: all of it is shared, immutable data. */
export interface Course {
  readonly now: Millis
  readonly history: readonly Change[]
  readonly checkpoints: readonly Checkpoint[]
  readonly messages: readonly Message[]
  readonly inputs: readonly Input[]
}

/**
 * Takes one message, asks one controller, writes its plan to the log, and posts the messages that follow. The same seed
 * and inputs give the same log, in Node and in every browser.
 */
export class Simulation {
  readonly store = new Store()
  readonly seed: number
  readonly rooms: readonly Room[]
  /** Messages handled so far, for benches and bounds. */
  handled = 0
  inputs: Input[] = []
  readonly #agenda = new Agenda()
  readonly #digest = new Digest()
  readonly #controllers = new Map<string, Controller>()
  readonly #listeners = new Map<string, Listener[]>()
  readonly #always: Listener[] = []
  readonly #routes = new Map<string, Route>()
  #caches = new Map<Cache<any>, any>()
  /** The uids asked for and given since the last message: who plans an object writes its uid into it before it exists. */
  readonly #uids = new Map<Key, string>()
  #checkpoints: Checkpoint[] = []
  #nextCheckpoint = 0
  #by = 'lab'
  #message: Message = { at: 0, to: '', about: '', body: undefined, causes: [] }
  readonly #tools: Tools
  #hear: ((change: Change) => void) | undefined

  /** `start`: the clock of the first instant; a lab may have a past before 0. */
  constructor(options: { rooms: readonly Room[]; seed: number; genesis: readonly Wish[]; start?: Millis }) {
    this.store.now = options.start ?? 0
    this.seed = options.seed
    this.rooms = options.rooms
    for (const room of options.rooms) for (const controller of room.controllers) this.#register(controller)
    this.#tools = this.#makeTools()
    for (const wish of options.genesis) this.#write(wish, 0)
    this.#checkpoint()
  }

  get now(): Millis {
    return this.store.now
  }

  /** When the next message is due; Infinity when nothing will ever happen by itself. */
  get next(): Millis {
    return this.#agenda.next()
  }

  /** Called with every change as it is written; replaces the former listener. */
  onChange(hear: ((change: Change) => void) | undefined): void {
    this.#hear = hear
  }

  /** What came from outside. Everything due by now happens first; so an input's place is given by its time alone. */
  input(input: NewInput): Input {
    this.run({ until: this.store.now })
    this.#checkpoint()
    const given: Input = { n: this.inputs.length + 1, at: this.store.now, ...input }
    this.#give(given)
    return given
  }

  #give(input: Input): void {
    this.inputs.push(input)
    this.#by = 'you'
    const because: Reason = { id: 'engine/input', values: { says: input.says } }
    const change = this.#write({ key: Input.key('', String(input.n)), value: input, because }, 0)
    assert(change, 'an input is always a change')
    this.#agenda.post(this.store.now, input.to, input.about, input.body, [change.revision])
  }

  run({ until = Number.POSITIVE_INFINITY, stop }: Until): void {
    const store = this.store
    const agenda = this.#agenda
    let instant = store.now
    let inInstant = 0
    for (;;) {
      // asked first: after the last message there is nothing left that would ask
      if (stop?.()) return
      const at = agenda.next()
      if (at > until || at === Number.POSITIVE_INFINITY) break
      if (at !== instant) {
        instant = at
        inInstant = 0
      } else if (++inInstant > MOST_IN_AN_INSTANT) {
        assert(
          false,
          `more than ${MOST_IN_AN_INSTANT} messages at ${at} ms, the last to ${this.#message.to} about ${this.#message.about}`,
        )
      }
      store.now = at
      this.#handle(agenda.take())
      if (store.revision >= this.#nextCheckpoint) this.#checkpoint()
    }
    if (until < Number.POSITIVE_INFINITY && until > store.now) store.now = until
  }

  /** A 64-bit digest of the whole course so far, 16 hexadecimal digits. */
  digest(): string {
    return this.#digest.at(this.store.revision, (revision) => this.store.since(revision))
  }

  /**
   * Goes back to the end of the instant `at` (or to just before input number `inputs` + 1, where fewer inputs are kept) and
   * forgets what came after: newest checkpoint before it, rewind, rebuild caches, run on. Save the course first to keep it.
   */
  rewind(at: Millis, inputs = this.inputs.filter((input) => input.at <= at).length): void {
    const again = this.inputs.slice(0, inputs)
    const from = this.#checkpoints.findLast((c) => c.now <= at && c.inputs <= inputs) ?? this.#checkpoints[0]!
    this.store.rewind(from.revision)
    this.#digest.rewind(from.revision)
    this.#resume(from, again.slice(0, from.inputs))
    this.#checkpoints = this.#checkpoints.filter((c) => c.revision <= from.revision && c.inputs <= from.inputs)
    for (const input of again.slice(from.inputs)) {
      this.run({ until: input.at })
      this.#checkpoint()
      this.#give(input)
    }
    this.run({ until: at })
  }

  /** The course as it stands, to come back to. */
  save(): Course {
    return {
      now: this.store.now,
      history: this.store.history(),
      checkpoints: this.#checkpoints.slice(),
      messages: this.#agenda.all(),
      inputs: this.inputs.slice(),
    }
  }

  /** Comes back to a saved course of this same simulation. */
  restore(course: Course): void {
    this.#digest.rewind(this.store.follow(course.history))
    this.#checkpoints = course.checkpoints.slice()
    this.#resume(
      { now: course.now, messages: course.messages, revision: this.store.revision, inputs: 0 },
      course.inputs,
    )
  }

  /** Another simulation that goes on from a course of this one, beside it. Undefined: the course has forgotten its beginning. */
  beside(course: Course): Simulation | undefined {
    if (course.history[0]?.revision !== 1) return undefined
    const { rooms, seed } = this
    const other = new Simulation({ rooms, seed, genesis: [], start: course.now })
    other.restore(course)
    return other
  }

  #resume(from: Checkpoint, inputs: readonly Input[]): void {
    this.store.now = from.now
    this.inputs = inputs.slice()
    this.#agenda.reset(from.messages)
    this.#caches = new Map()
    this.#routes.clear()
    this.#nextCheckpoint = this.store.revision + CHECKPOINT_EVERY
  }

  #checkpoint(): void {
    const { store } = this
    this.#nextCheckpoint = store.revision + CHECKPOINT_EVERY
    this.#checkpoints.push({
      revision: store.revision,
      now: store.now,
      messages: this.#agenda.all(),
      inputs: this.inputs.length,
    })
    this.#checkpoints = thin(this.#checkpoints)
    if (store.revision - store.horizon > LONGEST_LOG) this.compact(store.revision - LONGEST_LOG / 2)
  }

  /** Forgets history up to a revision; inputs stay. */
  compact(revision: Revision): void {
    this.digest()
    this.#checkpoints = this.#checkpoints.filter((c) => c.revision >= revision)
    this.store.compact(revision, (change) => change.key.startsWith('engine/Input/'))
  }

  #handle(message: Message): void {
    const controller = this.#controllers.get(message.to)
    assert(controller, `no controller ${message.to}`)
    this.handled++
    if (this.#uids.size > 0) this.#uids.clear()
    this.#by = message.to
    this.#message = message
    const plan = controller.reconcile(message.about, this.store, this.#tools)
    if (plan) this.#apply(plan, message)
  }

  #apply(plan: Plan, message: Message): void {
    const cause = message.causes[0] ?? 0
    const { changes, post: posts } = plan
    if (changes) for (let i = 0; i < changes.length; i++) this.#write(changes[i]!, cause)
    const now = this.store.now
    if (posts && posts.length > 0)
      for (const post of posts) this.#agenda.post(now + post.after, post.to, post.about, post.body, message.causes)
    if (plan.again !== undefined)
      this.#agenda.wake(now + Math.max(1, Math.ceil(plan.again)), message.to, message.about, message.causes)
  }

  #write(wish: Wish, cause: Revision): Change | undefined {
    const { store } = this
    const { key, value } = wish
    const latest = store.latest(key)
    const present = latest?.value
    if (value === present) return undefined
    const uid = present === undefined ? this.#uid(key, latest) : latest!.uid
    if (value === undefined) this.#uids.delete(key)
    const { kind, quiet, listeners, caches } = this.#route(latest ? latest.kind : kindIdOf(key))
    const change = store.write({
      by: this.#by,
      because: wish.because,
      cause,
      key,
      kind,
      value,
      uid,
      quiet: wish.quiet ?? quiet,
    })
    for (let i = 0; i < caches.length; i++) caches[i]!.cache.hear(caches[i]!.view, change, store)
    this.#hear?.(change)
    for (let i = 0; i < listeners.length; i++) this.#call(listeners[i]!, change)
    return change
  }

  #route(id: string): Route {
    let route = this.#routes.get(id)
    if (!route) {
      const kind = kindOf(id)
      const listeners = [...(this.#listeners.get(id) ?? []), ...this.#always]
      const caches = [...this.#caches].flatMap(([cache, view]) =>
        cache.kinds.some((heard) => heard.id === id) ? [{ cache, view }] : [],
      )
      route = { kind: kind?.id ?? id, quiet: kind?.quiet ?? false, listeners, caches }
      this.#routes.set(id, route)
    }
    return route
  }

  #call(listener: Listener, change: Change): void {
    const about = listener.wake ? listener.wake(change, this.store) : change.key
    if (about === undefined) return
    const { after } = listener
    const at = this.store.now + (typeof after === 'number' ? after : after(change, this.store))
    const causes = [change.revision]
    if (typeof about === 'string') this.#agenda.wake(at, listener.to, about, causes)
    else for (const one of about) this.#agenda.wake(at, listener.to, one, causes)
  }

  #register(controller: Controller): void {
    assert(!this.#controllers.has(controller.name), `two controllers are named ${controller.name}`)
    this.#controllers.set(controller.name, controller)
    for (const watch of controller.watches) {
      const listener: Listener = {
        to: controller.name,
        after: (watch.after ?? 0) as Listener['after'],
        wake: watch.wake as Listener['wake'],
      }
      if (watch.kind === '*') this.#always.push(listener)
      else {
        const row = this.#listeners.get(watch.kind.id)
        if (row) row.push(listener)
        else this.#listeners.set(watch.kind.id, [listener])
      }
    }
  }

  /** A deletion and a new creation in the same instant are told apart by the deletion's revision within the object's chain. */
  #uid(key: Key, latest: Change | undefined): string {
    const known = this.#uids.get(key)
    if (known !== undefined) return known
    const uid = uuid(this.seed, key, latest?.uid ?? '', this.store.now)
    this.#uids.set(key, uid)
    return uid
  }

  #makeTools(): Tools {
    const simulation = this
    return {
      seed: this.seed,
      get message() {
        return simulation.#message
      },
      draw: (uid, purpose, n) => draw(simulation.seed, simulation.#by, uid, purpose, n),
      uid: (key) => simulation.#uid(key, simulation.store.latest(key)),
      ask: <Q, R>(door: Door<Q, R>, request: Q): R => {
        const asker = simulation.#by
        simulation.#by = door.name
        const { reply, plan } = door.handle(request, simulation.store, simulation.#tools)
        if (plan) simulation.#apply({ ...plan, again: undefined }, simulation.#message)
        simulation.#by = asker
        return reply
      },
      cache: <T>(cache: Cache<T>): T => {
        let view = simulation.#caches.get(cache)
        if (view === undefined) {
          view = cache.build(simulation.store)
          simulation.#caches.set(cache, view)
          simulation.#routes.clear()
        }
        return view
      },
    }
  }
}

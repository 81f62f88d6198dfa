import type { Change, Reason } from './change'
import type { Json, Millis, Revision } from './json'
import type { Key, Kind, World } from './kind'

/** One wished change. `value: undefined` deletes. */
export interface Wish<T = any> {
  readonly key: Key<T>
  readonly value: T | undefined
  readonly because: Reason
  /** No step of the time line, although the kind is not quiet. */
  readonly quiet?: boolean
}

/** A message with a body, never merged: delivered `after` milliseconds to the controller `to`. */
export interface Post {
  readonly to: string
  readonly about: string
  readonly body: Json
  readonly after: Millis
}

/** A controller's or door's answer. Each key at most once; applied whole or not at all, in order. */
export interface Plan {
  readonly changes?: readonly Wish[]
  /** Ask again about the same key in so many milliseconds at the latest. */
  readonly again?: Millis
  readonly post?: readonly Post[]
}

/** A refusal told to the learner: the real tool's words and exit code. */
export interface Problem {
  readonly text: string
  readonly exit: number
}

/** Something due at a time. Without a body it is a wake-up: level-triggered, it only says "look at this". */
export interface Message {
  readonly at: Millis
  readonly to: string
  readonly about: string
  readonly body: Json | undefined
  /** The changes that woke it, the first being the cause; at most eight. */
  readonly causes: readonly Revision[]
}

/** Wakes a controller when objects of a kind change. */
export interface Watch {
  /** A kind, or '*' for every change. */
  readonly kind: Kind<any> | '*'
  /** What to look at; without it, the changed object itself. Called with the store after the change. */
  readonly wake?: (change: Change, world: World) => readonly string[] | string | undefined
  /** How long the component takes to notice (0 when left out). */
  readonly after?: Millis | ((change: Change, world: World) => Millis)
}

/** A view of the store, kept by hearing every change and rebuilt from the store after a branch. A pure function of it. */
export interface Cache<T> {
  readonly name: string
  /** Builds the view from the present store. */
  readonly build: (world: World) => T
  /** The kinds whose changes it hears. */
  readonly kinds: readonly Kind<any>[]
  /** Keeps it up to date; called after each change of these kinds is in the store. */
  readonly hear: (view: T, change: Change, world: World) => void
}

export interface Tools {
  readonly seed: number
  /** The message being answered. */
  readonly message: Message
  /** A number in [0, 1): a pure function of seed, the component, and these three. Nothing shares a stream. */
  draw(uid: string, purpose: string, n: number): number
  /** The uid that an object created now under this key will have. */
  uid(key: Key): string
  /** Asks a door and applies what it plans, at once: the reply is about the world after it. */
  ask<Q, R>(door: Door<Q, R>, request: Q): R
  /** The current view of a cache. */
  cache<T>(cache: Cache<T>): T
}

export interface Controller {
  /** The real component's name where there is one: `deployment-controller`. */
  readonly name: string
  readonly about: string
  readonly watches: readonly Watch[]
  /** Level-triggered: what should be different now? Must not throw, keep state, or depend on anything but its arguments. */
  reconcile(about: string, world: World, tools: Tools): Plan | undefined
}

export interface Door<Q = any, R = any> {
  readonly name: string
  readonly about: string
  handle(request: Q, world: World, tools: Tools): { readonly reply: R; readonly plan?: Plan }
}

/** `says` follows the writer's name ("kube-scheduler *chose worker-3*"); `detail` holds the values that decided. */
export interface Sentence {
  readonly says: string
  readonly detail?: string
}

/** A room's table of sentences: reason id → what it says of its values. */
export type Sentences = Readonly<Record<string, (values: any) => string | readonly [says: string, detail: string]>>

/** What a room brings to a simulation. */
export interface Room {
  readonly name: string
  readonly controllers: readonly Controller[]
  readonly doors: readonly Door[]
  readonly sentences: Sentences
}

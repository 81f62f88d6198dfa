/**
 * The engine: time, objects, causes. It knows nothing of containers.
 *
 * The store is a log of immutable Changes with a present and a past; the agenda holds what is due; a Simulation takes one
 * message, asks one controller, and writes its plan. Chance is keyed, reasons are required, everything is plain data: so
 * the same seed and inputs give the same log, any moment can be looked at, and another future can begin anywhere.
 *
 * Not here: kinds of anything real, words of any real tool, clocks of the computer that runs it.
 */
export { assert, Impossible } from './assert'
export { draw, longId, uuid } from './chance'
export type { Change, Reason } from './change'
export { edit, freezeEdits, same } from './edit'
export { hash32, hex } from './hash'
export { Input } from './input'
export type { Json, Millis, Revision } from './json'
export { defineKind, type Key, type Kind, kindIdOf, kindOf, partsOf, type Where, type World } from './kind'
export { type LifeCycle, lifeCycle } from './life-cycle'
export type {
  Cache,
  Controller,
  Door,
  Message,
  Plan,
  Post,
  Problem,
  Room,
  Sentence,
  Sentences,
  Tools,
  Watch,
  Wish,
} from './plan'
export { type Course, type NewInput, Simulation, type Until } from './simulation'
export { Store } from './store'
export * from './time'
export { type Link as WhyLink, sentenceOf, trunk, why, whyChange } from './why'

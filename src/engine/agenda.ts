import type { Json, Millis, Revision } from './json'
import type { Message } from './plan'

/** A merged wake-up keeps this many causes. */
const MOST_CAUSES = 8

interface Entry {
  at: Millis
  to: string
  about: string
  body: Json | undefined
  causes: readonly Revision[]
}

/**
 * Everything due, one bucket a millisecond, first in first out inside it, and a heap of the distinct milliseconds: the
 * order inside a bucket is the tie-break, nothing else decides. Wake-ups with the same (to, about) merge and the earlier
 * wins; messages with a body never merge. Nothing is cancelled.
 */
export class Agenda {
  readonly #buckets = new Map<Millis, Entry[]>()
  readonly #times: Millis[] = []
  readonly #waking = new Map<string, Map<string, Entry>>()
  #taken = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  post(at: Millis, to: string, about: string, body: Json, causes: readonly Revision[]): void {
    this.#push({ at, to, about, body, causes })
  }

  wake(at: Millis, to: string, about: string, causes: readonly Revision[]): void {
    let row = this.#waking.get(to)
    if (!row) {
      row = new Map()
      this.#waking.set(to, row)
    }
    const waiting = row.get(about)
    if (waiting && waiting.at <= at) {
      waiting.causes = joined(waiting.causes, causes)
      return
    }
    const entry: Entry = { at, to, about, body: undefined, causes: waiting ? joined(causes, waiting.causes) : causes }
    if (waiting) this.#size--
    row.set(about, entry)
    this.#push(entry)
  }

  /** When the next message is due; Infinity when nothing is. */
  next(): Millis {
    while (this.#times.length > 0) {
      const at = this.#times[0]!
      const bucket = this.#buckets.get(at)!
      while (this.#taken < bucket.length && this.#stale(bucket[this.#taken]!)) this.#taken++
      if (this.#taken < bucket.length) return at
      this.#buckets.delete(at)
      this.#taken = 0
      this.#drop()
    }
    return Number.POSITIVE_INFINITY
  }

  /** Takes the next message; call `next()` before. */
  take(): Message {
    const entry = this.#buckets.get(this.#times[0]!)![this.#taken++]!
    if (entry.body === undefined) this.#waking.get(entry.to)!.delete(entry.about)
    this.#size--
    return entry
  }

  /** Every message still due, in order; copies. */
  all(): Message[] {
    this.next()
    const times = this.#times.slice().sort((a, b) => a - b)
    const due: Message[] = []
    times.forEach((at, i) => {
      const bucket = this.#buckets.get(at)!
      for (let j = i === 0 ? this.#taken : 0; j < bucket.length; j++) {
        if (!this.#stale(bucket[j]!)) due.push({ ...bucket[j]! })
      }
    })
    return due
  }

  /** Forgets everything and takes these instead. */
  reset(messages: readonly Message[]): void {
    this.#buckets.clear()
    this.#waking.clear()
    this.#times.length = 0
    this.#taken = 0
    this.#size = 0
    for (const message of messages) {
      if (message.body === undefined) this.wake(message.at, message.to, message.about, message.causes)
      else this.post(message.at, message.to, message.about, message.body, message.causes)
    }
  }

  #stale(entry: Entry): boolean {
    return entry.body === undefined && this.#waking.get(entry.to)?.get(entry.about) !== entry
  }

  #push(entry: Entry): void {
    this.#size++
    const bucket = this.#buckets.get(entry.at)
    if (bucket) {
      bucket.push(entry)
      return
    }
    // an instant in which messages are still being taken never becomes a new first bucket: nothing is due in the past
    this.#buckets.set(entry.at, [entry])
    const heap = this.#times
    let i = heap.length
    heap.push(entry.at)
    if (heap[0]! > entry.at && this.#taken > 0) this.#shed()
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (heap[parent]! <= entry.at) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = entry.at
  }

  /** The first bucket is half taken and an earlier one arrives (after a branch): drop what was taken. */
  #shed(): void {
    const first = this.#times[0]!
    this.#buckets.set(first, this.#buckets.get(first)!.slice(this.#taken))
    this.#taken = 0
  }

  #drop(): void {
    const heap = this.#times
    const last = heap.pop()!
    const size = heap.length
    if (size === 0) return
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= size) break
      if (child + 1 < size && heap[child + 1]! < heap[child]!) child++
      if (heap[child]! >= last) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
  }
}

function joined(first: readonly Revision[], then: readonly Revision[]): readonly Revision[] {
  let causes = first
  for (let i = 0; i < then.length; i++) {
    const cause = then[i]!
    if (causes.length >= MOST_CAUSES) break
    if (!causes.includes(cause)) causes = [...causes, cause]
  }
  return causes
}

import type { Change } from './change'
import { freshLanes, hex, type Lanes, mixNumber, mixString, mixValue } from './hash'

/**
 * A 64-bit hash over every change: revision, at, by, cause, key, the reason's id and values, and the value. Computed only
 * when somebody asks, from the last place where somebody did.
 */
export class Digest {
  #marks: { readonly revision: number; readonly lanes: Lanes }[] = [{ revision: 0, lanes: freshLanes() }]

  /** `since(revision)` gives the changes after a revision, oldest first. */
  at(revision: number, since: (revision: number) => readonly Change[]): string {
    const last = this.#marks[this.#marks.length - 1]!
    const lanes = { ...last.lanes }
    for (const change of since(last.revision)) {
      if (change.revision > revision) break
      mixNumber(lanes, change.revision)
      mixNumber(lanes, change.at)
      mixString(lanes, change.by)
      mixNumber(lanes, change.cause)
      mixString(lanes, change.key)
      mixString(lanes, change.because.id)
      mixValue(lanes, change.because.values)
      mixValue(lanes, change.value)
    }
    if (revision > last.revision) this.#marks.push({ revision, lanes })
    return hex(lanes.a) + hex(lanes.b)
  }

  rewind(revision: number): void {
    this.#marks = this.#marks.filter((mark) => mark.revision <= revision)
  }
}

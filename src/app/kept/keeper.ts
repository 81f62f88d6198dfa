import { MOST_INPUTS } from '../../terminal/moment'
import type { Desk } from '../desk/desk'
import { words } from '../words'
import type { Cabinet } from './cabinet'

/** After something was done the session is kept so soon; while only time goes by, so often. */
const SOON = 400
const EVERY = 5_000

/** Keeps the session on this device while it goes on, and says when it cannot. It has a life: `start` it, `end` it. */
export class Keeper {
  readonly id: string
  readonly cabinet: Cabinet
  readonly #desk: Desk
  #name: string
  /** There is a generation of it: from then on also an emptied session is kept, so that a reset stays one. */
  #isKept: boolean
  #done: readonly unknown[] = []
  #keptAt = -1
  #writing: Promise<void> | undefined
  #again = false
  #soon: ReturnType<typeof setTimeout> | undefined
  #often: ReturnType<typeof setInterval> | undefined
  #unsubscribe: () => void = () => undefined

  constructor(
    desk: Desk,
    cabinet: Cabinet,
    kept: { readonly id: string; readonly name: string; readonly isKept: boolean },
  ) {
    this.#desk = desk
    this.cabinet = cabinet
    this.id = kept.id
    this.#name = kept.name
    this.#isKept = kept.isKept
  }

  start(): void {
    this.#done = this.#whatIsDone()
    this.#unsubscribe = this.#desk.subscribe(() => this.#look())
    this.#often = setInterval(() => this.#desk.state.now !== this.#keptAt && void this.keep(), EVERY)
    document.addEventListener('visibilitychange', this.#leaving)
    addEventListener('pagehide', this.#leaving)
    void this.cabinet.tidy().catch(() => undefined)
  }

  end(): void {
    clearTimeout(this.#soon)
    clearInterval(this.#often)
    this.#unsubscribe()
    document.removeEventListener('visibilitychange', this.#leaving)
    removeEventListener('pagehide', this.#leaving)
  }

  async rename(name: string): Promise<void> {
    this.#name = name
    await this.keep()
  }

  /** Writes it now; what comes while a write is under way is written after it. */
  async keep(): Promise<void> {
    if (this.#writing) {
      this.#again = true
      return this.#writing
    }
    clearTimeout(this.#soon)
    this.#soon = undefined
    this.#writing = this.#write()
    await this.#writing
    this.#writing = undefined
    if (!this.#again) return
    this.#again = false
    await this.keep()
  }

  async #write(): Promise<void> {
    const { opening, step, passed, playing, now } = this.#desk.state
    const present = await this.#desk.client.call('keep').catch(() => undefined)
    this.#keptAt = now
    if (!present) return
    const { moment, branches } = present
    // Where nothing was done there is nothing to keep: its address makes it again.
    if (!this.#isKept && moment.inputs.length === 0 && this.#name === '' && step === 0) return
    if (moment.inputs.length > MOST_INPUTS) {
      this.#failed(words.kept.tooMuch(MOST_INPUTS))
      return
    }
    const { lab, seed = 1, scenario, folders = [] } = opening
    try {
      await this.cabinet.keep({
        id: this.id,
        name: this.#name,
        lab,
        seed,
        scenario,
        folders,
        moment,
        branches,
        step,
        passed: [...passed],
        playing,
        keptAt: Date.now(),
      })
      this.#isKept = true
      this.#desk.set({ keeping: { kept: true, says: '' } })
    } catch (problem) {
      this.#failed(
        problem instanceof DOMException && problem.name === 'QuotaExceededError' ? words.kept.full : words.kept.refused,
      )
    }
  }

  #failed(says: string): void {
    if (this.#desk.state.keeping.says === says) return
    this.#desk.set({ keeping: { kept: false, says } })
    this.#desk.say(says)
  }

  #look(): void {
    const done = this.#whatIsDone()
    if (done.every((part, i) => part === this.#done[i])) return
    this.#done = done
    this.#soon ??= setTimeout(() => void this.keep(), SOON)
  }

  /** Changes when the reader has done something; time alone changes nothing. */
  #whatIsDone(): readonly unknown[] {
    const { markers, files, step, passed, outputTurn, output, branches } = this.#desk.state
    return [branches, markers.length, files, step, passed.size, outputTurn, output.length]
  }

  readonly #leaving = (): void => {
    if (document.visibilityState === 'hidden') void this.keep()
  }
}

import { actorOf } from '../desk/actor'
import type { Desk } from '../desk/desk'
import { welcomeTo } from '../lesson-panel/welcome'
import type { LessonText } from '../session/protocol'
import { type CockpitOrder, channelOf, type FaultChoice, type ShowNews } from './talk'

const TELL_EVERY = 250
const MOST_MACHINES = 8

/**
 * A lesson given to a room: its steps are beats. It goes on by one key, pauses by itself when a beat has reached what it was
 * about, can go back to where the beat began, and obeys the cockpit. It has a life: `start` it, `end` it.
 */
export class Show {
  readonly #desk: Desk
  readonly #channel: BroadcastChannel
  /** Where each beat began, and how many of its lines have been run. */
  readonly #beats = new Map<number, { readonly at: number; done: number }>()
  #faults: readonly FaultChoice[] = []
  #machines = ''
  #reached = new Set<number>()
  #timer: ReturnType<typeof setInterval> | undefined
  #unsubscribe: () => void = () => undefined

  constructor(desk: Desk, session: string) {
    this.#desk = desk
    this.#channel = channelOf(session)
  }

  start(): void {
    this.#reached = new Set(this.#desk.state.passed)
    this.#channel.onmessage = ({ data }: MessageEvent<CockpitOrder>) => this.#obey(data)
    this.#unsubscribe = this.#desk.subscribe(() => this.#look())
    this.#timer = setInterval(() => this.#tell(), TELL_EVERY)
    this.#look()
  }

  end(): void {
    clearInterval(this.#timer)
    this.#unsubscribe()
    this.#channel.close()
  }

  /** The next thing of this beat: its next line, or the next beat; where there is nothing left, the next change. */
  forward(): void {
    const { step } = this.#desk.state
    const beat = this.#beat()
    const line = linesOf(this.#lesson, step)[beat.done]
    if (line !== undefined) {
      beat.done++
      this.#run(line)
    } else if (step < this.#lesson.steps.length - 1) this.#desk.toStep(step + 1)
    else void this.#desk.nextChange()
  }

  /** Everything of this beat is taken back: what is done next begins a branch there. */
  toBeatStart(): void {
    const beat = this.#beat()
    beat.done = 0
    this.#reached.delete(this.#desk.state.step)
    this.#desk.pause()
    this.#desk.seek(beat.at)
  }

  get #lesson(): LessonText {
    const { lesson, opening } = this.#desk.state
    return lesson ?? welcomeTo(opening.lab)
  }

  #beat(): { readonly at: number; done: number } {
    const { step, at } = this.#desk.state
    let beat = this.#beats.get(step)
    if (!beat) {
      beat = { at, done: 0 }
      this.#beats.set(step, beat)
    }
    return beat
  }

  #run(line: string): void {
    this.#desk.set({ dock: 'terminal' })
    void this.#desk.submit(line)
  }

  #look(): void {
    const { step, passed, scene } = this.#desk.state
    this.#beat()
    if (passed.has(step) && !this.#reached.has(step)) {
      this.#reached.add(step)
      this.#desk.pause()
    }
    const machines = scene.machines.map(({ key }) => key).slice(0, MOST_MACHINES)
    if (machines.join() === this.#machines) return
    this.#machines = machines.join()
    void this.#askFaults(machines)
  }

  async #askFaults(machines: readonly string[]): Promise<void> {
    const all = await Promise.all(machines.map((key) => this.#desk.client.call('faultsFor', key)))
    this.#faults = all.flat().map(({ name, target }) => ({ name, target }))
  }

  #obey(order: CockpitOrder): void {
    const desk = this.#desk
    switch (order?.order) {
      case 'toggle':
        return desk.toggle()
      case 'forward':
        return this.forward()
      case 'next-change':
        return void desk.nextChange()
      case 'beat':
        return this.#lesson.steps[order.step] ? desk.toStep(order.step) : undefined
      case 'beat-start':
        return this.toBeatStart()
      case 'run':
        return this.#run(String(order.line))
      case 'fault':
        return void desk.fault(String(order.name), String(order.target))
      case 'heal':
        return void desk.heal(String(order.name), String(order.target))
      case 'hello':
        return this.#tell()
    }
  }

  #tell(): void {
    const { at, playing, past, step, checks, sentences, scene } = this.#desk.state
    const last = sentences.findLast((line) => line.at <= at)
    const news: ShowNews = {
      at,
      playing,
      past,
      lesson: this.#lesson,
      isScripted: this.#desk.state.lesson !== undefined,
      step,
      lines: linesOf(this.#lesson, step),
      done: this.#beat().done,
      checks,
      caption: last ? `${actorOf(last)} ${last.says}` : '',
      active: scene.faults.map(({ name, target, says }) => ({ name, target, says })),
      faults: this.#faults,
    }
    this.#channel.postMessage(news)
  }
}

/** What is run one after the other in a beat; with a text of several lines in it, all of it at once. */
function linesOf(lesson: LessonText, step: number): readonly string[] {
  const solution = lesson.steps[step]?.solution ?? []
  return solution.some((line) => line.includes('<<') || line.endsWith('\\')) ? [solution.join('\n')] : solution
}

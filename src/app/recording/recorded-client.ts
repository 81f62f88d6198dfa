import type { Client } from '../session/client'
import type { Calls, Frame, FrameRequest } from '../session/protocol'
import { type Recording, shownIn } from './recording'

/** A frame of a fast run goes no further than this beyond the end; whoever asks for more wants to go there. */
const FAR = 7_000

/**
 * Answers for the engine as long as the reader only looks: plays, goes back and forth. Whatever needs the model (a command, a
 * thing looked at closer, another view, a time behind its end) fetches the engine, which plays the same run and takes over.
 */
export class RecordedClient implements Client {
  readonly #recording: Recording
  readonly #shown: ReturnType<typeof shownIn>
  readonly #open: () => Promise<Client>
  #engine: Promise<Client> | undefined
  #ready: Client | undefined
  #told = -1
  #first = true
  #ended = false
  /** Called when the end of the recording is reached: whoever plays on from there wants the engine. */
  onEnd: () => void = () => undefined

  constructor(recording: Recording, open: () => Promise<Client>) {
    this.#recording = recording
    this.#shown = shownIn(recording)
    this.#open = open
  }

  async call<Name extends keyof Calls>(
    name: Name,
    ...args: Parameters<Calls[Name]>
  ): Promise<Awaited<ReturnType<Calls[Name]>>> {
    if (name === 'open') return this.#opened() as never
    if (name === 'frame') {
      const request = args[0] as FrameRequest
      if (this.#needsEngine(request)) void this.#fetch()
      if (!this.#ready) return this.#frame(request) as never
    }
    return (await this.#fetch()).call(name, ...args)
  }

  end(): void {
    void this.#engine?.then((engine) => engine.end())
  }

  #needsEngine({ selected, view, beside, wanted }: FrameRequest): boolean {
    return (
      selected !== undefined ||
      beside !== undefined ||
      (view !== 'machines' && view !== this.#recording.view) ||
      (this.#ended && wanted > this.#end + 1) ||
      wanted > this.#end + FAR ||
      wanted < Math.floor(this.#recording.from)
    )
  }

  get #end(): number {
    return Math.floor(this.#recording.moment.at)
  }

  #opened() {
    const { lab, seed = 1 } = this.#recording.opening
    return { lab, seed, lesson: undefined, sameCourse: true }
  }

  #fetch(): Promise<Client> {
    this.#engine ??= this.#open().then(async (client) => {
      await client.call('open', { ...this.#recording.opening, moment: this.#recording.moment })
      this.#ready = client
      return client
    })
    return this.#engine
  }

  #frame({ wanted }: FrameRequest): Frame {
    const { from, markers, sentences } = this.#recording
    const at = Math.max(from, Math.min(wanted, this.#end))
    const isOver = wanted >= this.#end
    if (isOver && !this.#ended && !this.#first) this.onEnd()
    this.#ended = isOver
    const n = Math.max(
      0,
      this.#shown.findLastIndex((shown) => shown.at <= at),
    )
    const news = n === this.#told ? {} : this.#shown[n]!
    const lists = this.#first
      ? { markers, sentences: { fresh: true, lines: sentences }, output: { fresh: true, chunks: [] } }
      : {}
    this.#told = n
    this.#first = false
    return {
      revision: 0,
      busy: false,
      prompt: '',
      ...lists,
      ...news,
      at,
      now: this.#end,
    }
  }
}

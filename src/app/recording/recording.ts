import type { Millis } from '../../engine'
import type { Scene, ViewId, ViewScene } from '../../picture'
import { type Moment, momentOf } from '../../terminal/moment'
import type { Marker, Opening, SentenceLine } from '../session/protocol'

/** Values that occur again and again, each once; a picture names them by number. */
export type Parts = readonly unknown[]

/** The properties of a picture that have changed: the number of a part, or of one for each element of a list. */
type Changed = Readonly<Record<string, number | readonly number[]>>

interface Sample {
  readonly at: Millis
  readonly scene?: Changed
  readonly viewScene?: Changed
}

/**
 * A stretch of a run as it looked, in one view: what a figure shows before anybody acts in it, so that a reader who only
 * looks need not fetch the engine. It was drawn by the engine from the model, and names the run, which goes on from it.
 */
export interface Recording {
  readonly drydock: 'recording'
  readonly opening: Pick<Opening, 'lab' | 'seed' | 'scenario' | 'folders'>
  /** The run up to its end. */
  readonly moment: Moment
  readonly view: ViewId
  readonly from: Millis
  readonly parts: Parts
  readonly samples: readonly Sample[]
  readonly markers: readonly Marker[]
  readonly sentences: readonly SentenceLine[]
}

/** What was on the screen at one time. */
export interface Shown {
  readonly at: Millis
  readonly scene: Scene
  readonly viewScene: ViewScene | undefined
}

const MOST_SAMPLES = 3_000
const MOST_PARTS = 50_000

/** Takes pictures one after the other, and keeps of each what has changed. */
export class Recorder {
  readonly #parts: unknown[] = []
  readonly #numbers = new Map<string, number>()
  readonly #samples: Sample[] = []
  #last: Record<'scene' | 'viewScene', Record<string, string>> = { scene: {}, viewScene: {} }

  take({ at, scene, viewScene }: Shown): void {
    const changed = this.#changed('scene', scene)
    const view = viewScene && this.#changed('viewScene', viewScene)
    if (!changed && !view && this.#samples.length > 0) return
    this.#samples.push({ at, ...(changed && { scene: changed }), ...(view && { viewScene: view }) })
  }

  end(about: Omit<Recording, 'drydock' | 'parts' | 'samples'>): Recording {
    return { drydock: 'recording', ...about, parts: this.#parts, samples: this.#samples }
  }

  #changed(which: 'scene' | 'viewScene', picture: object): Changed | undefined {
    const last = this.#last[which]
    const changed: Record<string, number | number[]> = {}
    for (const [name, value] of Object.entries(picture)) {
      // the time of a picture is the sample's own
      if (name === 'at' || value === undefined) continue
      const ref = Array.isArray(value) ? value.map((one) => this.#part(one)) : this.#part(value)
      const text = JSON.stringify(ref)
      if (last[name] === text) continue
      last[name] = text
      changed[name] = ref
    }
    return Object.keys(changed).length === 0 ? undefined : changed
  }

  #part(value: unknown): number {
    const text = JSON.stringify(value) ?? 'null'
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.#parts.length
      this.#parts.push(value)
      this.#numbers.set(text, number)
    }
    return number
  }
}

/** All pictures of a recording, in the order of time; equal parts are the same objects. */
export function shownIn({ samples, parts }: Recording): readonly Shown[] {
  let scene: Record<string, unknown> = {}
  let viewScene: Record<string, unknown> | undefined
  return samples.map((sample) => {
    if (sample.scene) scene = { ...scene, ...valuesOf(sample.scene, parts) }
    if (sample.viewScene) viewScene = { ...viewScene, ...valuesOf(sample.viewScene, parts) }
    const { at } = sample
    return {
      at,
      scene: { ...scene, at } as unknown as Scene,
      viewScene: viewScene && ({ ...viewScene, at } as unknown as ViewScene),
    }
  })
}

const valuesOf = (changed: Changed, parts: Parts) =>
  Object.fromEntries(
    Object.entries(changed).map(([name, ref]) => [
      name,
      typeof ref === 'number' ? parts[ref] : ref.map((one) => parts[one]),
    ]),
  )

/** A file that somebody put beside the page; undefined where it is no recording. What it holds is drawn, never run. */
export function recordingOf(text: string): Recording | undefined {
  try {
    const value = JSON.parse(text)
    const moment = momentOf(value.moment)
    const isWhole =
      value.drydock === 'recording' &&
      moment !== undefined &&
      Array.isArray(value.parts) &&
      value.parts.length <= MOST_PARTS &&
      Array.isArray(value.samples) &&
      value.samples.length > 0 &&
      value.samples.length <= MOST_SAMPLES &&
      Array.isArray(value.markers) &&
      Array.isArray(value.sentences) &&
      typeof value.opening?.lab === 'string'
    return isWhole ? { ...value, moment } : undefined
  } catch {
    return undefined
  }
}

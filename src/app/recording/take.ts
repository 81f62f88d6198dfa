import type { Millis } from '../../engine'
import { REQUEST_FLIGHT_MILLIS, type ViewId } from '../../picture'
import type { Moment } from '../../terminal/moment'
import type { Client } from '../session/client'
import type { Marker, Opening, SentenceLine } from '../session/protocol'
import { Recorder, type Recording } from './recording'

/** So long before its moment a recording begins. */
const LONGEST: Millis = 60_000
/** A picture every so often where that is not too many. */
const EVERY: Millis = 100
const MOST = 900

/** Plays a run again in an engine of its own, and takes its pictures over the last minute before its moment. */
export async function takeRecording(
  client: Client,
  opening: Opening,
  moment: Moment,
  view: ViewId,
): Promise<Recording> {
  const { lab, seed, scenario, folders } = opening
  const run = {
    lab,
    ...(seed === undefined ? {} : { seed }),
    ...(scenario === undefined ? { folders: folders ?? [] } : { scenario }),
  }
  await client.call('open', { ...run, moment })
  const to = Math.floor(moment.at)
  const from = Math.max(0, to - LONGEST)
  const every = Math.max(EVERY, Math.ceil((to - from) / MOST))
  const recorder = new Recorder()
  let markers: readonly Marker[] = []
  const sentences: SentenceLine[] = []
  for (let at = from; ; at = Math.min(at + every, to)) {
    const frame = await client.call('frame', {
      wanted: at,
      past: true,
      selected: undefined,
      window: REQUEST_FLIGHT_MILLIS,
      step: 0,
      view,
      beside: undefined,
    })
    markers = frame.markers ?? markers
    sentences.push(...(frame.sentences?.lines ?? []))
    if (frame.scene) recorder.take({ at, scene: frame.scene, viewScene: frame.viewScene })
    if (at === to) break
  }
  return recorder.end({
    opening: run,
    moment,
    view,
    from,
    markers,
    sentences: sentences.filter((line) => line.at >= from),
  })
}

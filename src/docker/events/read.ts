import { partsOf } from '../../engine'
import { type EngineReply, type EngineRequest, filtersOf } from '../engine/request'
import { momentOf, nanoTime } from '../formats/time'
import type { Pass } from '../pass'
import { Event } from './event'

/** `GET /events`: what has happened since a moment, and from then on what happens. */
export function readEvents(pass: Pass, request: EngineRequest): EngineReply {
  const query = request.query ?? {}
  const filters = filtersOf(query)
  const all = pass.world.list(Event, { scope: pass.machine.name })
  const numberOf = (key: string) => Number(partsOf(key).name)
  const last = all.length > 0 ? numberOf(all.at(-1)!.key) : 0
  const since = query['since'] === undefined ? undefined : momentOf(query['since'], pass.now)
  const until = query['until'] === undefined ? undefined : momentOf(query['until'], pass.now)
  const seen = query['after'] === undefined ? (since === undefined ? last : 0) : Number(query['after'])
  const body = all
    .filter(
      ({ key, value }) =>
        numberOf(key) > seen &&
        (since === undefined || value.at >= since) &&
        (until === undefined || value.at <= until),
    )
    .filter(({ value }) => fits(value, filters))
    .map(({ key, value: { at, type, action, actor, attributes } }) => ({
      Type: type,
      Action: action,
      Actor: { ID: actor, Attributes: attributes },
      scope: 'local',
      time: Math.floor(at / 1000),
      at: nanoTime(at, actor, numberOf(key)),
    }))
  if (until !== undefined && pass.now >= until) return { status: 200, body }
  return {
    status: 102,
    body,
    next: { ...request, query: { ...query, after: String(last) } },
    until: { kinds: [Event.id], ...(until !== undefined && { millis: until - pass.now }) },
  }
}

function fits(
  { type, action, actor, attributes }: Event,
  filters: Readonly<Record<string, readonly string[]>>,
): boolean {
  const any = (name: string, holds: (wanted: string) => boolean) =>
    filters[name] === undefined || filters[name].some(holds)
  const is = (kind: Event['type']) => (wanted: string) =>
    type === kind && (actor.startsWith(wanted) || attributes['name'] === wanted)
  return (
    any('type', (wanted) => type === wanted) &&
    any('event', (wanted) => action === wanted || action.startsWith(`${wanted}:`)) &&
    any('container', is('container')) &&
    any('network', is('network')) &&
    any('volume', is('volume')) &&
    any('image', (wanted) => actor === wanted || attributes['image'] === wanted || attributes['name'] === wanted) &&
    any('label', (wanted) => {
      const [name = '', value] = wanted.split('=')
      return value === undefined ? attributes[name] !== undefined : attributes[name] === value
    }) &&
    any('scope', (wanted) => wanted === 'local')
  )
}

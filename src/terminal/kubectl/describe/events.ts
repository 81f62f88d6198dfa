import { ageOf } from '../../../kubernetes'
import type { Run } from '../command'
import type { Writer } from './writer'

/** Events about one object, oldest last sight first. */
export function eventsAbout(run: Run, object: any, uid: string = object.metadata.uid): readonly any[] {
  const { namespace = 'default', name } = object.metadata
  const list = run.client.ask({
    verb: 'list',
    resource: { group: '', version: 'v1', resource: 'events' },
    namespace,
    fieldSelector: `involvedObject.name=${name},involvedObject.uid=${uid}`,
  })
  return inOrder(list.items)
}

export const lastSeen = (event: any): string =>
  event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp

export function inOrder(events: readonly any[]): readonly any[] {
  return events
    .map((event) => ({ event, at: lastSeen(event), written: Number(event.metadata.resourceVersion) }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.written - b.written))
    .map(({ event }) => event)
}

/** `5s`, or `5s (x3 over 2m)`: the last of three, the first two minutes ago. */
export function intervalOf(event: any, now: number): string {
  const first = ageOf(event.firstTimestamp ?? event.eventTime, now)
  const count = event.series?.count ?? event.count ?? 1
  return count > 1 ? `${ageOf(lastSeen(event), now)} (x${count} over ${first})` : first
}

export function writeEvents(w: Writer, events: readonly any[], now: number): void {
  if (events.length === 0) {
    w.write(0, 'Events:\t<none>')
    return
  }
  w.flush()
  w.write(0, 'Events:')
  w.write(1, 'Type\tReason\tAge\tFrom\tMessage')
  w.write(1, '----\t------\t----\t----\t-------')
  for (const event of events) {
    const from = event.source?.component || event.reportingComponent
    w.write(1, `${event.type}\t${event.reason}\t${intervalOf(event, now)}\t${from}\t${event.message.trim()}`)
  }
}

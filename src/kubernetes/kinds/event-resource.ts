import { subdomain } from '../api/name-rules'
import { Event } from './event'
import { objectReference, root } from './fields/meta-fields'
import { ageOf } from './pod-cells'
import { ALL_VERBS, type Resource } from './resource'
import { int, needed, object, text, time } from './schema'

export const eventResource: Resource<Event> = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  namespaced: true,
  verbs: ALL_VERBS,
  subresources: [],
  store: Event,
  livesMillis: 3_600_000,
  schema: root('Event', 'A note that a component leaves about an object. It is kept for an hour.', {
    involvedObject: needed(objectReference('What it is about.')),
    reason: text('Why, in one word.'),
    message: text('What happened, in a sentence.'),
    source: object('EventSource', 'Who says so.', { component: text('Component.'), host: text('On which node.') }),
    firstTimestamp: time('When first.'),
    lastTimestamp: time('When last.'),
    count: int('How often.'),
    type: text('Normal or Warning.'),
    eventTime: time('When.'),
    series: object('EventSeries', 'A row of equal ones.', {
      count: int('How many.'),
      lastObservedTime: time('When last.'),
    }),
    action: text('What was done.'),
    related: objectReference('What else it is about.'),
    reportingComponent: text('Who says so.'),
    reportingInstance: text('Which of them.'),
  }),
  nameRule: subdomain,
  counted: false,
  complete: (event) => event,
  validate: () => [],
  columns: [
    { name: 'Last Seen' },
    { name: 'Type' },
    { name: 'Reason' },
    { name: 'Object' },
    { name: 'Subobject', wide: true },
    { name: 'Source', wide: true },
    { name: 'Message' },
    { name: 'First Seen', wide: true },
    { name: 'Count', wide: true },
    { name: 'Name', wide: true },
  ],
  cells: (event, { now }) => {
    const { involvedObject: about, source } = event
    const first = event.firstTimestamp ?? event.eventTime
    const last = event.series?.lastObservedTime ?? event.lastTimestamp ?? first
    return [
      ageOf(last, now),
      event.type,
      event.reason,
      about.name === undefined ? about.kind.toLowerCase() : `${about.kind.toLowerCase()}/${about.name}`,
      about.fieldPath ?? '',
      source.component
        ? source.host
          ? `${source.component}, ${source.host}`
          : source.component
        : event.reportingComponent,
      event.message.trim(),
      ageOf(first, now),
      event.series?.count ?? event.count ?? 1,
      event.metadata.name,
    ]
  },
  selectable: ({ involvedObject: about, reason, reportingComponent, source, type }) => ({
    'involvedObject.kind': about.kind,
    'involvedObject.namespace': about.namespace ?? '',
    'involvedObject.name': about.name,
    'involvedObject.uid': about.uid ?? '',
    'involvedObject.apiVersion': about.apiVersion ?? '',
    'involvedObject.resourceVersion': about.resourceVersion ?? '',
    'involvedObject.fieldPath': about.fieldPath ?? '',
    reason,
    reportingComponent,
    source: source.component || reportingComponent,
    type,
  }),
}

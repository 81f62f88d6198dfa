import type { Json } from '../../../engine/json'
import { Event } from '../../../kubernetes/kinds/event'
import type { ToolStep } from '../../../platform/shell/tool'
import { type Command, done, type Run } from '../command'
import { inOrder, intervalOf } from '../describe/events'
import { bool, text, texts } from '../flags'
import { outputFlag, printObjects, wantsTable } from '../output'
import { alignRows } from '../print/table'
import { mustResource, targetsOf } from '../resource-args'

const EVENTS = { group: '', version: 'v1', resource: 'events' }

export const events: Command = {
  name: 'events',
  group: 'Troubleshooting and Debugging Commands',
  about: 'List events',
  help: 'Lists events, the oldest last sight first.',
  usage: '[(-o|--output=)json|yaml|name] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  examples: ['kubectl events', 'kubectl events --for pod/web-1', 'kubectl events --types=Warning -A'],
  flags: [
    bool('all-namespaces', 'In every namespace.', { short: 'A' }),
    text('for', 'Only about this object.'),
    texts('types', 'Only of these types.'),
    bool('watch', 'Go on as more are written.', { short: 'w' }),
    bool('no-headers', 'Without the headings.'),
    outputFlag,
  ],
  run(run, memory) {
    return memory === undefined ? begin(run) : goOn(run, memory as unknown as Watching)
  },
}

interface Watching {
  readonly since: string
  readonly widths: readonly number[]
}

function wanted(run: Run): (event: any) => boolean {
  const types = run.values('types')
  const [target] = run.given('for') ? targetsOf([run.value('for')!]) : []
  return (event) =>
    (types.length === 0 || types.includes(event.type)) &&
    (!target || (event.involvedObject.kind === target.resource.kind && (target.names.length === 0 || target.names.includes(event.involvedObject.name))))
}

const namespaceOf = (run: Run) => (run.on('all-namespaces') ? {} : { namespace: run.namespace })

function begin(run: Run): ToolStep {
  const list = run.client.ask({ verb: 'list', resource: EVENTS, ...namespaceOf(run) })
  const found = inOrder(list.items.filter(wanted(run)))
  if (!wantsTable(run)) {
    printObjects(run, found.map((object) => ({ resource: mustResource('events'), object })), false)
    return done
  }
  const widths: number[] = []
  if (found.length === 0 && !run.on('watch')) run.error(run.on('all-namespaces') ? 'No events found.\n' : `No events found in ${run.namespace} namespace.\n`)
  else run.print(alignRows([...(run.on('no-headers') ? [] : [headings(run)]), ...found.map((event) => row(run, event))], widths))
  if (!run.on('watch')) return done
  return { wait: { kinds: [Event.id] }, memory: { since: list.metadata.resourceVersion, widths } as unknown as Json }
}

const headings = (run: Run) => [...(run.on('all-namespaces') ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']

function row(run: Run, event: any): string[] {
  const { kind, name } = event.involvedObject
  return [...(run.on('all-namespaces') ? [event.metadata.namespace] : []), intervalOf(event, run.call.now), event.type, event.reason, `${kind}/${name}`, event.message.trim()]
}

function goOn(run: Run, memory: Watching): ToolStep {
  const reply = run.client.ask({ verb: 'watch', resource: EVENTS, ...namespaceOf(run), resourceVersion: memory.since })
  const widths = [...memory.widths]
  const rows = reply.events.filter((one: any) => one.type !== 'DELETED' && wanted(run)(one.object)).map((one: any) => row(run, one.object))
  if (rows.length > 0) run.print(alignRows(rows, widths))
  return { wait: { kinds: [Event.id] }, memory: { since: reply.resourceVersion, widths } as unknown as Json }
}

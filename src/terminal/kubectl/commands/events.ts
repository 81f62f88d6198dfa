import type { Json } from '../../../engine/json'
import type { WatchEvent } from '../../../kubernetes'
import type { ToolStep } from '../../../platform/shell/tool'
import { fail } from '../../cli/failure'
import { bool, text, texts } from '../../cli/flags'
import { alignRows } from '../../cli/table'
import type { Command, Run } from '../command'
import { inOrder, intervalOf } from '../describe/events'
import { outputFlag, printObjects, templateFlags } from '../output'
import { mustResource } from '../resource-args'

const EVENTS = { group: '', version: 'v1', resource: 'events' }

export const events: Command = {
  name: 'events',
  group: 'Troubleshooting and Debugging Commands',
  about: 'List events',
  help: 'Lists events, the newest last.',
  usage: '[(-o|--output=)json|yaml|name|jsonpath=...] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  examples: ['kubectl events', 'kubectl events --for pod/web-1', 'kubectl events --types=Warning -A'],
  flags: [
    outputFlag,
    ...templateFlags,
    bool('all-namespaces', 'In every namespace.', { short: 'A' }),
    text('for', 'Only about this object: pod/web-1.'),
    texts('types', 'Normal, Warning.'),
    bool('watch', 'Go on with every new one.', { short: 'w' }),
    bool('no-headers', 'No headings.'),
    text('chunk-size', 'How many one request brings.', { initial: '500', unmodelled: true }),
  ],
  run(run, memory) {
    return memory === undefined ? begin(run) : goOn(run, memory as { since: string; widths: number[] })
  },
}

function selectorOf(run: Run): { readonly fieldSelector?: string } {
  const about = run.value('for')
  if (about === undefined) return {}
  const [type = '', name = ''] = about.split('/')
  if (name === '') fail('error: --for must be in resource/name form')
  return { fieldSelector: `involvedObject.kind=${mustResource(type).kind},involvedObject.name=${name}` }
}

const wanted = (run: Run, event: any) => {
  const types = run.values('types').map((type) => type.toLowerCase())
  return types.length === 0 || types.includes(event.type.toLowerCase())
}

function rowOf(run: Run, event: any): readonly string[] {
  const { involvedObject: about } = event
  return [
    ...(run.on('all-namespaces') ? [event.metadata.namespace] : []),
    intervalOf(event, run.call.now),
    event.type,
    event.reason,
    `${about.kind}/${about.name}`,
    event.message.trim(),
  ]
}

function begin(run: Run): ToolStep {
  const scope = run.on('all-namespaces') ? {} : { namespace: run.namespace }
  const list = run.client.ask({ verb: 'list', resource: EVENTS, ...scope, ...selectorOf(run) })
  const found = inOrder(list.items.filter((event: any) => wanted(run, event)))
  const widths: number[] = []
  if (run.given('output'))
    printObjects(
      run,
      found.map((object) => ({ resource: mustResource('events'), object })),
      false,
    )
  else if (found.length === 0 && !run.on('watch'))
    run.error(run.on('all-namespaces') ? 'No events found.\n' : `No events found in ${run.namespace} namespace.\n`)
  else {
    const head = [
      ...(run.on('all-namespaces') ? ['NAMESPACE'] : []),
      'LAST SEEN',
      'TYPE',
      'REASON',
      'OBJECT',
      'MESSAGE',
    ]
    run.print(alignRows([...(run.on('no-headers') ? [] : [head]), ...found.map((event) => rowOf(run, event))], widths))
  }
  if (!run.on('watch')) return { exit: 0 }
  return {
    wait: { kinds: ['kubernetes/Event'] },
    memory: { since: list.metadata.resourceVersion, widths } as unknown as Json,
  }
}

function goOn(run: Run, { since, widths }: { readonly since: string; readonly widths: readonly number[] }): ToolStep {
  const scope = run.on('all-namespaces') ? {} : { namespace: run.namespace }
  const body = run.client.ask({
    verb: 'watch',
    resource: EVENTS,
    ...scope,
    ...selectorOf(run),
    resourceVersion: since,
  }) as { events: readonly WatchEvent[]; resourceVersion: string }
  const grown = widths.slice()
  for (const { type, object } of body.events) {
    if (type !== 'DELETED' && wanted(run, object)) run.print(alignRows([rowOf(run, object)], grown))
  }
  return {
    wait: { kinds: ['kubernetes/Event'] },
    memory: { since: body.resourceVersion, widths: grown } as unknown as Json,
  }
}

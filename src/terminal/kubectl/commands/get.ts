import type { Json } from '../../../engine/json'
import { ageOf, apiVersionOf, type Status, type WatchEvent } from '../../../kubernetes'
import type { ToolStep } from '../../../platform/shell/tool'
import { Failure, fail } from '../../cli/failure'
import { bool, int, text, texts } from '../../cli/flags'
import { alignRows } from '../../cli/table'
import { failureOf, Unreachable } from '../client'
import { type Command, done, type Run } from '../command'
import { fileFlags, namesFiles, targetsInFiles } from '../manifests'
import { formatOf, outputFlag, type Printable, printObjects, templateFlags, wantsTable } from '../output'
import { sortedBy } from '../print/sort-by'
import { rawGet } from '../raw'
import { asModelled, type Known, nameOf, namespaceFor, printedName, type Target, targetsOf } from '../resource-args'

export const get: Command = {
  name: 'get',
  group: 'Basic Commands (Intermediate)',
  about: 'Display one or many resources',
  help: 'Shows objects: as a table, or with -o as YAML, JSON, names, or what a path finds in them.',
  usage:
    '[(-o|--output=)json|yaml|name|wide|jsonpath|custom-columns] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...)',
  examples: [
    'kubectl get pods',
    'kubectl get pods -o wide',
    'kubectl get deploy,rs,po -l app=web',
    "kubectl get pod web-1 -o jsonpath='{.status.podIP}'",
  ],
  completes: 'resources',
  flags: [
    outputFlag,
    bool('all-namespaces', 'In every namespace.', { short: 'A' }),
    text('selector', 'Only what has these labels: app=web,tier!=old.', { short: 'l' }),
    text('field-selector', 'Only what has these field values: status.phase=Running.'),
    text('sort-by', 'Sorts by a field: .metadata.creationTimestamp.'),
    bool('watch', 'Goes on with every change.', { short: 'w' }),
    bool('watch-only', 'Only changes, not what is there now.'),
    bool('output-watch-events', 'Says what kind of change it was.'),
    bool('no-headers', 'No headings.'),
    bool('show-labels', 'A last column with all labels.'),
    bool('show-kind', 'The kind before each name.'),
    texts('label-columns', 'A column for each of these labels.', { short: 'L' }),
    bool('ignore-not-found', 'What is not there is no error.'),
    int('chunk-size', 'How many objects one request brings.', { initial: '500', unmodelled: true }),
    bool('server-print', 'The server makes the table.', { initial: 'true' }),
    text('subresource', 'A part of the object: status or scale.'),
    text('raw', 'A path of the API, asked for as it is.'),
    ...fileFlags,
    ...templateFlags,
  ],
  run(run, memory) {
    if (memory !== undefined) return watchOn(run, memory as unknown as Watching)
    if (run.value('raw')) {
      if (run.args.length > 0 || namesFiles(run))
        fail("error: arguments may not be passed when --raw is specified\nSee 'kubectl get -h' for help and examples")
      run.print(rawGet(run, run.value('raw')!))
      return done
    }
    const targets = targetsFor(run)
    if (run.given('subresource')) checkSubresource(run, targets)
    const watching = run.on('watch') || run.on('watch-only')
    if (watching && targets.length > 1) fail('error: you may only specify a single resource type')
    if (run.given('sort-by') && watching)
      run.error('warning: --watch requested, --sort-by will be ignored for watch events received\n')
    if (watching) return beginWatch(run, targets[0]!)
    return wantsTable(run) ? showTables(run, targets) : showObjects(run, targets)
  },
}

function checkSubresource(run: Run, targets: readonly Target[]): void {
  const part = run.value('subresource')!
  if (!['status', 'scale', 'resize'].includes(part))
    fail(`error: invalid subresource value: ${JSON.stringify(part)}. Must be one of [status scale resize]`)
  if (targets.some(({ names }) => names.length === 0)) fail('error: subresource can only be used with named objects')
}

function targetsFor(run: Run): readonly Target[] {
  if (namesFiles(run)) {
    if (run.args.length > 0)
      fail('error: when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well')
    return targetsInFiles(run)
  }
  if (run.args.length === 0) {
    run.error(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
    )
    throw new Failure(
      `error: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee 'kubectl get -h' for help and examples`,
    )
  }
  const targets = targetsOf(run.args)
  const named = targets.some(({ names }) => names.length > 0)
  if (named && (run.given('selector') || run.given('field-selector')))
    fail('error: name cannot be provided when a selector is specified')
  if (named && run.on('all-namespaces')) fail('error: a resource cannot be retrieved by name across all namespaces')
  return targets
}

interface Row {
  readonly cells: readonly (string | number)[]
  readonly object: any
}

interface Found {
  readonly resource: Known
  readonly columns: readonly { readonly name: string; readonly priority: number }[]
  readonly rows: readonly Row[]
  readonly resourceVersion: string
}

/** What one target finds, as a Table; refusals are collected, as kubectl goes on with the rest. */
function tableOf(run: Run, { resource, names, namespace }: Target, problems: Status[]): Found {
  const everywhere = run.on('all-namespaces')
  const base = { resource: nameOf(resource), ...namespaceFor(run, resource, everywhere, namespace), table: true }
  const selectors = {
    ...(run.given('selector') && { labelSelector: run.value('selector')! }),
    ...(run.given('field-selector') && { fieldSelector: run.value('field-selector')! }),
  }
  const requests =
    names.length > 0
      ? names.map((name) => ({ ...base, verb: 'get' as const, name }))
      : [{ ...base, verb: 'list' as const, ...selectors }]
  const rows: Row[] = []
  let columns: Found['columns'] = []
  let resourceVersion = '0'
  const isScale = run.value('subresource') === 'scale'
  for (const request of requests) {
    const reply = run.client.try(
      isScale ? { ...request, resource: { ...request.resource, subresource: 'scale' }, table: false } : request,
    )
    if (reply.ok && isScale) {
      rows.push(scaleRow(run, reply.body))
      columns = SCALE_COLUMNS
    } else if (reply.ok) {
      rows.push(...reply.body.rows)
      columns = reply.body.columnDefinitions
      resourceVersion = reply.body.metadata.resourceVersion
    } else if (!(reply.status.reason === 'NotFound' && run.on('ignore-not-found')))
      problems.push(explained(run, reply.status, resource))
  }
  return { resource, columns, rows, resourceVersion }
}

const SCALE_COLUMNS = ['Name', 'Desired', 'Available', 'Age'].map((name) => ({ name, priority: 0 }))

const scaleRow = (run: Run, object: any): Row => ({
  object,
  cells: [
    object.metadata.name,
    object.spec.replicas ?? 0,
    object.status.replicas,
    ageOf(object.metadata.creationTimestamp, run.call.now),
  ],
})

/** A selector that the server cannot read is told with what was asked. */
function explained(run: Run, status: Status, resource: Known): Status {
  if (status.reason !== 'BadRequest' || !run.given('field-selector')) return status
  const asked = `Unable to find ${JSON.stringify(`${apiVersionOf(resource).includes('/') ? apiVersionOf(resource) : `/${resource.version}`}, Resource=${resource.plural}`)} that match label selector ${JSON.stringify(run.value('selector') ?? '')}, field selector ${JSON.stringify(run.value('field-selector') ?? '')}: ${status.message}`
  return { ...status, message: asked }
}

function finish(run: Run, problems: readonly Status[]): ToolStep {
  for (const status of problems) run.error(`${failureOf(status).message}\n`)
  return problems.length > 0 ? { exit: 1 } : done
}

function showTables(run: Run, targets: readonly Target[]): ToolStep {
  const problems: Status[] = []
  const found = targets.map((target) => tableOf(run, target, problems)).filter(({ rows }) => rows.length > 0)
  const several = targets.length > 1 || run.on('show-kind')
  const texts: string[] = []
  for (const one of found) {
    const rows = sorted(run, one.rows)
    texts.push(
      alignRows([
        ...(run.on('no-headers') ? [] : [headings(run, one)]),
        ...rows.map((row) => cellsOf(run, one, row, several)),
      ]),
    )
  }
  run.print(texts.join('\n'))
  if (found.length === 0 && problems.length === 0 && !run.on('ignore-not-found')) run.error(nothing(run, targets))
  return finish(run, problems)
}

const nothing = (run: Run, targets: readonly Target[]) =>
  run.on('all-namespaces') || !targets.some(({ resource }) => resource.namespaced)
    ? 'No resources found\n'
    : `No resources found in ${run.namespace} namespace.\n`

function sorted(run: Run, rows: readonly Row[]): readonly Row[] {
  if (!run.value('sort-by')) return rows
  const result = sortedBy(rows, run.value('sort-by')!, ({ object }) => object)
  return 'error' in result ? fail(`error: ${result.error}`) : result.items
}

const isWide = (run: Run) => formatOf(run).name === 'wide'

function headings(run: Run, { columns, resource }: Found): readonly string[] {
  const shown = columns.filter(({ priority }) => priority === 0 || isWide(run)).map(({ name }) => name.toUpperCase())
  const labels = run.values('label-columns').map((key) => key.slice(key.lastIndexOf('/') + 1).toUpperCase())
  return [
    ...(run.on('output-watch-events') ? ['EVENT'] : []),
    ...(run.on('all-namespaces') && resource.namespaced ? ['NAMESPACE'] : []),
    ...shown,
    ...labels,
    ...(run.on('show-labels') ? ['LABELS'] : []),
  ]
}

function cellsOf(
  run: Run,
  { columns, resource }: Found,
  { cells, object }: Row,
  withKind: boolean,
  event?: string,
): readonly (string | number)[] {
  const { metadata } = object
  const shown = cells.filter((_, i) => (columns[i]?.priority ?? 0) === 0 || isWide(run))
  const nameAt = columns.findIndex(({ name }) => name === 'Name')
  const named = withKind && nameAt === 0 ? [printedName(resource, metadata.name), ...shown.slice(1)] : shown
  const labels: Record<string, string> = metadata.labels ?? {}
  const all = Object.keys(labels)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((key) => `${key}=${labels[key]}`)
  return [
    ...(event === undefined ? [] : [event]),
    ...(run.on('all-namespaces') && resource.namespaced ? [metadata.namespace] : []),
    ...named,
    ...run.values('label-columns').map((key) => labels[key] ?? ''),
    ...(run.on('show-labels') ? [all.length === 0 ? '<none>' : all.join(',')] : []),
  ]
}

function showObjects(run: Run, targets: readonly Target[]): ToolStep {
  const problems: Status[] = []
  const items: Printable[] = []
  for (const target of targets) {
    const { resource, rows } = tableOf(run, target, problems)
    for (const { object } of rows) items.push({ resource, object })
  }
  const single = targets.length === 1 && targets[0]!.names.length === 1
  if (single && items.length === 0) return finish(run, problems)
  const inOrder = run.value('sort-by') ? sortedItems(run, items) : items
  printObjects(run, inOrder, single, !run.on('no-headers'))
  return finish(run, problems)
}

function sortedItems(run: Run, items: readonly Printable[]): readonly Printable[] {
  const result = sortedBy(items, run.value('sort-by')!, ({ object }) => object)
  return 'error' in result ? fail(`error: ${result.error}`) : result.items
}

/** What a watch remembers between two changes. */
interface Watching {
  readonly since: string
  readonly widths: readonly number[]
  readonly columns: Found['columns']
  /** Whether the headings have been printed. */
  readonly headed: boolean
}

function beginWatch(run: Run, target: Target): ToolStep {
  if (target.names.length > 1) fail('error: you may only specify a single resource type')
  const problems: Status[] = []
  const found = tableOf(run, target, problems)
  if (problems.length > 0) return finish(run, problems)
  const widths: number[] = []
  let headed = false
  if (!run.on('watch-only') && found.rows.length > 0) {
    if (wantsTable(run)) {
      const rows = found.rows.map((row) =>
        cellsOf(run, found, row, run.on('show-kind'), run.on('output-watch-events') ? 'ADDED' : undefined),
      )
      run.print(alignRows([...(run.on('no-headers') ? [] : [headings(run, found)]), ...rows], widths))
      headed = true
    } else for (const { object } of found.rows) printObjects(run, [{ resource: target.resource, object }], true)
  }
  return keepWatching(run, { since: found.resourceVersion, widths, columns: found.columns, headed })
}

function keepWatching(run: Run, memory: Watching, millis?: number): ToolStep {
  const { resource } = targetsFor(run)[0]!
  const kind = asModelled(resource)?.store.id
  return {
    wait: { ...(kind !== undefined && { kinds: [kind] }), ...(millis !== undefined && { millis }) },
    memory: memory as unknown as Json,
  }
}

function watchOn(run: Run, memory: Watching): ToolStep {
  const { resource, names, namespace } = targetsFor(run)[0]!
  const request = {
    verb: 'watch' as const,
    resource: nameOf(resource),
    ...namespaceFor(run, resource, run.on('all-namespaces'), namespace),
    table: true,
    resourceVersion: memory.since,
    ...(names[0] !== undefined && { name: names[0] }),
    ...(run.given('selector') && { labelSelector: run.value('selector')! }),
    ...(run.given('field-selector') && { fieldSelector: run.value('field-selector')! }),
  }
  let body: { events: readonly WatchEvent[]; resourceVersion: string }
  try {
    body = run.client.ask(request)
  } catch (error) {
    // a watch survives a server that is away for a while
    if (error instanceof Unreachable) return keepWatching(run, memory, 5_000)
    throw error
  }
  const widths = memory.widths.slice()
  let { headed } = memory
  for (const { type, object, cells } of body.events) {
    if (!wantsTable(run)) {
      printObjects(run, [{ resource, object }], true)
      continue
    }
    const found: Found = { resource, columns: memory.columns, rows: [], resourceVersion: memory.since }
    const row = cellsOf(
      run,
      found,
      { cells: cells ?? [], object },
      run.on('show-kind'),
      run.on('output-watch-events') ? type : undefined,
    )
    run.print(alignRows([...(headed || run.on('no-headers') ? [] : [headings(run, found)]), row], widths))
    headed = true
  }
  return keepWatching(run, { ...memory, since: body.resourceVersion, widths, headed })
}

import { quantityMillis, quantityValue } from '../../../kubernetes'
import { Container, containerUsage, type Usage, usage } from '../../../platform'
import { fail } from '../../cli/failure'
import { bool, text } from '../../cli/flags'
import { type Command, done, type Run } from '../command'

/** metrics-server looks so often, and has a container's processor time from the second look on. */
const RESOLUTION_MILLIS = 15_000
/** So long a pod may be without values before that is an error. */
const PATIENCE_MILLIS = 120_000
const MEGA = 1_048_576

const shared = [
  text('selector', 'Only what has these labels.', { short: 'l' }),
  text('sort-by', 'cpu or memory.'),
  bool('no-headers', 'No headings.'),
  bool('use-protocol-buffers', 'How the values travel.', { initial: 'true', unmodelled: true }),
  bool('show-swap', 'Swap too.', { unmodelled: true }),
]

const nodes: Command = {
  name: 'node',
  aliases: ['nodes', 'no'],
  about: 'Display resource (CPU/memory) usage of nodes',
  usage: '[NAME | -l label]',
  completes: 'nodes',
  flags: [...shared, bool('show-capacity', 'Of the capacity, not of what pods may have.')],
  run(run) {
    begin(run)
    const found = listed(run, 'nodes', undefined)
    if (found.length === 0) return nothing(run, '')
    const measured = found.flatMap((node): Measured[] => {
      const ready = (node.status.conditions ?? []).some((one: any) => one.type === 'Ready' && one.status === 'True')
      if (!ready) return []
      const of = run.on('show-capacity') ? node.status.capacity : node.status.allocatable
      const used = usage(run.call.world, node.metadata.name)
      const part = (value: number, whole: number) => `${Math.trunc((value / whole) * 100)}%`
      const cpu = part(used.cpuMillis, quantityMillis(of.cpu))
      const memory = part(used.memoryBytes, quantityValue(of.memory))
      return [{ names: [node.metadata.name], used, parts: [cpu, memory] }]
    })
    if (measured.length === 0) fail('error: metrics not available yet')
    show(run, ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'], measured)
    return done
  },
}

const pods: Command = {
  name: 'pod',
  aliases: ['pods', 'po'],
  about: 'Display resource (CPU/memory) usage of pods',
  usage: '[NAME | -l label]',
  completes: 'pods',
  flags: [
    ...shared,
    bool('all-namespaces', 'In every namespace.', { short: 'A' }),
    bool('containers', 'Each container.'),
    bool('sum', 'The sum of all.'),
    text('field-selector', 'Only what has these field values.'),
  ],
  run(run) {
    begin(run)
    const everywhere = run.on('all-namespaces')
    const found = listed(run, 'pods', everywhere ? undefined : run.namespace)
    const measured = found.flatMap((pod) => measuredPod(run, pod))
    if (measured.length === 0) return empty(run, found)
    const heads = [
      ...(everywhere ? ['NAMESPACE'] : []),
      ...(run.on('containers') ? ['POD', 'NAME'] : ['NAME']),
      'CPU(cores)',
      'MEMORY(bytes)',
    ]
    show(run, heads, measured)
    return done
  },
}

/** What pods and nodes use now, by the metrics API. */
export const top: Command = {
  name: 'top',
  group: 'Cluster Management Commands',
  about: 'Display resource (CPU/memory) usage',
  children: [nodes, pods],
}

interface Measured {
  readonly names: readonly string[]
  readonly used: Usage
  readonly parts?: readonly [string, string]
}

function begin(run: Run): void {
  const by = run.value('sort-by')
  if (by !== undefined && by !== 'cpu' && by !== 'memory') fail('error: --sort-by accepts only cpu or memory')
  if (run.args.length > 1)
    fail(`error: Unexpected args: [${run.args.slice(1).join(' ')}]\nSee '${run.path} -h' for help and examples`)
  if (run.args.length > 0 && run.given('selector')) fail('error: only one of NAME or --selector can be provided')
  run.call.notice(
    'metrics-server is taken as installed; its own pod is not modelled, and values are those of this moment',
  )
}

function listed(run: Run, plural: string, namespace: string | undefined): readonly any[] {
  const resource = { group: '', version: 'v1', resource: plural }
  const scope = namespace === undefined ? {} : { namespace }
  const [name] = run.args
  if (name !== undefined) return [run.client.ask({ verb: 'get', resource, ...scope, name })]
  const { items } = run.client.ask({
    verb: 'list',
    resource,
    ...scope,
    ...(run.given('selector') && { labelSelector: run.value('selector')! }),
    ...(run.given('field-selector') && { fieldSelector: run.value('field-selector')! }),
  })
  return [...items].sort((a, b) => (sortName(a) < sortName(b) ? -1 : 1))
}

const sortName = ({ metadata }: any): string => `${metadata.namespace ?? ''}/${metadata.name}`

/** The pod's rows: none before metrics-server has looked at its containers twice. */
function measuredPod(run: Run, pod: any): readonly Measured[] {
  const { world, now } = run.call
  const looked = Math.floor(now / RESOLUTION_MILLIS) * RESOLUTION_MILLIS
  const statuses: readonly any[] = pod.status.containerStatuses ?? []
  const running = statuses.flatMap(({ name, containerID = '' }) => {
    const key = Container.key(pod.spec.nodeName ?? '', containerID.slice(containerID.indexOf('//') + 2))
    const container = world.get(key)
    if (container?.state !== 'running' || (container.startedAt ?? now) > looked - RESOLUTION_MILLIS) return []
    return [{ name, used: containerUsage(world, key) }]
  })
  if (pod.status.phase !== 'Running' || running.length < statuses.length || running.length === 0) return []
  const { namespace, name } = pod.metadata
  const head = [...(run.on('all-namespaces') ? [namespace] : []), name]
  if (run.on('containers')) return running.map((one) => ({ names: [...head, one.name], used: one.used }))
  return [{ names: head, used: sum(running.map(({ used }) => used)) }]
}

const sum = (all: readonly Usage[]): Usage => ({
  cpuMillis: all.reduce((n, one) => n + one.cpuMillis, 0),
  memoryBytes: all.reduce((n, one) => n + one.memoryBytes, 0),
})

function nothing(run: Run, where: string) {
  run.error(`No resources found${where}\n`)
  return done
}

function empty(run: Run, found: readonly any[]) {
  const [name] = run.args
  if (found.length === 0) return nothing(run, run.on('all-namespaces') ? '' : ` in ${run.namespace} namespace.`)
  if (name !== undefined)
    return fail(
      `Error from server (NotFound): podmetrics.metrics.k8s.io ${JSON.stringify(`${run.namespace}/${name}`)} not found`,
    )
  for (const { metadata } of found) {
    const age = run.call.epoch - Date.parse(metadata.creationTimestamp)
    if (age > PATIENCE_MILLIS)
      fail(
        `error: Metrics not available for pod ${metadata.namespace}/${metadata.name}, age: ${Math.floor(age / 60_000)}m${Math.floor(age / 1000) % 60}s`,
      )
  }
  return fail('error: metrics not available yet')
}

function show(run: Run, heads: readonly string[], measured: readonly Measured[]): void {
  const by = run.value('sort-by')
  const sorted =
    by === undefined
      ? measured
      : [...measured].sort((a, b) =>
          by === 'cpu' ? b.used.cpuMillis - a.used.cpuMillis : b.used.memoryBytes - a.used.memoryBytes,
        )
  const cells = ({ used, parts }: Measured) => {
    const cpu = `${used.cpuMillis}m`
    const memory = `${Math.floor(used.memoryBytes / MEGA)}Mi`
    return parts ? [cpu, parts[0], memory, parts[1]] : [cpu, memory]
  }
  const rows = [...(run.on('no-headers') ? [] : [heads]), ...sorted.map((one) => [...one.names, ...cells(one)])]
  if (run.on('sum')) {
    const blank = heads.slice(0, -3).map(() => '')
    rows.push([...blank, '', '________', '________'])
    rows.push([...blank, '', ...cells({ names: [], used: sum(measured.map(({ used }) => used)) })])
  }
  // every cell is ended here, the last of a row too
  const widths = heads.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)) + 3)
  run.print(rows.map((row) => `${row.map((cell, i) => cell.padEnd(widths[i]!)).join('')}\n`).join(''))
}

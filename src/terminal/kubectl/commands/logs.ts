import type { Json } from '../../../engine/json'
import { Container, Output } from '../../../platform/container/container'
import type { ToolStep } from '../../../platform/shell/tool'
import { type Command, done, fail, type Run, usageError } from '../command'
import { bool, duration, int, text } from '../flags'
import { mustResource, nameOf, targetsOf } from '../resource-args'

const PODS = { group: '', version: 'v1', resource: 'pods' }

export const logs: Command = {
  name: 'logs',
  group: 'Troubleshooting and Debugging Commands',
  about: 'Print the logs for a container in a pod',
  help: 'Prints what the containers of a pod have written.',
  usage: '[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  examples: ['kubectl logs web-1', 'kubectl logs -f deployment/web', 'kubectl logs -l app=web --tail=5', 'kubectl logs web-1 --previous'],
  completes: 'pods',
  flags: [
    bool('follow', 'Go on as more is written.', { short: 'f' }),
    bool('previous', 'Of the container before the last restart.', { short: 'p' }),
    text('container', 'Of this container.', { short: 'c' }),
    bool('all-containers', 'Of every container.'),
    int('tail', 'So many lines from the end; -1: all (10 with a selector).', { initial: '-1' }),
    duration('since', 'Not older than this.'),
    text('since-time', 'Not older than this time.'),
    bool('timestamps', 'With the time of each line.'),
    bool('prefix', 'With the pod and container before each line.'),
    text('selector', 'Of the pods with these labels.', { short: 'l' }),
    int('limit-bytes', 'At most so many bytes.'),
    bool('ignore-errors', 'Go on where one cannot be read.', { unmodelled: true }),
    int('max-log-requests', 'At most so many at once.', { unmodelled: true, initial: '5' }),
  ],
  run(run, memory) {
    return memory === undefined ? begin(run) : follow(run, memory as unknown as Following)
  },
}

interface Source {
  readonly pod: string
  readonly container: string
  readonly after: number
}

interface Following {
  readonly sources: readonly Source[]
}

function begin(run: Run): ToolStep {
  const pods = podsOf(run)
  if (pods.length === 0) {
    run.error(`No resources found in ${run.namespace} namespace.\n`)
    return done
  }
  const sources = pods.flatMap((pod) => containersOf(run, pod).map((container): Source => ({ pod: pod.metadata.name, container, after: -1 })))
  return follow(run, { sources })
}

function podsOf(run: Run): any[] {
  const selector = run.value('selector')
  if (selector) return run.client.ask({ verb: 'list', resource: PODS, namespace: run.namespace, labelSelector: selector }).items
  const [first, second] = run.args
  if (first === undefined) return usageError(run, `expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command`)
  if (!first.includes('/')) {
    if (second !== undefined && run.given('container')) fail('error: only one of -c or an inline [CONTAINER] arg is allowed')
    return [run.client.ask({ verb: 'get', resource: PODS, namespace: run.namespace, name: first })]
  }
  return [podBehind(run, first)]
}

/** The pod itself, or the first pod of a workload, as kubectl picks one. */
export function podBehind(run: Run, word: string): any {
  const [target] = targetsOf([word])
  const resource = target?.resource ?? mustResource('pods')
  const name = target?.names[0] ?? word
  const object = run.client.ask({ verb: 'get', resource: nameOf(resource), namespace: run.namespace, name })
  if (resource.kind === 'Pod') return object
  const labels = object.spec?.selector?.matchLabels ?? object.spec?.selector
  if (!labels) return fail(`error: cannot get the logs from ${resource.kind}`)
  const labelSelector = Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(',')
  const items: any[] = run.client.ask({ verb: 'list', resource: PODS, namespace: run.namespace, labelSelector }).items
  if (items.length === 0) return fail(`error: timed out waiting for the condition`)
  if (items.length > 1) run.error(`Found ${items.length} pods, using pod/${items[0].metadata.name}\n`)
  return items.find((pod) => pod.status.phase === 'Running') ?? items[0]
}

function containersOf(run: Run, pod: any): string[] {
  const all: string[] = pod.spec.containers.map((c: { name: string }) => c.name)
  if (run.on('all-containers')) return [...(pod.spec.initContainers ?? []).map((c: { name: string }) => c.name), ...all]
  const given = run.value('container') || (run.args.length > 1 && !run.args[0]!.includes('/') ? run.args[1]! : '')
  if (given) return [given]
  if (all.length > 1) run.error(`Defaulted container "${all[0]}" out of: ${all.join(', ')}\n`)
  return [all[0]!]
}

function follow(run: Run, memory: Following): ToolStep {
  const sources: Source[] = []
  let open = false
  for (const source of memory.sources) {
    const { text: told, seen, ended } = ask(run, source)
    const prefix = run.on('prefix') ? `[pod/${source.pod}/${source.container}] ` : ''
    run.print(prefix === '' ? told : told.replace(/^(?=.)/gm, prefix))
    if (!ended) open = true
    sources.push({ ...source, after: seen })
  }
  if (!run.on('follow') || !open) return done
  return { wait: { kinds: [Output.id, Container.id] }, memory: { sources } as unknown as Json }
}

function ask(run: Run, source: Source): { text: string; seen: number; ended: boolean } {
  const given = run.int('tail') ?? -1
  const tail = given >= 0 ? given : run.given('selector') && !run.given('tail') ? 10 : undefined
  const since = run.millis('since')
  return run.client.ask({
    verb: 'get',
    resource: { ...PODS, subresource: 'log' },
    namespace: run.namespace,
    name: source.pod,
    body: {
      container: source.container,
      ...(run.on('previous') ? { previous: true } : {}),
      ...(tail === undefined ? {} : { tailLines: tail }),
      ...(since ? { sinceSeconds: Math.ceil(since / 1000) } : {}),
      ...(run.given('since-time') ? { sinceTime: run.value('since-time') } : {}),
      ...(run.on('timestamps') ? { timestamps: true } : {}),
      ...(run.given('limit-bytes') ? { limitBytes: run.int('limit-bytes') } : {}),
      ...(source.after >= 0 ? { after: source.after } : {}),
    },
  })
}

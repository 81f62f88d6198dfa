import type { Json } from '../../../engine/json'
import type { LogBody, LogQuery } from '../../../kubernetes'
import type { ToolStep } from '../../../platform/shell/tool'
import { fail } from '../../cli/failure'
import { bool, duration, int, text } from '../../cli/flags'
import { failureOf } from '../client'
import type { Command, Run } from '../command'
import { defaultContainer, podFor, podsWith } from '../pods-of'

const POLL_MILLIS = 1_000
const LOGS = { group: '', version: 'v1', resource: 'pods', subresource: 'log' }

export const logs: Command = {
  name: 'logs',
  group: 'Troubleshooting and Debugging Commands',
  about: 'Print the logs for a container in a pod',
  help: 'Shows what a container printed.',
  usage: '[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  examples: [
    'kubectl logs web-1',
    'kubectl logs -f deploy/web',
    'kubectl logs web-1 -c sidecar --tail=20',
    'kubectl logs -l app=web --prefix',
    'kubectl logs web-1 --previous',
  ],
  completes: 'pods',
  flags: [
    text('container', 'Which container.', { short: 'c' }),
    bool('all-containers', 'All containers of the pod.'),
    bool('all-pods', 'All pods of the object.'),
    bool('follow', 'Go on as more is printed.', { short: 'f' }),
    bool('previous', 'Of the container before the last restart.', { short: 'p' }),
    bool('timestamps', 'The time before each line.'),
    bool('prefix', 'The pod and container before each line.'),
    int('tail', 'Only the last lines; -1: all.', { initial: '-1' }),
    duration('since', 'Only lines that are not older.', { initial: '0s' }),
    text('since-time', 'Only lines after this time.'),
    int('limit-bytes', 'At most so much.', { initial: '0' }),
    text('selector', 'Of all pods with these labels.', { short: 'l' }),
    int('max-log-requests', 'At most so many pods to follow.', { initial: '5' }),
    bool('ignore-errors', 'Go on after an error.'),
    duration('pod-running-timeout', 'How long to wait until it runs.', { initial: '20s', unmodelled: true }),
    bool('insecure-skip-tls-verify-backend', 'Do not check the kubelet.', { unmodelled: true }),
  ],
  run(run, memory) {
    const sources = memory === undefined ? begin(run) : (memory as unknown as Following).sources
    return show(run, sources, memory === undefined)
  },
}

/** One container whose output is shown, and how many of its lines have been. */
interface Source {
  readonly pod: string
  readonly container: string
  readonly seen: number
  readonly ended: boolean
}

interface Following {
  readonly sources: readonly Source[]
}

function begin(run: Run): readonly Source[] {
  const { args } = run
  const selector = run.value('selector')
  if (selector !== undefined) {
    if (args.length > 0) fail('error: only a selector (-l) or a POD name is allowed')
    const pods = podsWith(run, selector)
    if (pods.length === 0) run.error(`No resources found in ${run.namespace} namespace.\n`)
    const limit = run.int('max-log-requests')!
    if (run.on('follow') && pods.length > limit)
      fail(
        `error: you are attempting to follow ${pods.length} log streams, but maximum allowed concurrency is ${limit}, use --max-log-requests to increase the limit`,
      )
    return pods.flatMap((pod) => sourcesOf(run, pod, run.value('container')))
  }
  const [word, container, ...more] = args
  if (word === undefined || more.length > 0)
    return fail(
      `error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples`,
    )
  if (container !== undefined && run.given('container'))
    fail('error: only one of -c or an inline [CONTAINER] arg is allowed')
  return sourcesOf(run, podFor(run, word, true), run.value('container') ?? container)
}

function sourcesOf(run: Run, pod: any, container: string | undefined): readonly Source[] {
  const { name } = pod.metadata
  const all: readonly any[] = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  if (run.on('all-containers')) return all.map((one) => ({ pod: name, container: one.name, seen: -1, ended: false }))
  if (container !== undefined && !all.some((one) => one.name === container))
    fail(`error: container ${container} is not valid for pod ${name}`)
  return [{ pod: name, container: container ?? defaultContainer(run, pod), seen: -1, ended: false }]
}

function queryOf(run: Run, { container, seen }: Source): LogQuery {
  const tail = run.given('tail') ? run.int('tail')! : run.given('selector') ? 10 : -1
  const since = run.millis('since') ?? 0
  const limit = run.int('limit-bytes') ?? 0
  return {
    container,
    ...(run.on('previous') && { previous: true }),
    ...(run.on('timestamps') && { timestamps: true }),
    ...(tail >= 0 && { tailLines: tail }),
    ...(since > 0 && { sinceSeconds: since / 1000 }),
    ...(run.value('since-time') && { sinceTime: run.value('since-time')! }),
    ...(limit > 0 && { limitBytes: limit }),
    ...(seen >= 0 && { after: seen }),
  }
}

function show(run: Run, sources: readonly Source[], first: boolean): ToolStep {
  const next: Source[] = []
  let failed = false
  for (const source of sources) {
    if (source.ended) continue
    const reply = run.client.try({
      verb: 'get',
      resource: LOGS,
      namespace: run.namespace,
      name: source.pod,
      body: queryOf(run, source),
    })
    if (!reply.ok) {
      // a pod that is gone ends its stream
      if (!first && reply.status.reason === 'NotFound') continue
      if (!run.on('ignore-errors') || sources.length === 1) throw failureOf(reply.status)
      run.error(`${failureOf(reply.status).message}\n`)
      failed = true
      continue
    }
    const body: LogBody = reply.body
    run.print(prefixed(run, source, body.text))
    next.push({ ...source, seen: body.seen, ended: body.ended || run.on('previous') })
  }
  if (!run.on('follow') || next.every(({ ended }) => ended)) return { exit: failed ? 1 : 0 }
  return {
    wait: { kinds: ['platform/Output', 'platform/Container'], millis: POLL_MILLIS },
    memory: { sources: next } as unknown as Json,
  }
}

function prefixed(run: Run, { pod, container }: Source, text: string): string {
  if (!run.on('prefix') || text === '') return text
  return text.replace(/^(?!$)/gm, `[pod/${pod}/${container}] `)
}

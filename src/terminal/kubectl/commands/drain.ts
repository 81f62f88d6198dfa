import type { Json } from '../../../engine/json'
import { parseRfc3339 } from '../../../engine/time'
import type { ToolStep } from '../../../platform/shell/tool'
import { fail } from '../../cli/failure'
import { bool, duration, int, text } from '../../cli/flags'
import type { Command, Run } from '../command'
import { type DrainOptions, drainVerdict } from '../drain-filters'
import { dryRunFlag, dryRunOf, dryRunSuffix } from '../output'
import { cordonOne, nodesOf } from './node'

/** Refused evictions are tried again after this long. */
const RETRY_MILLIS = 5_000
const POD = { group: '', version: 'v1', resource: 'pods' }
const DAEMON_SET = { group: 'apps', version: 'v1', resource: 'daemonsets' }

export const drain: Command = {
  name: 'drain',
  group: 'Cluster Management Commands',
  about: 'Drain node in preparation for maintenance',
  help: 'Cordons a node and evicts its pods. Pods of DaemonSets stay; pods that nobody would make again, or that keep data on the node, need a flag.',
  usage: 'NODE',
  examples: [
    'kubectl drain worker-1 --ignore-daemonsets',
    'kubectl drain worker-1 --ignore-daemonsets --delete-emptydir-data --force',
  ],
  completes: 'nodes',
  flags: [
    dryRunFlag,
    bool('force', 'Pods without a controller too.'),
    bool('ignore-daemonsets', 'Leave pods of DaemonSets.'),
    bool('delete-emptydir-data', 'Pods with an emptyDir too: its data is lost.'),
    bool('disable-eviction', 'Delete instead of evicting.'),
    int('grace-period', 'Seconds each pod may take to end; -1: as it says itself.', { initial: '-1' }),
    duration('timeout', 'Give up after this time; 0: never.'),
    text('selector', 'Nodes with these labels.', { short: 'l' }),
    text('pod-selector', 'Only pods with these labels.'),
    int('skip-wait-for-delete-timeout', 'Do not wait for pods that have been ending for longer than so many seconds.', {
      initial: '0',
    }),
    int('chunk-size', 'How many objects one request brings.', { initial: '500', unmodelled: true }),
  ],
  run(run, memory) {
    return memory === undefined ? begin(run) : goOn(run, memory as unknown as Draining)
  },
}

interface Doomed {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  /** The eviction has been accepted. */
  readonly accepted: boolean
  readonly retryAt: number
}

interface Draining {
  readonly node: string
  readonly pods: readonly Doomed[]
  /** What has gone wrong with pods of this node. */
  readonly errors: readonly string[]
  readonly until: number | null
  readonly course: Course
}

/** The nodes that come after this one, and those that could not be drained, with why. */
interface Course {
  readonly rest: readonly string[]
  readonly failed: readonly { readonly node: string; readonly error: string }[]
}

function begin(run: Run): ToolStep {
  if (run.args.length > 0 && run.given('selector'))
    fail('error: error: cannot specify both a node name and a --selector option')
  const found = nodesOf(run)
  for (const node of found) cordonOne(run, node, true)
  return drainNext(run, { rest: found.map(({ metadata }) => metadata.name), failed: [] })
}

/** Goes on with the next node, or ends; a node that cannot be drained does not keep the others from it. */
function drainNext(run: Run, { rest: [node, ...rest], failed }: Course): ToolStep {
  if (node === undefined) return ended(run, failed)
  const course = { rest, failed }
  const { pods, error } = podsToEvict(run, node)
  if (error !== undefined) return failing(run, node, error, course)
  if (dryRunOf(run) !== 'none') {
    const verb = run.on('disable-eviction') && dryRunOf(run) === 'client' ? 'deleting' : 'evicting'
    for (const { metadata } of pods)
      run.print(`${verb} pod ${metadata.namespace}/${metadata.name}${dryRunSuffix(run)}\n`)
    run.print(`node/${node} drained${dryRunSuffix(run)}\n`)
    return drainNext(run, course)
  }
  const doomed = pods.map(
    ({ metadata }): Doomed => ({
      namespace: metadata.namespace,
      name: metadata.name,
      uid: metadata.uid,
      accepted: false,
      retryAt: 0,
    }),
  )
  const limit = run.millis('timeout') ?? 0
  return goOn(run, { node, pods: doomed, errors: [], until: limit > 0 ? run.call.now + limit : null, course })
}

function failing(run: Run, node: string, error: string, { rest, failed }: Course): ToolStep {
  run.error(`error: unable to drain node ${JSON.stringify(node)} due to error: ${error}, continuing command...\n`)
  return drainNext(run, { rest, failed: [...failed, { node, error }] })
}

function ended(run: Run, failed: Course['failed']): ToolStep {
  if (failed.length === 0) return { exit: 0 }
  run.error(`There are pending nodes to be drained:\n${failed.map(({ node }) => ` ${node}\n`).join('')}`)
  run.error(`error: ${joined(failed.map(({ error }) => error))}\n`)
  return { exit: 1 }
}

/** Several errors as one text, each once. */
function joined(errors: readonly string[]): string {
  const once = errors.filter((text, i) => errors.indexOf(text) === i)
  return once.length === 1 ? once[0]! : `[${once.join(', ')}]`
}

/** The pods of each text, in the order of their first. */
function grouped(pods: readonly any[], textOf: (pod: any) => string | undefined): string[] {
  const groups = new Map<string, string[]>()
  for (const pod of pods) {
    const text = textOf(pod)
    if (text === undefined) continue
    const called = `${pod.metadata.namespace}/${pod.metadata.name}`
    groups.set(text, [...(groups.get(text) ?? []), called])
  }
  return [...groups].map(([text, names]) => `${text}: ${names.join(', ')}`)
}

/** The pods that have to go, or what stands in the way. */
function podsToEvict(
  run: Run,
  node: string,
  quiet = false,
): { readonly pods: readonly any[]; readonly error?: string } {
  const selector = run.value('pod-selector')
  const list = run.client.ask({
    verb: 'list',
    resource: POD,
    fieldSelector: `spec.nodeName=${node}`,
    ...(selector !== undefined && { labelSelector: selector }),
  })
  const options: DrainOptions = {
    force: run.on('force'),
    ignoreDaemonSets: run.on('ignore-daemonsets'),
    deleteEmptyDirData: run.on('delete-emptydir-data'),
    skipAfterSeconds: run.int('skip-wait-for-delete-timeout') ?? 0,
    now: run.call.epoch / 1000,
    daemonSetExists: (namespace, name) => run.client.try({ verb: 'get', resource: DAEMON_SET, namespace, name }).ok,
  }
  const judged = (list.items as any[]).map((pod) => ({ pod, verdict: drainVerdict(pod, options) }))
  const verdicts = new Map(judged.map(({ pod, verdict }) => [pod, verdict]))
  const all = judged.map(({ pod }) => pod)
  const errors = grouped(all, (pod) => verdicts.get(pod)!.error).map((text) => `cannot delete ${text}`)
  const pods = all.filter((pod) => verdicts.get(pod)!.goes)
  if (errors.length > 0) return { pods, error: joined(errors) }
  const warnings = grouped(all, (pod) => verdicts.get(pod)!.warning)
  if (warnings.length > 0 && !quiet) run.error(`Warning: ${warnings.join('; ')}\n`)
  return { pods }
}

function goOn(run: Run, { node, pods, errors: before, until, course }: Draining): ToolStep {
  const now = run.call.now
  const left: Doomed[] = []
  const errors = [...before]
  for (const pod of pods) {
    const asked = pod.accepted || pod.retryAt > now ? pod : askToGo(run, pod, until !== null && now >= until)
    if (asked === undefined) continue
    if (typeof asked === 'string') {
      errors.push(asked)
      continue
    }
    if (!asked.accepted) {
      left.push(asked)
      continue
    }
    const reply = run.client.try({ verb: 'get', resource: POD, namespace: asked.namespace, name: asked.name })
    if (!reply.ok || reply.body.metadata.uid !== asked.uid)
      run.print(`pod/${asked.name} ${run.on('disable-eviction') ? 'deleted' : 'evicted'}\n`)
    else if (skipped(run, reply.body)) continue
    else if (until !== null && now >= until)
      errors.push(
        `error when waiting for pod ${JSON.stringify(asked.name)} in namespace ${JSON.stringify(asked.namespace)} to terminate: global timeout reached: ${run.value('timeout')}`,
      )
    else left.push(asked)
  }
  if (left.length > 0) {
    const retries = left.filter(({ accepted }) => !accepted).map(({ retryAt }) => retryAt - now)
    const polls = left.some(({ accepted }) => accepted) && until !== null && until > now ? [until - now] : []
    const millis = Math.min(...retries, ...polls)
    const memory: Draining = { node, pods: left, errors, until, course }
    return {
      wait: { kinds: ['kubernetes/Pod'], ...(Number.isFinite(millis) && { millis }) },
      memory: memory as unknown as Json,
    }
  }
  if (errors.length === 0) {
    run.print(`node/${node} drained\n`)
    return drainNext(run, course)
  }
  const error = joined(errors)
  const pending = podsToEvict(run, node, true)
  if (pending.pods.length > 0) {
    run.error(`There are pending pods in node ${JSON.stringify(node)} when an error occurred: ${error}\n`)
    for (const { metadata } of pending.pods) run.error(`pod/${metadata.name}\n`)
  }
  return failing(run, node, error, course)
}

/** A pod that has been ending for too long is not waited for. */
function skipped(run: Run, { metadata }: any): boolean {
  const seconds = run.int('skip-wait-for-delete-timeout') ?? 0
  const ending = metadata.deletionTimestamp === undefined ? undefined : parseRfc3339(metadata.deletionTimestamp)
  if (seconds <= 0 || ending === undefined || run.call.epoch - ending <= seconds * 1000) return false
  run.print(`pod ${JSON.stringify(metadata.name)} has DeletionTimestamp older than ${seconds} seconds, skipping\n`)
  return true
}

/** Asks for the eviction or deletion. undefined: the pod was gone already; a text: why it cannot be. */
function askToGo(run: Run, pod: Doomed, late: boolean): Doomed | string | undefined {
  const { namespace, name } = pod
  const grace = run.int('grace-period') ?? -1
  const gracePeriodSeconds = grace >= 0 ? { gracePeriodSeconds: grace } : {}
  if (run.on('disable-eviction')) {
    const reply = run.client.try({ verb: 'delete', resource: POD, namespace, name, ...gracePeriodSeconds })
    if (reply.ok) return { ...pod, accepted: true }
    return reply.status.reason === 'NotFound' ? undefined : (reply.status.message ?? '')
  }
  run.print(`evicting pod ${namespace}/${name}\n`)
  const failed = `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}`
  if (late) return `${failed}: global timeout reached: ${run.value('timeout')}`
  const reply = run.client.try({
    verb: 'create',
    resource: { ...POD, subresource: 'eviction' },
    namespace,
    name,
    body: {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions: gracePeriodSeconds,
    },
  })
  if (reply.ok) return { ...pod, accepted: true }
  if (reply.status.reason === 'NotFound') return undefined
  if (reply.code !== 429) return `${failed}: ${reply.status.message}`
  run.error(`${failed} (will retry after 5s): ${reply.status.message}\n`)
  return { ...pod, retryAt: run.call.now + RETRY_MILLIS }
}

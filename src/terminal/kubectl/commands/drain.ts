import type { Json } from '../../../engine/json'
import type { ToolStep } from '../../../platform/shell/tool'
import { failureOf } from '../client'
import type { Command, Run } from '../command'
import { bool, duration, int, text } from '../flags'
import { dryRunFlag, dryRunOf, dryRunSuffix } from '../output'
import { cordonOne, nodesOf } from './node'

/** Refused evictions are tried again after this long. */
const RETRY_MILLIS = 5_000
const POD = { group: '', version: 'v1', resource: 'pods' }

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
    int('skip-wait-for-delete-timeout', 'Do not wait for pods that have been ending this long.', {
      initial: '0',
      unmodelled: true,
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
  /** Nodes that come after this one. */
  readonly rest: readonly string[]
  readonly until: number | null
}

function begin(run: Run): ToolStep {
  const found = nodesOf(run)
  for (const node of found) cordonOne(run, node, true)
  const limit = run.millis('timeout') ?? 0
  return drainNext(
    run,
    found.map(({ metadata }) => metadata.name),
    limit > 0 ? run.call.now + limit : null,
  )
}

function drainNext(run: Run, [node, ...rest]: readonly string[], until: number | null): ToolStep {
  if (node === undefined) return { exit: 0 }
  const pods = podsToEvict(run, node, rest)
  if (!pods) return { exit: 1 }
  if (dryRunOf(run) !== 'none') {
    for (const { metadata } of pods)
      run.print(`evicting pod ${metadata.namespace}/${metadata.name}${dryRunSuffix(run)}\n`)
    run.print(`node/${node} drained${dryRunSuffix(run)}\n`)
    return drainNext(run, rest, until)
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
  return goOn(run, { node, pods: doomed, rest, until })
}

/** kube-proxy's pods stand for the DaemonSet's that a real cluster has. */
const isDaemon = ({ metadata }: any) =>
  metadata.ownerReferences?.some((owner: any) => owner.controller && owner.kind === 'DaemonSet') ||
  metadata.labels?.['k8s-app'] === 'kube-proxy'
const isMirror = ({ metadata }: any) =>
  metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined ||
  metadata.annotations?.['kubernetes.io/config.source'] === 'file'
const isManaged = ({ metadata }: any) => metadata.ownerReferences?.some((owner: any) => owner.controller)
const keepsData = ({ spec }: any) => spec.volumes?.some(({ emptyDir }: any) => emptyDir !== undefined)
const finished = ({ status }: any) => status.phase === 'Succeeded' || status.phase === 'Failed'
const called = (pods: readonly any[]) => pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ')

/** The pods that have to go; undefined: something stands in the way, and has been told. */
function podsToEvict(run: Run, node: string, rest: readonly string[]): readonly any[] | undefined {
  const selector = run.value('pod-selector')
  const list = run.client.ask({
    verb: 'list',
    resource: POD,
    fieldSelector: `spec.nodeName=${node}`,
    ...(selector !== undefined && { labelSelector: selector }),
  })
  const all = (list.items as any[]).filter((pod) => isDaemon(pod) || !isMirror(pod))
  const daemons = all.filter((pod) => isDaemon(pod) && !finished(pod))
  const others = all.filter((pod) => !daemons.includes(pod))
  const local = others.filter((pod) => keepsData(pod) && !finished(pod))
  const alone = others.filter((pod) => !isManaged(pod) && !finished(pod))
  const errors = [
    ...(alone.length > 0 && !run.on('force')
      ? [`cannot delete cannot delete Pods that declare no controller (use --force to override): ${called(alone)}`]
      : []),
    ...(daemons.length > 0 && !run.on('ignore-daemonsets')
      ? [`cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${called(daemons)}`]
      : []),
    ...(local.length > 0 && !run.on('delete-emptydir-data')
      ? [`cannot delete Pods with local storage (use --delete-emptydir-data to override): ${called(local)}`]
      : []),
  ]
  if (errors.length > 0) {
    const text = errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`
    run.error(
      `error: unable to drain node ${JSON.stringify(node)} due to error: ${text}, continuing command...\nThere are pending nodes to be drained:\n${[node, ...rest].map((name) => ` ${name}\n`).join('')}`,
    )
    run.error(`error: ${text}\n`)
    return undefined
  }
  const warnings = [
    ...(daemons.length > 0 ? [`ignoring DaemonSet-managed Pods: ${called(daemons)}`] : []),
    ...(local.length > 0 ? [`deleting Pods with local storage: ${called(local)}`] : []),
    ...(alone.length > 0 ? [`deleting Pods that declare no controller: ${called(alone)}`] : []),
  ]
  if (warnings.length > 0) run.error(`Warning: ${warnings.join('; ')}\n`)
  return others
}

function goOn(run: Run, { node, pods, rest, until }: Draining): ToolStep {
  const now = run.call.now
  const left: Doomed[] = []
  for (const pod of pods) {
    const one = pod.accepted || pod.retryAt > now ? pod : evict(run, pod)
    if (!one) continue
    const reply = run.client.try({ verb: 'get', resource: POD, namespace: one.namespace, name: one.name })
    if (reply.ok && reply.body.metadata.uid === one.uid) left.push(one)
    else run.print(`pod/${one.name} ${run.on('disable-eviction') ? 'deleted' : 'evicted'}\n`)
  }
  if (left.length === 0) {
    run.print(`node/${node} drained\n`)
    return drainNext(run, rest, until)
  }
  if (until !== null && now >= until) {
    const text = `error when evicting pods/${JSON.stringify(left[0]!.name)} -n ${JSON.stringify(left[0]!.namespace)}: global timeout reached: ${run.value('timeout')}`
    run.error(
      `error: unable to drain node ${JSON.stringify(node)} due to error: ${text}, continuing command...\nThere are pending nodes to be drained:\n${[node, ...rest].map((name) => ` ${name}\n`).join('')}error: ${text}\n`,
    )
    return { exit: 1 }
  }
  const retries = left.filter(({ accepted }) => !accepted).map(({ retryAt }) => retryAt - now)
  const millis = Math.min(...retries, ...(until === null ? [] : [until - now]))
  const memory: Draining = { node, pods: left, rest, until }
  return {
    wait: { kinds: ['kubernetes/Pod'], ...(Number.isFinite(millis) && { millis }) },
    memory: memory as unknown as Json,
  }
}

/** Asks for the eviction. undefined: the pod was gone already. */
function evict(run: Run, pod: Doomed): Doomed | undefined {
  run.print(`evicting pod ${pod.namespace}/${pod.name}\n`)
  const grace = run.int('grace-period') ?? -1
  const gracePeriodSeconds = grace >= 0 ? { gracePeriodSeconds: grace } : {}
  const reply = run.on('disable-eviction')
    ? run.client.try({ verb: 'delete', resource: POD, namespace: pod.namespace, name: pod.name, ...gracePeriodSeconds })
    : run.client.try({
        verb: 'create',
        resource: { ...POD, subresource: 'eviction' },
        namespace: pod.namespace,
        name: pod.name,
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name: pod.name, namespace: pod.namespace },
          deleteOptions: gracePeriodSeconds,
        },
      })
  if (reply.ok) return { ...pod, accepted: true }
  if (reply.status.reason === 'NotFound') return undefined
  if (reply.code !== 429) throw failureOf(reply.status)
  run.error(
    `error when evicting pods/${JSON.stringify(pod.name)} -n ${JSON.stringify(pod.namespace)} (will retry after 5s): ${reply.status.message}\n`,
  )
  return { ...pod, retryAt: run.call.now + RETRY_MILLIS }
}

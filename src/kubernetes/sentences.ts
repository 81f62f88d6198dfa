import type { Sentences } from '../engine'

const clock = (millis: number): string => {
  const sign = millis < 0 ? '-' : ''
  const tenths = Math.floor(Math.abs(millis) / 100)
  const seconds = Math.floor(tenths / 10)
  return `${sign}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}.${tenths % 10}`
}
const few = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`
const mebibytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`
const seconds = (millis: number) => (millis < 1000 ? `${millis} ms` : `${(millis / 1000).toFixed(1)} s`)

/** What brings a pod back that found no node. */
const QUEUE_EVENTS: Readonly<Record<string, (values: any) => string>> = {
  flush: () => 'five minutes have passed',
  itself: () => 'the pod was changed',
  node: (v) => `a node came or changed, and ${v.plugin} may agree now`,
  'pod-gone': (v) => `a pod is gone, and ${v.plugin} may agree now`,
  'pod-placed': (v) => `a pod was placed, and ${v.plugin} may agree now`,
  'pod-relabelled': (v) => `the labels of a pod changed, and ${v.plugin} may agree now`,
}

/** What each reason of this room says. The writer's name stands before `says`; `detail` has the values that decided. */
export const sentences: Sentences = {
  // workloads
  'kubernetes/replicas-wanted': (v) => ['made it', `${v.wanted} wanted, ${v.counted} counted`],
  'kubernetes/replicas-missing': (v) => [
    'made it',
    `${v.wanted} wanted, ${v.counted} counted: one was lost or is being deleted`,
  ],
  'kubernetes/replicas-surplus': (v) => ['deleted it', `${v.counted} counted, only ${v.wanted} wanted`],
  'kubernetes/replicas-counted': (v) => [
    `counted ${v.name}`,
    `${v.replicas} there, ${v.ready} ready, ${v.available} available`,
  ],
  'kubernetes/adopted': (v) => [`adopted it for ${v.owner}`, 'its labels match the selector and it had no owner'],
  'kubernetes/released': (v) => [`let it go from ${v.owner}`, 'its labels match the selector no longer'],
  'kubernetes/replicaset-made': (v) => [
    `made ${v.name}`,
    v.first
      ? `the first version of the template; ${few(v.replicas, 'replica')}`
      : `a new version of the template, revision ${v.revision}; it begins with ${few(v.replicas, 'replica')}`,
  ],
  'kubernetes/revision-reused': (v) => [
    `made ${v.name} the newest again`,
    `its template is the wanted one; it is now revision ${v.revision}`,
  ],
  'kubernetes/scaled-up-new': (v) => [
    `scaled ${v.name} from ${v.from} to ${v.to}`,
    `${v.wanted} wanted, at most ${v.surge} more may exist meanwhile`,
  ],
  'kubernetes/scaled-down-old': (v) => [
    `scaled ${v.name} from ${v.from} to ${v.to}`,
    `an old version: at most ${v.unavailable} of ${v.wanted} may be missing meanwhile`,
  ],
  'kubernetes/scaled-down-unhealthy': (v) => [
    `scaled ${v.name} from ${v.from} to ${v.to}`,
    'an old version, and its pods were not healthy: they go first',
  ],
  'kubernetes/scaled-to-wanted': (v) => [`scaled ${v.name} from ${v.from} to ${v.to}`, `${v.wanted} wanted`],
  'kubernetes/scaled-in-proportion': (v) => [
    `scaled ${v.name} from ${v.from} to ${v.to}`,
    'in the middle of a rollout each version keeps its share',
  ],
  'kubernetes/history-trimmed': (v) => [`deleted ${v.name}`, `only ${v.limit} old versions are kept`],
  'kubernetes/deployment-counted': (v) => [
    `counted ${v.name}`,
    `${v.updated} of ${v.wanted} updated, ${v.ready} ready, ${v.available} available`,
  ],
  'kubernetes/revision-made': (v) => [`noted the template as ${v.name}`, `revision ${v.revision}`],
  'kubernetes/daemon-missing': () => ['made it', 'every node that the template fits has one, and this node had none'],
  'kubernetes/daemon-surplus': () => ['deleted it', 'a node has one such pod, and it has to run'],
  'kubernetes/daemon-misplaced': () => ['deleted it', 'the template does not fit this node any longer'],
  'kubernetes/daemon-outdated': (v) => [
    'deleted it',
    `it is of an old template, now is revision ${v.revision}; the pod may be missing on ${few(v.unavailable, 'node')} at a time`,
  ],
  'kubernetes/daemon-surged': () => ['made it', 'the new pod comes first, the old one goes when it is available'],
  'kubernetes/daemon-counted': (v) => [
    `counted ${v.name}`,
    `wanted on ${few(v.desired, 'node')}, ready on ${v.ready}, of the newest template on ${v.updated}`,
  ],
  'kubernetes/cron-due': (v) => [`started a Job for ${v.name}`, `${v.schedule}: it was due at ${v.time}`],
  'kubernetes/cron-history': (v) => [
    'deleted it',
    `of its Jobs only ${v.limit} that ended so (${v.type}) are kept, the newest`,
  ],
  'kubernetes/cron-replaced': () => ['deleted it', 'the next one is due, and takes its place'],
  'kubernetes/cron-noted': (v) => [`noted how ${v.name} stands`, `${few(v.active, 'Job')} at work`],
  'kubernetes/cron-event': (v) => [`told of ${v.name}`, v.message],
  'kubernetes/job-wanted': (v) => ['made it', `${v.succeeded} of ${v.wanted} completions are done`],
  'kubernetes/job-retried': (v) => [
    'made it',
    v.failures > 0
      ? `the pod before failed; ${few(v.failures, 'failure')} in a row, and the wait after them is over`
      : 'the pod before failed or was taken away',
  ],
  'kubernetes/job-surplus': () => ['deleted it', 'more of its pods run than are wanted now'],
  'kubernetes/job-suspended': (v) => ['deleted it', `Job ${v.name} is suspended: nothing of it runs`],
  'kubernetes/job-ends': (v) => ['deleted it', `Job ${v.name} ends, and with it whatever still runs`],
  'kubernetes/job-counted': (v) => [
    `counted ${v.name}`,
    `${v.active} active, ${v.succeeded} succeeded, ${v.failed} failed`,
  ],
  'kubernetes/job-complete': (v) => [`marked ${v.name} complete`, `${v.succeeded} succeeded, ${v.failed} failed`],
  'kubernetes/job-ending': (v) => [`is ending ${v.name}`, v.message],
  'kubernetes/job-event': (v) => [`told of ${v.name}`, v.message],
  'kubernetes/job-counted-pod': (v) => [`let ${v.pod} go`, 'it has ended and is counted'],
  'kubernetes/job-pod-let-go': (v) => [`let ${v.pod} go`, 'its Job is gone or over: nobody counts it'],
  'kubernetes/job-outlived': (v) => [`deleted ${v.name}`, `it ended ${v.seconds} s ago, and is kept no longer`],
  'kubernetes/budget-counted': (v) => [
    `counted the pods of ${v.name}`,
    `${v.healthy} healthy, ${v.desired} must be: ${v.allowed === 0 ? 'none may be evicted' : `${few(v.allowed, 'pod')} may be evicted`}`,
  ],
  'kubernetes/budget-charged': (v) => [
    `took the eviction of ${v.pod} off the budget ${v.name}`,
    v.left === 0 ? 'no other may follow before it is replaced' : `${v.left} more may follow`,
  ],
  'kubernetes/budget-event': (v) => [`told of ${v.name}`, v.message],
  'kubernetes/owner-gone': (v) => ['deleted it', `its owner ${v.owner} is gone`],
  'kubernetes/orphaned': (v) => ['left it without an owner', `${v.owner} was deleted, and asked to keep it`],
  'kubernetes/finalized': (v) => [`let ${v.name} go`, 'all that depended on it is gone'],
  'kubernetes/namespace-emptied': (v) => ['deleted it', `namespace ${v.namespace} is being deleted; its pods go first`],
  'kubernetes/service-account': (v) => [
    `made the service account default in ${v.namespace}`,
    'every namespace has one',
  ],
  'kubernetes/root-certificate': (v) => [
    `put the certificate of the API server into ${v.namespace}`,
    'pods need it to trust the server',
  ],
  'kubernetes/quota-charged': (v) => [`charged ${v.quota}`, 'something was created that it counts'],
  'kubernetes/quota-counted': (v) => [`counted ${v.quota}`, v.used],
  'kubernetes/create-refused': (v) => [`could not make a pod for ${v.owner}`, v.message],
  // scheduling
  'kubernetes/bound': (v) => [
    `chose ${v.node}`,
    v.score === undefined
      ? `the only one of ${few(v.nodes, 'node')} that fits`
      : `${v.score} points${v.second === undefined ? '' : v.score === v.secondScore ? `; ${v.second} had as many, and chance decided` : `; ${v.second} had ${v.secondScore}`}${v.refused > 0 ? `; ${few(v.refused, 'node was', 'nodes were')} refused` : ''}`,
  ],
  'kubernetes/unschedulable': (v) => ['found no node for it', v.message],
  'kubernetes/bound-where-cleared': (v) => [`chose ${v.node}`, 'the node was cleared for it, and it fits now'],
  'kubernetes/clearing': (v) => [
    `is clearing ${v.node} for it`,
    `no node has room, but these are less important and make room by going: ${v.victims}. ${v.message}`,
  ],
  'kubernetes/preempted': (v) => [
    `took ${v.victim} away from ${v.node}`,
    `${v.pod} has priority ${v.priority} and fits nowhere else; this pod has ${v.least}`,
  ],
  'kubernetes/claim-lost': (v) => [
    'no longer keeps a node for it',
    `${v.node} is being cleared for ${v.pod}, which is more important`,
  ],
  'kubernetes/scheduler-configured': (v) => [
    'started anew with its configuration',
    v.error !== undefined
      ? `it cannot: ${v.error}`
      : `${v.profiles === '' ? 'the defaults' : `profiles: ${v.profiles}`}${v.leftOut === '' ? '' : `; not modelled: ${v.leftOut}`}`,
  ],
  'kubernetes/queue-moved': (v) => ['put it back into the queue', QUEUE_EVENTS[v.event]?.(v) ?? ''],
  'kubernetes/queue-lost': () => ['forgot its queue', 'it has started anew'],
  'kubernetes/queue-left': () => 'forgot it: it is gone',
  // kubelet
  'kubernetes/pull-secret-missing': (v) => [`did not find ${v.names}`, 'the pod names it in imagePullSecrets'],
  'kubernetes/image-wanted': (v) => [`wants ${v.image} on ${v.node}`, 'a container of a pod on this node needs it'],
  'kubernetes/pull-failure-noted': (v) => [
    `noted that ${v.image} could not be pulled`,
    'it is tried again after a back-off',
  ],
  'kubernetes/sandbox-made': (v) => [
    `made a network namespace for ${v.pod} on ${v.node}`,
    'the pod was given to this node',
  ],
  'kubernetes/container-created': (v) => [`created container ${v.name} on ${v.node}`, `from ${v.image}`],
  'kubernetes/container-restarted': (v) => [
    `restarted container ${v.name} on ${v.node}`,
    `it ended with ${v.exitCode === undefined ? 'no exit code' : `exit code ${v.exitCode}`} (${v.ended ?? 'unknown'}); restart ${v.restarts}`,
  ],
  'kubernetes/container-started': (v) => [`started container ${v.name} on ${v.node}`, 'the runtime says that it runs'],
  'kubernetes/container-failed': (v) => [`could not start container ${v.name}`, v.error],
  'kubernetes/crash-loop': (v) => [
    `waits before it starts ${v.name} again`,
    `it ended soon after its start, ${few(v.restarts, 'restart')} so far: ${v.seconds} s back-off`,
  ],
  'kubernetes/pod-accepted': (v) => [`took ${v.pod} on ${v.node}`, 'it was bound to this node'],
  'kubernetes/pod-started': (v) => [
    `started it on ${v.node}`,
    v.pulled > 0 ? `its image took ${seconds(v.pulled)} to come` : 'its image was there already',
  ],
  'kubernetes/pod-ready': (v) => [
    `started it on ${v.node}`,
    `ready ${v.seconds ?? 0} s after it was made${v.pulled > 0 ? `; its image took ${seconds(v.pulled)} to come` : '; its image was there already'}`,
  ],
  'kubernetes/pod-unready': (v) => [
    `reported it not ready on ${v.node}`,
    v.reason ?? 'a container stopped or its readiness probe failed',
  ],
  'kubernetes/pod-stuck': (v) => [
    `reported ${v.reason} on ${v.node}`,
    v.restarts > 0 ? few(v.restarts, 'restart') : 'its container cannot start',
  ],
  'kubernetes/pod-finished': (v) => [
    `reported it finished on ${v.node}`,
    'all its containers have ended and are not started again',
  ],
  'kubernetes/pod-failed': (v) => [`reported it failed on ${v.node}: ${v.reason}`, v.message],
  'kubernetes/pod-reported': (v) => [`reported on ${v.pod}`, `as it is on ${v.node}`],
  'kubernetes/pod-ending': (v) => [
    'is ending it',
    v.grace === undefined ? 'it was deleted' : `it was deleted; it has ${v.grace} s to stop by itself`,
  ],
  'kubernetes/container-refused': (v) => [
    `could not create container ${v.name}`,
    `${v.why}; it is tried again in 10 to 15 s`,
  ],
  'kubernetes/volume-failed': (v) => [
    `could not set up volume ${v.volume}`,
    `${v.error}; it is tried again, each time after twice as long`,
  ],
  'kubernetes/volume-written': (v) => [
    `wrote the files of volume ${v.volume}`,
    v.files === undefined ? 'the hostPath asks for it' : few(v.files, 'file'),
  ],
  'kubernetes/hook-failed': (v) => [`saw the ${v.hook} hook fail`, v.why],
  'kubernetes/pod-over': (v) => [`ended what was left of ${v.pod}`, 'its work is over: sidecars go last'],
  'kubernetes/deadline-exceeded': (v) => [
    'decided to end it',
    `it has been active for ${v.seconds} s, its activeDeadlineSeconds`,
  ],
  'kubernetes/pod-rejected': (v) => [`did not take it on ${v.node}`, v.why],
  'kubernetes/node-pressure': (v) => [
    `noted how ${v.node} stands`,
    v.signals === '' ? 'no threshold is met any more' : `below the threshold: ${v.signals}`,
  ],
  'kubernetes/eviction': (v) => [`has to free something on ${v.node}`, `${v.signal} is too low`],
  'kubernetes/evicted': (v) => [
    `chose ${v.pod} to be evicted`,
    v.threshold === undefined
      ? v.message
      : `${v.signal} is ${mebibytes(v.available)}, ${mebibytes(v.threshold)} are to be kept; it is the first in the ranking`,
  ],
  'kubernetes/image-collected': (v) => [
    `deleted image ${v.image}`,
    'no container uses it, and the disk is nearly full',
  ],
  'kubernetes/pod-failing': (v) => [`ended the containers of ${v.pod}`, `the pod has failed: ${v.reason}`],
  'kubernetes/pod-gone': (v) => ['confirmed that it is gone', `its containers on ${v.node} have stopped`],
  'kubernetes/pod-unknown': (v) => [
    `stopped what was left of ${v.pod} on ${v.node}`,
    'the API server does not know the pod any more',
  ],
  'kubernetes/kubelet-noted': () => 'noted how a pod stands',
  'kubernetes/probed': (v) => [v.ok ? `probed (${v.kind}): well` : `probed (${v.kind}): not well`, v.message ?? ''],
  'kubernetes/probe-killed': (v) => [
    `stopped container ${v.container}`,
    `its ${v.kind} probe failed as often as it may`,
  ],
  'kubernetes/node-reported': (v) => [
    `reported ${v.node} ready`,
    v.rebooted ? 'it has booted' : 'it can reach the API server again',
  ],
  // nodes
  'kubernetes/node-lost': (v) => [
    `gave ${v.node} up: NotReady`,
    v.renewedAt === undefined
      ? 'it shows no sign of life'
      : `last lease at ${clock(v.renewedAt)}, ${v.silentSeconds} s ago; ${v.graceSeconds} s are allowed`,
  ],
  'kubernetes/pod-on-lost-node': (v) => [`marked it not ready`, `its node ${v.node} shows no sign of life`],
  'kubernetes/node-tainted': (v) => [
    `tainted ${v.node}`,
    v.renewedAt === undefined ? v.taint : `last lease at ${clock(v.renewedAt)}: more than ${v.graceSeconds} s old`,
  ],
  'kubernetes/condition-taints': (v) => [
    `set the taints of ${v.node}`,
    v.taints === '' ? 'it is well again' : v.taints,
  ],
  'kubernetes/node-back': (v) => [`took the taints off ${v.node}`, 'its kubelet renews its lease again'],
  'kubernetes/all-lost': (v) => [
    `took the eviction taint off ${v.node}`,
    'no node at all is ready: then nothing is evicted',
  ],
  'kubernetes/taint-evicted': (v) => [
    `deleted ${v.pod}`,
    v.seconds === 0
      ? `it does not tolerate the taint of ${v.node}`
      : `its ${v.seconds} s on an unreachable node were over`,
  ],
  'kubernetes/eviction-cancelled': (v) => [`called off the deletion of ${v.pod}`, 'the taint is gone'],
  'kubernetes/gc-node-gone': (v) => ['deleted it', `its node ${v.node} no longer exists`],
  'kubernetes/gc-out-of-service': (v) => ['deleted it at once', `${v.node} is marked out of service`],
  'kubernetes/gc-never-placed': () => ['failed it', 'it was to go and never had a node: nobody else would end it'],
  'kubernetes/gc-finished': () => ['deleted it', 'too many finished pods are kept'],
  // network
  'kubernetes/endpoints': (v) => [`listed the endpoints of ${v.service}`, `${v.ready} ready of ${v.all}`],
  'kubernetes/endpoints-mirrored': (v) => [
    `copied the Endpoints of ${v.service}`,
    'they were written by hand: the service has no selector',
  ],
  'kubernetes/rules': (v) => [
    `sent ${v.service} to ${few(v.targets, 'endpoint')}`,
    v.before === v.targets ? 'others than before' : `${v.before} before`,
  ],
  'kubernetes/rules-gone': (v) => [`forgot the rules of ${v.service}`, 'the service is gone'],
  'kubernetes/balancer-wanted': (v) => [`saw that ${v.service} wants a load balancer`, 'its type is LoadBalancer'],
  'kubernetes/balancer-made': (v) => [
    `gave ${v.service} the address ${v.ip}`,
    'a free one of the network round the cluster',
  ],
  'kubernetes/balancer-nodes': (v) => [
    `sends what comes for ${v.service} to ${few(v.nodes, 'node')}`,
    'those that answer its health checks',
  ],
  'kubernetes/balancer-gone': (v) => [
    `took the load balancer of ${v.service} away`,
    'the service wants none any longer',
  ],
  'kubernetes/dns': (v) => [`answers for ${v.name}`, 'it follows the Service and its endpoints'],
  // lab
  'kubernetes/installed': (v) => [`installed ${v.what}`, 'it is part of the lab'],
}

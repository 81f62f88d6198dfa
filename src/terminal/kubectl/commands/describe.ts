import { apiVersionOf } from '../../../kubernetes'
import { fail } from '../../cli/failure'
import { bool, int, text } from '../../cli/flags'
import { failureOf } from '../client'
import { type Command, done, type Run } from '../command'
import { describeBudget } from '../describe/budget'
import { describeConfigMap, describeSecret } from '../describe/configmap'
import { describeDaemonSet } from '../describe/daemonset'
import { describeCronJob, describeJob } from '../describe/job'
import { describeNode } from '../describe/node'
import { describeGeneric, describeNamespace, describeServiceAccount } from '../describe/others'
import { describePod } from '../describe/pod'
import { describeLimitRange, describePriorityClass, describeResourceQuota } from '../describe/policies'
import { describeEndpointSlice, describeService } from '../describe/service'
import { describeDeployment, describeReplicaSet, describeReplicationController } from '../describe/workloads'
import { fileFlags, namesFiles, objectsInFiles } from '../manifests'
import { type Known, nameOf, namespaceFor, targetsOf } from '../resource-args'

type Describe = (run: Run, object: any) => string

/** How each kind is described; the rest are told field by field. */
const describers: Readonly<Record<string, Describe>> = {
  Pod: describePod,
  Deployment: describeDeployment,
  ReplicaSet: describeReplicaSet,
  ReplicationController: describeReplicationController,
  DaemonSet: describeDaemonSet,
  Job: describeJob,
  CronJob: describeCronJob,
  PodDisruptionBudget: describeBudget,
  Service: describeService,
  EndpointSlice: describeEndpointSlice,
  Node: describeNode,
  Namespace: describeNamespace,
  ServiceAccount: describeServiceAccount,
  ConfigMap: describeConfigMap,
  Secret: describeSecret,
  ResourceQuota: describeResourceQuota,
  LimitRange: describeLimitRange,
  PriorityClass: describePriorityClass,
}

export const describe: Command = {
  name: 'describe',
  group: 'Troubleshooting and Debugging Commands',
  about: 'Show details of a specific resource or group of resources',
  help: 'Tells all about objects in words, with the events about them.',
  usage: '(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  examples: ['kubectl describe pod web-1', 'kubectl describe nodes', 'kubectl describe deploy/web'],
  completes: 'resources',
  flags: [
    ...fileFlags,
    bool('all-namespaces', 'In every namespace.', { short: 'A' }),
    text('selector', 'Only what has these labels.', { short: 'l' }),
    bool('show-events', 'With the events about it.', { initial: 'true' }),
    int('chunk-size', 'How many objects one request brings.', { initial: '500', unmodelled: true }),
  ],
  run(run) {
    const found = objects(run)
    if (found.items.length === 0 && found.exit === 0) {
      run.error(
        run.on('all-namespaces') ? 'No resources found\n' : `No resources found in ${run.namespace} namespace.\n`,
      )
      return done
    }
    const texts = found.items.map(({ resource, object }) => told(run, resource, object))
    run.print(texts.join('\n\n'))
    for (const problem of found.problems) run.error(`${problem}\n`)
    return { exit: found.exit }
  },
}

function told(run: Run, resource: Known, object: any): string {
  const whole = { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind }
  const text = (describers[resource.kind] ?? describeGeneric)(run, whole)
  return run.on('show-events') ? text : text.replace(/^Events:[\s\S]*$/m, '')
}

interface Found {
  readonly items: { readonly resource: Known; readonly object: any }[]
  readonly problems: string[]
  exit: number
}

function objects(run: Run): Found {
  const found: Found = { items: [], problems: [], exit: 0 }
  if (namesFiles(run)) {
    found.items.push(...objectsInFiles(run))
    return found
  }
  if (run.args.length === 0)
    fail(
      'error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
    )
  for (const { resource, names } of targetsOf(run.args)) {
    if (names.length === 0) found.items.push(...listOf(run, resource).map((object) => ({ resource, object })))
    for (const name of names) byName(run, resource, name, found)
  }
  return found
}

function listOf(run: Run, resource: Known): readonly any[] {
  return run.client.ask({
    verb: 'list',
    resource: nameOf(resource),
    ...namespaceFor(run, resource, run.on('all-namespaces')),
    ...(run.given('selector') && { labelSelector: run.value('selector')! }),
  }).items
}

/** A name, or the beginning of names. */
function byName(run: Run, resource: Known, name: string, found: Found): void {
  const reply = run.client.try({ verb: 'get', resource: nameOf(resource), ...namespaceFor(run, resource), name })
  if (reply.ok) {
    found.items.push({ resource, object: reply.body })
    return
  }
  if (reply.status.reason !== 'NotFound') throw failureOf(reply.status)
  const begun = listOf(run, resource).filter(({ metadata }) => metadata.name.startsWith(name))
  if (begun.length > 0) found.items.push(...begun.map((object) => ({ resource, object })))
  else {
    found.problems.push(failureOf(reply.status).message)
    found.exit = 1
  }
}

import { fail } from '../../cli/failure'
import { bool, duration, int, text } from '../../cli/flags'
import { failureOf } from '../client'
import type { Command, Run } from '../command'
import { fileFlags, namesFiles, objectsInFiles } from '../manifests'
import { dryRunFlag, dryRunOf, dryRunSuffix, outputFlag } from '../output'
import { asModelled, type Known, nameOf, objectsOf, printedName, targetsOf } from '../resource-args'

export const scale: Command = {
  name: 'scale',
  group: 'Deploy Commands',
  about: 'Set a new size for a deployment, replica set, or replication controller',
  help: 'Sets how many pods a Deployment or ReplicaSet wants.',
  usage: '[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  examples: [
    'kubectl scale --replicas=3 deployment/web',
    'kubectl scale deployment web --current-replicas=2 --replicas=3',
  ],
  completes: 'deployments',
  flags: [
    ...fileFlags,
    dryRunFlag,
    outputFlag,
    int('replicas', 'How many pods.', { initial: '0' }),
    int('current-replicas', 'Only if there are so many wanted now; -1: whatever.', { initial: '-1' }),
    text('resource-version', 'Only if this is its resourceVersion.'),
    bool('all', 'All objects of the kind.'),
    text('selector', 'Only what has these labels.', { short: 'l' }),
    duration('timeout', 'How long to wait for it.', { unmodelled: true }),
  ],
  run(run) {
    if (!run.given('replicas') || (run.int('replicas') ?? -1) < 0)
      fail('error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0')
    const found = objects(run)
    if (found.length === 0) fail('error: no objects passed to scale')
    for (const { resource, object } of found) scaleOne(run, resource, object)
    return { exit: 0 }
  },
}

function objects(run: Run): readonly { readonly resource: Known; readonly object: any }[] {
  if (namesFiles(run)) return objectsInFiles(run)
  const targets = targetsOf(run.args)
  if (targets.length === 0) fail('error: Required resource not specified.')
  if (targets.some(({ names }) => names.length === 0) && !run.on('all') && !run.given('selector'))
    fail('error: resource(s) were provided, but no name was specified')
  return objectsOf(run, targets, { ...(run.given('selector') && { selector: run.value('selector')! }) })
}

function scaleOne(run: Run, resource: Known, object: any): void {
  const { name, namespace } = object.metadata
  const modelled = asModelled(resource)
  if (modelled && !modelled.subresources.includes('scale'))
    fail('Error from server (NotFound): the server could not find the requested resource')
  const current = run.int('current-replicas') ?? -1
  if (current >= 0 && object.spec.replicas !== current)
    fail(`error: Expected replicas to be ${current}, was ${object.spec.replicas}`)
  if (dryRunOf(run) !== 'client') {
    const version = run.value('resource-version')
    const reply = run.client.try({
      verb: 'patch',
      resource: { ...nameOf(resource), subresource: 'scale' },
      ...(namespace !== undefined && { namespace }),
      name,
      patchType: 'merge',
      body: { ...(version && { metadata: { resourceVersion: version } }), spec: { replicas: run.int('replicas') } },
      ...(dryRunOf(run) === 'server' && { dryRun: true }),
    })
    if (!reply.ok) throw failureOf(reply.status)
  }
  if (run.value('output') === 'name') run.print(`${printedName(resource, name)}\n`)
  else run.print(`${printedName(resource, name)} scaled${dryRunSuffix(run)}\n`)
}
